import { isObject } from './epoch.ts';
import { fault, type Fault } from './fault.ts';
import { READING } from './faults/reading.ts';
import { keptBytes, keptMembers } from './kept.ts';
import type { Pin } from './pin.ts';
import type { PlaceNames } from './place.ts';
import type { Deployment } from './rollout.ts';

/** An epoch that was rolled out and taken back. */
export interface RolledBackEpoch {
  /** AppConfig's version number of the profile, as text. */
  readonly version: string;
  /** The newest deployment of it. */
  readonly deployment: number;
  /** Taken back while it was in flight, or after it was complete. */
  readonly state: 'ROLLED_BACK' | 'REVERTED';
  /** When that was seen, RFC 3339 in UTC. */
  readonly seenAt: string;
}

/** Which epochs of a profile are taken back; the contract is schemas/rolled-back.schema.json. */
export interface RolledBackRecord extends PlaceNames {
  readonly sluice: 1;
  /** In the order of their deployments. */
  readonly epochs: readonly RolledBackEpoch[];
}

/** The name of the error by which a task of an execution ends whose epoch was rolled back; a `Catch` takes it by this. */
export const EPOCH_ROLLED_BACK = 'Sluice.EpochRolledBack';

/** How many epochs a record names: the newest. */
export const ROLLED_BACK_MOST = 200;

/** What somebody was told, or did, that AppConfig's list may not show yet. */
export interface ToldState {
  readonly deployment: number;
  readonly state: Deployment['state'];
}

/**
 * The epochs that are taken back, by those that were known and a list of deployments: those whose newest deployment was. One that has another
 * deployment which is complete is a good one whatever became of a later attempt, and one that is being deployed again is no longer taken back. What a list
 * that is older than `known` shows changes nothing. `now` is epoch milliseconds.
 */
export function rolledBackBy(known: readonly RolledBackEpoch[], deployments: readonly Deployment[], { profile, now, told }: Seeing): RolledBackEpoch[] {
  const seenAt = new Date(now).toISOString();
  const states = new Map<string, Map<number, RolledBackEpoch | 'good' | 'under-way'>>();
  const note = (version: string, deployment: number, state: RolledBackEpoch | 'good' | 'under-way'): unknown => states.set(version, (states.get(version) ?? new Map<number, never>()).set(deployment, state));
  for (const { profile: of, version, number, state: listed } of deployments) {
    // What is told late does not bring back what is taken back.
    const state = number === told?.deployment && takenState(listed) === undefined ? told.state : listed;
    const taken = takenState(state);
    if (of === profile) note(version, number, taken === undefined ? state === 'COMPLETE' ? 'good' : 'under-way' : { version, deployment: number, state: taken, seenAt });
  }
  for (const epoch of known) note(epoch.version, epoch.deployment, epoch);
  const newest = [...states.values()].flatMap((of) => {
    const last = of.get(Math.max(...of.keys()));
    return typeof last !== 'object' || [...of.values()].includes('good') ? [] : [last];
  });
  return newest.sort((one, other) => one.deployment - other.deployment).slice(-ROLLED_BACK_MOST);
}

/** What a list of deployments is read by. */
interface Seeing {
  /** The profile's name. */
  readonly profile: string;
  /** Epoch milliseconds. */
  readonly now: number;
  readonly told?: ToldState | undefined;
}

function takenState(state: Deployment['state']): RolledBackEpoch['state'] | undefined {
  if (state === 'REVERTED') return state;
  return state === 'ROLLED_BACK' || state === 'ROLLING_BACK' ? 'ROLLED_BACK' : undefined;
}

/** Whether two lists name the same epochs with the same deployments. */
export function sameRolledBack(one: readonly RolledBackEpoch[], other: readonly RolledBackEpoch[]): boolean {
  const named = (epochs: readonly RolledBackEpoch[]): string => epochs.map(({ version, deployment, state }) => `${version} ${deployment} ${state}`).join();
  return named(one) === named(other);
}

/** The JSON of a record as the store keeps it. */
export function formatRolledBack(record: RolledBackRecord): Uint8Array {
  return keptBytes(record);
}

/** The epochs of a record; nothing for bytes that are none. */
export function parseRolledBack(bytes: Uint8Array): readonly RolledBackEpoch[] | undefined {
  const members = keptMembers(bytes);
  return typeof members !== 'string' && Array.isArray(members['epochs']) ? members['epochs'].filter(isObject) as unknown as RolledBackEpoch[] : undefined;
}

/** What a reader says of a pin whose epoch was rolled back: an error named `Sluice.EpochRolledBack`. */
export function rolledBackFault({ version, digest, entity }: Pin, { deployment, state, seenAt }: RolledBackEpoch): Fault {
  const one = fault(READING, 'SLUICE-PIN-3', { version, digest, entity, deployment, state, seenAt });
  one.name = EPOCH_ROLLED_BACK;
  return one;
}
