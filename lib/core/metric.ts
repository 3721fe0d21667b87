import type { Digest } from './digest.ts';

/** The CloudWatch namespace of Sluice's own metrics. */
export const NAMESPACE = 'Sluice';

/** What is counted; docs/metrics.md says when. */
export type MetricName = 'ExecutionsStarted' | 'ExecutionsSettled' | 'ExecutionsFailed' | 'RollbacksDecided';

/** One line of CloudWatch's embedded metric format, with the members a log reader wants beside it. */
export interface Counted {
  readonly application: string;
  readonly environment: string;
  /** Without an epoch the counts go to the environment only. */
  readonly epoch?: Digest;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly counts: Partial<Record<MetricName, number>>;
  /** Further members of the log line; they are no dimensions. */
  readonly also?: Readonly<Record<string, unknown>>;
}

/**
 * The log line that CloudWatch turns into metrics: once by application and environment, and once more by epoch.
 * Alarms need the first, comparing cohorts the second.
 */
export function metricLine(counted: Counted): string {
  const { application, environment, epoch, at, counts, also } = counted;
  const place = ['Application', 'Environment'];
  return JSON.stringify({
    ...also,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{
        Namespace: NAMESPACE,
        Dimensions: epoch === undefined ? [place] : [place, [...place, 'Epoch']],
        Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
      }],
    },
    Application: application,
    Environment: environment,
    ...(epoch === undefined ? {} : { Epoch: epoch }),
    ...counts,
  });
}
