import type { House } from '../ports.ts';
import type { Alarm, MetricSettings, Standing } from './alarm.ts';
import type { DimensionInput, MetricDataQuery } from './query.ts';
import { instantText } from './text.ts';

type Document = Record<string, unknown>;

/** How AWS calls its regions where people read them; others go by their code. */
const REGIONS: Readonly<Record<string, string>> = {
  'us-east-1': 'US East (N. Virginia)', 'us-east-2': 'US East (Ohio)', 'us-west-1': 'US West (N. California)', 'us-west-2': 'US West (Oregon)', 'ca-central-1': 'Canada (Central)',
  'eu-west-1': 'EU (Ireland)', 'eu-west-2': 'EU (London)', 'eu-west-3': 'EU (Paris)', 'eu-central-1': 'EU (Frankfurt)', 'eu-north-1': 'EU (Stockholm)', 'eu-south-1': 'EU (Milan)',
  'ap-south-1': 'Asia Pacific (Mumbai)', 'ap-northeast-1': 'Asia Pacific (Tokyo)', 'ap-northeast-2': 'Asia Pacific (Seoul)', 'ap-southeast-1': 'Asia Pacific (Singapore)', 'ap-southeast-2': 'Asia Pacific (Sydney)', 'sa-east-1': 'South America (Sao Paulo)',
};
const SUBJECT_AT_MOST = 100;

/** What CloudWatch publishes to a topic of an alarm that has moved ("Notifying users on alarm changes" shows one). */
export function alarmMessage({ region: code, account }: House, alarm: Alarm, before: Standing): { readonly subject: string; readonly text: string } {
  const { settings, standing } = alarm;
  const region = REGIONS[code] ?? code;
  const message: Document = {
    AlarmName: alarm.name,
    AlarmDescription: settings.description ?? null,
    ...(settings.kind === 'composite' && { AlarmRule: settings.ruleText }),
    AWSAccountId: account,
    AlarmConfigurationUpdatedTimestamp: instantText(settings.configured),
    NewStateValue: standing.value,
    NewStateReason: standing.reason,
    StateChangeTime: instantText(standing.transitioned),
    Region: region,
    AlarmArn: alarm.arn,
    OldStateValue: before.value,
    OKActions: settings.okActions,
    AlarmActions: settings.alarmActions,
    InsufficientDataActions: settings.insufficientDataActions,
    ...(settings.kind === 'metric' && { Trigger: trigger(settings) }),
  };
  return { subject: `${standing.value}: "${alarm.name}" in ${region}`.slice(0, SUBJECT_AT_MOST), text: JSON.stringify(message) };
}

function trigger({ given, rule }: MetricSettings): Document {
  return {
    ...(given.Metrics ? {} : {
      MetricName: given.MetricName, Namespace: given.Namespace,
      ...(given.ExtendedStatistic === undefined ? { StatisticType: 'Statistic', Statistic: given.Statistic?.replace(/(?<=[a-z])(?=[A-Z])/g, '_').toUpperCase() } : { StatisticType: 'ExtendedStatistic', ExtendedStatistic: given.ExtendedStatistic }),
      Unit: given.Unit ?? null, Dimensions: named(given.Dimensions),
    }),
    Period: given.Period ?? rule.period,
    EvaluationPeriods: given.EvaluationPeriods,
    ...(given.DatapointsToAlarm !== undefined && { DatapointsToAlarm: given.DatapointsToAlarm }),
    ComparisonOperator: given.ComparisonOperator,
    Threshold: given.Threshold,
    TreatMissingData: given.TreatMissingData ?? 'missing',
    EvaluateLowSampleCountPercentile: '',
    ...(given.Metrics && { Metrics: given.Metrics.map(queryOf) }),
  };
}

function queryOf({ MetricStat: stat, ReturnData = true, ...query }: MetricDataQuery): Document {
  return { ...query, ...(stat && { MetricStat: { ...stat, Metric: { ...stat.Metric, Dimensions: named(stat.Metric.Dimensions) } } }), ReturnData };
}

function named(dimensions: readonly DimensionInput[] = []): Document[] {
  return dimensions.map(({ Name, Value }) => ({ value: Value, name: Name }));
}
