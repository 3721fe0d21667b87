import { fault, type Fault } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import { shiftEnded, type ShiftAsk, type ShiftRecord } from './record.ts';

/** What people may ask of a shift. */
export const SHIFT_ASKS: readonly ShiftAsk[] = ['pause', 'resume', 'promote', 'abort'];

/** The record with what a person asks, which the controller hears at its next look; or why that would do nothing. */
export function askedOfShift(record: ShiftRecord, asked: NonNullable<ShiftRecord['asked']>): ShiftRecord | Fault {
  const problem = objection(record, asked.kind);
  return problem === undefined ? { ...record, asked } : fault(SHIFTING, 'SLUICE-SHIFT-8', { workflow: record.workflow, action: asked.kind, problem });
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
