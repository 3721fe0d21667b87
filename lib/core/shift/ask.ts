import { fault, type Fault } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import { shiftEnded, type ShiftAsk, type ShiftRecord } from './record.ts';

/** What people may ask of a shift. */
export const SHIFT_ASKS: readonly ShiftAsk[] = ['pause', 'resume', 'promote', 'abort'];

/** How long after the last look nobody leads a shift any more, milliseconds: whatever ends a controller, another one looks within ten minutes. */
const ABANDONED_MS = 900_000;

/** Whether nobody looks at a shift any more: its workflow, its alias or its controller was deleted. `now` is in epoch milliseconds. */
export function isAbandoned(record: ShiftRecord, now: number): boolean {
  return !shiftEnded(record) && now > abandonedAt(record);
}

/** From when on nobody leads a shift that has not ended, unless somebody looks at it again, epoch milliseconds. */
export function abandonedAt({ lookedAt }: ShiftRecord): number {
  return Date.parse(lookedAt) + ABANDONED_MS;
}

/**
 * The record with what a person asks, which the controller hears at its next look; or why that would do nothing. To abort a shift that nobody looks at any
 * more ends it.
 */
export function askedOfShift(record: ShiftRecord, asked: NonNullable<ShiftRecord['asked']>): ShiftRecord | Fault {
  if (asked.kind === 'abort' && isAbandoned(record, Date.parse(asked.at))) return endedByHand(record, asked);
  const problem = objection(record, asked.kind) ?? unheard(record, asked.kind);
  return problem === undefined ? { ...record, asked } : fault(SHIFTING, 'SLUICE-SHIFT-8', { workflow: record.workflow, action: asked.kind, problem });
}

/** Who wants it back is not overruled by who asks for something else before the controller hears of either. */
function unheard({ asked }: ShiftRecord, kind: ShiftAsk): string | undefined {
  return asked?.kind === 'abort' && kind !== 'abort' ? `${asked.by} has asked to abort it, which its controller is about to hear` : undefined;
}

function endedByHand(record: ShiftRecord, { at, by, why }: NonNullable<ShiftRecord['asked']>): ShiftRecord {
  const reason = `aborted by ${by}${why === null ? '' : `: ${why}`}; no controller has looked at it since ${record.lookedAt}, so the alias stays as it is`;
  return { ...record, state: 'aborted', asked: null, endedAt: at, reason, log: [...record.log, { at, state: 'aborted', weight: record.weight, text: reason }] };
}

function objection(record: ShiftRecord, kind: ShiftAsk): string | undefined {
  if (shiftEnded(record)) return `it is ${record.state}`;
  if (record.state === 'returning') return 'it is on its way back';
  switch (kind) {
    case 'pause': return record.paused ? 'it is paused already' : undefined;
    case 'resume': return record.paused || record.holds !== null ? undefined : 'it is not paused';
    case 'promote': return record.state === 'growing' ? undefined : record.state === 'baking' ? 'all executions start on the new version already' : 'it has not begun yet';
    case 'abort': return undefined;
  }
}
