import { asTold, type Completion } from '../core/completion.ts';
import { digestOf } from '../core/digest.ts';
import type { Drift } from '../core/drift.ts';
import { healingOf, type Wish } from '../core/healing.ts';
import { hasChanged, reconciled, type DriftRecord, type Reconciled } from '../core/reconciled.ts';
import { isReleased } from '../core/release.ts';
import { newest, type Deployment } from '../core/rollout.ts';
import { Bus } from './bus/bus.ts';
import { lookForDrift, type DriftSight } from './drifting.ts';
import { Alarms } from './evidence/alarms.ts';
import { together } from './peer.ts';
import { AppConfigPlane, AppConfigSight } from './plane/index.ts';
import { EpochStore, S3Store } from './store/index.ts';
import { variable } from './variable.ts';

/** What a reconciler works with. */
export interface ReconcilingOptions {
  readonly place: Reconciled & { readonly profileId: string };
  readonly plane: AppConfigPlane;
  readonly sight: AppConfigSight;
  readonly epochs: EpochStore;
  readonly alarms: () => Promise<Alarms>;
  /** Tells others: EventBridge's default bus. */
  readonly tell: (detailType: string, detail: object) => Promise<void>;
  /** The strategy that heals; nothing where nothing is healed. */
  readonly strategy?: string;
  /** Whether two texts of epochs hold the same documents. */
  readonly same: (one: Uint8Array, other: Uint8Array) => boolean;
}

/** What an environment is to have, with the bytes it was known by. */
interface Read {
  readonly wish: Wish;
  readonly bytes: Uint8Array;
}

/** What was found, as it is recorded. */
interface Found {
  readonly drift: Drift;
  readonly evidence: readonly string[];
  readonly healing?: string;
}

/** Compares an environment with the newest release, records how they stand when that changed, tells others, and heals what the release allows. */
export class Reconciling {
  readonly #options: ReconcilingOptions;
  readonly #by: DriftSight;

  constructor(options: ReconcilingOptions) {
    this.#options = options;
    this.#by = options;
  }

  /** As the handler's environment says. @throws Fault `SLUICE-ENV-1` for a variable that is not set. */
  static async open(same: ReconcilingOptions['same']): Promise<Reconciling> {
    const [plane, sight, store] = await together(AppConfigPlane.open(), AppConfigSight.open(), S3Store.open(variable('SLUICE_STORE')));
    const place = {
      application: variable('SLUICE_APPLICATION'), environment: variable('SLUICE_ENVIRONMENT'), profile: variable('SLUICE_PROFILE'),
      applicationId: variable('SLUICE_APPLICATION_ID'), environmentId: variable('SLUICE_ENVIRONMENT_ID'), profileId: variable('SLUICE_PROFILE_ID'),
    };
    const strategy = process.env['SLUICE_STRATEGY'];
    const tell = async (detailType: string, detail: object): Promise<void> => (await Bus.open()).tell(detailType, detail);
    return new Reconciling({ place, plane, sight, epochs: new EpochStore(store), alarms: () => Alarms.open(), tell, same, ...(strategy === undefined ? {} : { strategy }) });
  }

  /** Looks once. `completion` is a deployment that was just told to be complete; `now` is in epoch milliseconds. */
  async look(completion: Completion | undefined, now: number): Promise<{ readonly record: DriftRecord; readonly changed: boolean }> {
    const { epochs, place, tell } = this.#options;
    const [before, read] = await Promise.all([epochs.drift(place), this.#wish().catch((error: unknown) => error as Error)]);
    const found = read instanceof Error ? unseen(read) : await this.#found(read, completion).catch(unseen);
    const record = reconciled(place, found, read instanceof Error ? undefined : read?.wish, now);
    if (!hasChanged(before, record)) return { record: { ...record, since: before?.since ?? record.since }, changed: false };
    const since = before?.state === record.state && before.deployment === record.deployment ? before.since : record.since;
    // Told before it is kept: what cannot be told is told at the next look.
    await tell('Sluice Drift', { ...record, since, before: before?.state ?? null });
    await epochs.saveDrift({ ...record, since });
    return { record: { ...record, since }, changed: true };
  }

  async #found(read: Read | undefined, completion: Completion | undefined): Promise<Found> {
    const { place, plane, same } = this.#options;
    const deployments = asTold(await plane.deployments(place), completion);
    if (read === undefined) return { drift: { state: 'missing', explanation: 'nothing was released or seeded' }, evidence: [] };
    const { wish, bytes } = read;
    const looked = await lookForDrift(this.#by, { digest: wish.digest, same: (there) => same(there, bytes), read: { version: wish.version, bytes } }, deployments);
    const started = deployments.some(({ version }) => version === wish.version);
    const drift = looked.drift.state === 'queued' && !started ? { ...looked.drift, explanation: `version ${wish.version} of a release was created and not started` } : looked.drift;
    const healing = drift.state === 'in-sync' || drift.state === 'rolling-out' ? undefined : await this.#heal(drift, wish, deployments);
    return { ...looked, drift, ...(healing === undefined ? {} : { healing }) };
  }

  /** The newest version that a release made, with the bytes that its record names; else what the stack seeded. */
  async #wish(): Promise<Read | undefined> {
    const { place, plane, epochs } = this.#options;
    for (const { number, label } of await plane.versions(place)) {
      const release = isReleased(label) ? await epochs.provenance(place, label) : undefined;
      const bytes = release === undefined ? undefined : await plane.content(place, String(number));
      if (release !== undefined && bytes !== undefined && digestOf(bytes) === release.digest) return { wish: { version: String(number), digest: release.digest, release }, bytes };
    }
    const first = (await plane.deployments(place)).find(({ number, profile }) => number === 1 && profile === place.profile);
    const seeded = first === undefined ? undefined : await plane.content(place, first.version);
    return first === undefined || seeded === undefined ? undefined : { wish: { version: first.version, digest: digestOf(seeded) }, bytes: seeded };
  }

  /** What was done, or why nothing was. What AppConfig or the gate refuses is left as it is. */
  async #heal(drift: Drift, wish: Wish, deployments: readonly Deployment[]): Promise<string> {
    const { place, plane, strategy } = this.#options;
    if (strategy === undefined) return 'left alone: this reconciler heals nothing';
    const latest = await plane.version(place);
    // Looking took its time: what was deployed or taken back meanwhile is looked at anew.
    const [last, known] = [newest(await plane.deployments(place)), newest(deployments)];
    if (last?.number !== known?.number || last?.state !== known?.state) return `left alone: deployment ${last?.number ?? 0} is ${last?.state ?? 'gone'} meanwhile`;
    const healing = healingOf({ drift, wish, deployments, latest });
    if (healing.kind === 'leave') return `left alone: ${healing.reason}`;
    try {
      const number = await plane.start(place, healing.version, strategy, `Sluice heals: ${drift.explanation}`.slice(0, 1000));
      return `started deployment ${number} of version ${healing.version}: ${healing.reason}`;
    } catch (error) {
      return `not healed: ${(error as Error).message}`;
    }
  }
}

/** What is told when AWS does not answer, or says that there is no such place. */
function unseen(error: unknown): Found {
  const { name, message } = error as Error;
  const state = name === 'ResourceNotFoundException' ? 'missing' : 'unknown';
  return { drift: { state, explanation: message }, evidence: [] };
}
