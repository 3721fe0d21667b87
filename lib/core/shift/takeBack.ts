import type { ShiftRecord } from './record.ts';

/** The newest shift that is complete and whose new version still has the executions, as far as records say. */
export function lastComplete(records: readonly ShiftRecord[]): ShiftRecord | undefined {
  const standing = records.filter(({ state, workflow, shift, to }) => state === 'complete' && !records.some((later) => later.workflow === workflow && later.shift > shift && later.to === to));
  return standing.toSorted((one, other) => Date.parse(one.endedAt ?? one.startedAt) - Date.parse(other.endedAt ?? other.startedAt)).at(-1);
}

/** Why a complete shift is not what is taken back although it is to blame, for a person; nothing when it can be. `others` are all other shifts that are known, and `configuration` is when the deployment began, epoch milliseconds. */
export function standsFor(shift: ShiftRecord, others: readonly ShiftRecord[], configuration: number): string | undefined {
  const began = Date.parse(shift.startedAt);
  const changed = new Date(Math.min(began, configuration)).toISOString();
  if (others.some(({ workflow, shift: number }) => workflow === shift.workflow && number > shift.shift)) return 'a later one has begun';
  if (others.some(({ state, endedAt }) => state === 'complete' && (endedAt ?? '') > changed)) return 'another one was completed in that time';
  if (shift.profile !== undefined && began < configuration) return 'the version before it was never asked whether it runs with this configuration';
  return undefined;
}

/**
 * The shift by which a complete one is taken back: of the same versions, on its way back from its first moment on, and exposed for as long as the complete one has been.
 * Whatever leads it moves the alias; an alias that routes elsewhere by now stays as it is. `now` is epoch milliseconds.
 */
export function takenBack(shift: ShiftRecord, why: string, now: number): ShiftRecord {
  const at = new Date(now).toISOString();
  const reason = `taken back after it was complete: ${why}`;
  return {
    ...shift, shift: shift.shift + 1, state: 'returning', leader: '', startedAt: at, lookedAt: at, weight: 0, moved: { at, before: shift.weight, seenAt: null }, heldMs: 0, wanted: shift.to,
    paused: false, holds: null, asked: null, ending: { state: 'rolled-back', reason }, endedAt: null, reason, log: [...shift.log, { at, state: 'returning', weight: 0, text: reason }],
  };
}

/** Whether a shift is on its way back and nobody leads it yet. */
export function isUnled({ state, leader }: Pick<ShiftRecord, 'state' | 'leader'>): boolean {
  return state === 'returning' && leader === '';
}
