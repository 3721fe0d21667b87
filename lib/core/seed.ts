import type { Digest } from './digest.ts';
import { isObject } from './epoch.ts';
import { fault, shown } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';

/** What a stack's first release is made of: the epoch's bytes and its schemas, all as text. */
export interface SeedDocuments {
  readonly epoch: string;
  readonly schemas: Readonly<Record<Digest, string>>;
}

/** The seed as the stack carries it. */
export function formatSeed(composed: { readonly bytes: Uint8Array; readonly schemas: ReadonlyMap<Digest, Uint8Array> }): string {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const seed: SeedDocuments = {
    epoch: text(composed.bytes),
    schemas: Object.fromEntries([...composed.schemas].map(([digest, bytes]) => [digest, text(bytes)])),
  };
  return JSON.stringify(seed);
}

/** Reads a seed. @throws Error for what no stack of ours carries. */
export function parseSeed(bytes: Uint8Array): SeedDocuments {
  const value: unknown = JSON.parse(new TextDecoder().decode(bytes));
  if (!isObject(value) || typeof value['epoch'] !== 'string' || !isObject(value['schemas'])) throw new Error('the seed is neither epoch nor schemas');
  return value as unknown as SeedDocuments;
}

/** What a stack tells its seed: where to release, from what, and what to do at the end. */
export interface SeedProperties {
  readonly place: { readonly applicationId: string; readonly environmentId: string; readonly profileId: string; readonly profile: string };
  /** Where the documents are. */
  readonly bucket: string;
  readonly key: string;
  readonly strategy: string;
  /** Names of the alarms that must be OK first. */
  readonly alarms: readonly string[];
  readonly protection: 'APPLY' | 'BYPASS';
  readonly emptyStore: boolean;
}

const TEXTS = ['ApplicationId', 'EnvironmentId', 'ProfileId', 'ProfileName', 'Bucket', 'Key', 'Strategy'] as const;

/** Reads the properties of a seed. @throws Fault `SLUICE-HOOK-1` for what no stack of ours has. */
export function parseSeedProperties(properties: Readonly<Record<string, unknown>>): SeedProperties {
  const missing = TEXTS.find((name) => typeof properties[name] !== 'string');
  if (missing !== undefined) throw fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'seed', problem: `${missing} must be text, got ${shown(properties[missing])}` });
  const { ApplicationId, EnvironmentId, ProfileId, ProfileName, Bucket, Key, Strategy } = properties as Readonly<Record<(typeof TEXTS)[number], string>>;
  const alarms = properties['Alarms'];
  return {
    place: { applicationId: ApplicationId, environmentId: EnvironmentId, profileId: ProfileId, profile: ProfileName },
    bucket: Bucket, key: Key, strategy: Strategy, alarms: Array.isArray(alarms) ? alarms.map(String) : [],
    protection: properties['DeletionProtection'] === 'BYPASS' ? 'BYPASS' : 'APPLY',
    emptyStore: properties['EmptyStore'] === 'true',
  };
}
