import {
  CloudWatchClient, DeleteAlarmsCommand, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, DescribeAlarmsForMetricCommand, DisableAlarmActionsCommand, EnableAlarmActionsCommand,
  ListTagsForResourceCommand, PutCompositeAlarmCommand, PutMetricAlarmCommand, PutMetricDataCommand, SetAlarmStateCommand, TagResourceCommand, UntagResourceCommand,
  type DescribeAlarmsCommandInput, type MetricAlarm, type PutMetricAlarmCommandInput,
} from '@aws-sdk/client-cloudwatch';
import { CreateTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Missing } from '../../lib/cloudwatch/rule.ts';
import { startRig, type Rig } from '../rig.ts';
import { slowly } from './reference.ts';

let rig: Rig;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  rig = await startRig();
  cloudWatch = rig.client(CloudWatchClient);
});
afterEach(async () => { await rig.close(); });

const ERRORS: PutMetricAlarmCommandInput = {
  AlarmName: 'errors', Namespace: 'Shop', MetricName: 'Errors', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold',
};
const ARN = 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:';

async function put(more: Partial<PutMetricAlarmCommandInput> = {}): Promise<void> {
  await cloudWatch.send(new PutMetricAlarmCommand({ ...ERRORS, ...more }));
}

async function alarm(name = 'errors'): Promise<MetricAlarm> {
  const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  return MetricAlarms[0] ?? {};
}

async function publish(value: number, more: { MetricName?: string; Timestamp?: Date; StorageResolution?: number; Dimensions?: { Name: string; Value: string }[] } = {}): Promise<void> {
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'Errors', Value: value, ...more }] }));
}

describe('a metric alarm', () => {
  it('begins in INSUFFICIENT_DATA, unchecked', async () => {
    await put({ Tags: [{ Key: 'team', Value: 'shop' }] });

    expect(await alarm()).toMatchObject({
      AlarmArn: `${ARN}errors`, StateValue: 'INSUFFICIENT_DATA', StateReason: 'Unchecked: Initial alarm creation', ActionsEnabled: true, Dimensions: [], OKActions: [], AlarmActions: [], InsufficientDataActions: [],
      StateUpdatedTimestamp: new Date(rig.engine.clock.now()), StateTransitionedTimestamp: new Date(rig.engine.clock.now()),
    });
  });

  it('is evaluated each minute at a phase of its own, which the seed decides', async () => {
    await put({ TreatMissingData: 'breaching' });
    await put({ AlarmName: 'other', TreatMissingData: 'breaching' });
    const start = rig.engine.clock.now();

    await rig.advance(60_000);

    const [one, two] = [(await alarm()).StateTransitionedTimestamp!.getTime(), (await alarm('other')).StateTransitionedTimestamp!.getTime()];
    expect(one - start).toBeGreaterThan(0);
    expect(one - start).toBeLessThanOrEqual(60_000);
    expect(one).not.toBe(two);
  });

  it('is in ALARM after ten seconds without data that are treated as breaching, with a period of ten seconds', async () => {
    await put({ Period: 10, EvaluationPeriods: 3, TreatMissingData: 'breaching' });

    await rig.advance(10_000);

    expect(await alarm()).toMatchObject({ StateValue: 'ALARM', StateReason: 'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].' });
  });

  it('goes into ALARM and back as its metric does', async () => {
    await put({ TreatMissingData: 'notBreaching' });
    await rig.advance(60_000);
    const before = await alarm();
    await publish(3);
    await publish(4);
    await rig.advance(120_000);
    const during = await alarm();
    await rig.advance(240_000);
    const after = await alarm();

    expect(before.StateValue).toBe('OK');
    expect(during.StateValue).toBe('ALARM');
    expect(during.StateReason).toMatch(/^Threshold Crossed: 1 out of the last 1 datapoints \[7\.0 \(01\/01\/26 00:01:00\)\] was greater than the threshold \(5\.0\) \(minimum 1 datapoint for OK -> ALARM transition\)\.$/);
    expect(JSON.parse(during.StateReasonData ?? '')).toMatchObject({ version: '1.0', statistic: 'Sum', period: 60, recentDatapoints: [7], threshold: 5, evaluatedDatapoints: [{ timestamp: '2026-01-01T00:01:00.000+0000', sampleCount: 2, value: 7 }] });
    expect(after.StateValue).toBe('OK');
  });

  it('looks at the exact dimensions it names', async () => {
    await put({ TreatMissingData: 'notBreaching', Dimensions: [{ Name: 'Epoch', Value: '7' }] });
    await publish(100);
    await publish(100, { Dimensions: [{ Name: 'Epoch', Value: '8' }] });
    await rig.advance(120_000);
    const other = await alarm();
    await publish(100, { Dimensions: [{ Name: 'Epoch', Value: '7' }] });
    await rig.advance(120_000);

    expect(other.StateValue).toBe('OK');
    expect((await alarm()).StateValue).toBe('ALARM');
  });

  it('needs M of N breaching periods', async () => {
    await put({ EvaluationPeriods: 3, DatapointsToAlarm: 2, TreatMissingData: 'notBreaching' });
    const states: (string | undefined)[] = [];
    for (const value of [9, 0, 9, 0, 0]) {
      await publish(value);
      await rig.advance(60_000);
      states.push((await alarm()).StateValue);
    }
    await rig.advance(60_000);
    states.push((await alarm()).StateValue);

    expect(states.slice(1)).toEqual(['OK', 'OK', 'ALARM', 'OK', 'OK']);
  });

  it('watches an expression over several metrics', async () => {
    const stat = (MetricName: string) => ({ Metric: { Namespace: 'Shop', MetricName }, Period: 60, Stat: 'Sum' });
    await cloudWatch.send(new PutMetricAlarmCommand({
      AlarmName: 'rate', EvaluationPeriods: 1, Threshold: 10, ComparisonOperator: 'GreaterThanOrEqualToThreshold', TreatMissingData: 'notBreaching',
      Metrics: [
        { Id: 'bad', MetricStat: stat('Errors'), ReturnData: false },
        { Id: 'all', MetricStat: stat('Requests'), ReturnData: false },
        { Id: 'rate', Expression: 'IF(all > 20, 100 * FILL(bad, 0) / all, 0)', Label: 'percent' },
      ],
    }));
    const states: (string | undefined)[] = [];
    for (const [bad, all] of [[9, 10], [1, 100], [15, 100]] as const) {
      await publish(bad);
      await publish(all, { MetricName: 'Requests' });
      await rig.advance(120_000);
      states.push((await alarm('rate')).StateValue);
    }

    expect(states).toEqual(['OK', 'OK', 'ALARM']);
    expect(JSON.parse((await alarm('rate')).StateReasonData ?? '{}')).not.toHaveProperty('statistic');
  });

  it('keeps its state and its tags when it is put again, and forgets what the new settings leave out', async () => {
    await put({ AlarmDescription: 'first', Tags: [{ Key: 'a', Value: '1' }], TreatMissingData: 'ignore' });
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'by hand', StateReasonData: '{ "z": 2 }' }));

    await put({ Threshold: 9, Tags: [{ Key: 'a', Value: '2' }, { Key: 'b', Value: '3' }] });

    const found = await alarm();
    expect(found).toMatchObject({ StateValue: 'ALARM', StateReason: 'by hand', StateReasonData: '{ "z": 2 }', Threshold: 9 });
    expect(found.AlarmDescription).toBeUndefined();
    expect(found.TreatMissingData).toBeUndefined();
    expect((await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN: `${ARN}errors` }))).Tags).toEqual([{ Key: 'a', Value: '1' }]);
  });

  it('is left as it is when the same is put again', async () => {
    await put({ AlarmDescription: 'the same' });
    const before = await alarm();
    await rig.advance(1000);
    await put({ AlarmDescription: 'the same' });
    const { AlarmHistoryItems = [] } = await cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors', HistoryItemType: 'ConfigurationUpdate' }));

    expect(await alarm()).toEqual(before);
    expect(AlarmHistoryItems).toHaveLength(1);
  });

  it('makes thirty minutes of virtual time cheap, even a hundred times over', async () => {
    for (let index = 0; index < 100; index += 1) await put({ AlarmName: `alarm-${index}` });
    const before = performance.now();

    await rig.advance(30 * 60_000);

    expect(performance.now() - before).toBeLessThan(5_000);
    expect((await alarm('alarm-99')).StateValue).toBe('INSUFFICIENT_DATA');
  });
});

describe('alarms that live through the same minutes', () => {
  it('are at each minute in the state that a slow second evaluation comes to', async () => {
    const settings = fc.integer({ min: 1, max: 4 }).chain((n) => fc.record({ n: fc.constant(n), m: fc.integer({ min: 1, max: n }), missing: fc.constantFrom<Missing>('missing', 'ignore', 'breaching', 'notBreaching') }));
    let run = 0;

    await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom('O', 'X', '-', '-'), { minLength: 4, maxLength: 10 }), fc.array(settings, { minLength: 3, maxLength: 3 }), async (marks, alarms) => {
      const MetricName = `m${run += 1}`;
      for (const [index, { n, m, missing }] of alarms.entries()) await put({ AlarmName: `${MetricName}-${index}`, MetricName, EvaluationPeriods: n, DatapointsToAlarm: m, TreatMissingData: missing });
      const expected = alarms.map(() => 'INSUFFICIENT_DATA');
      let picture = '-'.repeat(6);
      for (const mark of marks) {
        if (mark !== '-') await publish(mark === 'X' ? 9 : 1, { MetricName });
        await rig.advance(60_000);
        for (const [index, { n, m, missing }] of alarms.entries()) {
          const verdict = slowly(picture, n, m, missing);
          if (verdict !== 'keep') expected[index] = verdict;
        }
        picture += mark;
        const { MetricAlarms = [] } = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNamePrefix: `${MetricName}-` }));

        expect(MetricAlarms.map(({ StateValue }) => StateValue)).toEqual(expected);
      }
      // The alarms of one run are none of the next one's business.
      await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: alarms.map((_, index) => `${MetricName}-${index}`) }));
    }), { numRuns: 40 });
  }, 60_000);
});

describe('SetAlarmState', () => {
  it('changes nothing for the present state, not even the reason', async () => {
    await put({ TreatMissingData: 'ignore' });
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'first' }));
    const first = await alarm();
    await rig.advance(1000);

    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'second', StateReasonData: '{"new":true}' }));

    expect(await alarm()).toEqual(first);
  });

  it('is undone by the next evaluation that finds otherwise', async () => {
    await put({ TreatMissingData: 'notBreaching' });
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a drill' }));
    const during = (await alarm()).StateValue;

    await rig.advance(60_000);

    expect(during).toBe('ALARM');
    expect((await alarm()).StateValue).toBe('OK');
  });
});

describe('what CloudWatch refuses', () => {
  const metrics = [{ Id: 'm1', MetricStat: { Metric: { Namespace: 'Shop', MetricName: 'Errors' }, Period: 60, Stat: 'Average' }, ReturnData: true }];
  const { Statistic: _statistic, ...unstated } = ERRORS;

  it.each([
    ['a metric beside a list of metrics', { ...ERRORS, Metrics: metrics }, 'ValidationError', 'MetricName should not be set if list of Metrics is set.'],
    ['two statistics', { ...ERRORS, ExtendedStatistic: 'p90' }, 'ValidationError', 'PutMetricAlarm request can not be made with both Statistic and ExtendedStatistic parameters. Only one of them should be present'],
    ['an impossible percentile', { ...unstated, ExtendedStatistic: 'p101' }, 'InvalidParameterValueException', 'The value p101 for parameter ExtendedStatistic is not supported.'],
    ['an action that is no ARN, even with actions disabled', { ...ERRORS, AlarmActions: ['not-an-arn'], ActionsEnabled: false }, 'ValidationError', 'Invalid arn syntax: not-an-arn'],
    ['reserved tags', { ...ERRORS, Tags: [{ Key: 'AWS:x', Value: '1' }] }, 'AccessDenied', 'The provided tag keys must not start with any case of "aws:"'],
    ['a trimmed mean, by name, as not implemented', { ...unstated, ExtendedStatistic: 'tm90' }, 'NotImplemented', 'sluice-engine does not implement the statistic tm90; see engine/operations.md'],
    ['an unknown function', { AlarmName: 'errors', EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', Metrics: [{ ...metrics[0]!, ReturnData: false }, { Id: 'bad', Expression: 'NOT_A_FUNCTION(m1)' }] }, 'ValidationError', "Error in expression 'bad': Function 'NOT_A_FUNCTION' not found"],
    ['more than a day', { ...ERRORS, Period: 600, EvaluationPeriods: 200 }, 'ValidationError', 'Metrics cannot be checked across more than a day (EvaluationPeriods * Period must be <= 86400).'],
  ] satisfies readonly (readonly [string, PutMetricAlarmCommandInput, string, string])[])('%s, and an update that is refused changes nothing', async (_what, input, name, message) => {
    await put({ AlarmDescription: 'as it was' });
    const before = await alarm();

    await expect(cloudWatch.send(new PutMetricAlarmCommand(input))).rejects.toMatchObject({ name, message });

    expect(await alarm()).toEqual(before);
  });

  it('a state whose data are not JSON, and an alarm that is not there', async () => {
    await put();

    await expect(cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'x', StateReasonData: '{"unfinished":' }))).rejects.toMatchObject({ name: 'InvalidFormatFault', $metadata: { httpStatusCode: 400 } });
    await expect(cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'nobody', StateValue: 'OK', StateReason: 'x' }))).rejects.toMatchObject({ name: 'ResourceNotFound', $metadata: { httpStatusCode: 404 } });
    await expect(cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN: `${ARN}nobody` }))).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });

  it('a name that an alarm of the other type has', async () => {
    await put();
    await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'FALSE' }));

    await expect(put({ AlarmName: 'both' })).rejects.toMatchObject({ name: 'ValidationError', message: 'AlarmName [both] is already used by another alarm of a different type' });
    await expect(cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: 'errors', AlarmRule: 'FALSE' }))).rejects.toMatchObject({ name: 'ValidationError', message: 'AlarmName [errors] is already used by another alarm of a different type' });
  });
});

describe('actions', () => {
  it('are enabled and disabled by name, passing over names that are not there', async () => {
    await put();

    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['errors', 'nobody'] }));
    const disabled = await alarm();
    await cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames: ['nobody', 'errors'] }));

    expect(disabled.ActionsEnabled).toBe(false);
    expect((await alarm()).ActionsEnabled).toBe(true);
  });

  it('to a topic are noted in the history, and not taken again when actions are enabled', async () => {
    const { TopicArn: topic = '' } = await rig.client(SNSClient).send(new CreateTopicCommand({ Name: 'pager' }));
    await put({ AlarmActions: [topic], TreatMissingData: 'ignore', ActionsEnabled: false });
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'quietly' }));
    await cloudWatch.send(new EnableAlarmActionsCommand({ AlarmNames: ['errors'] }));
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'OK', StateReason: 'over' }));
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'aloud' }));

    const { AlarmHistoryItems = [] } = await cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors', HistoryItemType: 'Action' }));

    expect(AlarmHistoryItems).toHaveLength(1);
    expect(JSON.parse(AlarmHistoryItems[0]?.HistoryData ?? '')).toEqual({ actionState: 'Succeeded', stateUpdateTimestamp: rig.engine.clock.now(), notificationResource: topic, publishedMessage: null, error: null, muteWindowEndTimestamp: null });
  });
});

describe('the history of an alarm', () => {
  it('tells of settings and states, newest first, and outlives the alarm', async () => {
    await put({ TreatMissingData: 'ignore' });
    await rig.advance(1000);
    await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'first reason', StateReasonData: '{ "z": 2, "a": [1] }' }));
    await cloudWatch.send(new DisableAlarmActionsCommand({ AlarmNames: ['errors'] }));
    await cloudWatch.send(new DeleteAlarmsCommand({ AlarmNames: ['errors', 'nobody'] }));

    const { AlarmHistoryItems: items = [] } = await cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors' }));

    expect(items.map(({ HistoryItemType, HistorySummary }) => [HistoryItemType, HistorySummary])).toEqual([
      ['ConfigurationUpdate', 'Alarm "errors" deleted'],
      ['ConfigurationUpdate', 'Alarm "errors" updated'],
      ['StateUpdate', 'Alarm updated from INSUFFICIENT_DATA to ALARM'],
      ['ConfigurationUpdate', 'Alarm "errors" created'],
    ]);
    expect(items[2]?.HistoryData).toBe('{"version":"1.0","oldState":{"stateValue":"INSUFFICIENT_DATA","stateReason":"Unchecked: Initial alarm creation"},"newState":{"stateValue":"ALARM","stateReason":"first reason","stateReasonData":{ "z": 2, "a": [1] }}}');
    expect(JSON.parse(items[1]?.HistoryData ?? '')).toMatchObject({ type: 'Update', updatedAlarm: { extendedStatistic: 'SUM', threshold: 5, actionsEnabled: false, okactions: [] }, originalUpdatedFields: { actionsEnabled: true } });
    expect((await cloudWatch.send(new DescribeAlarmsCommand({}))).MetricAlarms).toEqual([]);
  });

  it('is paged, and refuses a token that no page gave', async () => {
    await put({ TreatMissingData: 'ignore' });
    for (const StateValue of ['OK', 'ALARM', 'OK'] as const) await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue, StateReason: 'x' }));
    const pages: number[] = [];
    let token: string | undefined;
    do {
      const page = await cloudWatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors', MaxRecords: 3, ...(token !== undefined && { NextToken: token }) }));
      pages.push(page.AlarmHistoryItems?.length ?? 0);
      token = page.NextToken;
    } while (token !== undefined);

    expect(pages).toEqual([3, 1]);
    await expect(cloudWatch.send(new DescribeAlarmHistoryCommand({ NextToken: 'invalid-token' }))).rejects.toMatchObject({ name: 'InvalidNextToken', message: 'Invalid NextToken : invalid-token' });
  });
});

describe('alarms are described', () => {
  it('by name, prefix, state and type; composite alarms only if they are asked for', async () => {
    await put();
    await put({ AlarmName: 'errors-2' });
    await cloudWatch.send(new PutCompositeAlarmCommand({ AlarmName: 'errors-any', AlarmRule: 'ALARM(errors)' }));
    const names = async (input: DescribeAlarmsCommandInput): Promise<(string | undefined)[][]> => {
      const { MetricAlarms = [], CompositeAlarms = [], LogAlarms } = await cloudWatch.send(new DescribeAlarmsCommand(input));
      expect(LogAlarms).toEqual([]);
      return [MetricAlarms.map(({ AlarmName }) => AlarmName), CompositeAlarms.map(({ AlarmName }) => AlarmName)];
    };

    expect(await names({ AlarmNamePrefix: 'err' })).toEqual([['errors', 'errors-2'], []]);
    expect(await names({ AlarmNamePrefix: 'err', AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] })).toEqual([['errors', 'errors-2'], ['errors-any']]);
    expect(await names({ AlarmNames: ['errors', 'nobody', 'errors'] })).toEqual([['errors'], []]);
    expect(await names({ StateValue: 'ALARM' })).toEqual([[], []]);
    expect(await names({ ChildrenOfAlarmName: 'errors-any' })).toEqual([['errors'], []]);
    expect(await names({ ParentsOfAlarmName: 'errors' })).toEqual([[], ['errors-any']]);
  });

  it('by the exact metric they watch', async () => {
    await put({ Dimensions: [{ Name: 'Z', Value: 'last' }, { Name: 'A', Value: 'first' }] });
    const found = async (Dimensions: { Name: string; Value: string }[], more: object = {}): Promise<number> => (await cloudWatch.send(new DescribeAlarmsForMetricCommand({ Namespace: 'Shop', MetricName: 'Errors', Dimensions, ...more }))).MetricAlarms?.length ?? 0;
    const exact = [{ Name: 'A', Value: 'first' }, { Name: 'Z', Value: 'last' }];

    expect(await found(exact)).toBe(1);
    expect(await found(exact, { Statistic: 'Sum', Period: 60 })).toBe(1);
    expect(await found(exact.slice(1))).toBe(0);
    expect(await found(exact, { Statistic: 'Average' })).toBe(0);
    expect(await found(exact, { Unit: 'Count' })).toBe(0);
  });

  it('with tags that can be added and taken away', async () => {
    await put();
    const ResourceARN = `${ARN}errors`;
    await cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'dup', Value: 'first' }, { Key: 'dup', Value: 'second' }, { Key: 'gone', Value: '' }] }));
    await cloudWatch.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['gone', 'never'] }));

    expect((await cloudWatch.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([{ Key: 'dup', Value: 'second' }]);
    await expect(cloudWatch.send(new TagResourceCommand({ ResourceARN, Tags: Array.from({ length: 51 }, (_, index) => ({ Key: `key${index}`, Value: 'v' })) }))).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: 'tags are invalid.' });
  });
});
