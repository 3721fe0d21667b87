import { beforeOf, earliest, evidenceOf, type Evidence } from '../core/evidence.ts';
import { fault } from '../core/fault.ts';
import { JUDGING } from '../core/faults/judging.ts';
import type { Compared } from '../core/aftermath.ts';
import { blindness, incomparable, overTimeOf, rollbackNotice, type JudgedRecord } from '../core/judged.ts';
import { judgement, type EpochWindow } from '../core/judge/index.ts';
import { completeRules, type JudgeRules } from '../core/judge/rules.ts';
import { sightingIn, verdictKey, verdictPrefix } from '../core/layout.ts';
import { inForce, type Override } from '../core/override.ts';
import { exposed } from '../core/sighting.ts';
import type { Tick } from '../core/tick.ts';
import { promptnessOf } from '../core/settlement.ts';
import { VERSION } from '../core/version.ts';
import { Bus } from './bus/bus.ts';
import { within } from './deadline.ts';
import { Keeping } from './keeping.ts';
import { Sums } from './evidence/sums.ts';
import { Overrides, type LastOverride } from './overrides.ts';
import { BegunDeployments } from './store/begun.ts';
import { EpochStore } from './store/epochs.ts';
import { S3Store } from './store/s3.ts';
import type { Store } from './store/store.ts';
import { variable } from './variable.ts';

/** What an environment is judged by, and with. */
export interface JudgingOptions {
  readonly store: Store & { readonly bucket: string };
  readonly sums: Sums;
  /** Tells others: EventBridge's default bus. */
  readonly tell: (detailType: string, detail: object) => Promise<void>;
  readonly rules: JudgeRules;
  /** How long after its start an execution's end is waited for, milliseconds. */
  readonly settleWithinMs: number;
  /** The version of Sluice. */
  readonly library: string;
}

/** What became of one tick. */
export interface Judged {
  /** The verdict as it was recorded; nothing when there is nothing to compare with. */
  readonly record?: JudgedRecord;
  /** Why there is no verdict, or why nothing could be seen. */
  readonly note?: string;
  readonly blind: boolean;
  /** What else went wrong, none of which changes the verdict. */
  readonly troubles: readonly string[];
}

/** How long recording a verdict and telling others may take, milliseconds. */
const RECORDING_MS = 600;

/** What could be seen at a tick, or why nothing could. */
interface Seen {
  readonly evidence: Evidence;
  readonly before: readonly EpochWindow[];
  readonly blind?: string;
}

const NOTHING: Evidence = { windows: [], history: [], pending: 0, late: { canary: 0, control: 0 }, surplus: 0 };

/** Judges deployments by what CloudWatch counted of them, and keeps each verdict in the store. */
export class Judging {
  readonly #options: JudgingOptions;
  readonly #begun: BegunDeployments;
  readonly #keeping: Keeping;

  constructor(options: JudgingOptions) {
    this.#options = options;
    this.#begun = new BegunDeployments(new EpochStore(options.store));
    this.#keeping = new Keeping(options.store);
  }

  /** As the handler's environment says: SLUICE_STORE, SLUICE_JUDGE and SLUICE_SETTLE_WITHIN_MS. */
  static async open(): Promise<Judging> {
    return new Judging(await openJudging());
  }

  /**
   * Judges one tick at an instant, epoch milliseconds, within a time limit.
   * @throws Fault `SLUICE-JUDGE-9` when the gate left no record of the deployment, whatever the store throws.
   */
  async decide(tick: Tick, now: number, limitMs: number): Promise<Judged> {
    const began = performance.now();
    const deployment = await this.#begun.record(tick, tick.deployment);
    if (deployment === undefined) throw fault(JUDGING, 'SLUICE-JUDGE-9', { deployment: tick.deployment });
    const alone = incomparable(deployment);
    if (alone !== undefined || deployment.control === null) return { note: alone ?? '', blind: false, troubles: [] };
    const compared = { ...deployment, control: deployment.control };
    const troubles: string[] = [];
    const note = (error: unknown): void => { troubles.push((error as Error).message); };
    const left = limitMs - RECORDING_MS - (performance.now() - began);
    const earlier = within(left / 2, this.#options.store.list(verdictPrefix(tick, tick.deployment)), late).catch((error: unknown) => { note(error); return []; });
    const known = within(left, this.#keeping.parts(tick), late);
    known.catch(() => undefined);
    const last = within(left, new Overrides(this.#options.store).last(tick), late).catch((error: unknown): LastOverride => { note(error); return { number: 0 }; });
    const seen = await within(left, this.#see(compared, tick, now, earlier), late).catch((error: unknown): Seen => ({ evidence: NOTHING, before: [], blind: (error as Error).message }));
    const blindTicks = seen.blind === undefined ? 0 : 1 + blindBefore(await earlier);
    const override = inForce((await last).entry, now);
    const record = recordOf(this.#options, compared, { ...tick, ...seen, blindTicks, now, ...(override === undefined ? {} : { override }) });
    await within(RECORDING_MS, this.#keep(record, known, note), late).catch(note);
    return { record, ...(seen.blind === undefined ? {} : { note: seen.blind }), blind: seen.blind !== undefined, troubles };
  }

  async #see(deployment: Compared, tick: Tick, now: number, earlier: Promise<string[]>): Promise<Seen> {
    const { sums, rules, settleWithinMs } = this.#options;
    const metrics = Object.keys(completeRules(rules).metrics);
    const { application, environment, canary, control } = deployment;
    const since = Date.parse(deployment.startedAt);
    const [counted, keys] = await Promise.all([sums.read({
      application, environment, of: { epochs: [canary.digest, control.digest] }, since: earliest({ since, settleWithinMs }), until: now,
      metrics: [...new Set(['ExecutionsStarted', 'ExecutionsSettled', ...metrics])],
    }), earlier]);
    const question = { cohorts: { canary: canary.digest, control: control.digest }, metrics, since, now, settleWithinMs };
    const [known, before] = [evidenceOf(counted, question), beforeOf(counted, question)];
    const sightings = [...keys.flatMap((key) => sightingIn(key) ?? []), ...(tick.percent === undefined ? [] : [{ at: now, percent: tick.percent }])];
    const evidence = { ...known, windows: exposed(known.windows, sightings) };
    const blind = blindness(evidence, tick);
    return { evidence, before, ...(blind === undefined ? {} : { blind }) };
  }

  async #keep(record: JudgedRecord, known: ReturnType<Keeping['parts']>, note: (error: unknown) => void): Promise<void> {
    const { store, tell } = this.#options;
    const key = verdictKey(record, record.deployment, record.judgedAt, record.blind !== null, record.percent);
    const notice = rollbackNotice(record, store.bucket, key);
    const told = notice === undefined ? Promise.resolve() : tell('Sluice Rollback', notice);
    await Promise.all([this.#keeping.verdict(key, record, { known, note }).catch(note), told.catch(note)]);
  }
}

/** What judges by the environment of a handler: SLUICE_STORE, SLUICE_JUDGE and SLUICE_SETTLE_WITHIN_MS. */
export async function openJudging(): Promise<JudgingOptions> {
  const [store, sums] = await Promise.all([S3Store.open(variable('SLUICE_STORE')), Sums.open()]);
  const rules = JSON.parse(process.env['SLUICE_JUDGE'] ?? '{}') as JudgeRules;
  const tell = async (detailType: string, detail: object): Promise<void> => (await Bus.open()).tell(detailType, detail);
  return { store, sums, tell, rules, settleWithinMs: promptnessOf(process.env).settleWithinMs, library: VERSION };
}

/** What a verdict is made of, and when. */
interface Judgeable extends Seen {
  readonly deployment: number;
  readonly state?: string;
  readonly percent?: number;
  readonly blindTicks: number;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly override?: Override;
}

/** Judges what was seen of a deployment, and makes the record of it. */
export function recordOf({ rules, library }: Pick<JudgingOptions, 'rules' | 'library'>, compared: Compared, judgeable: Judgeable): JudgedRecord {
  const { application, applicationId, environment, environmentId, profile, canary, control } = compared;
  const { evidence: { windows, history, pending, late: tardy, surplus }, before, blind, blindTicks, now, override } = judgeable;
  const judged = judgement({ windows, history, rules, blindTicks, library, judgedAt: new Date(now).toISOString() });
  return {
    ...judged, before, overTime: overTimeOf({ ...judged, before }),
    application, applicationId, environment, environmentId, profile, deployment: judgeable.deployment, canary, control,
    state: judgeable.state ?? null, percent: judgeable.percent ?? null, pending, late: tardy, surplus, blind: blind ?? null,
    override: override === undefined ? null : { by: override.by, why: override.why, until: override.until },
  };
}

/** How many ticks in a row before this one showed nothing, by the names of their records. */
function blindBefore(keys: readonly string[]): number {
  return keys.length - 1 - keys.findLastIndex((key) => !key.endsWith('.blind.json'));
}

function late(milliseconds: number): Error {
  return fault(JUDGING, 'SLUICE-JUDGE-10', { milliseconds: Math.round(milliseconds) });
}
