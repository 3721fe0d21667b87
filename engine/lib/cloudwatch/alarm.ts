import type { AlarmState } from '../ports.ts';
import type { AlarmRule } from './alarmRule.ts';
import type { DimensionInput, MetricDataQuery, Query } from './query.ts';
import type { Rule } from './rule.ts';

/** What suppresses a composite alarm's actions. */
export type SuppressedBy = 'WaitPeriod' | 'ExtensionPeriod' | 'Alarm';

/** The state an alarm is in, and since when; times are epoch milliseconds. */
export interface Standing {
  readonly value: AlarmState;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData?: string;
  /** When state or suppression last changed. */
  readonly updated: number;
  /** When the value last changed. */
  readonly transitioned: number;
  readonly suppressedBy?: SuppressedBy;
  readonly suppressedReason?: string;
}

/** What every alarm is configured with. */
export interface CommonSettings {
  readonly description?: string;
  readonly actionsEnabled: boolean;
  readonly okActions: readonly string[];
  readonly alarmActions: readonly string[];
  readonly insufficientDataActions: readonly string[];
  /** When this configuration was put. */
  readonly configured: number;
}

/** A metric alarm's configuration: as it was put, and as it is evaluated. */
export interface MetricSettings extends CommonSettings {
  readonly kind: 'metric';
  /** The id events give the metric of an alarm without `Metrics`. */
  readonly metricId: string;
  readonly given: MetricAlarmGiven;
  readonly queries: readonly Query[];
  /** The id of the query whose values are compared. */
  readonly returned: string;
  readonly rule: Rule;
}

/** A composite alarm's configuration. */
export interface CompositeSettings extends CommonSettings {
  readonly kind: 'composite';
  readonly ruleText: string;
  readonly rule: AlarmRule;
  readonly suppressor?: Suppressor;
}

/** The alarm that keeps a composite alarm from acting; periods are seconds. */
export interface Suppressor {
  /** As it was given: a name or an ARN. */
  readonly given: string;
  readonly arn: string;
  readonly waitPeriod: number;
  readonly extensionPeriod: number;
}

/** An alarm. What is configured and how it stands are replaced, never changed. */
export interface Alarm {
  readonly name: string;
  readonly arn: string;
  readonly tags: Map<string, string>;
  settings: MetricSettings | CompositeSettings;
  standing: Standing;
}

/** The members of PutMetricAlarm that are echoed as they were given. */
export interface MetricAlarmGiven {
  readonly MetricName?: string;
  readonly Namespace?: string;
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Dimensions?: readonly DimensionInput[];
  readonly Period?: number;
  readonly Unit?: string;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly ComparisonOperator: string;
  readonly TreatMissingData?: string;
  readonly EvaluateLowSampleCountPercentile?: string;
  readonly Metrics?: readonly MetricDataQuery[];
}

/** The type CloudWatch gives an alarm in lists and histories. */
export function typeOf(alarm: Alarm): 'MetricAlarm' | 'CompositeAlarm' {
  return alarm.settings.kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm';
}

/** The actions an alarm has for the state it is in. */
export function actionsFor(alarm: Alarm): readonly string[] {
  switch (alarm.standing.value) {
    case 'OK': return alarm.settings.okActions;
    case 'ALARM': return alarm.settings.alarmActions;
    case 'INSUFFICIENT_DATA': return alarm.settings.insufficientDataActions;
  }
}
