import type { Digest } from './digest.ts';
import type { EnvironmentRecord, Judgement } from './environmentRecord.ts';
import { isObject } from './epoch.ts';
import { fault, shown } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';
import { completeRules } from './judge/rules.ts';
import { checkedDemand, type ShadowDemand } from './shadow/demand.ts';
import { VERSION } from './version.ts';

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
  /** What the environment's record is to say; nothing in a stack that an earlier version deployed. */
  readonly record?: EnvironmentRecord;
}

const TEXTS = ['ApplicationId', 'EnvironmentId', 'ProfileId', 'ProfileName', 'Bucket', 'Key', 'Strategy'] as const;

/** Reads the properties of a seed. @throws Fault `SLUICE-HOOK-1` for what no stack of ours has, `SLUICE-JUDGE-6` and `-7` for rules that make no sense. */
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
    ...recordIn(properties),
  };
}

function recordIn({ ApplicationId, EnvironmentId, ProfileName, Application, Environment, Judgement: text, Workflows, Shadow }: Readonly<Record<string, unknown>>): { readonly record?: EnvironmentRecord } {
  if (typeof text !== 'string') return {};
  const { judge, slowerThanMs, settleWithinMs } = JSON.parse(text) as Judgement;
  return {
    record: {
      sluice: 1, application: String(Application), applicationId: String(ApplicationId), environment: String(Environment), environmentId: String(EnvironmentId), profile: String(ProfileName),
      library: VERSION, judge: judge === null ? null : completeRules(judge), slowerThanMs, settleWithinMs,
      ...(Array.isArray(Workflows) ? { workflows: Workflows.map(String) } : {}),
      ...(typeof Shadow === 'string' ? { shadow: checkedDemand(JSON.parse(Shadow) as ShadowDemand) } : {}),
    },
  };
}
