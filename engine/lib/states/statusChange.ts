import { redriveObstacle, type Execution } from './execution.ts';

/** EventBridge takes no more data of an execution; what is longer is left out and said to be. */
const DATA_LIMIT = 248 * 1024;

/** The event EventBridge's default bus gets when an execution starts and when it ends. */
export function statusChange(execution: Execution, now: number): { readonly source: string; readonly detailType: string; readonly resources: readonly string[]; readonly detail: unknown } {
  return { source: 'aws.states', detailType: 'Step Functions Execution Status Change', resources: [execution.arn], detail: detail(execution, now) };
}

/** Dates are epoch milliseconds, and what there is not is null. */
function detail(execution: Execution, now: number): Record<string, unknown> {
  const { input, output } = execution;
  const outputLength = output === undefined ? 0 : escapedLength(output);
  const outputIncluded = outputLength <= DATA_LIMIT;
  const inputIncluded = escapedLength(input) + outputLength <= DATA_LIMIT;
  const obstacle = redriveObstacle(execution, now);
  return {
    executionArn: execution.arn,
    stateMachineArn: execution.machine.arn,
    stateMachineVersionArn: execution.version?.arn ?? null,
    stateMachineAliasArn: execution.aliasArn ?? null,
    name: execution.name,
    status: execution.status,
    startDate: execution.startDate,
    stopDate: execution.stopDate ?? null,
    input: inputIncluded ? input : null,
    output: output !== undefined && outputIncluded ? output : null,
    error: execution.error ?? null,
    cause: execution.cause ?? null,
    inputDetails: { included: inputIncluded },
    outputDetails: output === undefined ? null : { included: outputIncluded },
    redriveCount: execution.redrives,
    redriveDate: execution.redriveDate ?? null,
    redriveStatus: obstacle === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    redriveStatusReason: obstacle ?? null,
  };
}

/** Bytes of a text inside a JSON string; an escape is at most six of them, so that most texts need not be written out. */
function escapedLength(text: string): number {
  return text.length * 6 <= DATA_LIMIT / 2 ? text.length : Buffer.byteLength(JSON.stringify(text)) - 2;
}
