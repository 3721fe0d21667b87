import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { ListExecutionsCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../rig.ts';
import { BASE, FAIL, pass, ROLE, startStage, wait, type Stage } from './stage.ts';

/** The details of the status-change events a function was invoked with, in order; they come by way of its log. */
async function listen(stage: Stage): Promise<() => Promise<Record<string, unknown>[]>> {
  const bridge = stage.rig.client(EventBridgeClient);
  const { FunctionArn } = await stage.rig.client(LambdaClient).send(new CreateFunctionCommand({
    FunctionName: 'ear', Runtime: 'nodejs20.x', Role: ROLE, Handler: 'index.handler', Code: { ZipFile: zipOf('export const handler = async (event) => { console.log("heard " + JSON.stringify(event)); };') },
  }));
  await bridge.send(new PutRuleCommand({ Name: 'changes', EventPattern: JSON.stringify({ source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'] }) }));
  await bridge.send(new PutTargetsCommand({ Rule: 'changes', Targets: [{ Id: 'ear', Arn: FunctionArn }] }));
  return async () => {
    const { events = [] } = await stage.rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/ear', filterPattern: '"heard"' }));
    return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('heard ') + 6)) as Record<string, unknown>);
  };
}

describe('an execution tells', () => {
  it('EventBridge when it starts and how it ends, in epoch milliseconds and with nulls for what there is not', async () => {
    await using stage = await startStage();
    const heard = await listen(stage);
    const machine = await stage.create('orders', wait(5), { publish: true });
    const alias = await stage.alias('live', [`${machine}:1`, 100]);
    const began = stage.rig.engine.clock.now();
    const execution = await stage.start(alias, { name: 'one', input: '{"a":1}' });
    await stage.rig.advance(10_000);
    await stage.start(await stage.create('failing', FAIL), { name: 'two' });
    await stage.rig.advance(10_000);

    const events = await heard();
    const nothing = { stopDate: null, output: null, outputDetails: null, error: null, cause: null, redriveDate: null };
    const shared = {
      executionArn: execution, stateMachineArn: machine, stateMachineVersionArn: `${machine}:1`, stateMachineAliasArn: alias, name: 'one', startDate: began, input: '{"a":1}', inputDetails: { included: true },
      redriveCount: 0, redriveStatus: 'NOT_REDRIVABLE',
    };
    expect(events[0]).toMatchObject({ source: 'aws.states', account: '000000000000', region: 'us-east-1', resources: [execution] });
    expect(events.map(({ detail }) => detail).slice(0, 2)).toEqual([
      { ...shared, ...nothing, status: 'RUNNING', redriveStatusReason: 'Execution is RUNNING and cannot be redriven' },
      { ...shared, ...nothing, status: 'SUCCEEDED', stopDate: began + 5000, output: '{"a":1}', outputDetails: { included: true }, redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven' },
    ]);
    const ends = events.map(({ detail }) => detail as { name: string; status: string }).filter(({ name }) => name === 'two');
    expect(ends.map(({ status }) => status).sort()).toEqual(['FAILED', 'RUNNING']);
    expect(ends.find(({ status }) => status === 'FAILED')).toMatchObject({ stateMachineVersionArn: null, stateMachineAliasArn: null, output: null, error: 'Orders.Bad', cause: 'as told', redriveStatus: 'REDRIVABLE', redriveStatusReason: null });
  });

  it('EventBridge nothing of data that is too long for an event', async () => {
    await using stage = await startStage();
    const heard = await listen(stage);
    const long = JSON.stringify('x'.repeat(130_000));
    await stage.start(await stage.create('long', JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', End: true } } })), { input: long });
    await stage.rig.advance(10_000);

    const end = (await heard()).map(({ detail }) => detail as Record<string, unknown>).find(({ status }) => status === 'SUCCEEDED');
    expect(end).toMatchObject({ input: null, inputDetails: { included: false }, output: long, outputDetails: { included: true } });
  });

  it('CloudWatch its start and its end in two points each, zeros included', async () => {
    await using stage = await startStage();
    const machine = await stage.create('m', wait(1));
    await stage.start(machine);
    await stage.start(machine);
    const third = await stage.start(machine);
    await stage.sfn.send(new StopExecutionCommand({ executionArn: third }));
    await stage.rig.advance(60_000);
    const statistics = async (MetricName: string) => {
      const now = stage.rig.engine.clock.now();
      const { Datapoints } = await stage.rig.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
        Namespace: 'AWS/States', MetricName, Dimensions: [{ Name: 'StateMachineArn', Value: machine }], StartTime: new Date(now - 3_600_000), EndTime: new Date(now), Period: 3600, Statistics: ['SampleCount', 'Sum', 'Maximum'],
      }));
      return [Datapoints?.[0]?.SampleCount, Datapoints?.[0]?.Sum, Datapoints?.[0]?.Maximum];
    };

    expect(await statistics('ExecutionsStarted')).toEqual([6, 3, 1]);
    expect(await statistics('ExecutionsSucceeded')).toEqual([6, 2, 1]);
    expect(await statistics('ExecutionsAborted')).toEqual([6, 1, 1]);
    expect(await statistics('ExecutionsFailed')).toEqual([6, 0, 0]);
    expect(await statistics('ExecutionsTimedOut')).toEqual([6, 0, 0]);
    expect(await statistics('ExecutionTime')).toEqual([3, 2000, 1000]);
  });

  it('a log group what its machine\'s level asks for', async () => {
    await using stage = await startStage();
    const logs = stage.rig.client(CloudWatchLogsClient);
    const lines = async (level: 'ALL' | 'ERROR' | 'FATAL' | 'OFF', includeExecutionData: boolean) => {
      const logGroupName = `/states/${level}-${includeExecutionData}`;
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      const destinations = [{ cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:us-east-1:000000000000:log-group:${logGroupName}:*` } }];
      await stage.start(await stage.create(`${level}-${includeExecutionData}`, FAIL, { loggingConfiguration: { level, includeExecutionData, destinations } }), { name: 'e' });
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
      return events.map(({ message = '' }) => JSON.parse(message) as { type: string; details: object });
    };

    const all = await lines('ALL', true);
    expect(all.map(({ type }) => type)).toEqual(['ExecutionStarted', 'FailStateEntered', 'ExecutionFailed']);
    expect(all[0]).toEqual({
      id: '1', type: 'ExecutionStarted', details: { input: '{}', inputDetails: { truncated: false }, roleArn: ROLE }, previous_event_id: '0',
      event_timestamp: String(stage.rig.engine.clock.now()), execution_arn: `${BASE}:execution:ALL-true:e`, redrive_count: '0',
    });
    expect((await lines('ALL', false))[0]?.details).toEqual({ roleArn: ROLE });
    expect((await lines('ERROR', false)).map(({ type }) => type)).toEqual(['FailStateEntered', 'ExecutionFailed']);
    expect((await lines('FATAL', false)).map(({ type }) => type)).toEqual(['ExecutionFailed']);
    expect(await lines('OFF', true)).toEqual([]);
  });

  it('the engine\'s history how it ended, but no cause', async () => {
    await using stage = await startStage();
    const machine = await stage.create('failing', FAIL, { publish: true });
    await stage.start(`${machine}:1`, { name: 'one' });
    await stage.alias('live', [`${machine}:1`, 100]);

    const told = stage.entries.filter(({ kind }) => kind.startsWith('states:')).map(({ kind, subject, detail }) => [kind, subject, detail]);
    expect(told).toEqual([
      ['states:machine', 'failing', { status: 'CREATED' }],
      ['states:version', `${machine}:1`, { status: 'PUBLISHED' }],
      ['states:execution', 'failing:one', { status: 'FAILED', error: 'Orders.Bad', version: 1 }],
      ['states:alias', `${machine}:live`, { status: 'CREATED', routes: [[1, 100]] }],
    ]);
  });
});

it('a rule starts executions of its target, each with the event as input', async () => {
  await using stage = await startStage();
  const machine = await stage.create('started', pass(), { publish: true });
  const alias = await stage.alias('live', [`${machine}:1`, 100]);
  const bridge = stage.rig.client(EventBridgeClient);
  await bridge.send(new PutRuleCommand({ Name: 'starts', EventPattern: '{"source":["shop"]}' }));
  await bridge.send(new PutTargetsCommand({ Rule: 'starts', Targets: [{ Id: 'm', Arn: alias, RoleArn: ROLE, InputPath: '$.detail' }] }));
  await bridge.send(new PutEventsCommand({ Entries: [{ Source: 'shop', DetailType: 'order', Detail: '{"n":7}' }] }));
  await stage.rig.advance(1000);

  const { executions = [] } = await stage.sfn.send(new ListExecutionsCommand({ stateMachineArn: alias }));
  expect(await Promise.all(executions.map(async ({ executionArn }) => (await stage.describe(executionArn!)).input))).toEqual(['{"n":7}']);
});
