import { CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmHistoryCommand, DisableAlarmActionsCommand, PutCompositeAlarmCommand, PutMetricAlarmCommand, SetAlarmStateCommand, type StateValue } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRig, zipOf, type Rig } from '../rig.ts';

const ACCOUNT = '000000000000';
const ARN = `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:`;
const FUNCTION = (name: string): string => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;

let rig: Rig;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  rig = await startRig();
  cloudWatch = rig.client(CloudWatchClient);
  for (const name of ['act', 'see']) await listener(name);
  const events = rig.client(EventBridgeClient);
  await events.send(new PutRuleCommand({ Name: 'alarms', EventPattern: JSON.stringify({ source: ['aws.cloudwatch'] }) }));
  await events.send(new PutTargetsCommand({ Rule: 'alarms', Targets: [{ Id: 'see', Arn: FUNCTION('see') }] }));
});
afterEach(async () => { await rig.close(); });

/** A function that logs the event it gets, and that alarms and rules may invoke. */
async function listener(name: string): Promise<void> {
  const lambda = rig.client(LambdaClient);
  await rig.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: `/aws/lambda/${name}` }));
  const code = 'export const handler = async (event) => { console.log("GOT " + JSON.stringify(event)); };';
  await lambda.send(new CreateFunctionCommand({ FunctionName: name, Runtime: 'nodejs22.x', Handler: 'index.handler', Role: `arn:aws:iam::${ACCOUNT}:role/r`, Code: { ZipFile: zipOf(code) } }));
  for (const Principal of ['lambda.alarms.cloudwatch.amazonaws.com', 'events.amazonaws.com']) {
    await lambda.send(new AddPermissionCommand({ FunctionName: name, StatementId: Principal.replace(/\W/g, '-'), Action: 'lambda:InvokeFunction', Principal }));
  }
}

/** What a listener got so far, in order. */
async function got(name: string): Promise<Record<string, unknown>[]> {
  await rig.advance(1000);
  const { events = [] } = await rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${name}`, filterPattern: 'GOT' }));
  return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('GOT ') + 4)) as Record<string, unknown>);
}

async function put(more: object = {}): Promise<void> {
  await cloudWatch.send(new PutMetricAlarmCommand({
    AlarmName: 'errors', AlarmDescription: 'too many', Namespace: 'Shop', MetricName: 'Errors', Dimensions: [{ Name: 'Epoch', Value: '7' }], Statistic: 'Average', Period: 60, EvaluationPeriods: 1, DatapointsToAlarm: 1,
    Threshold: 10, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore', AlarmActions: [FUNCTION('act')], OKActions: [FUNCTION('act')], ...more,
  }));
}

async function set(StateValue: StateValue, AlarmName = 'errors'): Promise<void> {
  await cloudWatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: `now ${StateValue}`, StateReasonData: '{"probe":1}' }));
}

const metrics = [{ id: expect.stringMatching(/^[0-9a-f-]{36}$/) as string, metricStat: { metric: { namespace: 'Shop', name: 'Errors', dimensions: { Epoch: '7' } }, period: 60, stat: 'Average' }, returnData: true }];

describe('a Lambda action', () => {
  it('gets the alarm, its state, the state before and what it watches', async () => {
    await put();
    await set('ALARM');

    expect(await got('act')).toEqual([{
      source: 'aws.cloudwatch', alarmArn: `${ARN}errors`, accountId: ACCOUNT, time: '2026-01-01T00:00:00.000+0000', region: 'us-east-1',
      alarmData: {
        alarmName: 'errors',
        state: { value: 'ALARM', reason: 'now ALARM', reasonData: '{"probe":1}', timestamp: '2026-01-01T00:00:00.000+0000' },
        previousState: { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', timestamp: '2026-01-01T00:00:00.000+0000' },
        configuration: { metrics, description: 'too many' },
      },
    }]);
  });

  it('is not invoked while actions are disabled, nor for the state the alarm is in already', async () => {
    await put();
    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['errors'] }));
    await set('ALARM');
    await put();
    await set('ALARM');
    const before = await got('act');
    await set('OK');

    expect(before).toEqual([]);
    expect((await got('act')).map(({ alarmData }) => (alarmData as { state: { value: string } }).state.value)).toEqual(['OK']);
  });

  it('of a suppressed composite alarm comes when the wait is over, and is noted as suppressed before', async () => {
    await put({ AlarmActions: [], OKActions: [] });
    await put({ AlarmName: 'quiet', AlarmActions: [], OKActions: [] });
    await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: 'any', AlarmRule: 'ALARM("errors")', AlarmActions: [FUNCTION('act')], ActionsSuppressor: 'quiet', ActionsSuppressorWaitPeriod: 5, ActionsSuppressorExtensionPeriod: 5 }));
    await rig.advance(10_000);
    await set('ALARM');
    const early = await got('act');
    await rig.advance(4000);
    const late = await got('act');
    const { AlarmHistoryItems = [] } = await cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'any', AlarmTypes: ['CompositeAlarm'], HistoryItemType: 'Action', ScanBy: 'TimestampAscending' }));

    expect(early).toEqual([]);
    expect(late).toMatchObject([{ time: '2026-01-01T00:00:15.000+0000', alarmData: {
      state: { value: 'ALARM', timestamp: '2026-01-01T00:00:15.000+0000' },
      previousState: { value: 'ALARM', actionsSuppressedBy: 'WaitPeriod', actionsSuppressedReason: 'Actions suppressed by WaitPeriod', timestamp: '2026-01-01T00:00:10.000+0000' },
      configuration: { alarmRule: 'ALARM("errors")', actionsSuppressor: 'quiet', actionsSuppressorWaitPeriod: 5, actionsSuppressorExtensionPeriod: 5 },
    } }]);
    expect(AlarmHistoryItems.map(({ HistoryData = '{}' }) => (JSON.parse(HistoryData) as { actionState: string }).actionState)).toEqual(['Suppressed', 'Succeeded']);
  });
});

describe('EventBridge', () => {
  it('is told of every change of state, even with actions disabled', async () => {
    await put({ ActionsEnabled: false });
    await set('ALARM');
    await set('ALARM');
    const events = (await got('see')).filter((event) => event['detail-type'] === 'CloudWatch Alarm State Change');

    expect(events).toMatchObject([{
      source: 'aws.cloudwatch', account: ACCOUNT, region: 'us-east-1', resources: [`${ARN}errors`], time: '2026-01-01T00:00:00Z',
      detail: {
        alarmName: 'errors',
        state: { value: 'ALARM', reason: 'now ALARM', reasonData: '{"probe":1}', timestamp: '2026-01-01T00:00:00.000+0000' },
        previousState: { value: 'INSUFFICIENT_DATA', reason: 'Unchecked: Initial alarm creation', timestamp: '2026-01-01T00:00:00.000+0000' },
        configuration: { metrics, description: 'too many' },
      },
    }]);
    expect(await got('act')).toEqual([]);
  });

  it('is told of settings that are made, changed and deleted', async () => {
    await put();
    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['errors'] }));
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['errors'] }));
    const configuration = (actionsEnabled: boolean): object => ({
      evaluationPeriods: 1, datapointsToAlarm: 1, threshold: 10, comparisonOperator: 'GreaterThanThreshold', treatMissingData: 'ignore', metrics, alarmName: 'errors', description: 'too many', actionsEnabled,
      timestamp: '2026-01-01T00:00:00.000+0000', okActions: [FUNCTION('act')], alarmActions: [FUNCTION('act')], insufficientDataActions: [],
    });
    const state = { value: 'INSUFFICIENT_DATA', timestamp: '2026-01-01T00:00:00.000+0000' };

    const events = await got('see');
    expect(events.map((event) => event['detail-type'])).toEqual(Array.from({ length: 3 }, () => 'CloudWatch Alarm Configuration Change'));
    expect(events.map(({ detail }) => detail)).toEqual([
      { alarmName: 'errors', operation: 'create', state, configuration: configuration(true) },
      { alarmName: 'errors', operation: 'update', state, configuration: configuration(false), previousConfiguration: configuration(true) },
      { alarmName: 'errors', operation: 'delete', state: { ...state, reason: 'Unchecked: Initial alarm creation' }, configuration: configuration(false) },
    ]);
  });
});

it('two runs of one seed have the same history of alarms, another seed another one', async () => {
  const play = async (seed: string): Promise<string> => {
    await using other = await startRig({ seed });
    const client = other.client(CloudWatchClient);
    await client.send(new PutMetricAlarmCommand({ AlarmName: 'x', Namespace: 'N', MetricName: 'M', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' }));
    await other.advance(120_000);
    return other.engine.history.digest();
  };

  expect(await play('one')).toBe(await play('one'));
  expect(await play('one')).not.toBe(await play('two'));
});
