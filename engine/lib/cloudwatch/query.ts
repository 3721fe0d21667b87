import { callsIn, namesIn, parseExpression, type Expression } from './expression.ts';
import { compute, isSeries, type MathValue, type TimeSeries } from './math.ts';
import { FUNCTIONS, OTHER_FUNCTIONS } from './mathFunction.ts';
import { aggregateOf, type MetricIdentity, type Metrics } from './metrics.ts';
import { invalidParameterValue, unimplemented, validationError } from './refusal.ts';
import { parseStatistic, statisticOf, type Statistic } from './statistic.ts';

/** A name and value as CloudWatch writes a dimension. */
export interface DimensionInput {
  readonly Name?: string;
  readonly Value?: string;
}

/** One query as requests and alarms write it. */
export interface MetricDataQuery {
  readonly Id: string;
  readonly MetricStat?: {
    readonly Metric: { readonly Namespace?: string; readonly MetricName?: string; readonly Dimensions?: readonly DimensionInput[] };
    readonly Period: number;
    readonly Stat: string;
    readonly Unit?: string;
  };
  readonly Expression?: string;
  readonly Label?: string;
  readonly ReturnData?: boolean;
  readonly Period?: number;
  readonly AccountId?: string;
}

/** One query, checked. */
export type Query = { readonly id: string; readonly label: string; readonly labelled: boolean; readonly returned: boolean } & (
  | { readonly kind: 'metric'; readonly metric: MetricIdentity; readonly statistic: Statistic; readonly statisticName: string; readonly period: number; readonly unit?: string; readonly foreign: boolean }
  | { readonly kind: 'math'; readonly expression: Expression; readonly period?: number }
);

/** The part of time that is asked for: [start, end), epoch seconds; each period starts at `start` or a multiple of it later. */
export type SpanOf = (period: number) => { readonly start: number; readonly end: number };

const ID = /^[a-z][A-Za-z0-9_]*$/;
const SEARCHES = /^\s*(?:SELECT\b|SEARCH\s*\()/i;

/** Checks the queries of a request or an alarm, and refuses what the engine has not by name. */
export function parseQueries(inputs: readonly MetricDataQuery[], account: string): Query[] {
  const queries = inputs.map((input, index) => parseQuery(input, `MetricDataQueries.member.${index + 1}`, account));
  const ids = new Set<string>();
  for (const { id } of queries) {
    if (ids.has(id)) throw validationError('The values for parameter id in MetricDataQueries are not unique.');
    ids.add(id);
  }
  for (const query of queries) {
    if (query.kind !== 'math') continue;
    const unknown = namesIn(query.expression).find((name) => !ids.has(name) && name !== 'REPEAT' && name !== 'LINEAR');
    if (unknown !== undefined) throw validationError(`Error in expression '${query.id}': Unknown variable ${unknown}`);
  }
  return queries;
}

function parseQuery(input: MetricDataQuery, path: string, account: string): Query {
  const { Id: id, MetricStat: stat, Expression: expression } = input;
  if (!ID.test(id)) throw validationError(`The value for parameter ${path}.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.`);
  if (stat !== undefined && expression !== undefined) throw validationError(`The parameters ${path}.Expression and ${path}.MetricStat are mutually exclusive and you have specified both.`);
  const returned = input.ReturnData ?? true;
  if (stat === undefined) {
    if (expression === undefined) throw validationError(`${path} must have an Expression or a MetricStat.`);
    if (SEARCHES.test(expression)) throw unimplemented(`${/select/i.test(expression) ? 'Metrics Insights queries' : 'SEARCH expressions'} in ${id}`);
    return {
      kind: 'math', id, label: input.Label ?? id, labelled: input.Label !== undefined, returned, expression: parsed(id, expression),
      ...(input.Period !== undefined && { period: checkedPeriod(input.Period) }),
    };
  }
  const { Namespace: namespace = '', MetricName: name = '', Dimensions: dimensions = [] } = stat.Metric;
  const statistic = parseStatistic(stat.Stat);
  if (!statistic) throw validationError(`The value for parameter ${path}.MetricStat.Stat is not a valid statistic.`);
  return {
    kind: 'metric', id, label: input.Label ?? name, labelled: input.Label !== undefined, returned,
    metric: { namespace, name, dimensions: dimensionsOf(dimensions) },
    statistic, statisticName: stat.Stat, period: checkedPeriod(stat.Period), foreign: input.AccountId !== undefined && input.AccountId !== account,
    ...(stat.Unit !== undefined && { unit: stat.Unit }),
  };
}

function parsed(id: string, expression: string): Expression {
  const made = parseExpression(id, expression);
  const absent = callsIn(made).find((name) => !Object.hasOwn(FUNCTIONS, name));
  if (absent !== undefined && !OTHER_FUNCTIONS.includes(absent)) throw validationError(`Error in expression '${id}': Function '${absent}' not found`);
  if (absent !== undefined) throw unimplemented(`the metric math function ${absent}`);
  return made;
}

/** A period is 1, 5, 10, 20, 30 or a multiple of 60 seconds. */
export function checkedPeriod(period: number): number {
  if (Number.isInteger(period) && period > 0 && (period % 60 === 0 || [1, 5, 10, 20, 30].includes(period))) return period;
  throw invalidParameterValue(period < 60 ? 'The parameter Period must be a value in the set [1, 5, 10, 20, 30].' : `The parameter Period must be a multiple of 60, got ${period}.`);
}

/** Dimensions as an object; the last of equal names wins. */
export function dimensionsOf(dimensions: readonly DimensionInput[]): Record<string, string> {
  return Object.fromEntries(dimensions.map(({ Name: name = '', Value: value = '' }) => [name, value]));
}

/** Every query's values, in the order of the queries. Values of expressions are computed once and in any order. */
export function runQueries(queries: readonly Query[], metrics: Metrics, spanOf: SpanOf): Map<string, MathValue> {
  const byId = new Map(queries.map((query) => [query.id, query]));
  const results = new Map<string, MathValue>();
  const open = new Set<string>();
  const period = Math.max(1, ...queries.map((query) => query.period ?? 0));
  const valueOf = (id: string): MathValue | undefined => {
    const known = results.get(id);
    const query = byId.get(id);
    if (known !== undefined || !query) return known;
    if (open.has(id)) throw validationError(`Error in expression '${id}': Circular dependency`);
    open.add(id);
    const value = query.kind === 'metric' ? seriesOf(query, metrics, spanOf(query.period)) : compute(query.expression, {
      lookUp: valueOf,
      metrics: (text) => queries.filter((other) => other.kind === 'metric' && other.label.includes(text)).map(({ id: other }) => valueOf(other) as TimeSeries),
      slots: slotsOf(query.period ?? period, spanOf),
      period: query.period ?? period,
    });
    results.set(id, value);
    return value;
  };
  for (const { id } of queries) valueOf(id);
  return new Map(queries.map(({ id }) => [id, results.get(id) ?? new Map()]));
}

function seriesOf(query: Query & { kind: 'metric' }, metrics: Metrics, span: { start: number; end: number }): TimeSeries {
  const series = new Map<number, number>();
  const metric = metrics.find(query.metric);
  if (!metric || query.foreign) return series;
  const streams = [...metric.units.values()];
  const skip = Math.max(0, Math.floor((Math.min(...streams.map(({ first }) => first)) - span.start) / query.period));
  const last = Math.min(span.end, Math.max(...streams.map(({ last }) => last)) + 60);
  for (let start = span.start + skip * query.period; start < last; start += query.period) {
    const value = statisticOf(query.statistic, aggregateOf(metric, start, start + query.period, query.unit));
    if (value !== undefined) series.set(start * 1000, value);
  }
  return series;
}

function slotsOf(period: number, spanOf: SpanOf): number[] {
  const { start, end } = spanOf(period);
  const slots: number[] = [];
  for (let slot = start; slot < end && slots.length < 100_800; slot += period) slots.push(slot * 1000);
  return slots;
}

/** The time series a value consists of; a number or text is refused, since CloudWatch returns series only. */
export function returnedSeries(query: Query, value: MathValue): readonly TimeSeries[] {
  if (isSeries(value)) return [value];
  if (typeof value === 'object') return value;
  throw validationError(`Error in expression '${query.id}': The expression must return a time series or an array of time series`);
}
