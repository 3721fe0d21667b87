import { isObject } from './epoch.ts';
import type { RolloutMetric } from './metric.ts';

/** What AppConfig told of a deployment: that it began, was complete, or was rolled back. */
export interface ToldRollout {
  /** The same when it is told again. */
  readonly key: string;
  /** The deployment's number; NaN where the event does not say. */
  readonly deployment: number;
  readonly counts: Partial<Record<RolloutMetric, 1>>;
  /** Epoch milliseconds. */
  readonly at: number;
}

const METRICS: readonly (readonly [type: RegExp, metric: RolloutMetric])[] = [
  [/^OnDeploymentStart$/, 'RolloutsBegun'], [/^OnDeploymentComplete$/, 'RolloutsCompleted'], [/^OnDeploymentRoll(?:ed)?[Bb]ack$/, 'RolloutsRolledBack'],
];

/** Reads an event of AppConfig's on the default bus; nothing for those of others, and for steps. `now` stands in for a missing time. */
export function toldRollout(event: unknown, now: number): ToldRollout | undefined {
  if (!isObject(event) || event['source'] !== 'aws.appconfig' || !isObject(event['detail'])) return undefined;
  const { Type: type, DeploymentNumber: deployment } = event['detail'];
  const metric = METRICS.find(([known]) => known.test(String(type)))?.[1];
  return metric === undefined ? undefined : { key: `${metric} ${Number(deployment)}`, deployment: Number(deployment), counts: { [metric]: 1 }, at: Date.parse(String(event['time'])) || now };
}
