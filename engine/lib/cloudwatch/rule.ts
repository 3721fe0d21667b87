/** How a value is compared with the threshold. */
export type Comparison = 'GreaterThanThreshold' | 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold' | 'LessThanOrEqualToThreshold';

/** What missing data count as. */
export type Missing = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

/** One period's value; `time` is the period's start in epoch milliseconds. */
export interface Point {
  readonly time: number;
  readonly value: number;
  /** Absent for the result of an expression. */
  readonly sampleCount?: number;
}

/** What an alarm goes by. */
export interface Rule {
  readonly comparison: Comparison;
  readonly threshold: number;
  /** Seconds. */
  readonly period: number;
  /** N: how many data points are looked at. */
  readonly evaluationPeriods: number;
  /** M: how many of them must breach. */
  readonly datapointsToAlarm: number;
  readonly missing: Missing;
  /** Whether the value is an expression's; then reason data name neither unit nor statistic. */
  readonly expression: boolean;
  readonly statistic?: string;
  readonly unit?: string;
  /** Of a percentile: its percentage, and what is done when there are too few samples for it to mean something. */
  readonly percentile?: { readonly percent: number; readonly lowSamples: 'evaluate' | 'ignore' };
}

/** Which data points led to a verdict, newest first; one without a value was missing. */
export interface Evidence {
  readonly rule: Rule;
  readonly now: number;
  /** The N newest real points at most, newest first. */
  readonly real: readonly Point[];
  /** How many of the N data points had to be made up. */
  readonly filled: number;
  /** The data points that carry the verdict, newest first. */
  readonly evaluated: readonly (Point | { readonly time: number; readonly value?: undefined })[];
}
