import type { House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import { Aggregate } from './aggregate.ts';
import { checkedData, type PutMetricDataInput } from './datum.ts';
import type { Metric, Metrics } from './metrics.ts';
import { pageOf } from './page.ts';
import { getMetricData, type GetMetricDataInput } from './metricData.ts';
import { checkedPeriod, dimensionsOf, type DimensionInput } from './query.ts';
import { invalidParameterCombination, invalidParameterValue, unimplemented } from './refusal.ts';
import { parseStatistic, statisticOf, type Statistic } from './statistic.ts';

interface GetMetricStatisticsInput {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly StartTime: number;
  readonly EndTime: number;
  readonly Period: number;
  readonly Dimensions?: readonly DimensionInput[];
  readonly Statistics?: readonly string[];
  readonly ExtendedStatistics?: readonly string[];
  readonly Unit?: string;
}

interface ListMetricsInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly DimensionInput[];
  readonly NextToken?: string;
  readonly RecentlyActive?: string;
  readonly IncludeLinkedAccounts?: boolean;
}

const SIMPLE: readonly string[] = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'];
const MOST_STATISTICS = 1440;
const METRICS_PER_PAGE = 500;
const THREE_HOURS = 3 * 3_600_000;

/** PutMetricData, GetMetricData, GetMetricStatistics and ListMetrics. */
export function metricOperations(house: House, metrics: Metrics): Service['operations'] {
  return {
    PutMetricData: (input: PutMetricDataInput) => {
      for (const { name, dimensions, unit, timestamp, highResolution, contribute } of checkedData(input, house.kernel.now())) {
        metrics.add({ namespace: input.Namespace, name, dimensions }, unit, timestamp, highResolution, contribute);
      }
    },
    GetMetricData: (input: GetMetricDataInput) => getMetricData(metrics, house.account, input),
    GetMetricStatistics: (input: GetMetricStatisticsInput) => getMetricStatistics(metrics, input),
    ListMetrics: (input: ListMetricsInput) => listMetrics(metrics, input, house.kernel.now()),
  };
}

/** StartTime and EndTime are cut to the minute, as recorded; each unit has data points of its own, oldest first. */
function getMetricStatistics(metrics: Metrics, input: GetMetricStatisticsInput): Record<string, unknown> {
  const { Statistics: simple = [], ExtendedStatistics: extended = [], Unit: unit, MetricName: name } = input;
  if (simple.length === 0 && extended.length === 0) throw invalidParameterCombination('Must specify either Statistics or ExtendedStatistics');
  if (input.StartTime >= input.EndTime) throw invalidParameterValue('The parameter StartTime must be less than the parameter EndTime.');
  const period = checkedPeriod(input.Period);
  const step = period < 60 ? period : 60;
  const start = Math.floor(input.StartTime / 1000 / step) * step;
  const end = Math.floor(input.EndTime / 1000 / step) * step;
  const asked = Math.ceil((end - start) / period);
  if (asked > MOST_STATISTICS) throw invalidParameterCombination(`You have requested up to ${asked} datapoints, which exceeds the limit of ${MOST_STATISTICS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`);
  const statistics = simple.map((each, index) => ({ name: each, statistic: simpleStatistic(each, index) }));
  const percentiles = extended.map((each, index) => ({ name: each, statistic: extendedStatistic(each, index) }));
  const metric = metrics.find({ namespace: input.Namespace, name, dimensions: dimensionsOf(input.Dimensions ?? []) });
  const datapoints: Record<string, unknown>[] = [];
  for (let at = start; metric && at < end; at += period) {
    for (const [own, stream] of metric.units) {
      if (unit !== undefined && unit !== own) continue;
      const aggregate = new Aggregate();
      stream.collect(at, at + period, aggregate);
      if (aggregate.count === 0) continue;
      const computed = statistics.map((each) => [each.name, statisticOf(each.statistic, aggregate)] as const);
      const known = percentiles.map((each) => [each.name, statisticOf(each.statistic, aggregate)] as const).filter(([, value]) => value !== undefined);
      datapoints.push({ Timestamp: at * 1000, Unit: own, ...Object.fromEntries(computed), ...(percentiles.length > 0 ? { ExtendedStatistics: Object.fromEntries(known) } : {}) });
    }
  }
  return { Label: name, Datapoints: datapoints };
}

function simpleStatistic(name: string, index: number): Statistic {
  const statistic = SIMPLE.includes(name) ? parseStatistic(name) : undefined;
  if (!statistic) throw invalidParameterValue(`The parameter Statistics.member.${index + 1}.<list element> must be a value in the set [${SIMPLE.join(', ')}].`);
  return statistic;
}

function extendedStatistic(name: string, index: number): Statistic {
  const statistic = SIMPLE.includes(name) ? undefined : parseStatistic(name);
  if (!statistic) throw invalidParameterValue(`The value ${name} for parameter ExtendedStatistics.member.${index + 1}.<list element> is not supported.`);
  return statistic;
}

/** Dimensions given must all be among a metric's own; a name without a value fits any value. */
function listMetrics(metrics: Metrics, input: ListMetricsInput, now: number): Record<string, unknown> {
  if (input.IncludeLinkedAccounts === true) throw unimplemented('ListMetrics with IncludeLinkedAccounts');
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== 'PT3H') throw invalidParameterValue('Request parameter recentlyActive value is invalid');
  const fits = ({ namespace, name, dimensions, units }: Metric): boolean => (input.Namespace === undefined || input.Namespace === namespace)
    && (input.MetricName === undefined || input.MetricName === name)
    && (input.Dimensions ?? []).every(({ Name = '', Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value))
    && (input.RecentlyActive === undefined || [...units.values()].some(({ last }) => last * 1000 > now - THREE_HOURS));
  const { items, nextToken } = pageOf([...metrics.all()].filter(fits), METRICS_PER_PAGE, input.NextToken, () => invalidParameterValue('Request parameter NextToken is invalid'));
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({ Namespace: namespace, MetricName: name, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) })),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}
