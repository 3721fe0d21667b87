import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { HistoryEvent } from './asl/index.ts';
import { checkEnumeration, checkLength } from './constraint.ts';
import { describeAdmission, describeExecution, listExecution } from './description.ts';
import { isForgotten, type Execution } from './execution.ts';
import type { Executions, StartRequest } from './executions.ts';
import type { Machines } from './machines.ts';
import { pageOf, type PageRequest } from './page.ts';
import { invalid, noResource, noVersion, refusal, unbuilt } from './refusal.ts';

interface ExecutionInput {
  readonly executionArn: string;
  readonly includedData?: string;
}

interface StopInput extends ExecutionInput {
  readonly error?: string;
  readonly cause?: string;
}

interface RedriveInput extends ExecutionInput {
  readonly clientToken?: string;
}

interface ListInput extends PageRequest {
  readonly stateMachineArn?: string;
  readonly mapRunArn?: string;
  readonly statusFilter?: string;
  readonly redriveFilter?: string;
}

interface HistoryInput extends ExecutionInput, PageRequest {
  readonly reverseOrder?: boolean;
  /** @default true */
  readonly includeExecutionData?: boolean;
}

/** In the order AWS names them in. */
const STATUSES = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];
/** Members of event details that hold an execution's data. */
const DATA = ['input', 'output', 'parameters', 'assignedVariables'];

/** Executions: started, stopped, described, listed, with their histories. */
export function executionOperations(house: House, machines: Machines, executions: Executions): Service['operations'] {
  const { kernel } = house;
  return {
    StartExecution(input: StartRequest) {
      const { arn, startDate } = executions.start(input);
      return { executionArn: arn, startDate };
    },
    StopExecution({ executionArn, error, cause }: StopInput) {
      if (error !== undefined) checkLength(error, 'error', 0, 256, true);
      if (cause !== undefined) checkLength(cause, 'cause', 0, 32_768, true);
      return { stopDate: executions.stop(executions.find(executionArn), error, cause) };
    },
    RedriveExecution: ({ executionArn, clientToken }: RedriveInput) => ({ redriveDate: executions.redrive(executions.find(executionArn), clientToken) }),
    DescribeExecution: ({ executionArn, includedData }: ExecutionInput) => describeExecution(executions.find(executionArn), kernel.now(), includedData),
    DescribeStateMachineForExecution: ({ executionArn, includedData }: ExecutionInput) => describeAdmission(executions.find(executionArn), includedData),
    ListExecutions: (input: ListInput) => list(machines, input, kernel.now()),
    GetExecutionHistory: (input: HistoryInput) => history(executions.find(input.executionArn), input, house.settings.states.historyBytes),
  };
}

function list(machines: Machines, input: ListInput, now: number): Record<string, unknown> {
  if (input.mapRunArn !== undefined) throw unbuilt('map runs');
  if (input.stateMachineArn === undefined) throw invalid('Must specify either stateMachineArn or mapRunArn, but not both');
  checkEnumeration(input.statusFilter, 'statusFilter', STATUSES);
  checkEnumeration(input.redriveFilter, 'redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']);
  const { machine, address: { qualifier } } = machines.owner(input.stateMachineArn);
  const number = qualifier !== undefined && /^\d+$/.test(qualifier) ? Number(qualifier) : undefined;
  // A deleted version still lists what it was started on; an alias must be there.
  if (number !== undefined && (number < 1 || number > machine.lastVersion)) throw noVersion(input.stateMachineArn);
  if (qualifier !== undefined && number === undefined && !machine.aliases.has(qualifier)) throw noResource(input.stateMachineArn);
  const bound = (each: Execution): boolean => qualifier === undefined || (number === undefined ? each.aliasArn : each.version?.arn) === input.stateMachineArn;
  const redriven = (each: Execution): boolean => input.redriveFilter === undefined || (input.redriveFilter === 'REDRIVEN') === each.redrives > 0;
  const matches = (each: Execution): boolean => bound(each) && redriven(each) && (input.statusFilter === undefined || each.status === input.statusFilter) && !isForgotten(each, now);
  const newestFirst = [...machine.executions.values()].filter(matches).reverse();
  const { items, nextToken } = pageOf(`executions of ${input.stateMachineArn} ${input.statusFilter ?? ''}`, newestFirst, input, ({ ordinal }) => -ordinal);
  return { executions: items.map((each) => listExecution(each)), ...(nextToken !== undefined && { nextToken }) };
}

function history(execution: Execution, input: HistoryInput, kept: number): Record<string, unknown> {
  const { arn, events } = execution;
  if (!events) throw refusal('ExecutionDoesNotExist', `The history of ${arn} was dropped: this engine keeps about ${kept} bytes of the newest; raise the setting states.historyBytes to keep more`);
  const { items, nextToken } = input.reverseOrder ? pageOf(`events of ${arn}, reversed`, events.toReversed(), input, ({ id }) => -id) : pageOf(`events of ${arn}`, events, input, ({ id }) => id);
  return { events: input.includeExecutionData === false ? items.map((event) => withoutData(event)) : items, ...(nextToken !== undefined && { nextToken }) };
}

function withoutData(event: HistoryEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).map(([key, value]) => [key, isDetails(value) ? Object.fromEntries(Object.entries(value).filter(([member]) => !DATA.includes(member))) : value]));
}

function isDetails(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
