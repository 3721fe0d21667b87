import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { formatRolledBack, rolledBackKey, type Pin } from '../../lib/core/index.ts';
import { epochOf } from '../fixtures/epochs.ts';
import { NAMES, Stage } from '../fixtures/stage.ts';

const LAYER = 'arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:207';
const EXECUTION = 'arn:aws:states:us-east-1:000000000000:execution:orders:1';
let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
  await stage.handler('pin', { Layers: [LAYER] });
  await stage.handler('settle');
});

afterAll(async () => {
  await stage.close();
});

/** What the roll-back handler would have kept: these versions are taken back. */
async function taken(...versions: readonly string[]): Promise<void> {
  const epochs = versions.map((version) => ({ version, deployment: 9, state: 'REVERTED' as const, seenAt: new Date(stage.engine.clock.now()).toISOString() }));
  await stage.store.put(rolledBackKey(NAMES.profile), formatRolledBack({ sluice: 1, ...NAMES, epochs }), 'application/json');
  // Readers believe what they read for ten seconds.
  await stage.engine.clock.advance(10_000);
}

async function counted(MetricName: string, epoch?: string): Promise<number> {
  return (await sums(MetricName, epoch)).reduce((sum, [, value]) => sum + value, 0);
}

/** The minutes in which anything was counted, epoch milliseconds. */
async function minutes(MetricName: string, epoch?: string): Promise<number[]> {
  return (await sums(MetricName, epoch)).map(([at]) => at);
}

async function sums(MetricName: string, epoch?: string): Promise<[number, number][]> {
  const Dimensions = [{ Name: 'Application', Value: NAMES.application }, { Name: 'Environment', Value: NAMES.environment }, ...(epoch === undefined ? [] : [{ Name: 'Epoch', Value: epoch }])];
  const now = stage.engine.clock.now();
  const { MetricDataResults = [] } = await stage.cloudwatch.send(new GetMetricDataCommand({
    StartTime: new Date(now - 3_600_000), EndTime: new Date(now + 3_600_000),
    MetricDataQueries: [{ Id: 'm', MetricStat: { Metric: { Namespace: 'Sluice', MetricName, Dimensions }, Period: 60, Stat: 'Sum' } }],
  }));
  const [{ Timestamps = [], Values = [] } = {}] = MetricDataResults;
  return Timestamps.map((at, index): [number, number] => [at.getTime(), Values[index] ?? 0]);
}

describe('the pin state', () => {
  test('says what it cannot do without a deployment, after trying again for a moment', async () => {
    const began = stage.engine.clock.now();

    await expect(stage.invoke('pin', { execution: EXECUTION })).rejects.toThrow('SLUICE-READ-2: no configuration could be had from the AppConfig agent');
    expect(stage.engine.clock.now() - began).toBeGreaterThanOrEqual(1200);
    expect(stage.engine.clock.now() - began).toBeLessThan(10_000);
  });

  test('answers the pin of the execution and counts its start, once for the environment and once for the epoch', async () => {
    const epoch = epochOf(30);
    const version = await stage.createVersion(epoch.bytes);
    await stage.deploy(version);
    await stage.engine.clock.advance(120_000);

    const pin = await stage.invoke('pin', { execution: EXECUTION });

    expect(pin).toEqual({ sluice: 1, ...NAMES, version: expect.any(String) as string, digest: epoch.digest, entity: EXECUTION });
    expect(await counted('ExecutionsStarted')).toBe(1);
    expect(await counted('ExecutionsStarted', epoch.digest)).toBe(1);
  });

  test('counts the start when the execution began, however late it is pinned', async () => {
    const began = Math.floor(stage.engine.clock.now() / 60_000) * 60_000 - 600_000;

    await stage.invoke('pin', { execution: EXECUTION, started: new Date(began + 59_999).toISOString() });

    expect(await minutes('ExecutionsStarted')).toContain(began);
  });

  test('says in the pin what becomes of it when its epoch is rolled back, and never pins to one that was', async () => {
    const pin = await stage.invoke('pin', { execution: EXECUTION, onRolledBack: 'fail' }) as Pin;

    await taken(pin.version);

    expect(pin.onRolledBack).toBe('fail');
    await expect(stage.invoke('pin', { execution: EXECUTION, onRolledBack: 'fail' })).rejects.toThrow(`SLUICE-PIN-4: the AppConfig agent still serves version ${pin.version}, which was rolled back as deployment 9`);
    expect(await stage.invoke('pin', { execution: EXECUTION })).not.toHaveProperty('onRolledBack');
    await taken();
  });

  test('as a safe point answers the pin it is given; once that one was rolled back another, which says from where it moved, and counts that', async () => {
    const held = await stage.invoke('pin', { execution: EXECUTION, onRolledBack: 'move' }) as Pin;
    const stays = await stage.invoke('pin', { execution: EXECUTION, pin: held });
    const [started, epoch] = [await counted('ExecutionsStarted'), epochOf(34)];
    await stage.deploy(await stage.createVersion(epoch.bytes));
    await stage.engine.clock.advance(120_000);

    await taken(held.version);
    const moved = await stage.invoke('pin', { execution: EXECUTION, pin: held });
    await taken();

    expect(stays).toEqual(held);
    expect(moved).toEqual({ sluice: 1, ...NAMES, version: expect.any(String) as string, digest: epoch.digest, entity: EXECUTION, onRolledBack: 'move', moved: [{ version: held.version, digest: held.digest }] });
    expect([await counted('ExecutionsMoved', held.digest), await counted('ExecutionsStarted') - started]).toEqual([1, 0]);
  });

  test.each([
    ['another execution’s pin', { execution: EXECUTION, pin: { sluice: 1, ...NAMES, version: '1', digest: `sha256:${'0'.repeat(64)}`, entity: 'parent' } }, 'the pin is of parent, which alone may move'],
    ['no pin', { execution: EXECUTION, pin: 1 }, 'pin must be the execution\'s pin, got 1'],
    ['an unknown policy', { execution: EXECUTION, onRolledBack: 'stop' }, 'onRolledBack must be fail or move, got "stop"'],
  ])('refuses %s', async (_, event, message) => {
    await expect(stage.invoke('pin', event)).rejects.toThrow(message);
  });

  test('refuses an event without the execution’s ARN', async () => {
    await expect(stage.invoke('pin', {})).rejects.toThrow("SLUICE-HOOK-1: the handler pin cannot read its event: execution must be the execution's ARN, got nothing");
  });
});

describe('the end of an execution', () => {
  test('is counted for the epoch of the pin in its output, and a child’s is not', async () => {
    const epoch = epochOf(31);
    const output = (entity: string): string => JSON.stringify({ pin: { sluice: 1, ...NAMES, version: '1', digest: epoch.digest, entity } });
    const event = (entity: string): unknown => ({ detail: { executionArn: EXECUTION, status: 'SUCCEEDED', stopDate: stage.engine.clock.now(), input: '{}', output: output(entity) } });

    await stage.invoke('settle', event(EXECUTION));
    await stage.invoke('settle', event('arn:aws:states:us-east-1:000000000000:execution:parents:1'));
    await stage.invoke('settle', { detail: { executionArn: EXECUTION, status: 'RUNNING' } });

    expect(await counted('ExecutionsSettled', epoch.digest)).toBe(1);
    expect(await counted('ExecutionsFailed', epoch.digest)).toBe(0);
  });

  test('is counted for the epoch in the minute it began, and for the environment in the minute it ended', async () => {
    const { digest } = epochOf(32);
    const entity = `${EXECUTION}-began-before`;
    const pin = { sluice: 1, ...NAMES, version: '1', digest, entity };
    const ended = Math.floor(stage.engine.clock.now() / 60_000) * 60_000 + 30_000;
    const began = ended - 180_000;

    await stage.invoke('settle', { detail: { executionArn: entity, status: 'SUCCEEDED', startDate: began, stopDate: ended, input: '{}', output: JSON.stringify({ pin }) } });
    const [byEpoch, byEnvironment] = [await minutes('ExecutionsSettled', digest), await minutes('ExecutionsSettled')];

    expect(byEpoch).toEqual([began - 30_000]);
    expect(byEnvironment).toContain(ended - 30_000);
    expect(byEnvironment).not.toContain(began - 30_000);
  });

  test('is counted once, however often EventBridge tells it; another end of another execution still counts', async () => {
    const epoch = epochOf(33);
    const ends = (entity: string): unknown => ({ detail: {
      executionArn: entity, status: 'FAILED', stopDate: stage.engine.clock.now(), input: '{}',
      output: JSON.stringify({ pin: { sluice: 1, ...NAMES, version: '1', digest: epoch.digest, entity } }),
    } });

    for (const entity of [`${EXECUTION}a`, `${EXECUTION}a`, `${EXECUTION}b`, `${EXECUTION}a`]) await stage.invoke('settle', ends(entity));

    expect(await counted('ExecutionsSettled', epoch.digest)).toBe(2);
    expect(await counted('ExecutionsFailed', epoch.digest)).toBe(2);
  });

  test('whose counting failed is counted when it is told again', async () => {
    const unknown = { detail: { executionArn: 'arn:aws:states:us-east-1:000000000000:execution:none:1', status: 'FAILED', stopDate: stage.engine.clock.now(), input: '{}' } };

    await expect(stage.invoke('settle', unknown)).rejects.toThrow('Execution Does Not Exist');
    await expect(stage.invoke('settle', unknown)).rejects.toThrow('Execution Does Not Exist');
  });
});
