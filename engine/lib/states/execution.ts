import type { Cancellation, HistoryEvent, Point } from './asl/index.ts';
import type { Revision, StateMachine, Version } from './stateMachine.ts';

/** How an execution stands. */
export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** An execution, bound to its revision, version and alias for life. */
export interface Execution {
  readonly arn: string;
  readonly name: string;
  /** Rises from one start to the next. */
  readonly ordinal: number;
  readonly machine: StateMachine;
  readonly revision: Revision;
  /** The version it was started on, by its ARN or through an alias. */
  readonly version: Version | undefined;
  /** The ARN of the alias it was started on. */
  readonly aliasArn: string | undefined;
  /** JSON text. */
  readonly input: string;
  readonly traceHeader: string | undefined;
  /** Epoch milliseconds. */
  readonly startDate: number;
  /** Another one after each redrive. */
  cancellation: Cancellation;
  /** Told in the turn of its end. */
  readonly watchers: (() => void)[];
  status: ExecutionStatus;
  stopDate: number | undefined;
  /** JSON text. */
  output: string | undefined;
  error: string | undefined;
  cause: string | undefined;
  /** Undefined once it was dropped in favour of newer ones. */
  events: HistoryEvent[] | undefined;
  /** Where it stood when it ended unsuccessfully; dropped with the events. */
  point: Point | undefined;
  redrives: number;
  /** Epoch milliseconds of the last redrive, and the token it was asked for with. */
  redriveDate: number | undefined;
  redriveToken: string | undefined;
}

const DAY = 86_400_000;
const REDRIVABLE_MS = 14 * DAY;
const KEPT_MS = 90 * DAY;
/** AWS keeps room for the redrive's event and one more. */
const EVENT_LIMIT = 24_999;

/** Whether AWS has forgotten an execution: 90 days after its end it is gone and its name is free. */
export function isForgotten(execution: Execution, now: number): boolean {
  return execution.stopDate !== undefined && execution.stopDate + KEPT_MS <= now;
}

/** Why an execution cannot be redriven, in AWS's words; undefined when AWS would redrive it. */
export function redriveObstacle(execution: Execution, now: number): string | undefined {
  const { status, stopDate, events } = execution;
  if (status === 'RUNNING' || status === 'SUCCEEDED') return `Execution is ${status} and cannot be redriven`;
  if (stopDate !== undefined && stopDate + REDRIVABLE_MS <= now) return 'Execution redrivable period exceeded';
  if (events !== undefined && events.length >= EVENT_LIMIT) return 'Execution history event limit exceeded';
  return undefined;
}
