import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  CreateStateMachineAliasCommand, DescribeStateMachineAliasCommand, SFNClient, StartExecutionCommand, StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { App, Stack } from 'aws-cdk-lib';
import { DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { deployAssembly } from 'sluice-engine';
import { WorkflowAlias } from '../../lib/constructs/index.ts';
import type { Deployed } from '../constructs/deployed.ts';
import { silent } from './environment.ts';
import type { Template } from './mutation.ts';
import type { Step } from './play.ts';
import { publish, versionsOf } from './shifting.ts';

const [NAME, MACHINE] = ['pruned', 'StateMachine2'];

/** A state machine that shifts nothing, of which the two newest versions are kept. */
export function pruned(outdir: string): void {
  const stack = new Stack(new App({ outdir, treeMetadata: false, analyticsReporting: false }), 'Pruned');
  const stateMachine = new StateMachine(stack, 'StateMachine', { stateMachineName: NAME, comment: 'version 1', definitionBody: DefinitionBody.fromChainable(new Pass(stack, 'Work')) });
  const { node } = new WorkflowAlias(stack, 'Alias', { stateMachine, retainedVersions: 2 });
  (node.root as App).synth();
}

/** The life of its versions, as short as it may be while every grant is needed once. `folder` holds the assembly that is played. */
export function pruningSteps(folder: () => string): readonly Step[] {
  let execution = '';
  return [
    ['versions are published, of which an alias routes to one and one still runs', [1, 2, 3, 4, 5, 6, 7], async (deployed) => {
      const stateMachineArn = deployed.resource(MACHINE);
      await publish(deployed, stateMachineArn, 6);
      await deployed.client(SFNClient).send(new CreateStateMachineAliasCommand({ name: 'other', routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:3`, weight: 100 }] }));
      execution = (await deployed.client(SFNClient).send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}:4`, input: '{}' }))).executionArn!;
      return versionsOf(deployed, MACHINE);
    }],
    ['those that nothing needs are deleted when the stack is done', [[3, 4, 7, 8], 8], async (deployed) => {
      await update(deployed, folder(), 2);
      return [await versionsOf(deployed, MACHINE), await live(deployed)];
    }],
    // Of 9 the stack knows no more, but it is one of the newest two. 4 runs no longer.
    ['one that was needed goes when the stack is done again, though it failed; the one that it went back to stays', ['UPDATE_ROLLBACK_COMPLETE', [3, 8, 9], 8], async (deployed) => {
      await deployed.client(SFNClient).send(new StopExecutionCommand({ executionArn: execution }));
      await update(deployed, folder(), 3, { Type: 'AWS::StepFunctions::StateMachineAlias', DependsOn: logicalId(deployed, /^Alias(?!Version)/), Properties: { Name: 'none', RoutingConfiguration: [] } });
      const { Stacks = [] } = await deployed.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: deployed.stack.name }));
      return [Stacks[0]?.StackStatus, await versionsOf(deployed, MACHINE), await live(deployed)];
    }],
    ['what ran on one that is gone can be played again all the same', true, async (deployed) => {
      const [recorded] = await deployed.recorded();
      const [past] = await recorded.recent(deployed.resource(MACHINE), 1);
      return past?.version?.endsWith(':4') && (await recorded.definitionOf(past)).includes('100002');
    }],
    ['what was denied is tried again', [[3, 8, 9, 10], [3, 9, 10]], async (deployed) => {
      const [iam, denial] = [deployed.client(IAMClient), { RoleName: deployed.resource('PruningHandlerRole'), PolicyName: 'denied' }];
      await iam.send(new PutRolePolicyCommand({ ...denial, PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 'states:DeleteStateMachineVersion', Resource: '*' }] }) }));
      await update(deployed, folder(), 4);
      const before = await versionsOf(deployed, MACHINE);
      await iam.send(new DeleteRolePolicyCommand(denial));
      await deployed.sleep(2);
      return [before, await versionsOf(deployed, MACHINE)];
    }],
    ['it is counted', { VersionsPruned: 7, VersionsLeft: 3 }, async (deployed) => ({ VersionsPruned: await counted(deployed, 'VersionsPruned', 'Sum'), VersionsLeft: await counted(deployed, 'VersionsLeft', 'Minimum') })],
    ['the function writes logs', [], (deployed) => silent(deployed, [])],
    ['the stack goes with its versions, deleted or not', 'DELETE_COMPLETE', async (deployed) => {
      const stacks = deployed.client(CloudFormationClient);
      await stacks.send(new DeleteStackCommand({ StackName: deployed.stack.name }));
      await deployed.sleep(5);
      return (await stacks.send(new DescribeStacksCommand({ StackName: deployed.stack.id }))).Stacks?.[0]?.StackStatus;
    }],
  ];
}

/** Deploys the stack with another version of the definition, and with a resource more; lets whoever hears of its end act. */
async function update(deployed: Deployed, folder: string, version: number, more?: Template['Resources'][string]): Promise<void> {
  const copy = mkdtempSync(join(tmpdir(), 'sluice-pruned-'));
  cpSync(folder, copy, { recursive: true });
  const path = join(copy, `${deployed.stack.name}.template.json`);
  const template = JSON.parse(readFileSync(path, 'utf8').replace('version 1', `version ${version}`)) as Template;
  writeFileSync(path, JSON.stringify(more === undefined ? template : { ...template, Resources: { ...template.Resources, More: more } }));
  await deployed.park(() => deployAssembly(deployed.engine, copy)).catch((error: unknown) => { if (more === undefined) throw error; });
  await deployed.sleep(0.1);
}

/** The number of the version that the stack's alias routes to. */
async function live(deployed: Deployed): Promise<number> {
  const { routingConfiguration = [] } = await deployed.client(SFNClient).send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: `${deployed.resource(MACHINE)}:live` }));
  return Number(routingConfiguration[0]?.stateMachineVersionArn?.split(':').at(-1));
}

function logicalId(deployed: Deployed, pattern: RegExp): string {
  return Object.keys(deployed.stack.resources).find((id) => pattern.test(id))!;
}

async function counted(deployed: Deployed, MetricName: string, statistic: 'Sum' | 'Minimum'): Promise<number | undefined> {
  const now = deployed.engine.clock.now();
  const { Datapoints = [] } = await deployed.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
    Namespace: 'Sluice', MetricName, Dimensions: [{ Name: 'Workflow', Value: NAME }], StartTime: new Date(now - 3_600_000), EndTime: new Date(now), Period: 3600, Statistics: [statistic],
  }));
  return Datapoints[0]?.[statistic];
}
