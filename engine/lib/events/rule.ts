import type { Timer } from '../kernel/kernel.ts';
import type { Pattern } from './pattern.ts';
import type { Schedule } from './schedule.ts';
import type { TargetInput } from './targetInput.ts';

/** A rule on the default bus. */
export interface Rule {
  readonly name: string;
  readonly arn: string;
  /** Pattern and schedule as they were written; the compiled ones beside them. */
  readonly eventPattern?: string;
  readonly pattern?: Pattern;
  readonly scheduleExpression?: string;
  readonly schedule?: Schedule;
  readonly description?: string;
  readonly roleArn?: string;
  state: string;
  /** The next firing of the schedule. */
  timer?: Timer | undefined;
  readonly targets: Map<string, Target>;
  readonly tags: Map<string, string>;
}

/** Where a rule's events go. */
export interface Target extends TargetInput {
  readonly Id: string;
  readonly Arn: string;
  readonly RoleArn?: string;
  readonly RetryPolicy?: RetryPolicy;
}

/** How often and how long a delivery is tried again. */
export interface RetryPolicy {
  /** @default 185 */
  readonly MaximumRetryAttempts?: number;
  /** @default 86400 */
  readonly MaximumEventAgeInSeconds?: number;
}

/** Whether a rule takes events at present. */
export function enabled(rule: Rule): boolean {
  return rule.state !== 'DISABLED';
}
