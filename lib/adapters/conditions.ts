import { digestOf } from '../core/digest.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { GUARDING } from '../core/faults/guarding.ts';
import { SHADOWING } from '../core/faults/shadowing.ts';
import { SHIFTING } from '../core/faults/shifting.ts';
import type { PlaceIds } from '../core/place.ts';
import type { EpochReference } from '../core/record.ts';
import { live } from '../core/rollout.ts';
import type { Fitting } from '../core/runsWith.ts';
import { checkedDemand, type ShadowDemand } from '../core/shadow/demand.ts';
import { unshown } from '../core/shadow/unshown.ts';
import type { Candidate } from '../core/shadow/verdict.ts';
import { versionNumber, type ShiftRecord } from '../core/shift/record.ts';
import { within } from './deadline.ts';
import { Fitness } from './fitness.ts';
import type { AppConfigPlane } from './plane/appconfig.ts';
import { Versions } from './router/versions.ts';
import { EpochStore } from './store/epochs.ts';
import type { Store } from './store/store.ts';

/** A deployment that is about to begin. */
export interface Forthcoming {
  readonly place: PlaceIds;
  /** `application/environment`. */
  readonly named: string;
  readonly version: string;
  readonly epoch: Epoch;
  readonly digest: EpochReference['digest'];
  /** What is live; null before the first deployment. */
  readonly control: EpochReference | null;
}

/** How long the gate waits for what versions declare, milliseconds: so much less than it has that it can still say so. */
const DECLARED_MS = 1200;

/** How many deployments are looked through for the one that is live. */
const DEPLOYMENTS = 50;

/** What must hold before executions start on an epoch or a version: that each declares to run with the other, and that a shadow was played where one is asked for. */
export class Conditions {
  readonly #epochs: EpochStore;
  readonly #fitness: Fitness | undefined;
  readonly #contents = new Map<string, Fitting | undefined>();

  constructor(store: Store, fitness: Fitness | undefined) {
    this.#epochs = new EpochStore(store);
    this.#fitness = fitness;
  }

  /** Those of a gate, as its environment says: SLUICE_WORKFLOWS, with commas between: what ARNs of machines begin with, and the names of machine and alias (`name:alias`) that follow, and SLUICE_SHADOW, both optional. */
  static async ofGate(store: Store): Promise<(forthcoming: Forthcoming, now: number) => Promise<readonly Fault[]>> {
    const { SLUICE_WORKFLOWS: workflows, SLUICE_SHADOW: shadow } = process.env;
    const [machine, ...names] = workflows?.split(',') ?? [];
    const aliases = names.map((name) => machine + name);
    const demand = shadow === undefined ? undefined : checkedDemand(JSON.parse(shadow) as ShadowDemand);
    const conditions = new Conditions(store, workflows === undefined ? undefined : new Fitness(await Versions.open()));
    return (forthcoming, now) => conditions.ofDeployment(forthcoming, aliases, demand, now);
  }

  /** What forbids a deployment. Of the first one no shadow is asked: nothing ran before it. */
  async ofDeployment({ place, named, version, epoch, digest, control }: Forthcoming, aliases: readonly string[], demand: ShadowDemand | undefined, now: number): Promise<readonly Fault[]> {
    const [misfits, missing] = await Promise.all([
      this.#fitness === undefined ? [] : within(DECLARED_MS, this.#fitness.refusals(aliases, { version, digest, documents: epoch.documents }), (milliseconds) => fault(GUARDING, 'SLUICE-GATE-10', { count: aliases.length, milliseconds })),
      demand === undefined || control === null || control.digest === digest ? undefined
        : this.#unshown(place, { kind: 'epoch', version, digest }, demand, { subject: `version ${version} of ${named}`, command: `sluice shadow $ALIAS --epoch v${version} --env ${named}` }, now),
    ]);
    return missing === undefined ? misfits : [...misfits, missing];
  }

  /** What forbids that executions start on the new version of a shift; nothing when nothing does. Whether it was shown is asked before it begins only. */
  async ofShift(shift: ShiftRecord, place: PlaceIds, plane: AppConfigPlane, now: number): Promise<Fault | undefined> {
    const begun = shift.state !== 'waiting' && shift.state !== 'claimed';
    const misfit = shift.profile === undefined ? undefined : await this.#misfit(shift, place, shift.profile, plane, begun);
    if (misfit !== undefined || begun || shift.plan.shadow === undefined) return misfit;
    const { to, aliasArn, workflow, application, environment } = shift;
    const version = versionNumber(to);
    return this.#unshown(place, { kind: 'version', arn: to }, shift.plan.shadow, { subject: `version ${version} of ${workflow}`, command: `sluice shadow ${aliasArn} --version ${version} --env ${application}/${environment}` }, now);
  }

  async #misfit({ from, to, workflow }: ShiftRecord, place: PlaceIds, profile: NonNullable<ShiftRecord['profile']>, plane: AppConfigPlane, begun: boolean): Promise<Fault | undefined> {
    if (await this.#fitness?.declared(to) === undefined) return undefined;
    const deployment = live(await plane.deployments(place, DEPLOYMENTS), profile.name);
    const epoch = deployment && await this.#content(plane, { ...place, profileId: profile.id }, deployment.version);
    const problem = epoch && await this.#fitness?.misfit(to, epoch);
    if (epoch === undefined || problem === undefined) return undefined;
    const back = begun ? await this.#fitness?.misfit(from, epoch) : undefined;
    return fault(SHIFTING, 'SLUICE-SHIFT-9', {
      version: versionNumber(to), workflow, epoch: String(epoch.version), problem,
      also: back === undefined ? '' : ` (nor does version ${versionNumber(from)}, which it goes back to: ${back})`,
    });
  }

  async #content(plane: AppConfigPlane, place: PlaceIds & { readonly profileId: string }, version: string): Promise<Fitting | undefined> {
    const key = `${place.profileId} ${version}`;
    const known = this.#contents.get(key);
    if (known !== undefined) return known;
    const bytes = await plane.content(place, version);
    const epoch = bytes && parseEpoch(bytes);
    if (bytes === undefined || epoch === undefined || epoch instanceof Fault) return undefined;
    const read = { version, digest: digestOf(bytes), documents: epoch.documents };
    this.#contents.set(key, read);
    return read;
  }

  async #unshown(place: PlaceIds, candidate: Candidate, demand: ShadowDemand, { subject, command }: { readonly subject: string; readonly command: string }, now: number): Promise<Fault | undefined> {
    const problem = unshown(demand, await this.#epochs.shadows(place, candidate), now);
    return problem === undefined ? undefined : fault(SHADOWING, 'SLUICE-SHADOW-6', { subject, problem, command });
  }
}
