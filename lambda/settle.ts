/**
 * Counts executions when they end, however they end: the target of a rule for `Step Functions Execution Status Change`. Of workflows whose
 * versions shift it counts the beginnings too, for the version: the pin cannot tell which one it is drawn in. And deployments, as AppConfig tells.
 * Environment: SLUICE_APPLICATION and SLUICE_ENVIRONMENT, names, for executions that ended before they were pinned; optional SLUICE_SLOW_MS and
 * SLUICE_SETTLE_WITHIN_MS, milliseconds after which an execution is slow, and too late to be compared; optional SLUICE_SHIFTING, machines to be counted by version.
 */
import { Executions } from '../lib/adapters/evidence/executions.ts';
import { variable } from '../lib/adapters/variable.ts';
import { beginningLine, beginningOf, shiftingOf } from '../lib/core/beginning.ts';
import { Fault } from '../lib/core/fault.ts';
import { metricLine } from '../lib/core/metric.ts';
import { Recent } from '../lib/core/recent.ts';
import { linesOf, parseSettled, promptnessOf, settle, settleByHistory, type Settled } from '../lib/core/settlement.ts';
import { toldRollout } from '../lib/core/toldRollout.ts';

let executions: Promise<Executions> | undefined; // opened for the first end that does not tell its pin: most do
const place = { application: variable('SLUICE_APPLICATION'), environment: variable('SLUICE_ENVIRONMENT') };
const [counting, counted] = [{ ...promptnessOf(process.env), place, shifting: shiftingOf(process.env) }, new Recent(10_000)];

/** Counts one end, one beginning by version, or a deployment. Redriven ends, children's and what was counted before (not: what failed) count nothing; a child counts for its version. */
export async function handler(event: unknown): Promise<void> {
  const rollout = toldRollout(event, Date.now());
  if (rollout !== undefined) return counted.once(rollout.key, () => process.stdout.write(`${metricLine({ ...place, ...rollout, also: { handler: 'settle', told: rollout.key } })}\n`));
  const told = parseSettled(event, Date.now()) ?? beginningOf(event, counting.shifting);
  if (told === undefined) return;
  if (told instanceof Fault) throw told;
  const also = { handler: 'settle', execution: told.execution, status: told.status, workflowVersion: told.workflowVersion };
  const skip = (skipped: string): void => { process.stdout.write(`${JSON.stringify({ ...also, skipped })}\n`); };
  const key = `${told.execution} ${told.status}`;
  if (counted.has(key)) return skip('it was told before, and has been counted');
  const lines = told.status === 'RUNNING' ? [beginningLine(told, place)] : await ends(told, skip);
  for (const line of lines) process.stdout.write(`${metricLine({ ...line, also })}\n`);
  counted.add(key);
}

async function ends(settled: Settled, skip: (reason: string) => void): Promise<ReturnType<typeof linesOf>> {
  const settlement = settle(settled) ?? settleByHistory(settled, await (await (executions ??= Executions.open())).outputs(settled.execution));
  if (settlement.kind === 'skip') skip(settlement.reason);
  return linesOf(settled, settlement, counting);
}
