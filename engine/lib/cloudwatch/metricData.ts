import type { Metrics } from './metrics.ts';
import type { TimeSeries } from './math.ts';
import { parseQueries, returnedSeries, runQueries, type MetricDataQuery, type Query } from './query.ts';
import { invalidNextToken, invalidParameterValue, validationError } from './refusal.ts';

/** The input of GetMetricData; times are epoch milliseconds. */
export interface GetMetricDataInput {
  readonly MetricDataQueries: readonly MetricDataQuery[];
  readonly StartTime: number;
  readonly EndTime: number;
  readonly NextToken?: string;
  readonly ScanBy?: string;
  readonly MaxDatapoints?: number;
}

interface Message {
  readonly Code: string;
  readonly Value: string;
}

const MOST_QUERIES = 500;
const MOST_DATAPOINTS = 100_800;
const FORBIDDEN: Message = { Code: 'Forbidden', Value: 'Access denied when getting data - please check that this account and the requested metric account are linked' };

/** Answers GetMetricData. A page holds MaxDatapoints values at most; a query whose values go on in the next one is `PartialData`. */
export function getMetricData(metrics: Metrics, account: string, input: GetMetricDataInput): Record<string, unknown> {
  const { StartTime, EndTime, ScanBy = 'TimestampDescending', MaxDatapoints: most = MOST_DATAPOINTS } = input;
  if (input.MetricDataQueries.length > MOST_QUERIES) throw validationError(`The collection MetricDataQueries must not have a size greater than ${MOST_QUERIES}.`);
  if (StartTime >= EndTime) throw validationError('The parameter EndTime must be greater than StartTime.');
  if (!(most >= 1 && most <= MOST_DATAPOINTS)) throw invalidParameterValue(`The parameter MaxDatapoints must be between 1 and ${MOST_DATAPOINTS}, got ${most}.`);
  const queries = parseQueries(input.MetricDataQueries, account);
  const span = (period: number): { start: number; end: number } => ({ start: Math.floor(StartTime / 1000 / period) * period, end: Math.ceil(EndTime / 1000) });
  const values = runQueries(queries, metrics, span);
  const skipped = input.NextToken === undefined ? 0 : skippedOf(input.NextToken);
  let room = most;
  let used = 0;
  let more = false;
  const result = (query: Query, series: TimeSeries): Record<string, unknown> => {
    const points = [...series].sort(([a], [b]) => (ScanBy === 'TimestampAscending' ? a - b : b - a));
    const from = Math.max(0, Math.min(points.length, skipped - used));
    used += points.length;
    const taken = points.slice(from, from + room);
    room -= taken.length;
    const partial = from + taken.length < points.length;
    more ||= partial;
    const messages = messagesOf(query, metrics);
    const status = messages.includes(FORBIDDEN) ? 'Forbidden' : partial ? 'PartialData' : 'Complete';
    return { Id: query.id, Label: labelOf(query, queries), Timestamps: taken.map(([time]) => time), Values: taken.map(([, value]) => value), StatusCode: status, ...(messages.length > 0 ? { Messages: messages } : {}) };
  };
  const results = queries.filter(({ returned }) => returned).flatMap((query) => returnedSeries(query, values.get(query.id) ?? new Map()).map((series) => result(query, series)));
  return { MetricDataResults: results, Messages: [], ...(more ? { NextToken: Buffer.from(`after:${skipped + most}`).toString('base64url') } : {}) };
}

function skippedOf(token: string): number {
  const [, skipped] = /^after:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  if (skipped === undefined) throw invalidNextToken('');
  return Number(skipped);
}

/** A metric's own name, with its statistic where another query watches the same metric by another one. */
function labelOf(query: Query, queries: readonly Query[]): string {
  if (query.kind !== 'metric' || query.labelled) return query.label;
  const others = queries.filter((other) => other.kind === 'metric' && other.label === query.label && other.statisticName !== query.statisticName);
  return others.length > 0 ? `${query.label} ${query.statisticName}` : query.label;
}

function messagesOf(query: Query, metrics: Metrics): Message[] {
  if (query.kind !== 'metric') return [];
  if (query.foreign) return [FORBIDDEN];
  const units = [...metrics.find(query.metric)?.units.keys() ?? []].sort();
  return query.unit === undefined && units.length > 1 ? [{ Code: 'MultipleUnits', Value: `Multiple units returned: '[${units.join(', ')}]'` }] : [];
}
