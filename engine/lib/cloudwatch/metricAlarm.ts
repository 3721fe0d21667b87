import type { CommonSettings, MetricAlarmGiven, MetricSettings } from './alarm.ts';
import { parseQueries, type MetricDataQuery } from './query.ts';
import { invalidParameterValue, notInEnumeration, unimplemented, validationError } from './refusal.ts';
import type { Comparison, Missing, Rule } from './rule.ts';
import { parseStatistic } from './statistic.ts';

/** The input of PutMetricAlarm. */
export interface PutMetricAlarmInput extends AlarmInput, Partial<MetricAlarmGiven> {
  readonly ThresholdMetricId?: string;
  readonly EvaluationWindow?: unknown;
  readonly WarmUpConfiguration?: unknown;
  readonly EvaluationCriteria?: unknown;
  readonly EvaluationInterval?: number;
}

/** What putting any alarm takes. */
export interface AlarmInput {
  readonly AlarmName: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly OKActions?: readonly string[];
  readonly AlarmActions?: readonly string[];
  readonly InsufficientDataActions?: readonly string[];
  readonly Tags?: readonly { readonly Key: string; readonly Value: string }[];
}

const COMPARISONS: readonly string[] = ['GreaterThanThreshold', 'GreaterThanOrEqualToThreshold', 'LessThanThreshold', 'LessThanOrEqualToThreshold'];
const ANOMALIES: readonly string[] = ['LessThanLowerOrGreaterThanUpperThreshold', 'LessThanLowerThreshold', 'GreaterThanUpperThreshold'];
const MISSING: readonly string[] = ['missing', 'ignore', 'breaching', 'notBreaching'];
const STATISTICS: readonly string[] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];
const REFUSED = ['ThresholdMetricId', 'EvaluationWindow', 'WarmUpConfiguration', 'EvaluationCriteria', 'EvaluationInterval'] as const;
const ECHOED = ['MetricName', 'Namespace', 'Statistic', 'ExtendedStatistic', 'Dimensions', 'Period', 'Unit', 'DatapointsToAlarm', 'TreatMissingData', 'EvaluateLowSampleCountPercentile', 'Metrics'] as const;
const DAY = 86_400;

/** What every alarm is configured with, from the input; the actions' ARNs are checked. */
export function commonSettings(input: AlarmInput, now: number): CommonSettings {
  for (const action of [...input.OKActions ?? [], ...input.AlarmActions ?? [], ...input.InsufficientDataActions ?? []]) {
    if (!/^arn:[a-z-]+:[a-z0-9-]+:[a-z0-9-]*:\d*:.+$/.test(action)) throw validationError(`Invalid arn syntax: ${action}`);
  }
  return {
    ...(input.AlarmDescription !== undefined && { description: input.AlarmDescription }),
    actionsEnabled: input.ActionsEnabled ?? true,
    okActions: input.OKActions ?? [],
    alarmActions: input.AlarmActions ?? [],
    insufficientDataActions: input.InsufficientDataActions ?? [],
    configured: now,
  };
}

/** Checks PutMetricAlarm's input and turns it into settings; `metricId` is what events call the metric. */
export function metricSettings(input: PutMetricAlarmInput, account: string, metricId: string, now: number): MetricSettings {
  for (const name of REFUSED) if (input[name] !== undefined) throw unimplemented(`PutMetricAlarm with ${name}`);
  const comparison = input.ComparisonOperator;
  if (comparison !== undefined && ANOMALIES.includes(comparison)) throw unimplemented(`the comparison ${comparison}`);
  const { EvaluationPeriods: periods, Threshold: threshold } = input;
  if (comparison === undefined || periods === undefined || threshold === undefined) throw missing(input);
  if (!COMPARISONS.includes(comparison)) throw notInEnumeration(comparison, 'comparisonOperator', [...COMPARISONS, ...ANOMALIES]);
  if (input.TreatMissingData !== undefined && !MISSING.includes(input.TreatMissingData)) throw invalidParameterValue(`The value ${input.TreatMissingData} for parameter TreatMissingData is not supported.`);
  const datapoints = input.DatapointsToAlarm ?? periods;
  if (periods < 1) throw tooSmall(periods, 'evaluationPeriods');
  if (datapoints < 1) throw tooSmall(datapoints, 'datapointsToAlarm');
  if (datapoints > periods) throw validationError(`DatapointsToAlarm must be less than or equal to EvaluationPeriods, got ${datapoints} of ${periods}`);
  const base = { comparison: comparison as Comparison, threshold, evaluationPeriods: periods, datapointsToAlarm: datapoints, missing: (input.TreatMissingData ?? 'missing') as Missing };
  const { queries, rule } = input.Metrics ? overMetrics(input, input.Metrics, account, base) : overMetric(input, base);
  const most = rule.period >= 3600 ? 7 * DAY : DAY;
  if (periods * rule.period > most) throw validationError(`Metrics cannot be checked across more than ${most === DAY ? 'a day' : 'a week'} (EvaluationPeriods * Period must be <= ${most}).`);
  const given = { EvaluationPeriods: periods, Threshold: threshold, ComparisonOperator: comparison, ...Object.fromEntries(ECHOED.filter((name) => input[name] !== undefined).map((name) => [name, input[name]])) };
  return { kind: 'metric', ...commonSettings(input, now), metricId, given, queries, returned: queries.find(({ returned }) => returned)?.id ?? '', rule };
}

type Base = Pick<Rule, 'comparison' | 'threshold' | 'evaluationPeriods' | 'datapointsToAlarm' | 'missing'>;
type Watched = Pick<MetricSettings, 'queries' | 'rule'>;

function overMetric(input: PutMetricAlarmInput, base: Base): Watched {
  const { Statistic: simple, ExtendedStatistic: extended, Period: period, EvaluateLowSampleCountPercentile: low } = input;
  if (simple !== undefined && extended !== undefined) throw validationError('PutMetricAlarm request can not be made with both Statistic and ExtendedStatistic parameters. Only one of them should be present');
  const name = simple ?? extended;
  if (name === undefined) throw validationError('Exactly one of Statistic and ExtendedStatistic must be set.');
  if (simple !== undefined && !STATISTICS.includes(simple)) throw notInEnumeration(simple, 'statistic', STATISTICS);
  if (input.MetricName === undefined || input.Namespace === undefined) throw validationError('MetricName and Namespace must be set if the list of Metrics is not.');
  if (period === undefined) throw validationError('Period must not be null');
  checkPeriod(period);
  const statistic = parseStatistic(name);
  if (!statistic) throw invalidParameterValue(`The value ${name} for parameter ExtendedStatistic is not supported.`);
  if (low !== undefined && low !== 'evaluate' && low !== 'ignore') throw validationError(`Option ${low} is not supported. Supported options for parameter EvaluateLowSampleCountPercentile are evaluate and ignore.`);
  if (low !== undefined && statistic.kind !== 'percentile') throw validationError('EvaluateLowSampleCountPercentile can only be set for alarms on a percentile.');
  const stat = { Metric: { Namespace: input.Namespace, MetricName: input.MetricName, Dimensions: input.Dimensions ?? [] }, Period: period, Stat: name, ...(input.Unit !== undefined && { Unit: input.Unit }) };
  return {
    queries: parseQueries([{ Id: 'm', MetricStat: stat }], ''),
    rule: {
      ...base, period, expression: false, statistic: name,
      ...(input.Unit !== undefined && { unit: input.Unit }),
      ...(statistic.kind === 'percentile' && { percentile: { percent: statistic.percent, lowSamples: low ?? 'evaluate' } }),
    },
  };
}

function overMetrics(input: PutMetricAlarmInput, metrics: readonly MetricDataQuery[], account: string, base: Base): Watched {
  for (const name of ['MetricName', 'Namespace', 'Dimensions', 'Period', 'Unit', 'Statistic', 'ExtendedStatistic'] as const) {
    const value = input[name];
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) throw validationError(`${name} should not be set if list of Metrics is set.`);
  }
  const queries = parseQueries(metrics, account);
  const returned = queries.filter((query) => query.returned);
  if (returned.length !== 1) throw validationError('Exactly one element of the metrics list should return data.');
  const period = returned[0]?.period ?? Math.max(...queries.map((query) => query.period ?? 0));
  if (period === 0) throw validationError('Period must not be null');
  checkPeriod(period);
  return { queries, rule: { ...base, period, expression: true } };
}

function checkPeriod(period: number): void {
  if (!Number.isInteger(period) || period <= 0 || (period % 60 !== 0 && ![10, 20, 30].includes(period))) throw validationError(`Period must be 10, 20, 30 or a multiple of 60, got ${period}`);
}

function missing(input: PutMetricAlarmInput): Error {
  const absent = (['ComparisonOperator', 'EvaluationPeriods', 'Threshold'] as const).filter((name) => input[name] === undefined);
  const texts = absent.map((name) => `Value null at '${name.charAt(0).toLowerCase()}${name.slice(1)}' failed to satisfy constraint: Member must not be null`);
  return validationError(`${texts.length} validation error${texts.length === 1 ? '' : 's'} detected: ${texts.join('; ')}`);
}

function tooSmall(value: number, member: string): Error {
  return validationError(`1 validation error detected: Value '${value}' at '${member}' failed to satisfy constraint: Member must have value greater than or equal to 1`);
}
