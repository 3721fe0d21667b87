import { versionNumber, type ShiftRecord } from './record.ts';

/** How many of a workflow's newest versions are kept, whatever uses them; Step Functions keeps 1000 in all. */
export const RETAINED_VERSIONS = 50;
/** How many versions are deleted at the end of one shift, at most. */
export const PRUNED_AT_ONCE = 20;

/**
 * The versions of a workflow that no retention needs, by their ARNs, oldest first: neither among the newest, nor the old, new or wanted one of its last
 * shift. Whether an alias routes to one, or executions run on it, is left to ask.
 */
export function outlived(versions: readonly string[], { from, to, wanted }: Pick<ShiftRecord, 'from' | 'to' | 'wanted'>): string[] {
  const ordered = versions.toSorted((one, other) => Number(versionNumber(one)) - Number(versionNumber(other)));
  return ordered.slice(0, Math.max(0, ordered.length - RETAINED_VERSIONS)).filter((arn) => arn !== from && arn !== to && arn !== wanted);
}
