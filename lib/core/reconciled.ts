import type { Digest } from './digest.ts';
import type { Drift, DriftState } from './drift.ts';
import { isObject } from './epoch.ts';
import type { Wish } from './healing.ts';
import { keptMembers } from './kept.ts';
import type { PlaceIds, PlaceNames } from './place.ts';
import type { TakenBack } from './takenBack.ts';

/** How an environment stood to what it is to have when that changed last; the contract is schemas/drift.schema.json. */
export interface DriftRecord extends PlaceIds, PlaceNames {
  readonly sluice: 1;
  readonly state: DriftState;
  readonly explanation: string;
  /** The deployment it is about; null where there is none. */
  readonly deployment: number | null;
  /** The newest release, or what the stack seeded; null where neither is known. */
  readonly wanted: { readonly version: string; readonly digest: Digest; readonly commit: string | null } | null;
  /** Who took back what is wanted, why, and by which alarms; null when nobody did. */
  readonly by: TakenBack | null;
  /** What AppConfig logged of it. */
  readonly evidence: readonly string[];
  /** What the reconciler did about it, or why it left it alone; null when there was nothing to do. */
  readonly healing: string | null;
  /** Since when it is so, RFC 3339 in UTC, as far as the reconciler saw. */
  readonly since: string;
}

/** What a reconciler knows of its environment: names and ids. */
export type Reconciled = PlaceIds & PlaceNames;

/** The record of what was found at a moment, epoch milliseconds. */
export function reconciled(place: Reconciled, found: { readonly drift: Drift; readonly taken?: TakenBack; readonly evidence: readonly string[]; readonly healing?: string }, wish: Wish | undefined, now: number): DriftRecord {
  const { application, applicationId, environment, environmentId, profile } = place;
  const { drift: { state, explanation, deployment }, taken, evidence, healing } = found;
  return {
    sluice: 1, application, applicationId, environment, environmentId, profile, state, explanation, deployment: deployment ?? null,
    wanted: wish === undefined ? null : { version: wish.version, digest: wish.digest, commit: wish.release?.commit ?? null },
    by: taken ?? null, evidence, healing: healing ?? null, since: new Date(now).toISOString(),
  };
}

/** What of a record makes it another one: a deployment that goes on to its next step does not. */
function gist({ state, deployment, wanted, by, healing }: DriftRecord): string {
  return JSON.stringify([state, deployment, wanted?.version, by?.by, by?.alarms, healing]);
}

/** Whether it has changed since the record before. */
export function hasChanged(before: DriftRecord | undefined, now: DriftRecord): boolean {
  return before === undefined || gist(before) !== gist(now);
}

/** Reads a record; what cannot be read is none, and is written anew. */
export function parseDriftRecord(bytes: Uint8Array): DriftRecord | undefined {
  const value = keptMembers(bytes);
  if (typeof value === 'string' || typeof value['state'] !== 'string' || !(value['wanted'] === null || isObject(value['wanted']))) return undefined;
  return value as unknown as DriftRecord;
}

/** Whether an environment is as it is to be, or on its way there. */
export function isSound({ state }: Pick<DriftRecord, 'state'>): boolean {
  return state === 'in-sync' || state === 'rolling-out';
}
