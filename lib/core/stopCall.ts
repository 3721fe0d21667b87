import { isObject } from './epoch.ts';

/**
 * Whether an event tells that somebody stopped or reverted a deployment, anywhere in the account: a call of AppConfig's StopDeployment that succeeded, which EventBridge
 * tells where CloudTrail has a trail. AppConfig's own events are not known to tell of a revert after completion.
 */
export function isStopCall(event: unknown): boolean {
  const detail = isObject(event) ? event['detail'] : undefined;
  return isObject(detail) && detail['eventSource'] === 'appconfig.amazonaws.com' && detail['eventName'] === 'StopDeployment' && detail['errorCode'] === undefined;
}
