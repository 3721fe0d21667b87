import { recordOf } from '../core/admission.ts';
import { digestOf, type Digest } from '../core/digest.ts';
import { parseEpoch } from '../core/epoch.ts';
import { fault, Fault } from '../core/fault.ts';
import { PLANNING } from '../core/faults/planning.ts';
import { SHIFTING } from '../core/faults/shifting.ts';
import type { Hook } from '../core/hook.ts';
import type { EpochReference } from '../core/record.ts';
import { live, type Deployment } from '../core/rollout.ts';
import { shiftHolds, versionNumber } from '../core/shift/record.ts';
import type { AppConfigPlane } from './plane/appconfig.ts';
import { EpochStore } from './store/epochs.ts';
import { ShiftStore } from './store/shifts.ts';
import type { Store } from './store/store.ts';

/** A deployment that is about to begin, as AppConfig's PRE_START_DEPLOYMENT tells it. */
type Beginning = Extract<Hook, { point: 'pre-start' }>;

/** What is known of a deployment before it begins. */
export interface Opened {
  readonly digest: Digest;
  readonly deployments: readonly Deployment[];
  readonly control: EpochReference | null;
}

/** The record of deployments: which epoch is the canary of each, and which the control. */
export class Ledger {
  readonly #epochs: EpochStore;
  readonly #shifts: ShiftStore;
  readonly #plane: AppConfigPlane;

  constructor(store: Store, plane: AppConfigPlane) {
    this.#epochs = new EpochStore(store);
    this.#shifts = new ShiftStore(store);
    this.#plane = plane;
  }

  /** Stores the bytes of a deployment that may begin, and looks what it replaces. */
  async open(hook: Beginning): Promise<Opened> {
    const [digest, deployments] = await Promise.all([
      this.#epochs.saveEpoch(hook.content),
      this.#plane.deployments({ applicationId: hook.application.id, environmentId: hook.environment.id }),
    ]);
    // An event without the profile's name still has an environment that holds one profile.
    const before = live(deployments, hook.profile.name) ?? (hook.profile.name === hook.profile.id ? live(deployments) : undefined);
    return { digest, deployments, control: before === undefined ? null : await this.#reference(hook, before) };
  }

  /**
   * Keeps the record of a deployment that may begin. `now` is in epoch milliseconds. No record is written once it is
   * `late`: the gate has refused by then, and the sandbox may sleep until the next attempt, whose record this would overwrite.
   */
  async enter(hook: Beginning, opened: Opened, rules: Digest | undefined, now: number, late: AbortSignal): Promise<void> {
    late.throwIfAborted();
    await this.#epochs.saveDeployment(recordOf({ hook, ...opened, rules, now }));
    await this.#refuseWhileShifting();
  }

  /**
   * One change runs at a time. A shift claims the environment first and looks at its deployments half a minute later; so whichever comes
   * first, one of the two sees the other.
   */
  async #refuseWhileShifting(): Promise<void> {
    const shifting = (await this.#shifts.all()).find(({ record }) => shiftHolds(record))?.record;
    if (shifting === undefined) return;
    const { environment, workflow, from, to, state } = shifting;
    throw fault(SHIFTING, 'SLUICE-SHIFT-2', { environment, workflow, from: versionNumber(from), to: versionNumber(to), state });
  }

  /** The epoch an earlier deployment served: by its record, or by its bytes when it is older than the gate. */
  async #reference(hook: Beginning, deployment: Deployment): Promise<EpochReference> {
    const { version, number } = deployment;
    const known = await this.#epochs.deployment({ applicationId: hook.application.id, environmentId: hook.environment.id }, number);
    if (known?.canary.version === version) return known.canary;
    const content = await this.#plane.content({ applicationId: hook.application.id, profileId: hook.profile.id }, version);
    if (content === undefined) throw fault(PLANNING, 'SLUICE-PLANE-1', { kind: `version of ${hook.profile.name}`, name: version });
    const epoch = parseEpoch(content);
    return { version, digest: digestOf(content), ...(epoch instanceof Fault || epoch.rules === undefined ? {} : { rules: epoch.rules }) };
  }
}
