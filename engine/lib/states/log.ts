import type { House } from '../ports.ts';
import type { HistoryEvent } from './asl/index.ts';
import type { Execution } from './execution.ts';

/** Members of details that hold what an execution works on. */
const DATA = ['input', 'inputDetails', 'output', 'outputDetails', 'parameters', 'assignedVariables', 'assignedVariablesDetails'];

/**
 * What writes an execution's events to the log group its machine names, as AWS's log lines have them; undefined when it
 * names none. ERROR takes failures, FATAL only those that end the execution. A group that is not there is made.
 */
export function logOf(house: House, execution: Execution): ((event: HistoryEvent) => void) | undefined {
  const { level = 'OFF', includeExecutionData = false, destinations = [] } = execution.revision.source.logging;
  const group = /:log-group:([^:]+)/.exec(destinations[0]?.cloudWatchLogsLogGroup?.logGroupArn ?? '')?.[1];
  if (level === 'OFF' || group === undefined) return undefined;
  const stamp = new Date(execution.startDate).toISOString().slice(0, 16).replace(/[T:]/g, '-');
  const stream = `states/${execution.machine.name}/${stamp}/${house.draws.id(`states:log:${execution.arn}`, 8)}`;
  return (event) => {
    if (wanted(level, event.type)) house.ports.logs.append(group, stream, [{ timestamp: event.timestamp, message: line(execution, event, includeExecutionData) }]);
  };
}

function wanted(level: string, type: string): boolean {
  if (level === 'ALL') return true;
  return level === 'FATAL' ? /^Execution(?:Failed|Aborted|TimedOut)$/.test(type) : /(?:Failed|Aborted|TimedOut)$|^FailStateEntered$/.test(type);
}

function line(execution: Execution, { id, type, timestamp, previousEventId, ...rest }: HistoryEvent, withData: boolean): string {
  const details = Object.entries(Object.values(rest)[0] ?? {}).filter(([member]) => withData || !DATA.includes(member));
  return JSON.stringify({
    id: String(id), type, details: Object.fromEntries(details), previous_event_id: String(previousEventId),
    event_timestamp: String(timestamp), execution_arn: execution.arn, redrive_count: String(execution.redrives),
  });
}
