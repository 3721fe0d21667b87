import type { ExtensionOutcome } from './actions.ts';
import type { RollbackCause } from './rollout.ts';
import type { Deployment } from './state.ts';

/** Whether any of a deployment's extensions wants ticks. */
export function ticks(deployment: Deployment): boolean {
  return deployment.extensions.some((extension) => extension.actions.AT_DEPLOYMENT_TICK !== undefined);
}

/**
 * What the answers to a tick amount to: undefined to go on, else the cause of a rollback. An extension that fails or overruns its
 * deadline rolls back as well, as an internal error.
 */
export function tickOf(outcome: ExtensionOutcome): RollbackCause | undefined {
  const { rollBack, invocations } = outcome;
  if (!rollBack) return undefined;
  return rollBack.failed
    ? { triggeredBy: 'INTERNAL_ERROR', by: `because an extension failed: ${rollBack.reason}. Start a new deployment`, invocations }
    : { triggeredBy: 'APPCONFIG', by: `by an extension: ${rollBack.reason}`, invocations };
}
