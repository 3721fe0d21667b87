#!/usr/bin/env node
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Configuration, Guard, PinnedTask, RolloutDashboard, ShiftPlan, Workflow } from 'sluice/constructs';

/** The reference app, which `cdk deploy` deploys and the rehearsal plays on: an order is reserved, charged and shipped. */
const stack = new Stack(new App(), 'Orders');
const configuration = new Configuration(stack, 'orders', { directory: 'examples/orders/config' });
// The judge sees what the new configuration does to its own executions; the alarm is the net below it, and takes its time.
const production = configuration.addEnvironment('production', { guards: [Guard.failedExecutions({ evaluationPeriods: 5, datapointsToAlarm: 3 })] });

/** For comparison only, `-c unpinned=true`: tasks read whatever the agent serves. */
const unpinned = stack.node.tryGetContext('unpinned') === 'true';
/** `-c version=2`: the workflow's next version, whose charge is wrong; the rehearsal's last chapter shifts to it, and back. */
const hasty = stack.node.tryGetContext('version') === '2';
const [reserve, charge, ship] = ['Reserve', 'Charge', 'Ship'].map((name) => {
  const code = Code.fromAsset(`dist/examples/orders/functions/${hasty && name === 'Charge' ? 'chargeHastily' : name.toLowerCase()}`);
  const lambdaFunction = new LambdaFunction(stack, `${name}Function`, {
    code, handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(10), environment: unpinned ? { UNPINNED: '1' } : {},
  });
  production.addReader(lambdaFunction, { sources: [unpinned ? 'agent' : 'store'] });
  return new PinnedTask(stack, name, { lambdaFunction, resultPath: { Reserve: '$.reserved', Charge: '$.charged', Ship: '$.shipped' }[name]! });
}) as [PinnedTask, PinnedTask, PinnedTask];
for (const task of [charge, ship]) task.addRetry({ errors: ['PartnerError'], maxAttempts: 2 });

const workflow = new Workflow(stack, 'Workflow', { environment: production, definition: reserve.next(charge).next(ship), shift: ShiftPlan.canary() });
new RolloutDashboard(stack, 'Dashboard', { environment: production, workflows: [workflow] });
new CfnOutput(stack, 'AliasArn', { value: workflow.aliasArn });
new CfnOutput(stack, 'StoreName', { value: production.store.bucketName });
new CfnOutput(stack, 'AlarmName', { value: production.alarm.alarmName });
