import { readFileSync } from 'node:fs';
import { DisableAlarmActionsCommand, EnableAlarmActionsCommand, PutMetricAlarmCommand, PutMetricDataCommand, SetAlarmStateCommand, type MetricDatum, type StateValue } from '@aws-sdk/client-cloudwatch';
import { GetDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetFunctionConfigurationCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EpochStore } from '../../lib/adapters/store/index.ts';
import { digestOf, parseRolledBack, rolledBackKey, shiftingKey, shiftKey, type EpochReference, type RolledBackEpoch } from '../../lib/core/index.ts';
import { epochOf } from '../fixtures/epochs.ts';
import { ALARM, NAMES, Stage } from '../fixtures/stage.ts';

const MINUTE = 60_000;
const conforms = formats.default(new Ajv2020()).compile(JSON.parse(readFileSync('schemas/rolled-back.schema.json', 'utf8')) as object);
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.handler('roll-back');
  await stage.cloudwatch.send(new PutMetricAlarmCommand({
    AlarmName: ALARM, Namespace: 'Sluice', MetricName: 'ExecutionsFailed', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1,
    Threshold: 1000, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore',
  }));
});

afterAll(async () => {
  await stage.close();
});

async function turn(StateValue: StateValue): Promise<number> {
  await stage.engine.clock.advance(MINUTE);
  await stage.cloudwatch.send(new SetAlarmStateCommand({ AlarmName: ALARM, StateValue, StateReason: 'test' }));
  return stage.engine.clock.now();
}

function event(at: number, before?: { value: string; since: number }): unknown {
  const time = (moment: number): string => new Date(moment).toISOString().replace('Z', '+0000');
  return { detail: { alarmName: ALARM, state: { value: 'ALARM', timestamp: time(at) }, ...(before === undefined ? {} : { previousState: { value: before.value, timestamp: time(before.since) } }) } };
}

async function release(): Promise<number> {
  await stage.engine.clock.advance(MINUTE);
  return stage.deploy(await stage.createVersion(epochOf(stage.engine.clock.now() % 1000).bytes));
}

/** What the controller would have written: a shift that gave its new version executions, in flight or over since so many minutes; its predecessor went back just before. */
async function shift(state: string, overFor?: number): Promise<void> {
  const [now, rfc] = [stage.engine.clock.now(), (at: number): string => new Date(at).toISOString()];
  const record = (number: number, more: object): Uint8Array => Buffer.from(JSON.stringify({
    sluice: 1, application: 'orders', environment: 'prod', workflow: 'orders', aliasArn: '', shift: number, from: 'orders:1', to: 'orders:2', wanted: 'orders:2', plan: {}, leader: '',
    startedAt: rfc(now - 3 * MINUTE), lookedAt: rfc(now), step: 0, weight: state === 'complete' ? 100 : 10, heldMs: 0, log: [{ at: rfc(now - 3 * MINUTE), state: 'growing', weight: 10, text: '' }], ...more,
  }));
  await stage.store.put(shiftKey({ workflow: 'orders', shift: 1 }), record(1, { state: 'superseded', endedAt: rfc(now - 3 * MINUTE) }), 'application/json');
  await stage.store.put(shiftingKey('orders'), record(2, { state, endedAt: overFor === undefined ? null : rfc(now - overFor * MINUTE) }), 'application/json');
}

async function newestShift(): Promise<unknown> {
  return JSON.parse(Buffer.from(await stage.store.get(shiftingKey('orders')) ?? []).toString()) as unknown;
}

async function stateOf(number: number): Promise<string | undefined> {
  const { ApplicationId, EnvironmentId } = stage.ids;
  return (await stage.appconfig.send(new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: number }))).State;
}

describe('the rollback handler', () => {
  test('reverts the newest deployment, and the second time nothing', async () => {
    const quiet = await turn('OK');
    const first = await release();
    const second = await release();
    const rang = await turn('ALARM');

    const verdict = await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }));
    const again = await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }));

    expect(verdict).toMatchObject({ kind: 'revert', deployment: second });
    expect(again).toMatchObject({ kind: 'leave', because: 'already-taken-back' });
    expect(await stateOf(second)).toBe('REVERTED');
    expect(await stateOf(first)).toBe('COMPLETE');
  });

  test('leaves the fix alone: it began while the alarm was ringing', async () => {
    const rang = stage.engine.clock.now();
    const fix = await release();

    expect(await stage.invoke('roll-back', event(rang))).toMatchObject({ kind: 'leave', because: 'alarm-came-first' });
    expect(await stateOf(fix)).toBe('COMPLETE');
  });

  test('reads the alarm’s history when the event does not reach back to the beginning', async () => {
    await turn('OK');
    const number = await release();
    await turn('ALARM');
    const quiet = await turn('OK');
    const rang = await turn('ALARM');

    expect(await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }))).toMatchObject({ kind: 'revert', deployment: number });
    expect(await stateOf(number)).toBe('REVERTED');
  });

  test('obeys the override: an alarm whose actions are disabled takes nothing back', async () => {
    const quiet = await turn('OK');
    const number = await release();
    const rang = await turn('ALARM');
    await stage.cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [ALARM] }));

    expect(await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }))).toMatchObject({ kind: 'leave', because: 'alarm-is-overridden' });
    expect(await stateOf(number)).toBe('COMPLETE');
    await stage.cloudwatch.send(new EnableAlarmActionsCommand({ AlarmNames: [ALARM] }));
  });

  test('leaves things alone when it is told late and the alarm is over', async () => {
    const quiet = await turn('OK');
    const number = await release();
    const rang = await turn('ALARM');
    await turn('OK');

    expect(await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }))).toMatchObject({ kind: 'leave', because: 'alarm-is-over' });
    expect(await stateOf(number)).toBe('COMPLETE');
  });

  test('has nothing to say to an alarm that went back to OK, and refuses what is no alarm', async () => {
    expect(await stage.invoke('roll-back', { detail: { alarmName: ALARM, state: { value: 'OK', timestamp: '2026-01-01T00:00:00.000+0000' } } })).toBeNull();
    await expect(stage.invoke('roll-back', {})).rejects.toThrow('SLUICE-HOOK-1');
  });

  test('looks once more when a deployment is complete at an alarm that rang while it was in flight', async () => {
    const complete = { detail: { Type: 'OnDeploymentComplete', DeploymentNumber: 1 } };
    const quiet = await turn('OK');
    const number = await stage.deploy(await stage.createVersion(epochOf(77).bytes), 'late', 'AppConfig.AllAtOnce');
    const calm = await stage.invoke('roll-back', complete);
    const rang = await turn('ALARM');

    const inFlight = await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }));
    await stage.engine.clock.advance(12 * MINUTE);
    const after = await stage.invoke('roll-back', complete);
    const again = await stage.invoke('roll-back', complete);

    expect(calm).toBeNull();
    expect(inFlight).toMatchObject({ kind: 'leave', because: 'in-flight' });
    expect(after).toMatchObject({ kind: 'revert', deployment: number });
    expect(again).toMatchObject({ kind: 'leave', because: 'already-taken-back' });
    expect(await stateOf(number)).toBe('REVERTED');
  });

  test('believes who tells it of a completion before AppConfig lists it, and does not take that for another one\'s', async () => {
    const told = (number: number): unknown => ({ detail: { Type: 'OnDeploymentComplete', DeploymentNumber: String(number) } });
    await turn('OK');
    const number = await stage.deploy(await stage.createVersion(epochOf(78).bytes), 'listed late', 'AppConfig.AllAtOnce');
    await turn('ALARM');

    const another = await stage.invoke('roll-back', told(number - 1));
    const listed = await stateOf(number);
    const own = await stage.invoke('roll-back', told(number));

    expect([another, listed]).toEqual([expect.objectContaining({ kind: 'leave', because: 'in-flight' }), 'BAKING']);
    expect(own).toMatchObject({ kind: 'revert', deployment: number });
    expect(await stateOf(number)).toBe('ROLLED_BACK');
  });

  test('leaves the configuration alone while a shift explains the alarm, and acts by its schedule when the alarm rings longer than that', async () => {
    const look = { 'detail-type': 'Scheduled Event' };
    const quiet = await turn('OK');
    const number = await release();
    const rang = await turn('ALARM');

    await shift('growing');
    const inFlight = await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }));
    const looked = await stage.invoke('roll-back', look);
    await shift('rolled-back', 0);
    const justBack = await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }));
    await stage.engine.clock.advance(15 * MINUTE);
    const stillExplained = [await stage.invoke('roll-back', look), await stateOf(number)];
    await stage.engine.clock.advance(2 * MINUTE);
    const longer = await stage.invoke('roll-back', look);

    expect(inFlight).toMatchObject({ kind: 'leave', because: 'shifting', reason: 'the new version may be to blame: shift 2 of orders from version 1 to version 2 (growing)' });
    expect(justBack).toMatchObject({ kind: 'leave', because: 'shifting' });
    expect([looked, ...stillExplained]).toEqual([null, null, 'COMPLETE']);
    expect(longer).toMatchObject({ kind: 'revert', deployment: number });
    expect(await stateOf(number)).toBe('REVERTED');
  });

  test('takes back at once what rang before a shift, or long after one', async () => {
    const quiet = await turn('OK');
    const first = await release();
    const rang = await turn('ALARM');
    await stage.engine.clock.advance(5 * MINUTE);
    await shift('growing');
    const before = await stage.invoke('roll-back', event(rang, { value: 'OK', since: quiet }));

    await shift('complete', 0);
    await stage.engine.clock.advance(20 * MINUTE);
    const calm = await turn('OK');
    const second = await release();
    const after = await stage.invoke('roll-back', event(await turn('ALARM'), { value: 'OK', since: calm }));

    expect([before, after]).toEqual([first, second].map((deployment) => expect.objectContaining({ kind: 'revert', deployment })));
  });

  test('keeps which epochs are taken back, however that came about, until they are deployed again', async () => {
    const recorded = async (): Promise<readonly RolledBackEpoch[]> => parseRolledBack(await stage.store.get(rolledBackKey(NAMES.profile)) ?? new Uint8Array()) ?? [];
    const of = async (deployment: number): Promise<string | undefined> => (await recorded()).find((epoch) => epoch.deployment === deployment)?.state;
    const told = (Type: string, number: number): unknown => ({ source: 'aws.appconfig', detail: { Type, DeploymentNumber: String(number) } });
    const began = await recorded();
    await turn('OK');
    const version = await stage.createVersion(epochOf(79).bytes);
    const number = await stage.deploy(version, 'taken back while it bakes', 'AppConfig.AllAtOnce');
    const { ApplicationId, EnvironmentId } = stage.ids;

    const before = await of(number);
    await stage.appconfig.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: number }));
    await stage.invoke('roll-back', told('OnDeploymentRolledBack', number));
    const back = await of(number);
    const second = await stage.deploy(version, 'once more');
    await stage.invoke('roll-back', told('OnDeploymentStart', second));
    const again = [await of(number), await of(second)];
    await stage.engine.clock.advance(MINUTE);
    await stage.appconfig.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: second, AllowRevert: true }));
    await stage.invoke('roll-back', { 'detail-type': 'Scheduled Event' });
    const scheduled = await of(second);
    const third = await stage.deploy(version, 'for a last time');
    await stage.invoke('roll-back', told('OnDeploymentStart', third));
    await stage.engine.clock.advance(MINUTE);
    await stage.appconfig.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: third, AllowRevert: true }));
    const unheard = await of(third);
    // As CloudTrail tells it, whose names of parameters nobody knows.
    await stage.invoke('roll-back', { 'source': 'aws.appconfig', 'detail-type': 'AWS API Call via CloudTrail', 'detail': { eventSource: 'appconfig.amazonaws.com', eventName: 'StopDeployment', requestParameters: null } });
    const heard = await of(third);

    expect([unheard, heard]).toEqual([undefined, 'REVERTED']);
    expect(began.map(({ state }) => state)).toContain('REVERTED');
    expect([before, back, ...again, scheduled]).toEqual([undefined, 'ROLLED_BACK', undefined, undefined, 'REVERTED']);
    expect((await recorded()).at(-1)).toMatchObject({ version: String(version), seenAt: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    expect(conforms(JSON.parse(Buffer.from(await stage.store.get(rolledBackKey(NAMES.profile)) ?? []).toString()))).toBe(true);
  });

  test('says which change the evidence blames where a workflow has shifted too, and takes that back in place of the configuration where it is clear', async () => {
    const { Environment } = await stage.lambda.send(new GetFunctionConfigurationCommand({ FunctionName: 'roll-back' }));
    await stage.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'roll-back', Environment: { Variables: { ...Environment?.Variables, SLUICE_JUDGE: '{"metrics":{"ExecutionsFailed":{}}}' } } }));
    const [canary, control] = [epochOf(1), epochOf(2)].map(({ bytes }) => ({ version: '1', digest: digestOf(bytes) })) as [EpochReference, EpochReference];
    const shifted = stage.engine.clock.now();
    await shift('complete', 0);
    await stage.engine.clock.advance(30 * MINUTE);
    const calm = await turn('OK');
    const deployment = await release();
    const known = (number: number): Promise<void> => new EpochStore(stage.store).saveDeployment({
      sluice: 1, ...NAMES, applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId, profileId: stage.ids.ConfigurationProfileId, deployment: number, canary, control,
      startedAt: new Date(shifted).toISOString(), description: null,
    });
    await known(deployment);
    // An hour in which all was well, and then half an hour after the shift in which each second one failed, while nothing was deployed.
    await count({ Epoch: control.digest }, shifted, [-60, 30], 20, (minutes) => (minutes < 0 ? 0 : 10));

    const verdict = await stage.invoke('roll-back', event(await turn('ALARM'), { value: 'OK', since: calm }));

    expect(verdict).toMatchObject({
      kind: 'revert', deployment, blames: 'shift',
      reason: expect.stringMatching(/^orders-failing was OK when .* after it was complete; the evidence blames shift 2 of orders from version 1 to version 2 \(complete\): ExecutionsFailed: /) as string,
    });
    expect(await stateOf(deployment)).toBe('REVERTED');

    const look = { 'detail-type': 'Scheduled Event' };
    // The same again, and by version too: the old one did well before, and the new one fails since.
    const quiet = await turn('OK');
    const second = await release();
    await known(second);
    await count({ Workflow: 'orders', WorkflowVersion: '1' }, shifted, [-60, 0], 20, () => 0);
    await count({ Workflow: 'orders', WorkflowVersion: '2' }, shifted, [5, 30], 20, () => 10);
    const clear = await stage.invoke('roll-back', event(await turn('ALARM'), { value: 'OK', since: quiet }));
    const back = await newestShift();
    const again = [await stage.invoke('roll-back', look), await stage.invoke('roll-back', event(stage.engine.clock.now(), { value: 'OK', since: quiet }))];
    await stage.engine.clock.advance(31 * MINUTE);
    const stuck = await stage.invoke('roll-back', look);

    expect(clear).toMatchObject({
      kind: 'leave', because: 'shift-to-blame', deployment: second, blames: 'shift',
      reason: expect.stringMatching(/^orders-failing was OK .*; so does what was counted by version: .*; that shift is taken back, and the configuration stays$/) as string,
    });
    expect(back).toMatchObject({ shift: 3, from: 'orders:1', to: 'orders:2', state: 'returning', leader: '', weight: 0, moved: { before: 100, seenAt: null }, ending: { state: 'rolled-back', reason: expect.stringContaining('taken back after it was complete: orders-failing') as string } });
    expect(JSON.parse(Buffer.from(await stage.store.get(shiftKey({ workflow: 'orders', shift: 2 })) ?? []).toString())).toMatchObject({ state: 'complete' });
    expect([...again, await newestShift()]).toEqual([expect.objectContaining({ because: 'as-before' }), expect.objectContaining({ because: 'shifting' }), back]);
    // An alias that cannot go back explains nothing any more.
    expect([stuck, await stateOf(second)]).toEqual([expect.objectContaining({ kind: 'revert', deployment: second }), 'REVERTED']);
  });
});

/** Counts executions of an epoch or a version, in each of some minutes. */
async function count(of: Record<string, string>, since: number, [from, to]: readonly [number, number], started: number, failed: (minutes: number) => number): Promise<void> {
  const Dimensions = Object.entries({ Application: NAMES.application, Environment: NAMES.environment, ...of }).map(([Name, Value]) => ({ Name, Value }));
  const MetricData = Array.from({ length: to - from }, (_, n) => n + from).flatMap((minutes): MetricDatum[] => {
    const datum = (MetricName: string, Value: number): MetricDatum => ({ MetricName, Value, Dimensions, Timestamp: new Date(since + minutes * MINUTE) });
    return [datum('ExecutionsStarted', started), datum('ExecutionsFailed', failed(minutes))];
  });
  // The SDK compresses more than 10 kB.
  while (MetricData.length > 0) await stage.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: MetricData.splice(0, 25) }));
}
