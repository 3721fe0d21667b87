import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Wait, WaitTime } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  Configuration, OnRolledBack, PermissionSets, PinnedExecution, PinnedTask, RolloutPlan, SafePoint, Workflow, WorkflowTarget, type ConfigurationEnvironment,
} from '../../lib/constructs/index.ts';
import type { Deployed } from '../constructs/deployed.ts';
import type { Step } from './play.ts';

/** All that the reference app leaves out: a customer's key, a store that goes, a parent with its child, an event that starts it, and people. */
export function whole(outdir: string): void {
  const app = new App({ outdir, treeMetadata: false, analyticsReporting: false });
  const stack = new Stack(app, 'Whole');
  const encryptionKey = new Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY });
  const configuration = new Configuration(stack, 'orders', { directory: 'examples/orders/config', encryptionKey });
  const environment = configuration.addEnvironment('production', { removalPolicy: RemovalPolicy.DESTROY, plan: RolloutPlan.LINEAR_50_PERCENT_EVERY_30_SECONDS });
  const ship = new LambdaFunction(stack, 'ShipFunction', { code: Code.fromAsset('dist/examples/orders/functions/ship'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(10) });
  environment.addReader(ship, { sources: ['store'] });
  const rest = new Wait(stack, 'Rest', { time: WaitTime.secondsPath('$.order.rest') });
  const child = new Workflow(stack, 'Child', { environment, carriesPin: true, definition: rest.next(new PinnedTask(stack, 'Ship', { lambdaFunction: ship })) });
  const parent = new Workflow(stack, 'Parent', { environment, definition: new PinnedExecution(stack, 'Deliver', { alias: child.alias, input: { 'order.$': '$.order' } }) });
  new Rule(stack, 'Placed', { eventPattern: { source: ['shop'] }, targets: [new WorkflowTarget(parent.alias, { input: RuleTargetInput.fromObject({ order: EventField.fromPath('$.detail') }) })] });
  recalled(stack, environment, ship);
  const sets = new PermissionSets(stack, 'Sets', { environment });
  const person = (name: string): Role => {
    const role = new Role(stack, name, { assumedBy: new AccountPrincipal(stack.account) });
    new CfnOutput(stack, `${name}Arn`, { value: role.roleArn });
    return role;
  };
  for (const name of ['reader', 'releaser', 'approver', 'operator'] as const) person(name).addManagedPolicy(sets[name]);
  parent.grantStartExecution(person('starter'));
  new CfnOutput(stack, 'AliasArn', { value: parent.aliasArn });
  new CfnOutput(stack, 'ChildArn', { value: child.aliasArn });
  new CfnOutput(stack, 'StoreName', { value: environment.store.bucketName });
  new CfnOutput(stack, 'AlarmName', { value: environment.alarm.alarmName });
  app.synth();
}

/** A workflow whose executions fail when their epoch is rolled back, and one whose executions move. */
function recalled(stack: Stack, environment: ConfigurationEnvironment, lambdaFunction: LambdaFunction): void {
  for (const [name, onRolledBack] of [['Recalled', OnRolledBack.fail()], ['Moving', OnRolledBack.moveAtSafePoints()]] as const) {
    const scope = new Construct(stack, name);
    const rest = new Wait(scope, `${name}Rest`, { time: WaitTime.secondsPath('$.order.rest') });
    const task = new PinnedTask(scope, `${name}Ship`, { lambdaFunction, resultPath: '$.ship' });
    const { aliasArn } = new Workflow(scope, 'Workflow', { environment, onRolledBack, definition: rest.next(name === 'Recalled' ? task : new SafePoint(scope, 'Rested', { environment }).next(task)) });
    new CfnOutput(stack, `${name}Arn`, { value: aliasArn });
  }
}

/** Parents, children and who starts them. */
export const WORKFLOWS: readonly Step[] = [
  ['an event starts a parent, whose child reads the parent\'s epoch', ['SUCCEEDED', true], async (deployed) => {
    await deployed.client(EventBridgeClient).send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'Placed', Detail: JSON.stringify({ id: 'event', items: 1, region: 'eu', rest: 0 }) }] }));
    await deployed.sleep(1);
    const { executions: [execution] = [] } = await deployed.client(SFNClient).send(new ListExecutionsCommand({ stateMachineArn: deployed.stack.outputs['AliasArn']! }));
    const { status, output = '{}' } = await deployed.client(SFNClient).send(new DescribeExecutionCommand({ executionArn: execution?.executionArn }));
    const { pin, deliver } = JSON.parse(output) as { pin?: { digest: string }; deliver?: { Output: { pin: unknown; ship: { read: string } } } };
    return [status, pin !== undefined && JSON.stringify(deliver?.Output.pin) === JSON.stringify(pin) && deliver?.Output.ship.read === pin.digest];
  }],
  ['whoever was granted it starts a parent, on its alias alone', ['AccessDeniedException', 'SUCCEEDED'], async (deployed) => {
    const { Credentials } = await deployed.client(STSClient).send(new AssumeRoleCommand({ RoleArn: deployed.stack.outputs['starterArn']!, RoleSessionName: 'starter' }));
    const person = deployed.as({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
    const aliasArn = deployed.stack.outputs['AliasArn']!;
    const unqualified = await start(person, aliasArn.slice(0, aliasArn.lastIndexOf(':'))).catch((error: unknown) => (error as Error).name);
    const executionArn = await start(person, aliasArn);
    await deployed.sleep(1);
    return [unqualified, (await deployed.client(SFNClient).send(new DescribeExecutionCommand({ executionArn }))).status];
  }],
  ['a parent that is stopped stops its child', ['ABORTED', 'ABORTED'], async (deployed) => {
    const sfn = deployed.client(SFNClient);
    const executionArn = await start(deployed, deployed.stack.outputs['AliasArn']!, 600);
    await deployed.sleep(1);
    await sfn.send(new StopExecutionCommand({ executionArn }));
    await deployed.sleep(1);
    const { executions: [child] = [] } = await sfn.send(new ListExecutionsCommand({ stateMachineArn: deployed.stack.outputs['ChildArn']! }));
    return [(await sfn.send(new DescribeExecutionCommand({ executionArn }))).status, child?.status];
  }],
];

async function start(person: Deployed, stateMachineArn: string, rest: number = 0): Promise<string | undefined> {
  return (await person.client(SFNClient).send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify({ order: { id: 'granted', items: 1, region: 'eu', rest } }) }))).executionArn;
}
