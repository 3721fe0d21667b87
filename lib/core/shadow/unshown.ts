import type { ShadowDemand } from './demand.ts';
import type { ShadowRecord } from './verdict.ts';

/**
 * Why shadows of a candidate are not enough, in words; nothing when they are. Of each workflow its newest record counts, whatever older ones said; each of these must
 * be recent and find nothing newly failing that nobody accepted, and together they must have compared enough executions. `now` is in epoch milliseconds.
 */
export function unshown({ executions, withinMs }: ShadowDemand, records: readonly ShadowRecord[], now: number): string | undefined {
  const newest = [...newestByWorkflow(records).values()];
  if (newest.length === 0) return 'none is kept';
  const recent = newest.filter(({ judgedAt }) => Math.abs(now - Date.parse(judgedAt)) <= withinMs);
  if (recent.length === 0) return `the last one is of ${newest.map(({ judgedAt }) => judgedAt).sort().at(-1)}, older than ${withinMs / 3_600_000} hours`;
  const failing = recent.find(({ counts, accepted }) => counts['newly-failing'] > 0 && accepted === undefined);
  if (failing !== undefined) return `that of ${failing.judgedAt} found ${failing.counts['newly-failing']} of ${total(failing)} executions newly failing, and nobody accepted that`;
  const vague = recent.find(({ verdict }) => verdict === 'inconclusive');
  if (vague !== undefined) return `that of ${vague.judgedAt} is inconclusive: ${vague.reason}`;
  const compared = recent.reduce((sum, one) => sum + comparedIn(one), 0);
  return compared < executions ? `${compared} executions were compared, and ${executions} are asked for` : undefined;
}

function newestByWorkflow(records: readonly ShadowRecord[]): ReadonlyMap<string, ShadowRecord> {
  const found = new Map<string, ShadowRecord>();
  for (const record of records) {
    // An alias, a version and the machine itself are one workflow.
    const machine = record.workflow.split(':').slice(0, 7).join(':');
    const known = found.get(machine);
    if (known === undefined || Date.parse(known.judgedAt) <= Date.parse(record.judgedAt)) found.set(machine, record);
  }
  return found;
}

function total({ counts }: ShadowRecord): number {
  return Object.values(counts).reduce((sum, many) => sum + many, 0);
}

/** Executions of which something is known. */
function comparedIn(record: ShadowRecord): number {
  return total(record) - record.counts.unanswered - record.counts.unreproducible;
}
