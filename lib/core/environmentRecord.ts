import { isObject } from './epoch.ts';
import { differences } from './judge/record.ts';
import { completeRules, type CompleteRules } from './judge/rules.ts';
import { keptMembers } from './kept.ts';
import type { PlaceIds, PlaceNames } from './place.ts';
import type { ShadowDemand } from './shadow/demand.ts';

/** How an environment judges what is released there. Times are in milliseconds. */
export interface Judgement {
  /** Null where the judge is switched off. */
  readonly judge: CompleteRules | null;
  /** An execution that takes longer is slow; null where only what takes longer than `settleWithinMs` is. */
  readonly slowerThanMs: number | null;
  /** How long after its start an execution's end is waited for. */
  readonly settleWithinMs: number;
}

/** What the stack says of an environment, for whoever looks; the contract is schemas/environment.schema.json. */
export interface EnvironmentRecord extends Judgement, PlaceIds, PlaceNames {
  readonly sluice: 1;
  /** The version of Sluice that wrote it. */
  readonly library: string;
  /** The ARNs of aliases whose versions declare what they run with. @default - none does */
  readonly workflows?: readonly string[];
  /** What must be shown of an epoch before it is rolled out. @default - nothing */
  readonly shadow?: ShadowDemand;
}

/** Reads a record; what cannot be read is none. */
export function parseEnvironmentRecord(bytes: Uint8Array): EnvironmentRecord | undefined {
  const value = keptMembers(bytes);
  if (typeof value === 'string' || !(value['judge'] === null || isObject(value['judge'])) || typeof value['settleWithinMs'] !== 'number') return undefined;
  return value as unknown as EnvironmentRecord;
}

/** Where rules differ from those that hold when none are given, as `rule value` in words; nothing when they do not. */
export function ownRules(rules: CompleteRules): string[] {
  const { metrics, promote: _, after, ...single } = rules;
  const { metrics: usual, after: usualAfter, ...usually } = completeRules();
  return [
    ...Object.entries(single).filter(([name, value]) => usually[name as keyof typeof single] !== value).map(([name, value]) => `${name} ${value}`),
    ...(differences(usual, metrics, '').length === 0 ? [] : [`metrics ${Object.keys(metrics).join(', ')}`]),
    ...Object.entries(after).filter(([name, value]) => usualAfter[name as keyof typeof after] !== value).map(([name, value]) => `after.${name} ${value}`),
  ];
}
