import type { Step } from './branch.ts';
import { Datum } from './datum.ts';
import { StateFault } from './fault.ts';
import type { Fields, Outlet, QueryLanguage } from './query.ts';
import { compileRetrier, matchesError, Retries, type Retrier } from './retry.ts';
import type { Visit } from './visit.ts';

/** What a Task, Parallel or Map does about errors. */
export interface Policy {
  readonly retriers: readonly Retrier[];
  readonly catchers: readonly Catcher[];
}

interface Catcher {
  readonly errors: readonly string[];
  readonly next: string;
  readonly outlet: Outlet;
}

/** Compiles a state's Retry and Catch. */
export function compilePolicy(state: Fields, language: QueryLanguage): Policy {
  return {
    retriers: listOf(state['Retry']).map(compileRetrier),
    catchers: listOf(state['Catch']).map((catcher) => ({
      errors: catcher['ErrorEquals'] as readonly string[],
      next: String(catcher['Next']),
      outlet: language.catching(catcher),
    })),
  };
}

/**
 * Attempts until one succeeds, none is left, or a catcher takes the error. `failed` is the event that AWS records when
 * an error leaves the branches of Map or Parallel for good.
 */
export async function guarded(visit: Visit, policy: Policy, attempt: () => Promise<Step>, failed?: string): Promise<Step> {
  const retries = new Retries(policy.retriers);
  visit.retryCount = 0;
  for (;;) {
    try {
      return await attempt();
    } catch (thrown) {
      const fault = visit.faultOf(thrown);
      const delay = retries.next(fault, () => visit.random());
      if (delay === undefined) return leave(visit, policy, fault, thrown instanceof StateFault ? failed : undefined);
      await visit.thread.sleep(delay);
      visit.retryCount = retries.count;
    }
  }
}

function leave(visit: Visit, policy: Policy, fault: StateFault, failed: string | undefined): Step {
  if (failed) visit.thread.write(failed);
  const catcher = policy.catchers.find((candidate) => matchesError(fault, candidate.errors));
  if (!catcher) throw fault;
  const error = { ...(fault.error === undefined ? {} : { Error: fault.error }), ...(fault.reason === undefined ? {} : { Cause: fault.reason }) };
  return { ...catcher.outlet(visit.received, Datum.of(error), visit), next: catcher.next };
}

function listOf(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? value as readonly Fields[] : [];
}
