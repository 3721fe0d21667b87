import type { Branch, State, Step } from '../branch.ts';
import { Datum } from '../datum.ts';
import { runLanes } from '../fork.ts';
import { compilePolicy, guarded } from '../policy.ts';
import type { Fields, QueryLanguage } from '../query.ts';
import type { Visit } from '../visit.ts';

/** Parallel: runs its branches at once on the same input; the result is the array of their outputs. */
export function compileParallel(fields: Fields, language: QueryLanguage, branches: readonly Branch[]): State['run'] {
  const intake = language.intake(fields, 'Parameters');
  const outlet = language.outlet(fields);
  const policy = compilePolicy(fields, language);
  const next = fields['Next'] as string | undefined;
  const attempt = async (visit: Visit): Promise<Step> => {
    const input = intake(visit.received, visit);
    const resumed = visit.takeResumed();
    if (!resumed) visit.thread.write('ParallelStateStarted');
    const outputs = await runLanes(visit.thread, branches.map((branch) => ({ branch, input: () => input })), { concurrency: Infinity, resumed });
    visit.thread.note('ParallelStateSucceeded');
    return { ...outlet(visit.received, Datum.of(outputs.map((output) => output.value)), visit), next };
  };
  return (visit) => guarded(visit, policy, () => attempt(visit), 'ParallelStateFailed');
}
