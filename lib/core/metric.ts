import type { Digest } from './digest.ts';

/** The CloudWatch namespace of Sluice's own metrics. */
export const NAMESPACE = 'Sluice';

/** What is counted of executions; docs/handlers.md says when. */
export type ExecutionMetric = 'ExecutionsStarted' | 'ExecutionsSettled' | 'ExecutionsFailed' | 'ExecutionsTimedOut' | 'ExecutionsSlow' | 'ExecutionsLate' | 'ExecutionsMoved' | 'ExecutionsRecalled';

/** What is counted of deployments, as AppConfig tells of them. */
export type RolloutMetric = 'RolloutsBegun' | 'RolloutsCompleted' | 'RolloutsRolledBack';

/** What is counted. */
export type MetricName = ExecutionMetric | RolloutMetric | 'RollbacksDecided' | 'RollbacksJudged' | 'JudgeBlind' | 'Drifted';

/** Which version of which workflow something ran on; counted for workflows that shift only, since each version is a metric more. */
export interface WorkflowVersion {
  /** The state machine's name. */
  readonly workflow: string;
  /** The version's number, as text. */
  readonly workflowVersion: string;
}

/** One line of CloudWatch's embedded metric format, with the members a log reader wants beside it. */
export interface Counted {
  readonly application: string;
  readonly environment: string;
  /** Without an epoch the counts go to the environment only. */
  readonly epoch?: Digest;
  /** The counts go to this version of a workflow. */
  readonly of?: WorkflowVersion;
  /** The counts go to epoch and version only, since the environment has had them at another instant. @default false */
  readonly cohortOnly?: boolean;
  /** Epoch milliseconds. */
  readonly at: number;
  readonly counts: Partial<Record<MetricName, number>>;
  /** Further members of the log line; they are no dimensions. */
  readonly also?: Readonly<Record<string, unknown>>;
}

/**
 * The log line that CloudWatch turns into metrics: by application and environment, by epoch, and by version of a workflow.
 * Alarms need the first, comparing cohorts the others.
 */
export function metricLine(counted: Counted): string {
  const { application, environment, epoch, of, cohortOnly = false, at, counts, also } = counted;
  const place = ['Application', 'Environment'];
  return JSON.stringify({
    ...also,
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{
        Namespace: NAMESPACE,
        Dimensions: [
          ...(cohortOnly ? [] : [place]),
          ...(epoch === undefined ? [] : [[...place, 'Epoch']]),
          ...(of === undefined ? [] : [[...place, 'Workflow', 'WorkflowVersion']]),
        ],
        Metrics: Object.keys(counts).map((Name) => ({ Name, Unit: 'Count' })),
      }],
    },
    Application: application,
    Environment: environment,
    ...(epoch === undefined ? {} : { Epoch: epoch }),
    ...(of === undefined ? {} : { Workflow: of.workflow, WorkflowVersion: of.workflowVersion }),
    ...counts,
  });
}
