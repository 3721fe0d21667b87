import { fault, shown } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import { versionNumber, type ShiftRecord } from './record.ts';

/** How many of a workflow's newest versions are kept, whatever uses them, when nobody says; Step Functions keeps 1000 in all. */
export const RETAINED_VERSIONS = 50;
/** The most that may be kept: room is left for versions that executions or aliases need. */
export const MOST_RETAINED_VERSIONS = 900;
/** How many versions are deleted at the end of one shift, at most. */
export const PRUNED_AT_ONCE = 20;

/** How many versions are kept, if that many may be. @throws Fault `SLUICE-SHIFT-10` for another number. */
export function checkedRetention(retained: unknown = RETAINED_VERSIONS): number {
  if (typeof retained === 'number' && Number.isInteger(retained) && retained >= 1 && retained <= MOST_RETAINED_VERSIONS) return retained;
  throw fault(SHIFTING, 'SLUICE-SHIFT-10', { got: shown(retained), most: MOST_RETAINED_VERSIONS });
}

/**
 * The versions of a workflow that no retention needs, by their ARNs, oldest first: neither among the newest, nor the old, new or wanted one of its last
 * shift. Whether an alias routes to one, or executions run on it, is left to ask.
 */
export function outlived(versions: readonly string[], { from, to, wanted }: Pick<ShiftRecord, 'from' | 'to' | 'wanted'>, retained: number = RETAINED_VERSIONS): string[] {
  const ordered = versions.toSorted((one, other) => Number(versionNumber(one)) - Number(versionNumber(other)));
  return ordered.slice(0, Math.max(0, ordered.length - retained)).filter((arn) => arn !== from && arn !== to && arn !== wanted);
}
