import type { Contribution } from './series.ts';
import { dimensionsOf, type DimensionInput } from './query.ts';
import { invalidParameterCombination, invalidParameterValue, missingParameter, unimplemented } from './refusal.ts';
import { doubleText } from './text.ts';

/** One datum of PutMetricData. */
export interface DatumInput {
  readonly MetricName: string;
  readonly Dimensions?: readonly DimensionInput[];
  /** Epoch milliseconds. */
  readonly Timestamp?: number;
  readonly Value?: number;
  readonly StatisticValues?: { readonly SampleCount: number; readonly Sum: number; readonly Minimum: number; readonly Maximum: number };
  readonly Values?: readonly number[];
  readonly Counts?: readonly number[];
  readonly Unit?: string;
  readonly StorageResolution?: number;
}

/** The input of PutMetricData. */
export interface PutMetricDataInput {
  readonly Namespace: string;
  readonly MetricData?: readonly DatumInput[];
  readonly EntityMetricData?: readonly unknown[];
}

/** A datum that passed its checks. */
export interface Datum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly timestamp: number;
  readonly unit: string;
  readonly highResolution: boolean;
  readonly contribute: Contribution;
}

/** CloudWatch's units; a datum without one has `None`. */
export const UNITS: readonly string[] = [
  'Seconds', 'Microseconds', 'Milliseconds', 'Bytes', 'Kilobytes', 'Megabytes', 'Gigabytes', 'Terabytes', 'Bits', 'Kilobits', 'Megabits', 'Gigabits', 'Terabits', 'Percent', 'Count',
  'Bytes/Second', 'Kilobytes/Second', 'Megabytes/Second', 'Gigabytes/Second', 'Terabytes/Second', 'Bits/Second', 'Kilobits/Second', 'Megabits/Second', 'Gigabits/Second', 'Terabits/Second', 'Count/Second', 'None',
];
/** 2^360, above which CloudWatch takes no value. */
const LARGEST = 2 ** 360;
const TWO_WEEKS = 14 * 86_400_000;
const TWO_HOURS = 2 * 3_600_000;
const MOST_DIMENSIONS = 30;
const MOST_DATA = 1000;

/** Checks a whole PutMetricData before any of it counts. */
export function checkedData(input: PutMetricDataInput, now: number): Datum[] {
  if (input.EntityMetricData !== undefined) throw unimplemented('PutMetricData with EntityMetricData');
  if (input.Namespace.startsWith('AWS/')) throw invalidParameterValue('The value AWS/ for parameter Namespace is invalid.');
  const data = input.MetricData ?? [];
  if (data.length === 0) throw missingParameter('At least one MetricDatum object must be present in the request.');
  if (data.length > MOST_DATA) throw invalidParameterValue(`The collection MetricData must not have a size greater than ${MOST_DATA}.`);
  return data.map((datum, index) => checked(datum, `MetricData.member.${index + 1}`, now));
}

function checked(datum: DatumInput, path: string, now: number): Datum {
  const dimensions = datum.Dimensions ?? [];
  if (new Set(dimensions.map(({ Name }) => Name)).size < dimensions.length) throw invalidParameterValue('No metric may specify the same dimension name twice.');
  if (dimensions.length > MOST_DIMENSIONS) throw invalidParameterValue(`The collection ${path}.Dimensions must not have a size greater than ${MOST_DIMENSIONS}.`);
  const { StorageResolution: resolution = 60, Unit: unit = 'None', Timestamp: timestamp = now } = datum;
  if (resolution !== 1 && resolution !== 60) throw invalidParameterValue(`The parameter ${path}.StorageResolution must be a value in the set [ 1, 60 ].`);
  if (!UNITS.includes(unit)) throw invalidParameterValue(`The parameter ${path}.Unit must be a value in the set [ ${UNITS.join(', ')} ].`);
  const contribute = contribution(datum, path);
  if (timestamp < now - TWO_WEEKS) throw invalidParameterValue(`The parameter ${path}.Timestamp must specify a time within the past two weeks.`);
  if (timestamp > now + TWO_HOURS) throw invalidParameterValue(`The parameter ${path}.Timestamp must specify a time no more than two hours in the future.`);
  return { name: datum.MetricName, dimensions: dimensionsOf(dimensions), timestamp, unit, highResolution: resolution === 1, contribute };
}

/** What a datum adds; of values and statistics given together, which CloudWatch allows, the statistics count. */
function contribution(datum: DatumInput, path: string): Contribution {
  const { Value: value, Values: values, Counts: counts, StatisticValues: set } = datum;
  if (value !== undefined && values !== undefined) throw exclusive(path, 'Values');
  if (value !== undefined && set !== undefined) throw exclusive(path, 'StatisticValues');
  if (counts !== undefined && values === undefined) throw invalidParameterCombination('The parameter values must appears when the counts parameter is specified.');
  if (value !== undefined) {
    checkValue(value, `${path}.Value`);
    return (aggregate) => { aggregate.add(value, 1); };
  }
  if (values !== undefined && set === undefined) {
    if (counts !== undefined && counts.length !== values.length) throw invalidParameterValue(`The parameters ${path}.Values and ${path}.Counts must be of the same size.`);
    if (counts?.some((count) => count < 0)) throw invalidParameterValue(`The parameter ${path}.Counts must contain only values greater than 0.`);
    for (const each of values) checkValue(each, `${path}.Values`);
    return (aggregate) => {
      for (const [index, each] of values.entries()) aggregate.add(each, counts?.[index] ?? 1);
    };
  }
  if (set === undefined) throw invalidParameterCombination('At least one of the parameters must be specified.');
  if (set.SampleCount <= 0) throw invalidParameterValue(`The parameter ${path}.StatisticValues.SampleCount must be greater than 0.`);
  if (set.Maximum < set.Minimum) throw invalidParameterValue(`The parameter ${path}.StatisticValues.Maximum must be greater than ${path}.StatisticValues.Minimum.`);
  return (aggregate) => { aggregate.addSet(set.SampleCount, set.Sum, set.Minimum, set.Maximum); };
}

function checkValue(value: number, path: string): void {
  if (!(Math.abs(value) <= LARGEST)) throw invalidParameterValue(`The value ${Number.isFinite(value) ? doubleText(value) : String(value)} for parameter ${path} is invalid.`);
}

function exclusive(path: string, other: string): Error {
  return invalidParameterCombination(`The parameters ${path}.Value and ${path}.${other} are mutually exclusive and you have specified both.`);
}
