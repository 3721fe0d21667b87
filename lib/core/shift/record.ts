import { isObject } from '../epoch.ts';
import { fault, shown, type Fault } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import { keptBytes, keptMembers } from '../kept.ts';
import type { ShiftSteps } from './plan.ts';

/** Where a shift stands. The last five are ends. */
export type ShiftState =
  /** A configuration deployment is in flight, or may be; nothing has moved. */
  | 'waiting'
  /** Deployments are refused from here on; nothing has moved. */
  | 'claimed'
  | 'growing'
  /** All executions start on the new version, which is watched. */
  | 'baking'
  /** The alias goes back to the old version. */
  | 'returning'
  | 'complete' | 'rolled-back' | 'aborted' | 'superseded' | 'overridden';

/** What a person asks of a shift. */
export type ShiftAsk = 'pause' | 'resume' | 'promote' | 'abort';

/** How a shift ends before its time. */
export type ShiftReturn = 'rolled-back' | 'aborted' | 'superseded';

/** Something that happened to a shift. */
export interface ShiftEntry {
  /** RFC 3339 in UTC. */
  readonly at: string;
  readonly state: ShiftState;
  /** The new version's share, percent. */
  readonly weight: number;
  readonly text: string;
}

/** One shift of one workflow, all that is decided by; the contract is docs/store.md. Times are RFC 3339 in UTC. */
export interface ShiftRecord {
  readonly sluice: 1;
  readonly application: string;
  readonly environment: string;
  /** The state machine's name and the alias that is shifted. */
  readonly workflow: string;
  readonly aliasArn: string;
  /** Counts from 1 for each workflow. */
  readonly shift: number;
  /** The ARNs of the old and the new version. */
  readonly from: string;
  readonly to: string;
  /** What the stack wants by now; another one than `to` after a deploy during the shift. */
  readonly wanted: string;
  readonly plan: ShiftSteps;
  /** The profile, where versions declare which configuration they run with. @default - nothing is looked at */
  readonly profile?: { readonly id: string; readonly name: string };
  /** How the stack wants what it wants by now, after a deploy during the shift. @default - as this shift */
  readonly told?: Pick<ShiftRecord, 'plan' | 'profile'>;
  readonly state: ShiftState;
  /** The execution that leads it. */
  readonly leader: string;
  readonly startedAt: string;
  /** The place in the plan's steps: their number means 100 %. */
  readonly step: number;
  /** The share that is meant, percent. */
  readonly weight: number;
  /** The last move of the alias: when it was decided, what was before, and when the alias was first seen so; null before the first. */
  readonly moved: { readonly at: string; readonly before: number; readonly seenAt: string | null } | null;
  /** How long this step has lasted, milliseconds without pauses. */
  readonly heldMs: number;
  readonly lookedAt: string;
  readonly paused: boolean;
  /** Why it waits for a person although nobody paused it; null when it does not. */
  readonly holds: string | null;
  /** Whether the alarm was seen quiet since it began: one that never was may be what the new version mends. */
  readonly quiet: boolean;
  readonly asked: { readonly kind: ShiftAsk; readonly at: string; readonly by: string; readonly why: string | null } | null;
  /** What it ends as once the alias is back; null while it is not returning. */
  readonly ending: { readonly state: ShiftReturn; readonly reason: string } | null;
  readonly endedAt: string | null;
  /** Why it stands as it does, for a person. */
  readonly reason: string;
  /** What the judge said last; null before it saw anything. */
  readonly verdict: ShiftVerdict | null;
  readonly log: readonly ShiftEntry[];
}

/** The judge's word on two versions. */
export interface ShiftVerdict {
  readonly kind: 'continue' | 'roll-back' | 'promote';
  readonly at: string;
  readonly reason: string;
  readonly p: number;
  /** Executions and bad ends by metric. */
  readonly counts: Readonly<Record<string, { readonly canary: { readonly starts: number; readonly bad: number }; readonly control: { readonly starts: number; readonly bad: number } }>>;
}

const ENDS: ReadonlySet<ShiftState> = new Set<ShiftState>(['complete', 'rolled-back', 'aborted', 'superseded', 'overridden']);
const HELD_BACK: ReadonlySet<ShiftState> = new Set<ShiftState>(['claimed', 'growing', 'baking', 'returning']);

/** Whether a shift is over. */
export function shiftEnded({ state }: Pick<ShiftRecord, 'state'>): boolean {
  return ENDS.has(state);
}

/** Whether a shift keeps configuration deployments from beginning. */
export function shiftHolds({ state }: Pick<ShiftRecord, 'state'>): boolean {
  return HELD_BACK.has(state);
}

/** Where the store keeps the newest shift of a workflow. */
export function shiftingKey(workflow: string): string {
  return `${SHIFTING_PREFIX}${workflow}.json`;
}

/** Below which the store keeps the newest shift of each workflow. */
export const SHIFTING_PREFIX = 'shifting/';

/** Where the store keeps a shift that is over; written once. */
export function shiftKey({ workflow, shift }: Pick<ShiftRecord, 'workflow' | 'shift'>): string {
  return `shifts/${workflow}/${shift}.json`;
}

/** Where the store keeps the judge's last verdict on a shift, with all it was made of. */
export function shiftVerdictKey({ workflow, shift }: Pick<ShiftRecord, 'workflow' | 'shift'>): string {
  return `shifts/${workflow}/${shift}.verdict.json`;
}

/** The JSON of a record as the store keeps it. */
export function formatShift(record: ShiftRecord): Uint8Array {
  return keptBytes(record);
}

/** Reads a record; `key` is only for the fault. */
export function parseShift(bytes: Uint8Array, key: string): ShiftRecord | Fault {
  const wrong = (problem: string): Fault => fault(SHIFTING, 'SLUICE-SHIFT-3', { key, problem });
  const value = keptMembers(bytes);
  if (typeof value === 'string') return wrong(value);
  for (const field of ['workflow', 'aliasArn', 'from', 'to', 'wanted', 'state', 'leader', 'startedAt', 'lookedAt']) {
    if (typeof value[field] !== 'string') return wrong(`"${field}" must be text, got ${shown(value[field])}`);
  }
  for (const field of ['shift', 'step', 'weight', 'heldMs']) if (typeof value[field] !== 'number') return wrong(`"${field}" must be a number, got ${shown(value[field])}`);
  if (!isObject(value['plan'])) return wrong(`"plan" must be an object, got ${shown(value['plan'])}`);
  return value as unknown as ShiftRecord;
}

/** The number of a version, from its ARN. */
export function versionNumber(arn: string): string {
  return arn.slice(arn.lastIndexOf(':') + 1);
}
