import type { House } from '../ports.ts';
import { WireFault } from '../wire/index.ts';
import type { EventEnvelope } from './envelope.ts';
import type { Rule, Target } from './rule.ts';
import { payloadFor } from './targetInput.ts';

const PRINCIPAL = 'events.amazonaws.com';
const SECOND = 1000;
const LONGEST_PAUSE = 300 * SECOND;
const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE = 86_400;

/** Delivers an event to a rule's target in a turn of its own, and again as the target's RetryPolicy says. */
export function deliver(house: House, rule: Rule, target: Target, event: EventEnvelope): void {
  const ingested = house.kernel.now();
  const { MaximumRetryAttempts: retries = DEFAULT_ATTEMPTS, MaximumEventAgeInSeconds: age = DEFAULT_AGE } = target.RetryPolicy ?? {};
  const attempt = (tried: number): void => {
    const verdict = tryOnce(house, rule, target, event, ingested);
    if (verdict.kind === 'delivered') house.history.record('events:delivery', rule.name, { target: target.Arn });
    else if (verdict.kind === 'failed') {
      const pause = Math.min(SECOND * 2 ** tried, LONGEST_PAUSE);
      const again = verdict.retryable && tried < retries && house.kernel.now() + pause <= ingested + age * SECOND;
      if (again) house.kernel.at(house.kernel.now() + pause, () => { attempt(tried + 1); });
      else house.history.record('events:delivery', rule.name, { target: target.Arn, error: verdict.code });
    }
  };
  house.kernel.turn(() => { attempt(0); });
}

type Verdict = { readonly kind: 'delivered' | 'nothing' } | { readonly kind: 'failed'; readonly code: string; readonly retryable: boolean };

function tryOnce(house: House, rule: Rule, target: Target, event: EventEnvelope, ingested: number): Verdict {
  const payload = payloadFor(target, event, { ruleName: rule.name, ruleArn: rule.arn, ingested });
  if (payload.kind === 'nothing') return { kind: 'nothing' };
  if (payload.kind === 'invalid') return { kind: 'failed', code: 'INVALID_JSON', retryable: false };
  try {
    hand(house, rule, target, payload.text);
    return { kind: 'delivered' };
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    return { kind: 'failed', code: error.code, retryable: (error.status ?? 400) >= 500 || /Throttl|TooManyRequests|LimitExceeded/.test(error.code) };
  }
}

function hand(house: House, rule: Rule, target: Target, text: string): void {
  const { Arn, RoleArn: roleArn } = target;
  switch (serviceOf(Arn)) {
    case 'lambda':
      house.ports.lambda.invokeAsync({ functionArn: Arn, payload: text, principal: PRINCIPAL, sourceArn: rule.arn, ...(roleArn !== undefined && { roleArn }) });
      return;
    case 'sns':
      house.ports.topics.publish({ topicArn: Arn, text }, roleArn === undefined ? { kind: 'service', service: PRINCIPAL, sourceArn: rule.arn } : { kind: 'role', roleArn, service: PRINCIPAL, sourceArn: rule.arn });
      return;
    default:
      startMachine(house, rule, target, text);
  }
}

function startMachine(house: House, rule: Rule, { Arn: stateMachineArn, RoleArn: roleArn }: Target, input: string): void {
  const refusal = roleArn === undefined ? undefined : house.ports.access.refusalOf({ kind: 'role', roleArn, service: PRINCIPAL, sourceArn: rule.arn }, { service: 'sfn', operation: 'StartExecution', input: { stateMachineArn } });
  if (refusal) throw refusal;
  house.ports.states.start({ stateMachineArn, input });
}

/** The service an ARN names; undefined for text that is no ARN. */
export function serviceOf(arn: string): string | undefined {
  return /^arn:[^:]+:([^:]+):[^:]*:[^:]*:.+$/.exec(arn)?.[1];
}
