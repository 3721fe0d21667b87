import { isUnderWay } from './deployment.ts';
import type { Deployment, Environment } from './state.ts';

/** What StopDeployment does to a deployment, or why it does nothing. */
export type StopVerdict =
  | { readonly kind: 'roll-back' }
  | { readonly kind: 'revert' }
  | { readonly kind: 'refuse'; readonly reason: string };

/** How long a complete deployment may be reverted, in milliseconds: 72 hours (StopDeployment's AllowRevert in the API reference). */
export const REVERT_WINDOW: number = 72 * 60 * 60 * 1000;

/**
 * What StopDeployment is to do: a deployment that grows or bakes is rolled back; a complete one is reverted when that is allowed
 * explicitly, within 72 hours, and when nothing newer of its profile is served or on its way. All refusals have the one text that was recorded.
 */
export function stopVerdict(environment: Environment, deployment: Deployment, allowRevert: boolean, now: number): StopVerdict {
  const { state, completedAt } = deployment;
  if (state === 'VALIDATING' || state === 'DEPLOYING' || state === 'BAKING') return { kind: 'roll-back' };
  const late = completedAt === undefined || now - completedAt > REVERT_WINDOW;
  if (state === 'COMPLETE' && allowRevert && !late && !isSuperseded(environment, deployment)) return { kind: 'revert' };
  return {
    kind: 'refuse',
    reason: `Deployment ${deployment.number} for App ${deployment.applicationId} and Environment ${deployment.environmentId} cannot be stopped, it has a status of ${state}.`,
  };
}

function isSuperseded(environment: Environment, deployment: Deployment): boolean {
  for (let number = environment.deployments.size; number > deployment.number; number -= 1) {
    const newer = environment.deployments.get(number);
    if (newer?.profileId === deployment.profileId && (newer.state === 'COMPLETE' || isUnderWay(newer.state))) return true;
  }
  return false;
}
