import type { House } from '../../ports.ts';
import { textOf, type ActionTable, type Asked } from './table.ts';

const MACHINE = '{Machine}';
const EXECUTION = '{executionArn}';

/** Step Functions. A version or alias is its machine's unqualified ARN, its qualifier the key states:StateMachineQualifier. */
export function statesActions(house: House): ActionTable {
  return {
    prefix: 'states',
    base: `arn:aws:states:${house.region}:${house.account}:`,
    values: ({ input }) => ({ Machine: machineOf(input).machine, Published: input['publish'] === true ? machineOf(input).machine : undefined }),
    context: ({ input }) => {
      const { qualifier } = machineOf(input);
      return qualifier === undefined ? {} : { 'states:statemachinequalifier': qualifier };
    },
    passes: { service: 'states.amazonaws.com', operations: ['CreateStateMachine', 'UpdateStateMachine', 'TestState'] },
    rules: {
      CreateStateMachine: ['stateMachine:{name}', 'PublishStateMachineVersion {Published?}'], UpdateStateMachine: [MACHINE, 'PublishStateMachineVersion {Published?}'],
      DescribeStateMachine: MACHINE, DeleteStateMachine: MACHINE, ListStateMachines: '*', ValidateStateMachineDefinition: '*', TestState: '*',
      PublishStateMachineVersion: MACHINE, DeleteStateMachineVersion: MACHINE, ListStateMachineVersions: MACHINE,
      CreateStateMachineAlias: MACHINE, UpdateStateMachineAlias: MACHINE, DescribeStateMachineAlias: MACHINE, DeleteStateMachineAlias: MACHINE, ListStateMachineAliases: MACHINE,
      StartExecution: MACHINE, StartSyncExecution: MACHINE, ListExecutions: MACHINE,
      DescribeExecution: EXECUTION, StopExecution: EXECUTION, RedriveExecution: EXECUTION, GetExecutionHistory: EXECUTION, DescribeStateMachineForExecution: EXECUTION,
      SendTaskSuccess: '*', SendTaskFailure: '*', SendTaskHeartbeat: '*', GetActivityTask: '{activityArn}', DescribeMapRun: '{mapRunArn}', ListMapRuns: EXECUTION, UpdateMapRun: '{mapRunArn}',
      TagResource: '{resourceArn}', UntagResource: '{resourceArn}', ListTagsForResource: '{resourceArn}',
    },
  };
}

/** The unqualified machine a call is about, and its qualifier. */
function machineOf(input: Asked['input']): { readonly machine?: string; readonly qualifier?: string } {
  const arn = textOf(input, 'stateMachineArn') ?? textOf(input, 'stateMachineAliasArn') ?? textOf(input, 'stateMachineVersionArn') ?? routed(input);
  if (arn === undefined) return textOf(input, 'name') === undefined ? {} : { machine: `stateMachine:${textOf(input, 'name')}` };
  return qualifiedMachine(arn);
}

function routed(input: Asked['input']): string | undefined {
  const routes = input['routingConfiguration'] as readonly { readonly stateMachineVersionArn?: string }[] | undefined;
  return routes?.[0]?.stateMachineVersionArn;
}

/** A machine's ARN taken apart. */
export function qualifiedMachine(arn: string): { readonly machine: string; readonly qualifier?: string } {
  const parts = arn.split(':');
  return parts.length > 7 ? { machine: parts.slice(0, 7).join(':'), qualifier: parts.slice(7).join(':') } : { machine: arn };
}
