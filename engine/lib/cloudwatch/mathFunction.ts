import type { MathScope, MathValue, TimeSeries } from './math.ts';
import { validationError } from './refusal.ts';

/** A function of metric math, on parameters that are computed already. */
export type MathFunction = (parameters: readonly MathValue[], scope: MathScope) => MathValue;

/** The functions the engine has. */
export const FUNCTIONS: Readonly<Record<string, MathFunction>> = {
  SUM: reduction('SUM', (values) => values.reduce((sum, value) => sum + value, 0)),
  AVG: reduction('AVG', (values) => values.reduce((sum, value) => sum + value, 0) / values.length),
  MIN: reduction('MIN', (values) => values.reduce((least, value) => Math.min(least, value), Infinity)),
  MAX: reduction('MAX', (values) => values.reduce((most, value) => Math.max(most, value), -Infinity)),
  ABS: each('ABS', Math.abs),
  CEIL: each('CEIL', Math.ceil),
  FLOOR: each('FLOOR', Math.floor),
  IF: choose,
  FILL: fill,
  METRICS: (parameters, scope) => {
    const [containing = ''] = parameters;
    if (typeof containing !== 'string' || parameters.length > 1) throw misuse('METRICS', 'no parameter or one text');
    return scope.metrics(containing);
  },
  TIME_SERIES: (parameters, scope) => {
    const [value] = parameters;
    if (typeof value !== 'number' || parameters.length !== 1) throw misuse('TIME_SERIES', 'one number');
    return new Map(scope.slots.map((slot) => [slot, value]));
  },
  FIRST: (parameters) => member('FIRST', parameters, 0),
  LAST: (parameters) => member('LAST', parameters, -1),
  PERIOD: (parameters, scope) => {
    if (parameters.length !== 1) throw misuse('PERIOD', 'one time series');
    return scope.period;
  },
};

/** What CloudWatch has beside them. */
export const OTHER_FUNCTIONS: readonly string[] = [
  'ANOMALY_DETECTION_BAND', 'DATAPOINT_COUNT', 'DB_PERF_INSIGHTS', 'DIFF', 'DIFF_TIME', 'INSIGHT_RULE_METRIC', 'LAMBDA', 'LOG', 'LOG10', 'METRIC_COUNT', 'MINUTE', 'HOUR', 'DAY', 'DATE', 'MONTH', 'YEAR', 'EPOCH',
  'RATE', 'REMOVE_EMPTY', 'RUNNING_SUM', 'SEARCH', 'SERVICE_QUOTA', 'SLICE', 'SORT', 'STDDEV',
];

/** Over a list: period by period, of the series that have data there. Over one series: all its values, as a number. */
function reduction(name: string, reduce: (values: readonly number[]) => number): MathFunction {
  return ([of, ...more]) => {
    if (of === undefined || more.length > 0 || typeof of !== 'object') throw misuse(name, 'one time series or list of them');
    if (of instanceof Map) return of.size === 0 ? NaN : reduce([...(of as TimeSeries).values()]);
    const list = of as readonly TimeSeries[];
    const result = new Map<number, number>();
    for (const time of new Set(list.flatMap((series) => [...series.keys()]))) {
      result.set(time, reduce(list.map((series) => series.get(time)).filter((value) => value !== undefined)));
    }
    return sorted(result);
  };
}

function each(name: string, change: (value: number) => number): MathFunction {
  return ([of, ...more]) => {
    if (of === undefined || more.length > 0 || typeof of === 'string') throw misuse(name, 'one number, time series or list of them');
    if (typeof of === 'number') return change(of);
    const mapped = (series: TimeSeries): TimeSeries => new Map([...series].map(([time, value]) => [time, change(value)]));
    return of instanceof Map ? mapped(of as TimeSeries) : (of as readonly TimeSeries[]).map(mapped);
  };
}

/** IF(condition, whenTrue[, whenFalse]): without the third, periods that are false have no data. */
function choose(parameters: readonly MathValue[]): MathValue {
  const [condition, yes, no] = parameters as readonly (number | TimeSeries | undefined)[];
  const fits = (value: unknown): boolean => typeof value === 'number' || value instanceof Map;
  if (parameters.length < 2 || parameters.length > 3 || !parameters.every(fits)) throw misuse('IF', 'a condition and one or two numbers or time series');
  if (typeof condition === 'number') return (condition === 0 ? no : yes) ?? new Map<number, number>();
  const result = new Map<number, number>();
  for (const [time, value] of condition ?? []) {
    const taken = value === 0 ? no : yes;
    const chosen = typeof taken === 'number' ? taken : taken?.get(time);
    if (chosen !== undefined) result.set(time, chosen);
  }
  return result;
}

/** FILL(series or list, number | REPEAT | LINEAR) gives every period of the request a value. */
function fill(parameters: readonly MathValue[], scope: MathScope): MathValue {
  const [of, how] = parameters;
  const numeric = typeof how === 'number' || how === 'REPEAT' || how === 'LINEAR';
  if (parameters.length !== 2 || of === undefined || typeof of !== 'object' || !numeric) throw misuse('FILL', 'a time series or list, and a number, REPEAT or LINEAR');
  const filled = (series: TimeSeries): TimeSeries => fillOne(series, how, scope.slots);
  return of instanceof Map ? filled(of as TimeSeries) : (of as readonly TimeSeries[]).map(filled);
}

function fillOne(series: TimeSeries, how: number | string, slots: readonly number[]): TimeSeries {
  const result = new Map<number, number>();
  const known = [...series].sort(([a], [b]) => a - b);
  for (const slot of slots) {
    const own = series.get(slot) ?? (typeof how === 'number' ? how : undefined);
    const before = known.findLast(([time]) => time < slot);
    const after = known.find(([time]) => time > slot);
    const between = before && after ? before[1] + ((after[1] - before[1]) * (slot - before[0])) / (after[0] - before[0]) : before?.[1];
    const value = own ?? (how === 'LINEAR' ? between : before?.[1]);
    if (value !== undefined) result.set(slot, value);
  }
  return result;
}

function member(name: string, parameters: readonly MathValue[], at: number): MathValue {
  const [list] = parameters;
  if (!Array.isArray(list) || parameters.length !== 1) throw misuse(name, 'one list of time series');
  return (list as readonly TimeSeries[]).at(at) ?? new Map<number, number>();
}

function sorted(series: TimeSeries): TimeSeries {
  return new Map([...series].sort(([a], [b]) => a - b));
}

function misuse(name: string, wanted: string): Error {
  return validationError(`Error in expression: ${name} takes ${wanted}`);
}
