import { abandonedAt } from './ask.ts';
import { STALE_MS } from './next.ts';
import { shiftEnded, versionNumber, type ShiftRecord } from './record.ts';

/** When executions began on the new version of a shift, epoch milliseconds; without `until` they still may. */
export interface ShiftExposure {
  readonly from: number;
  readonly until?: number;
  /** The shift, for a person. */
  readonly text: string;
}

/** How long after the last of its executions was settled a version may still keep an alarm ringing: some minutes' evaluation of some minutes' counts. */
const EVALUATED_MS = 600_000;

/** How long an alias is waited for to be back, milliseconds: a shift that cannot go back explains nothing any more. */
const RETURNS_MS = 900_000;

/** From when to when executions began on new versions, as far as that explains anything at an instant, epoch milliseconds; nothing of shifts that never moved. */
export function exposuresOf(records: readonly ShiftRecord[], now = 0): ShiftExposure[] {
  return records.flatMap((record) => {
    const first = record.log.find(({ weight }) => weight > 0);
    if (first === undefined) return [];
    const { workflow, from, to, state, endedAt } = record;
    const text = `shift ${record.shift} of ${workflow} from version ${versionNumber(from)} to version ${versionNumber(to)} (${state})`;
    const until = shiftEnded(record) && endedAt !== null ? Date.parse(endedAt) + STALE_MS : stuckSince(record, now);
    return [{ from: Date.parse(first.at), text, ...(until === undefined ? {} : { until }) }];
  });
}

/** A shift that cannot go back, or that nobody leads any more, never ends: until then it explains as one in flight does, and as one that is over from then on. */
function stuckSince(record: ShiftRecord, now: number): number | undefined {
  const returned = record.state === 'returning' ? Date.parse(record.log.at(-1)?.at ?? '') + RETURNS_MS : Infinity;
  const until = Math.min(returned, abandonedAt(record));
  return until < now ? until : undefined;
}

/** How long after a shift is over its executions may explain an alarm, milliseconds. */
export function afterglowMs(settleWithinMs: number): number {
  return STALE_MS + settleWithinMs + EVALUATED_MS;
}

/**
 * How shifts explain an alarm that rings: `now` while executions of a new version may be why, `no-more` when it rang in such a time, which is over.
 * An alarm that rang before the new version had executions is not explained by it. Times are epoch milliseconds.
 */
export function explained(exposures: readonly ShiftExposure[], { rangAt, now, settleWithinMs }: { readonly rangAt: number; readonly now: number; readonly settleWithinMs: number }): { readonly kind: 'now' | 'no-more'; readonly text: string } | undefined {
  const lasts = ({ until = Infinity }: ShiftExposure): number => until + settleWithinMs + EVALUATED_MS;
  const over = exposures.filter((one) => one.from <= rangAt && rangAt <= lasts(one));
  const found = over.find((one) => now <= lasts(one)) ?? over[0];
  return found === undefined ? undefined : { kind: now <= lasts(found) ? 'now' : 'no-more', text: found.text };
}

/** The shift in flight whose new version has executions; nothing when there is none. */
export function shiftInFlight(exposures: readonly ShiftExposure[]): string | undefined {
  return exposures.find(({ until }) => until === undefined)?.text;
}

/** Windows in which no execution began on a new version: what is bad in the others may be the version's. */
export function apartFrom<Window extends { readonly start: number; readonly end: number }>(exposures: readonly ShiftExposure[], windows: readonly Window[]): Window[] {
  return windows.filter(({ start, end }) => !exposures.some(({ from, until = Infinity }) => from < end && start <= until));
}
