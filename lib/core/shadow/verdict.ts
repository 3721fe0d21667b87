import { keptBytes, keptMembers } from '../kept.ts';
import { isObject } from '../epoch.ts';
import type { EpochReference } from '../record.ts';
import type { Compared, OutcomeKind } from './comparison.ts';

/** The version of an epoch that was not named by AppConfig's number, such as one of a git revision. AppConfig counts from 1. */
export const UNNUMBERED = '0';

/** What was played: a version of a workflow, or the configuration of an epoch. */
export type Candidate =
  | { readonly kind: 'version'; readonly arn: string }
  | ({ readonly kind: 'epoch' } & EpochReference);

/** What a shadow came to: the candidate did everything alike, or not, or too little could be played to say. */
export type ShadowVerdict = 'same' | 'different' | 'inconclusive';

/** What a shadow found, as the store keeps it; the contract is schemas/shadow.schema.json. */
export interface ShadowRecord {
  readonly sluice: 1;
  /** The ARN of the alias or state machine whose executions were played. */
  readonly workflow: string;
  readonly candidate: Candidate;
  /** When it was judged, RFC 3339 in UTC. */
  readonly judgedAt: string;
  /** When the executions that were played began, first and last; null when there were none. */
  readonly from: string | null;
  readonly to: string | null;
  readonly verdict: ShadowVerdict;
  /** In words. */
  readonly reason: string;
  /** How many executions came to what. */
  readonly counts: Readonly<Record<OutcomeKind, number>>;
  /** Executions that were not played, by why. */
  readonly skipped: Readonly<Record<string, number>>;
  /** States whose functions were run, not answered from the recording. */
  readonly pure: readonly string[];
  /** Who takes what differs as it is, and why; only whoever played it may. @default - nobody */
  readonly accepted?: { readonly by: string; readonly why: string };
  /** The first executions that did not do the same. */
  readonly found: readonly Compared[];
}

/** Below this share of the executions that could be judged, nothing is concluded from the rest. */
const ENOUGH = 0.9;
/** How many executions a record tells of. */
const FOUND = 50;
const KINDS: readonly OutcomeKind[] = ['same', 'newly-succeeding', 'newly-failing', 'different-output', 'different-call', 'different-path', 'unanswered', 'unreproducible'];
const UNKNOWN: readonly OutcomeKind[] = ['unanswered', 'unreproducible'];

/** What all compared executions come to. One that differs is enough; that nothing differs is concluded from nine in ten at least. */
export function concluded(executions: readonly Compared[]): Pick<ShadowRecord, 'verdict' | 'reason' | 'counts' | 'found'> {
  const counts = Object.fromEntries(KINDS.map((kind) => [kind, executions.filter((one) => one.kind === kind).length])) as Record<OutcomeKind, number>;
  const found = executions.filter(({ kind }) => kind !== 'same').sort((one, other) => KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind)).slice(0, FOUND);
  const unknown = counts.unanswered + counts.unreproducible;
  const different = executions.length - counts.same - unknown;
  if (different > 0) {
    const kinds = KINDS.filter((kind) => kind !== 'same' && !UNKNOWN.includes(kind) && counts[kind] > 0).map((kind) => `${counts[kind]} ${kind}`);
    return { verdict: 'different', reason: `${different} of ${executions.length} executions do not do the same: ${kinds.join(', ')}`, counts, found };
  }
  if (executions.length === 0) return { verdict: 'inconclusive', reason: 'no execution could be played', counts, found };
  if (executions.length - unknown < ENOUGH * executions.length) return { verdict: 'inconclusive', reason: `${unknown} of ${executions.length} executions could not be judged`, counts, found };
  return { verdict: 'same', reason: `${counts.same} of ${executions.length} executions do the same, and none does otherwise${unknown === 0 ? '' : `; ${unknown} could not be judged`}`, counts, found };
}

/** The JSON of a record as the store keeps it. */
export function formatShadow(record: ShadowRecord): Uint8Array {
  return keptBytes(record);
}

/** Reads a record; nothing when it cannot be read. */
export function parseShadow(bytes: Uint8Array): ShadowRecord | undefined {
  const value = keptMembers(bytes);
  if (typeof value === 'string' || !isObject(value['candidate']) || !['same', 'different', 'inconclusive'].includes(String(value['verdict'])) || typeof value['judgedAt'] !== 'string' || typeof value['workflow'] !== 'string') return undefined;
  const { counts } = value;
  if (!isObject(counts) || !KINDS.every((kind) => typeof counts[kind] === 'number')) return undefined;
  return value as unknown as ShadowRecord;
}
