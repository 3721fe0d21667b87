import { variableReferences } from './asl/index.ts';
import { checkEnumeration } from './constraint.ts';
import { redriveObstacle, type Execution } from './execution.ts';
import type { Revision, StateMachine, Version } from './stateMachine.ts';

const METADATA_ONLY = 'METADATA_ONLY';

/** A machine as DescribeStateMachine answers it; `includedData` METADATA_ONLY hides the definition. */
export function describeMachine(machine: StateMachine, includedData?: string): Record<string, unknown> {
  return { stateMachineArn: machine.arn, status: machine.status, type: 'STANDARD', creationDate: machine.creationDate, ...describeRevision(machine, machine.revision, includedData) };
}

/** A version as DescribeStateMachine answers it. */
export function describeVersion(machine: StateMachine, version: Version, includedData?: string): Record<string, unknown> {
  return {
    stateMachineArn: version.arn,
    status: machine.status,
    type: 'STANDARD',
    creationDate: version.creationDate,
    ...(version.description !== undefined && { description: version.description }),
    ...describeRevision(machine, version.revision, includedData),
  };
}

/** What an execution was admitted with, as DescribeStateMachineForExecution answers it. */
export function describeAdmission(execution: Execution, includedData?: string): Record<string, unknown> {
  const { machine, revision } = execution;
  return { stateMachineArn: machine.arn, updateDate: revision.date, ...describeRevision(machine, revision, includedData) };
}

/** An execution as DescribeExecution answers it. */
export function describeExecution(execution: Execution, now: number, includedData?: string): Record<string, unknown> {
  checkIncludedData(includedData);
  const { input, output, error, cause, traceHeader } = execution;
  const obstacle = redriveObstacle(execution, now);
  return {
    ...listExecution(execution),
    ...(includedData !== METADATA_ONLY && {
      input, inputDetails: { included: true },
      ...(output !== undefined && { output, outputDetails: { included: true } }),
      ...(error !== undefined && { error }), ...(cause !== undefined && { cause }),
    }),
    ...(traceHeader !== undefined && { traceHeader }),
    redriveStatus: obstacle === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE',
    ...(obstacle !== undefined && { redriveStatusReason: obstacle }),
  };
}

/** An execution as ListExecutions answers it. */
export function listExecution(execution: Execution): Record<string, unknown> {
  const { arn, name, machine, version, aliasArn, status, startDate, stopDate } = execution;
  return {
    executionArn: arn, stateMachineArn: machine.arn, name, status, startDate,
    ...(stopDate !== undefined && { stopDate }),
    ...(version && { stateMachineVersionArn: version.arn }),
    ...(aliasArn !== undefined && { stateMachineAliasArn: aliasArn }),
    redriveCount: execution.redrives,
    ...(execution.redriveDate !== undefined && { redriveDate: execution.redriveDate }),
  };
}

function describeRevision(machine: StateMachine, { id, source }: Revision, includedData: string | undefined): Record<string, unknown> {
  checkIncludedData(includedData);
  const references = variableReferences(source.definition);
  const hidden = includedData === METADATA_ONLY;
  return {
    name: machine.name,
    definition: hidden ? '{}' : source.definition,
    roleArn: source.roleArn,
    loggingConfiguration: source.logging,
    tracingConfiguration: { enabled: source.tracing },
    encryptionConfiguration: { type: 'AWS_OWNED_KEY' },
    ...(id !== undefined && { revisionId: id }),
    ...(references && !hidden && { variableReferences: references }),
  };
}

function checkIncludedData(includedData: string | undefined): void {
  checkEnumeration(includedData, 'includedData', ['ALL_DATA', METADATA_ONLY]);
}
