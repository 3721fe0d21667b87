import type { MetricDatum } from '../ports.ts';
import type { Execution, ExecutionStatus } from './execution.ts';

const ENDS: readonly (readonly [name: string, status: ExecutionStatus])[] = [
  ['ExecutionsSucceeded', 'SUCCEEDED'], ['ExecutionsFailed', 'FAILED'], ['ExecutionsAborted', 'ABORTED'], ['ExecutionsTimedOut', 'TIMED_OUT'],
];

/**
 * What an execution puts into AWS/States at its start and again at its end. AWS writes every count at both instants,
 * zeros included, so a sum is right where a number of samples is not.
 */
export function measurements(execution: Execution): MetricDatum[] {
  const { status, startDate, stopDate } = execution;
  const dimensions = { StateMachineArn: execution.machine.arn };
  const timestamp = stopDate ?? startDate;
  const count = (name: string, value: number): MetricDatum => ({ name, dimensions, timestamp, value, unit: 'Count' });
  const counts = [count('ExecutionsStarted', status === 'RUNNING' ? 1 : 0), ...ENDS.map(([name, end]) => count(name, status === end ? 1 : 0))];
  if (stopDate === undefined) return counts;
  return [...counts, { name: 'ExecutionTime', dimensions, timestamp, value: stopDate - startDate, unit: 'Milliseconds' }];
}
