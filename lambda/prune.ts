/**
 * Deletes versions of state machines that nothing needs, each time a stack is done with an update: the target of a rule for `CloudFormation Stack Status Change`, whose input
 * names the versions that the stack published: `{"published":[{"version":"<ARN>","retained":50}]}`. Workflows that shift are pruned by the controller of their shifts.
 */
import { Versions } from '../lib/adapters/router/versions.ts';
import { Fault, fault } from '../lib/core/fault.ts';
import { SHIFTING } from '../lib/core/faults/shifting.ts';
import { parsePruning, prunedLine, type Pruned } from '../lib/core/shift/prune.ts';

const versions = await Versions.open();

/** Prunes each state machine, whatever becomes of the others. @throws Fault `SLUICE-SHIFT-13` when something stood in the way, so that Lambda asks again. */
export async function handler(event: unknown): Promise<readonly Pruned[]> {
  const machines = parsePruning(event);
  if (machines instanceof Fault) throw machines;
  const done: Pruned[] = [];
  for (const [machine, retention] of machines) {
    const pruned = await versions.prune(machine, retention);
    process.stdout.write(`${prunedLine('prune', pruned, Date.now())}\n`);
    done.push(pruned);
  }
  const problems = done.flatMap(({ problem = [] }) => problem);
  if (problems.length > 0) throw fault(SHIFTING, 'SLUICE-SHIFT-13', { problem: problems.join('; ') });
  return done;
}
