import { fault, shown, type Fault } from './fault.ts';
import { PLANNING } from './faults/planning.ts';
import { keptBytes, keptMembers } from './kept.ts';

/** Somebody's word that nothing is to be taken back for a while; the contract is schemas/override.schema.json. Times are RFC 3339 in UTC. */
export interface Override {
  readonly sluice: 1;
  readonly kind: 'override';
  readonly by: string;
  readonly why: string;
  readonly at: string;
  readonly until: string;
}

/** The end of an override before its time, or at it. */
export interface OverrideEnd {
  readonly sluice: 1;
  readonly kind: 'end';
  /** Who ended it; null when its time was over. */
  readonly by: string | null;
  readonly at: string;
}

/** One entry of an environment's overrides. They are numbered from 1, written once, and the last one counts. */
export type OverrideEntry = Override | OverrideEnd;

/** How long an override may last: a day. */
export const OVERRIDE_MOST_MS = 86_400_000;

/** The override that is in force at a moment, epoch milliseconds; nothing when there is none, or its time is over. */
export function inForce(last: OverrideEntry | undefined, now: number): Override | undefined {
  return last?.kind === 'override' && now < Date.parse(last.until) ? last : undefined;
}

/** The entry that ends an override whose time is over; nothing while it is in force, or when it was ended. */
export function expiry(last: OverrideEntry | undefined, now: number): OverrideEnd | undefined {
  return last?.kind === 'override' && now >= Date.parse(last.until) ? { sluice: 1, kind: 'end', by: null, at: new Date(now).toISOString() } : undefined;
}

/** When an override is to end, epoch milliseconds: so many minutes or hours from now (`90m`, `4h`), or a time; NaN for what is neither. */
export function untilOf(text: string, now: number): number {
  const [, count, unit] = /^(\d{1,4})(m|h)$/.exec(text) ?? [];
  return count === undefined ? Date.parse(/^\d{4}-\d\d-\d\dT.*(Z|[+-]\d\d:\d\d)$/.test(text) ? text : '') : now + Number(count) * (unit === 'h' ? 3_600_000 : 60_000);
}

/** The JSON of an entry as the store keeps it. */
export function formatOverride(entry: OverrideEntry): Uint8Array {
  return keptBytes(entry);
}

/** Reads an entry; `key` is only for the fault. */
export function parseOverride(bytes: Uint8Array, key: string): OverrideEntry | Fault {
  const wrong = (problem: string): Fault => fault(PLANNING, 'SLUICE-STORE-5', { key, problem });
  const value = keptMembers(bytes);
  if (typeof value === 'string') return wrong(value);
  const { kind } = value;
  const times = kind === 'override' ? ['at', 'until'] : ['at'];
  if (kind !== 'override' && kind !== 'end') return wrong(`"kind" must be override or end, got ${shown(kind)}`);
  const unread = times.find((name) => Number.isNaN(Date.parse(String(value[name]))));
  if (unread !== undefined) return wrong(`"${unread}" must be a time, got ${shown(value[unread])}`);
  if (kind === 'override' && !(isText(value['by']) && isText(value['why']))) return wrong('"by" and "why" must be text');
  return value as unknown as OverrideEntry;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
