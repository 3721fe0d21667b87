import { digestOf, type Digest } from '../core/digest.ts';
import { Fault, fault } from '../core/fault.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import type { Provenance } from '../core/provenance.ts';
import { labelOf, nextStep, type Observation, type Release, type ReleaseStep, type Version, type Winner } from '../core/release.ts';
import type { Deployment } from '../core/rollout.ts';
import { named } from '../core/winner.ts';
import type { AppConfigPlane, Place } from './plane/appconfig.ts';
import type { EpochStore } from './store/epochs.ts';

/** Everything one release needs besides the plan's decision. */
export interface Cargo {
  readonly release: Release;
  readonly bytes: Uint8Array;
  readonly schemas: ReadonlyMap<Digest, Uint8Array>;
  readonly provenance: Provenance;
  /** For people who look at the deployment in AppConfig's console. */
  readonly description: string;
}

/** What happens while a release goes its way. */
export type Progress =
  | { readonly kind: 'created'; readonly version: number }
  | { readonly kind: 'started'; readonly deployment: number }
  | { readonly kind: 'waiting'; readonly winner: Winner }
  /** A workflow of the environment shifts to another version; in the gate's words. */
  | { readonly kind: 'shifting'; readonly problem: string }
  | { readonly kind: 'rollout'; readonly deployment: Deployment };

/** How a release is to behave. */
export interface ReleaseOptions {
  /** Wait for a deployment of somebody else, or for a workflow that shifts. @default refuse */
  readonly queue?: boolean;
  /** Deploy again what was taken back. @default refuse */
  readonly again?: boolean;
  /** Resolve as soon as the deployment has begun. @default follow it to its end */
  readonly detach?: boolean;
  /** Lets time pass between two looks. */
  readonly pause: () => Promise<void>;
  readonly tell: (progress: Progress) => void;
}

/** Plays releases on AppConfig and the store. Each call can be the last one: another process goes on where it ended. */
export class Releasing {
  readonly #plane: AppConfigPlane;
  readonly #epochs: EpochStore;

  constructor(plane: AppConfigPlane, epochs: EpochStore) {
    this.#plane = plane;
    this.#epochs = epochs;
  }

  /** What AppConfig says of a release's environment now. A version that was deployed stays what it is: while its deployment is followed, only deployments are looked at. */
  async observe(place: Place, release: Release, followed?: Version): Promise<Observation> {
    if (followed !== undefined) return { own: followed, latest: followed, deployments: await this.#plane.deployments(place) };
    const [own, latest, deployments] = await Promise.all([this.#plane.version(place, labelOf(release)), this.#plane.version(place), this.#plane.deployments(place)]);
    return { own, latest, deployments };
  }

  /**
   * Releases, from wherever an earlier attempt broke off, and resolves with the deployment when it is complete.
   * @throws Fault `SLUICE-RELEASE-1` to `-5` when it cannot be, `SLUICE-PLANE-3` when a guard refuses.
   */
  async play(place: Place, cargo: Cargo, options: ReleaseOptions): Promise<Deployment> {
    let told = '';
    let followed: Version | undefined;
    for (;;) {
      const seen = await this.observe(place, cargo.release, followed);
      const step = nextStep(cargo.release, seen, options.again);
      if (step.kind === 'follow') followed = seen.own;
      const ended = this.#ended(cargo.release, step, options);
      if (ended !== undefined) return ended;
      await this.#take(place, cargo, step, {
        ...options,
        tell: (progress) => {
          const now = JSON.stringify(progress);
          if (now !== told) options.tell(progress);
          told = now;
        },
      });
    }
  }

  #ended(release: Release, step: ReleaseStep, { queue, detach }: ReleaseOptions): Deployment | undefined {
    const place = `${release.application}/${release.environment}`;
    switch (step.kind) {
      case 'done': return step.deployment;
      case 'follow': return detach ? step.deployment : undefined;
      case 'stale': throw fault(RELEASING, 'SLUICE-RELEASE-1', { place, winner: named(step.winner) });
      case 'taken-back': throw fault(RELEASING, 'SLUICE-RELEASE-3', { place, deployment: step.deployment.number, state: step.deployment.state });
      case 'wait':
        if (!queue) throw fault(RELEASING, 'SLUICE-RELEASE-2', { place, winner: named(step.winner) });
        return undefined;
      default: return undefined;
    }
  }

  async #take(place: Place, cargo: Cargo, step: ReleaseStep, { pause, tell, queue = false }: Pick<ReleaseOptions, 'pause' | 'tell' | 'queue'>): Promise<void> {
    const { release, description } = cargo;
    switch (step.kind) {
      case 'create': return tell({ kind: 'created', version: await this.#create(place, cargo, step.after) });
      case 'start': {
        await this.#verify(place, release, step.version);
        const strategy = await this.#plane.strategy(release.strategy);
        const problem = await unlessShifting(queue, unlessLost(this.#plane.start(place, step.version, strategy, description)), (deployment) => { tell({ kind: 'started', deployment }); });
        if (problem === undefined) return undefined;
        tell({ kind: 'shifting', problem });
        return pause();
      }
      case 'follow':
        tell({ kind: 'rollout', deployment: step.deployment });
        return pause();
      case 'wait':
        tell({ kind: 'waiting', winner: step.winner });
        return pause();
      case 'withdraw':
        await this.#withdraw(place, step.deployment);
        throw fault(RELEASING, 'SLUICE-RELEASE-5', { place: `${release.application}/${release.environment}`, deployment: step.deployment.number, winner: named(step.winner) });
      default:
    }
  }

  /** Schemas first, so that the gate finds them; then where the bytes come from; then the bytes, under AppConfig's lock. */
  async #create(place: Place, { release, bytes, schemas, provenance, description }: Cargo, after: number): Promise<number> {
    for (const schema of schemas.values()) await this.#epochs.saveSchema(schema);
    await this.#epochs.saveProvenance(place, provenance);
    return await unlessLost(this.#plane.createVersion(place, bytes, { after, label: labelOf(release), description })) ?? 0;
  }

  async #verify(place: Place, release: Release, version: number): Promise<void> {
    const bytes = await this.#plane.content(place, String(version));
    if (bytes !== undefined && digestOf(bytes) === release.digest) return;
    throw fault(RELEASING, 'SLUICE-RELEASE-4', { version, place: `${release.application}/${release.environment}` });
  }

  async #withdraw(place: Place, { number, state }: Deployment): Promise<void> {
    if (state === 'COMPLETE') await this.#plane.revert(place, number);
    else await this.#plane.stop(place, number);
  }
}

/** Starts a deployment; or, where whoever releases waits in the queue, tells in the gate's words which workflow shifts. */
async function unlessShifting(queue: boolean, attempt: Promise<number | undefined>, started: (deployment: number) => void): Promise<string | undefined> {
  try {
    const deployment = await attempt;
    if (deployment !== undefined) started(deployment);
    return undefined;
  } catch (error) {
    const [problem] = error instanceof Fault ? /SLUICE-SHIFT-2: [^;]+/.exec(error.message) ?? [] : [];
    if (!queue || problem === undefined) throw error;
    return problem.slice('SLUICE-SHIFT-2: '.length);
  }
}

/** A lost race is no failure: the next look says who won, or that an earlier attempt of our own did. */
async function unlessLost(attempt: Promise<number>): Promise<number | undefined> {
  try {
    return await attempt;
  } catch (error) {
    const lost = error instanceof Fault && (error.code === 'SLUICE-PLANE-2' || error.code === 'SLUICE-PLANE-4' || (error.code === 'SLUICE-PLANE-3' && / has already been assigned /.test(error.message)));
    if (!lost) throw error;
    return undefined;
  }
}
