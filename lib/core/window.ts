import type { Digest } from './digest.ts';

/** Which side of a comparison an execution is on. */
export type Cohort = 'canary' | 'control';

/** Executions of one cohort in one minute. */
export interface Count {
  /** Executions that began. */
  readonly starts: number;
  /** Executions that were settled as failed. */
  readonly bad: number;
}

/** Counts of both cohorts in one minute: what a judge reads. */
export interface Window {
  /** The beginning of the minute, epoch milliseconds. */
  readonly start: number;
  readonly canary: Count;
  readonly control: Count;
}

/** One sum of one metric for one epoch, as CloudWatch answers it. */
export interface Point {
  readonly epoch: Digest;
  readonly metric: 'ExecutionsStarted' | 'ExecutionsFailed';
  /** Epoch milliseconds. */
  readonly at: number;
  readonly sum: number;
}

const MINUTE = 60_000;

/**
 * Folds points into one window per minute in which anything happened, oldest first.
 * Points of other epochs are left out: a third epoch's stragglers are nobody's cohort.
 */
export function windowsOf(points: readonly Point[], cohorts: Readonly<Record<Cohort, Digest>>): Window[] {
  const minutes = new Map<number, Record<Cohort, { starts: number; bad: number }>>();
  for (const point of points) {
    const cohort = point.epoch === cohorts.canary ? 'canary' : point.epoch === cohorts.control ? 'control' : undefined;
    if (cohort === undefined) continue;
    const start = Math.floor(point.at / MINUTE) * MINUTE;
    const window = minutes.get(start) ?? { canary: { starts: 0, bad: 0 }, control: { starts: 0, bad: 0 } };
    window[cohort][point.metric === 'ExecutionsStarted' ? 'starts' : 'bad'] += point.sum;
    minutes.set(start, window);
  }
  return [...minutes].sort(([one], [other]) => one - other).map(([start, counts]) => ({ start, ...counts }));
}
