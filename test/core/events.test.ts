import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  deploymentKey, epochKey, Fault, formatRecord, metricLine, parseAlarm, parseHook, parseRecord, recordOf, refuse, schemaKey, stateAt, toldRollout, windowsOf,
  type Digest, type Hook, type Point,
} from '../../lib/core/index.ts';
import { bytesOf } from '../fixtures/epochs.ts';

const A: Digest = `sha256:${'aa'.repeat(32)}`;
const B: Digest = `sha256:${'bb'.repeat(32)}`;

const PRE_START = {
  InvocationId: 'abc1234', Parameters: {}, Type: 'PreStartDeployment',
  Application: { Id: 'app1234', Name: 'orders' }, Environment: { Id: 'env1234', Name: 'prod' }, ConfigurationProfile: { Id: 'pro1234', Name: 'prod' },
  DeploymentNumber: 4, ConfigurationVersion: '7', Description: 'raise limits', Content: Buffer.from('{}').toString('base64'), ContentType: 'application/json', ContentVersion: '7',
};

function hookOf(event: unknown): Extract<Hook, { point: 'pre-start' }> {
  const hook = parseHook(event);
  if (hook instanceof Fault || hook.point !== 'pre-start') throw new Error('expected a pre-start hook');
  return hook;
}

describe('an extension event', () => {
  test('is read as AppConfig writes it', () => {
    expect(hookOf(PRE_START)).toMatchObject({
      application: { id: 'app1234', name: 'orders' }, environment: { id: 'env1234', name: 'prod' }, deployment: 4, version: '7', description: 'raise limits',
    });
  });

  test('is read tolerantly: missing names, numbers as text, no deployment number', () => {
    const hook = hookOf({ ...PRE_START, Application: { Id: 'app1234' }, DeploymentNumber: '4', ContentVersion: 7, Description: undefined });

    expect(hook).toMatchObject({ application: { id: 'app1234', name: 'app1234' }, deployment: 4, version: '7', description: null });
    expect(hookOf({ ...PRE_START, DeploymentNumber: undefined }).deployment).toBeUndefined();
  });

  test('of PRE_CREATE has neither environment nor number', () => {
    const { Environment: _, DeploymentNumber: __, ...event } = PRE_START;

    expect(parseHook({ ...event, Type: 'PreCreateHostedConfigurationVersion', ConfigurationProfileType: 'AWS.Freeform' })).toMatchObject({ point: 'pre-create', version: '7' });
    expect(parseHook(event)).toBeInstanceOf(Fault);
  });

  test.each<[string, unknown]>([
    ['no object', 'x'],
    ['no application', { ...PRE_START, Application: undefined }],
    ['no profile', { ...PRE_START, ConfigurationProfile: {} }],
    ['no content', { ...PRE_START, Content: undefined }],
    ['feature flags', { ...PRE_START, ConfigurationProfileType: 'AWS.AppConfig.FeatureFlags' }],
    ['another action point', { ...PRE_START, Type: 'OnDeploymentStart' }],
  ])('with %s is refused', (_, event) => {
    expect(parseHook(event)).toMatchObject({ code: 'SLUICE-GATE-1' });
  });
});

describe('what AppConfig tells of a deployment', () => {
  const told = (Type: unknown, more: Record<string, unknown> = {}): unknown => ({ 'source': 'aws.appconfig', 'detail-type': 'On Deployment Something', 'time': '2026-01-01T00:00:05Z', 'detail': { Type, DeploymentNumber: 4, ...more } });

  test.each([['OnDeploymentStart', 'RolloutsBegun'], ['OnDeploymentComplete', 'RolloutsCompleted'], ['OnDeploymentRolledBack', 'RolloutsRolledBack'], ['OnDeploymentRollback', 'RolloutsRolledBack']])('counts %s as %s', (type, metric) => {
    expect(toldRollout(told(type), 0)).toEqual({ key: `${metric} 4`, deployment: 4, counts: { [metric]: 1 }, at: Date.parse('2026-01-01T00:00:05Z') });
    expect(toldRollout(told(type, { DeploymentNumber: '4' }), 0)?.key).toBe(`${metric} 4`);
  });

  test('stands in for a missing time, and counts nothing else', () => {
    expect(toldRollout({ ...told('OnDeploymentStart') as object, time: undefined }, 7)?.at).toBe(7);
    for (const other of [told('OnDeploymentStep'), told(undefined), { source: 'aws.states', detail: { Type: 'OnDeploymentStart' } }, { source: 'aws.appconfig' }, null]) expect(toldRollout(other, 0)).toBeUndefined();
  });
});

describe('the record of a deployment', () => {
  const schema = JSON.parse(readFileSync('schemas/deployment.schema.json', 'utf8')) as object;
  const ajv = formats.default(new Ajv2020());
  const conforms = ajv.compile(schema);

  test('names canary and control, conforms to its schema and is read back as it was written', () => {
    const record = recordOf({ hook: hookOf(PRE_START), digest: A, control: { version: '6', digest: B }, deployments: [], now: Date.UTC(2026, 0, 1) });

    expect(record).toMatchObject({ deployment: 4, canary: { version: '7', digest: A }, control: { version: '6', digest: B }, startedAt: '2026-01-01T00:00:00.000Z' });
    expect(conforms(record)).toBe(true);
    expect(parseRecord(formatRecord(record), 'key')).toEqual(record);
  });

  test('takes the next number when AppConfig tells none', () => {
    const hook = hookOf({ ...PRE_START, DeploymentNumber: undefined });
    const deployments = [3, 8, 5].map((number) => ({ number, state: 'COMPLETE' as const, profile: 'prod', version: '1', startedAt: 0 }));

    expect(recordOf({ hook, digest: A, control: null, deployments, now: 0 }).deployment).toBe(9);
    expect(recordOf({ hook, digest: A, control: null, deployments: [], now: 0 }).deployment).toBe(1);
  });

  test.each(['not json', '{}', '{"sluice":1,"deployment":"4"}', '{"sluice":1,"deployment":4,"canary":{}}', `{"sluice":1,"deployment":4,"canary":{"version":"1","digest":"${A}"},"control":7}`])('%s is no record', (text) => {
    expect(parseRecord(bytesOf(text), 'deployments/a/e/4.json')).toMatchObject({ code: 'SLUICE-STORE-3' });
  });

  test('lies where the contract says, as epochs and schemas do', () => {
    expect(deploymentKey({ applicationId: 'app1234', environmentId: 'env1234' }, 4)).toBe('deployments/app1234/env1234/4.json');
    expect(epochKey(A)).toBe(`epochs/${'aa'.repeat(32)}`);
    expect(schemaKey(A)).toBe(`schemas/${'aa'.repeat(32)}.json`);
  });
});

describe('an alarm event', () => {
  const state = { value: 'ALARM', timestamp: '2026-01-01T02:00:00.000+0000' };
  const previousState = { value: 'OK', timestamp: '2026-01-01T01:00:00.000+0000' };
  const at = (hour: number): number => Date.UTC(2026, 0, 1, hour);

  test('is read from EventBridge and from an alarm’s own action', () => {
    const change = { name: 'failing', state: 'ALARM', at: at(2), before: { state: 'OK', since: at(1) } };

    expect(parseAlarm({ detail: { alarmName: 'failing', state, previousState } })).toEqual(change);
    expect(parseAlarm({ alarmArn: 'arn', alarmData: { alarmName: 'failing', state, previousState } })).toEqual(change);
    expect(parseAlarm({ detail: { alarmName: 'failing', state } })).toEqual({ name: 'failing', state: 'ALARM', at: at(2) });
  });

  test('tells the state at a moment only as far as it is certain', () => {
    const change = parseAlarm({ detail: { alarmName: 'failing', state, previousState } });
    if (change instanceof Fault) throw change;

    expect(stateAt(change, at(3))).toBe('ALARM');
    expect(stateAt(change, at(1))).toBe('OK');
    expect(stateAt(change, at(0))).toBeUndefined();
  });

  test.each([{}, { detail: { alarmName: 7, state } }, { detail: { alarmName: 'x', state: { value: 'LOUD' } } }, { detail: { alarmName: 'x', state: { value: 'OK', timestamp: 'soon' } } }])('%j is refused', (event) => {
    expect(parseAlarm(event)).toMatchObject({ code: 'SLUICE-HOOK-1' });
  });
});

describe('a refusal', () => {
  test('carries everything in the message, and twenty details at most', () => {
    const faults = Array.from({ length: 30 }, (_, index) => new Fault('SLUICE-DOC-10', `problem ${index}`, 'correct it'));

    const answer = refuse(faults);

    expect(answer.Error).toBe('BadRequestError');
    expect(answer.Message).toMatch(/^SLUICE-GATE-5: 30 problems in the configuration: SLUICE-DOC-10: problem 0; correct it \| /);
    expect(answer.Details).toHaveLength(20);
    expect(refuse(faults.slice(0, 1)).Message).toBe('SLUICE-DOC-10: problem 0; correct it');
  });
});

describe('a metric line', () => {
  test('counts by environment, and by epoch where there is one', () => {
    const line = JSON.parse(metricLine({ application: 'orders', environment: 'prod', epoch: A, at: 7, counts: { ExecutionsStarted: 1 }, also: { handler: 'pin' } })) as Record<string, unknown>;

    expect(line).toEqual({
      handler: 'pin', Application: 'orders', Environment: 'prod', Epoch: A, ExecutionsStarted: 1,
      _aws: { Timestamp: 7, CloudWatchMetrics: [{ Namespace: 'Sluice', Dimensions: [['Application', 'Environment'], ['Application', 'Environment', 'Epoch']], Metrics: [{ Name: 'ExecutionsStarted', Unit: 'Count' }] }] },
    });
    expect(metricLine({ application: 'orders', environment: 'prod', at: 7, counts: {} })).not.toContain('Epoch');
  });
});

describe('windows', () => {
  test('lose no count of their two epochs and take none of a third', () => {
    const points = fc.array(fc.record<Point>({
      epoch: fc.constantFrom(A, B, `sha256:${'cc'.repeat(32)}`), metric: fc.constantFrom('ExecutionsStarted', 'ExecutionsFailed'),
      at: fc.integer({ min: 0, max: 600_000 }), sum: fc.integer({ min: 0, max: 9 }),
    }));

    fc.assert(fc.property(points, (list) => {
      const windows = windowsOf(list, { canary: A, control: B });
      const total = (epoch: Digest, metric: string): number => list.filter((one) => one.epoch === epoch && one.metric === metric).reduce((sum, one) => sum + one.sum, 0);

      expect(windows.reduce((sum, one) => sum + one.canary.starts, 0)).toBe(total(A, 'ExecutionsStarted'));
      expect(windows.reduce((sum, one) => sum + one.canary.bad, 0)).toBe(total(A, 'ExecutionsFailed'));
      expect(windows.reduce((sum, one) => sum + one.control.starts, 0)).toBe(total(B, 'ExecutionsStarted'));
      expect(windows.map((one) => one.start)).toEqual([...new Set(windows.map((one) => one.start))].sort((one, other) => one - other));
      expect(windows.every((one) => one.start % 60_000 === 0)).toBe(true);
    }));
  });
});
