/**
 * The judge: an AppConfig extension on AT_DEPLOYMENT_TICK of the epoch's profile. It compares the new epoch's executions with the old one's
 * and lets the deployment go on or takes it back. What it cannot see, or not in time, takes nothing back.
 *
 * Environment: SLUICE_STORE, the bucket of the epoch store; SLUICE_APPLICATION, SLUICE_ENVIRONMENT, names; SLUICE_JUDGE, the rules as JSON,
 * and SLUICE_SETTLE_WITHIN_MS, optional.
 */
import { remaining, within } from '../lib/adapters/deadline.ts';
import { Judging, type Judged } from '../lib/adapters/judging.ts';
import { Fault } from '../lib/core/fault.ts';
import { tickAnswer, type TickAnswer } from '../lib/core/judged.ts';
import { metricLine } from '../lib/core/metric.ts';
import { parseTick } from '../lib/core/tick.ts';

// Begun with the process, but never let to end it: a handler that fails is one that AppConfig rolls back for.
const opened = Judging.open();
opened.catch(() => undefined);

/** Answers one tick. */
export async function handler(event: unknown): Promise<TickAnswer> {
  const limit = remaining(1800);
  const { record, ...others }: Judged = await within(limit, decide(event, limit)).catch((error: unknown) => ({ blind: true, note: String(error), troubles: [] }));
  const names = { application: process.env['SLUICE_APPLICATION'] ?? '', environment: process.env['SLUICE_ENVIRONMENT'] ?? '' };
  const also = { handler: 'judge', deployment: record?.deployment, verdict: record?.verdict.kind, reason: record?.verdict.reason, ...others };
  const answer = tickAnswer(record);
  const counts = { JudgeBlind: others.blind ? 1 : 0, ...(answer.Directive === 'ROLL_BACK' ? { RollbacksJudged: 1 } : {}) };
  process.stdout.write(`${metricLine({ ...names, at: Date.now(), counts, also })}\n`);
  return answer;
}

async function decide(event: unknown, limitMs: number): Promise<Judged> {
  const tick = parseTick(event);
  if (tick instanceof Fault) throw tick;
  return (await opened).decide(tick, Date.now(), limitMs);
}
