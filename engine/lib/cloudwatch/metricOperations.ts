import type { House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import { Aggregate } from './aggregate.ts';
import { checkedData, type PutMetricDataInput } from './datum.ts';
import type { Metric, Metrics } from './metrics.ts';
import { pageOf } from './page.ts';
import { checkedPeriod, dimensionsOf, parseQueries, returnedSeries, runQueries, type DimensionInput, type MetricDataQuery } from './query.ts';
import { invalidNextToken, invalidParameterCombination, invalidParameterValue, unimplemented, validationError } from './refusal.ts';
import { parseStatistic, statisticOf } from './statistic.ts';

interface GetMetricDataInput {
  readonly MetricDataQueries: readonly MetricDataQuery[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
  readonly ScanBy?: string;
  readonly MaxDatapoints?: number;
}

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

const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 100_800;
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
    GetMetricData: (input: GetMetricDataInput) => getMetricData(metrics, input),
    GetMetricStatistics: (input: GetMetricStatisticsInput) => getMetricStatistics(metrics, input),
    ListMetrics: (input: ListMetricsInput) => listMetrics(metrics, input, house.kernel.now()),
  };
}

/** A page holds MaxDatapoints values at most; a query whose values go on in the next one is `PartialData`. */
function getMetricData(metrics: Metrics, input: GetMetricDataInput): Record<string, unknown> {
  const { StartTime, EndTime, ScanBy = 'TimestampDescending', MaxDatapoints = MOST_DATAPOINTS } = input;
  if (input.MetricDataQueries.length > MOST_QUERIES) throw validationError(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  if (StartTime >= EndTime) throw validationError('The parameter EndTime must be greater than StartTime.');
  if (!(MaxDatapoints >= 1 && MaxDatapoints <= MOST_DATAPOINTS)) throw invalidParameterValue(`The parameter MaxDatapoints must be between 1 and ${MOST_DATAPOINTS}, got ${MaxDatapoints}.`);
  const queries = parseQueries(input.MetricDataQueries);
  if (!queries.some(({ returned }) => returned)) throw validationError('At least one element of the metrics list should return data.');
  const span = (period: number): { start: number; end: number } => ({ start: Math.floor(StartTime / 1000 / period) * period, end: Math.ceil(EndTime / 1000) });
  const values = runQueries(queries, metrics, span);
  const all = queries.filter(({ returned }) => returned).flatMap((query) => returnedSeries(query, values.get(query.id) ?? new Map()).map((series) => {
    const points = [...series].sort(([a], [b]) => (ScanBy === 'TimestampAscending' ? a - b : b - a));
    return { query, points };
  }));
  const skipped = skippedOf(input.NextToken);
  let room = MaxDatapoints;
  let used = 0;
  let more = false;
  const results = all.map(({ query, points }) => {
    const from = Math.max(0, Math.min(points.length, skipped - used));
    used += points.length;
    const taken = points.slice(from, from + room);
    room -= taken.length;
    const partial = from + taken.length < points.length;
    more ||= partial;
    return { Id: query.id, Label: query.label, Timestamps: taken.map(([time]) => time), Values: taken.map(([, value]) => value), StatusCode: partial ? 'PartialData' : 'Complete' };
  });
  return { MetricDataResults: results, Messages: [], ...(more ? { NextToken: Buffer.from(`after:${skipped + MaxDatapoints}`).toString('base64url') } : {}) };
}

function skippedOf(token: string | undefined): number {
  if (token === undefined) return 0;
  const [, skipped] = /^after:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  if (skipped === undefined) throw invalidNextToken(token);
  return Number(skipped);
}

/** Periods begin at StartTime, cut to the minute; each unit has data points of its own, oldest first. */
function getMetricStatistics(metrics: Metrics, input: GetMetricStatisticsInput): Record<string, unknown> {
  const { Statistics: simple = [], ExtendedStatistics: extended = [], Unit: unit, MetricName: name } = input;
  if (simple.length === 0 && extended.length === 0) throw invalidParameterCombination('Must specify either Statistics or ExtendedStatistics');
  if (input.StartTime >= input.EndTime) throw invalidParameterValue('The parameter StartTime must be less than the parameter EndTime.');
  const period = checkedPeriod(input.Period);
  const step = period < 60 ? period : 60;
  const start = Math.floor(input.StartTime / 1000 / step) * step;
  const end = Math.ceil(input.EndTime / 1000);
  const asked = Math.ceil((end - start) / period);
  if (asked > MOST_STATISTICS) throw invalidParameterCombination(`You have requested up to ${asked} datapoints, which exceeds the limit of ${MOST_STATISTICS}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`);
  const statistics = simple.map((each) => ({ name: each, statistic: parseStatistic(each, 'Statistics') }));
  const percentiles = extended.map((each) => ({ name: each, statistic: parseStatistic(each, 'ExtendedStatistics') }));
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

/** Dimensions given must all be among a metric's own; a name without a value fits any value. */
function listMetrics(metrics: Metrics, input: ListMetricsInput, now: number): Record<string, unknown> {
  if (input.IncludeLinkedAccounts === true) throw unimplemented('ListMetrics with IncludeLinkedAccounts');
  if (input.RecentlyActive !== undefined && input.RecentlyActive !== 'PT3H') throw validationError(`The value ${input.RecentlyActive} for parameter RecentlyActive is not supported; it can only be PT3H.`);
  const fits = ({ namespace, name, dimensions, units }: Metric): boolean => (input.Namespace === undefined || input.Namespace === namespace)
    && (input.MetricName === undefined || input.MetricName === name)
    && (input.Dimensions ?? []).every(({ Name = '', Value }) => Object.hasOwn(dimensions, Name) && (Value === undefined || dimensions[Name] === Value))
    && (input.RecentlyActive === undefined || [...units.values()].some(({ last }) => last * 1000 > now - THREE_HOURS));
  const { items, nextToken } = pageOf([...metrics.all()].filter(fits), METRICS_PER_PAGE, input.NextToken);
  return {
    Metrics: items.map(({ namespace, name, dimensions }) => ({ Namespace: namespace, MetricName: name, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) })),
    ...(nextToken !== undefined && { NextToken: nextToken }),
  };
}
