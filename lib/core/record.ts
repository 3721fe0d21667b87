import { isDigest, type Digest } from './digest.ts';
import { isObject } from './epoch.ts';
import { fault, shown, type Fault } from './fault.ts';
import { PLANNING } from './faults/planning.ts';
import { keptBytes, keptMembers } from './kept.ts';
import type { PlaceIds, PlaceNames } from './place.ts';

/** An epoch by both of its names. */
export interface EpochReference {
  /** AppConfig's version number, as text. */
  readonly version: string;
  readonly digest: Digest;
  /** The digest of the rules in force with it: those that it names, or that a release had named before. @default - none */
  readonly rules?: Digest;
}

/**
 * What the gate knew when it let a deployment begin; the contract is schemas/deployment.schema.json.
 * The record of a number whose StartDeployment was refused later is overwritten by the next one of that number.
 */
export interface DeploymentRecord extends PlaceIds, PlaceNames {
  readonly sluice: 1;
  readonly profileId: string;
  readonly deployment: number;
  /** The epoch whose exposure grows. */
  readonly canary: EpochReference;
  /** The epoch it replaces; null for the first deployment of a profile. */
  readonly control: EpochReference | null;
  /** When the gate let it begin, RFC 3339 in UTC. */
  readonly startedAt: string;
  /** As StartDeployment's caller gave it; AppConfig does not tell who that was. */
  readonly description: string | null;
}

/** The JSON of a record as the store keeps it. */
export function formatRecord(record: DeploymentRecord): Uint8Array {
  return keptBytes(record);
}

/** Reads a record; `key` is only for the fault. */
export function parseRecord(bytes: Uint8Array, key: string): DeploymentRecord | Fault {
  const wrong = (problem: string): Fault => fault(PLANNING, 'SLUICE-STORE-3', { key, problem });
  const value = keptMembers(bytes);
  if (typeof value === 'string') return wrong(value);
  if (!Number.isSafeInteger(value['deployment'])) return wrong(`"deployment" must be a whole number, got ${shown(value['deployment'])}`);
  if (!isReference(value['canary'])) return wrong('"canary" must have a version and a digest');
  if (value['control'] !== null && !isReference(value['control'])) return wrong('"control" must be null or have a version and a digest');
  return value as unknown as DeploymentRecord;
}

function isReference(value: unknown): value is EpochReference {
  return isObject(value) && typeof value['version'] === 'string' && isDigest(value['digest']);
}
