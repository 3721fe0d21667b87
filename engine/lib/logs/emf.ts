import { UNITS } from '../cloudwatch/datum.ts';
import type { MetricDatum } from '../ports.ts';

/** Metrics found in one line, for one namespace. */
export interface EmbeddedMetrics {
  readonly namespace: string;
  readonly data: readonly MetricDatum[];
}

type Json = Readonly<Record<string, unknown>>;

/** The specification's limits: values of one metric, dimensions of one set, metrics of one directive. */
const MOST_VALUES = 100;
const MOST_DIMENSIONS = 30;
const MOST_METRICS = 100;

/** What Lambda's console puts before a text: time, request id and level. */
const CONSOLE = /^[^\t{]*\t[^\t{]*\t[A-Z]+\t(?=\{)/;

/**
 * The metrics in a line of the embedded metric format (JSON with `_aws.CloudWatchMetrics`), also behind what Lambda's console puts before it. A directive that is malformed in any part gives none,
 * as in CloudWatch, where it would show up in the metric EMFParsingErrors.
 */
export function embeddedMetrics(line: string): EmbeddedMetrics[] {
  if (!line.includes('"_aws"')) return [];
  const root = parsed(line.replace(CONSOLE, ''));
  const header = root?.['_aws'];
  if (!root || !isObject(header) || !Array.isArray(header['CloudWatchMetrics'])) return [];
  const timestamp = header['Timestamp'];
  if (typeof timestamp !== 'number' || !Number.isFinite(timestamp)) return [];
  return header['CloudWatchMetrics'].map((directive: unknown) => read(root, directive, timestamp)).filter((found) => found !== undefined);
}

function read(root: Json, directive: unknown, timestamp: number): EmbeddedMetrics | undefined {
  if (!isObject(directive)) return undefined;
  const { Namespace: namespace, Dimensions: sets = [], Metrics: metrics } = directive;
  if (typeof namespace !== 'string' || namespace === '' || !Array.isArray(sets) || !Array.isArray(metrics) || metrics.length > MOST_METRICS) return undefined;
  const dimensions = (sets.length === 0 ? [[]] : sets).map((set: unknown) => dimensionsOf(root, set));
  const data: MetricDatum[] = [];
  for (const metric of metrics as unknown[]) {
    const values = valuesOf(root, metric);
    if (!values) return undefined;
    for (const own of dimensions) {
      if (!own) return undefined;
      for (const value of values.values) data.push({ name: values.name, dimensions: own, timestamp, value, ...values.traits });
    }
  }
  return { namespace, data };
}

function dimensionsOf(root: Json, set: unknown): Record<string, string> | undefined {
  if (!Array.isArray(set) || set.length > MOST_DIMENSIONS) return undefined;
  const dimensions: Record<string, string> = {};
  for (const name of set as unknown[]) {
    const value = typeof name === 'string' ? root[name] : undefined;
    if (typeof name !== 'string' || typeof value !== 'string') return undefined;
    dimensions[name] = value;
  }
  return dimensions;
}

interface Values {
  readonly name: string;
  readonly values: readonly number[];
  readonly traits: Pick<MetricDatum, 'unit' | 'storageResolution'>;
}

function valuesOf(root: Json, metric: unknown): Values | undefined {
  if (!isObject(metric)) return undefined;
  const { Name: name, Unit: unit, StorageResolution: resolution } = metric;
  if (typeof name !== 'string' || (unit !== undefined && !UNITS.includes(unit as string)) || (resolution !== undefined && resolution !== 1 && resolution !== 60)) return undefined;
  const own = root[name];
  const values: unknown[] = Array.isArray(own) ? own : [own];
  if (values.length > MOST_VALUES || !values.every((value): value is number => typeof value === 'number')) return undefined;
  const traits = { ...(unit !== undefined && { unit: unit as string }), ...(resolution !== undefined && { storageResolution: resolution }) };
  return { name, values, traits };
}

function parsed(line: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
