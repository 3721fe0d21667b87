import { describe, expect, test } from 'vitest';
import { Fault } from '../../lib/core/fault.ts';
import { parseMonitorProperties, withMonitor, withoutMonitor } from '../../lib/core/monitoring.ts';
import { formatSeed, parseSeed, parseSeedProperties } from '../../lib/core/seed.ts';
import { parseStackRequest, stackAnswer, type StackRequest } from '../../lib/core/stackRequest.ts';

const EVENT = { RequestType: 'Create', ResponseURL: 'https://answer', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Seed', ResourceProperties: { A: '1' } };
const PROPERTIES = { ApplicationId: 'a', EnvironmentId: 'e', ProfileId: 'p', ProfileName: 'orders-production', Bucket: 'b', Key: 'k', Strategy: 'AppConfig.AllAtOnce', Alarms: ['one', 'two'], DeletionProtection: 'APPLY', EmptyStore: 'false' };

describe('a request of CloudFormation', () => {
  test('keeps its physical id, or is given one that stays', () => {
    const created = parseStackRequest(EVENT) as StackRequest;
    const deleted = parseStackRequest({ ...EVENT, RequestType: 'Delete', PhysicalResourceId: 'sluice-Seed' }) as StackRequest;

    expect([created.kind, created.physicalResourceId, created.properties]).toEqual(['create', 'sluice-Seed', { A: '1' }]);
    expect([deleted.kind, deleted.physicalResourceId]).toEqual(['delete', 'sluice-Seed']);
  });

  test.each([
    [null, 'it is null, not an object'],
    [{ ...EVENT, RequestType: 'Mend' }, 'RequestType is "Mend"'],
    [{ ...EVENT, ResponseURL: undefined }, 'ResponseURL must be text, got nothing'],
  ])('that cannot be read is told: %j', (event, problem) => {
    const refused = parseStackRequest(event);

    expect(refused).toBeInstanceOf(Fault);
    expect((refused as Fault).message).toContain(problem);
  });

  test('is answered with success, or with why not, within what CloudFormation takes', () => {
    const request = parseStackRequest(EVENT) as StackRequest;

    const [success, failure] = [stackAnswer(request), stackAnswer(request, new Error('x'.repeat(9000)))].map((text) => JSON.parse(text) as Record<string, string>);

    expect(success).toEqual({ Status: 'SUCCESS', PhysicalResourceId: 'sluice-Seed', StackId: 'stack', RequestId: 'request', LogicalResourceId: 'Seed' });
    expect(failure?.['Status']).toBe('FAILED');
    expect(JSON.stringify(failure).length).toBeLessThan(4096);
  });
});

describe('a seed', () => {
  test('comes out of its text as it went in', () => {
    const digest = `sha256:${'0'.repeat(64)}` as const;

    const seed = parseSeed(new TextEncoder().encode(formatSeed({ bytes: new TextEncoder().encode('{"sluice":1}'), schemas: new Map([[digest, new TextEncoder().encode('{}')]]) })));

    expect(seed).toEqual({ epoch: '{"sluice":1}', schemas: { [digest]: '{}' } });
    expect(() => parseSeed(new TextEncoder().encode('{"epoch":1}'))).toThrow('neither epoch nor schemas');
  });

  test('is protected unless its stack says otherwise', () => {
    expect(parseSeedProperties(PROPERTIES)).toMatchObject({ place: { applicationId: 'a', profile: 'orders-production' }, alarms: ['one', 'two'], protection: 'APPLY', emptyStore: false });
    expect(parseSeedProperties({ ...PROPERTIES, DeletionProtection: 'nonsense' }).protection).toBe('APPLY');
    expect(parseSeedProperties({ ...PROPERTIES, DeletionProtection: 'BYPASS', EmptyStore: 'true' })).toMatchObject({ protection: 'BYPASS', emptyStore: true });
    expect(() => parseSeedProperties({ ...PROPERTIES, Key: undefined })).toThrow('Key must be text, got nothing');
  });
});

describe('the monitors of an environment', () => {
  const [one, two] = [{ alarmArn: 'one', roleArn: 'r1' }, { alarmArn: 'two', roleArn: 'r2' }];

  test('gain one, keep the others, and know it when it comes again', () => {
    expect(withMonitor([one], two)).toEqual([one, two]);
    expect(withMonitor([one, two], { ...one, roleArn: 'new' })).toEqual([{ alarmArn: 'one', roleArn: 'new' }, two]);
    expect(withoutMonitor([one, two], 'one')).toEqual([two]);
  });

  test('have room for five', () => {
    const five = Array.from({ length: 5 }, (_, at) => ({ alarmArn: `alarm-${at}`, roleArn: 'r' }));

    expect(() => withMonitor(five, one)).toThrow('SLUICE-GUARD-1: the monitor one has no room: the environment has 5');
    expect(() => parseMonitorProperties({ ApplicationId: 'a' })).toThrow('EnvironmentId must be text');
  });
});
