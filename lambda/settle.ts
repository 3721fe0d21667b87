/**
 * Counts executions at their end: the target of a rule for `Step Functions Execution Status Change` of standard machines.
 * The pin comes from the execution's output; only where that lacks it, from the first events of the history.
 *
 * Environment: SLUICE_APPLICATION, SLUICE_ENVIRONMENT, names, for executions that ended before they were pinned.
 */
import { Executions } from '../lib/adapters/evidence/executions.ts';
import { variable } from '../lib/adapters/variable.ts';
import { Fault } from '../lib/core/fault.ts';
import { metricLine } from '../lib/core/metric.ts';
import { outputsOf, parseSettled, settle, settleByHistory } from '../lib/core/settlement.ts';

const executions = await Executions.open();
const [application, environment] = [variable('SLUICE_APPLICATION'), variable('SLUICE_ENVIRONMENT')];

/** Counts one end. A start, a redriven end and a child's end count nothing. */
export async function handler(event: unknown): Promise<void> {
  const settled = parseSettled(event, Date.now());
  if (settled === undefined) return;
  if (settled instanceof Fault) throw settled;
  const settlement = settle(settled) ?? settleByHistory(settled, outputsOf(await executions.beginning(settled.execution)));
  const also = { handler: 'settle', execution: settled.execution, status: settled.status };
  if (settlement.kind === 'skip') {
    process.stdout.write(`${JSON.stringify({ ...also, skipped: settlement.reason })}\n`);
    return;
  }
  const place = settlement.pin === undefined ? { application, environment } : { ...settlement.pin, epoch: settlement.pin.digest };
  const counts = { ExecutionsSettled: 1, ExecutionsFailed: settlement.failed ? 1 : 0 };
  process.stdout.write(`${metricLine({ ...place, at: settled.at, counts, also })}\n`);
}
