import { Duration, Names, Stack } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { DefinitionBody, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { acknowledge } from './acknowledgement.ts';
import { executionsOf, WorkflowAlias } from './alias.ts';
import { appConfigArn } from './arn.ts';
import { Handler } from './handler.ts';
import { PRUNING } from './pruning.ts';
import { permit, type Permit } from './permit.ts';
import { invokePermit, publishedVersion } from './pinnedTask.ts';
import type { Place } from './place.ts';
import { controllerDefinition } from './shiftDefinition.ts';

const CHOICE = 'Step Functions keeps the history of each shift for 90 days, and the store keeps its record.';

/**
 * What shifts the workflows of one environment in one stack: a state machine that looks, asks its function and updates the alias; that
 * function; and the one that tells a stack where an alias is. Its own versions take over at once, and a shift that is under way ends on the version
 * it began on.
 */
export class Shifting extends Construct {
  /** What the controller is started on. */
  readonly alias: WorkflowAlias;
  /** The ARN of the controller's state machine, by its name. */
  readonly stateMachineArn: string;
  /** The role the controller looks and moves with. */
  readonly role: Role;
  /** Decides each look, and deletes versions that nothing needs. */
  readonly decide: Handler;
  /** Tells a stack where an alias routes to. */
  readonly route: Handler;

  constructor(scope: Construct, id: string, place: Place, promptness: Readonly<Record<string, string>>) {
    super(scope, id);
    const name = Names.uniqueResourceName(this, { maxLength: 80, separator: '-', allowedSpecialCharacters: '-_' });
    const names = `${place.applicationName}/${place.environmentName}`;
    this.route = new Handler(this, 'Route', {
      handler: 'shift-route', description: `Tells where the aliases of workflows in ${names} route to`,
      environment: {}, timeout: Duration.minutes(1), memorySize: 512, permits: [],
    });
    const alarm = place._alarmName();
    const { SLUICE_SETTLE_WITHIN_MS: within = '' } = promptness;
    const decide = this.decide = new Handler(this, 'Decide', {
      handler: 'shift', description: `Decides shifts of workflows in ${names}`,
      environment: {
        SLUICE_STORE: place.store.bucketName, SLUICE_JUDGE: JSON.stringify(place._judgeRules()), SLUICE_SETTLE_WITHIN_MS: within,
        ...(alarm === undefined ? {} : { SLUICE_ALARM: alarm }),
      },
      timeout: Duration.seconds(60), memorySize: 1024,
      permits: permitsOf(this, place, name, alarm !== undefined),
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com'), description: `Shifts workflows of ${names}` });
    const version = publishedVersion(decide.function);
    const machine = new StateMachine(this, 'StateMachine', {
      stateMachineName: name, role: this.role,
      definitionBody: DefinitionBody.fromString(Stack.of(this).toJsonString(controllerDefinition(Stack.of(this).partition, version.functionArn, `${machineArn(this, name)}:live`))),
    });
    for (const rule of ['AwsSolutions-SF1', 'AwsSolutions-SF2']) acknowledge(machine, rule, CHOICE);
    this.alias = new WorkflowAlias(this, 'Alias', { stateMachine: machine, _prunedByShifts: true });
    const again: Permit = { actions: ['states:StartExecution'], on: [machineArn(this, name)], when: { StringEquals: { 'states:StateMachineQualifier': 'live' } } };
    this.alias.node.addDependency(decide, permit(this, 'Invoke', this.role, [invokePermit(decide.function), again]));
    this.stateMachineArn = machineArn(this, name);
  }
}

function machineArn(scope: Construct, name: string): string {
  return executionsOf(scope, name).replace(':execution:', ':stateMachine:').replace(/:\*$/, '');
}

function permitsOf(scope: Construct, { applicationId, environmentId, store, encryptionKey }: Place, name: string, alarmed: boolean): Permit[] {
  const named = 'Records are named by workflow and number, which no stack knows.';
  const records = [store.arnForObjects('shifting/*'), store.arnForObjects('shifts/*')];
  return [
    { actions: ['s3:GetObject'], on: [store.arnForObjects('shifting/*')], wildcard: named },
    { actions: ['s3:PutObject'], on: records, wildcard: named },
    // Without it S3 answers 403 for the record of a workflow that never shifted.
    { actions: ['s3:ListBucket'], on: [store.bucketArn] },
    { actions: ['cloudwatch:GetMetricData'], on: ['*'], wildcard: 'GetMetricData knows no resource.' },
    ...(alarmed ? [{ actions: ['cloudwatch:DescribeAlarms'], on: ['*'], wildcard: 'CloudWatch answers about composite alarms only to who may describe all alarms.' }] : []),
    { actions: ['appconfig:ListDeployments'], on: [appConfigArn(scope, applicationId), appConfigArn(scope, `${applicationId}/environment/${environmentId}`)] },
    { actions: PRUNING, on: [machineArn(scope, name)] },
    { actions: ['states:DescribeExecution'], on: [executionsOf(scope, name)], wildcard: 'Executions are named by Step Functions.' },
    {
      actions: ['events:PutEvents'], on: [Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
      when: { 'ForAllValues:StringEquals': { 'events:source': 'sluice' } },
    },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}
