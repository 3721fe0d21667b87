import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Ledger } from '../../lib/adapters/ledger.ts';
import { AppConfigPlane } from '../../lib/adapters/plane/index.ts';
import { EpochStore } from '../../lib/adapters/store/index.ts';
import { Fault } from '../../lib/core/fault.ts';
import { parseHook } from '../../lib/core/hook.ts';
import { bytesOf, epochOf, schemaOf } from '../fixtures/epochs.ts';
import { Stage } from '../fixtures/stage.ts';

let stage: Stage;
let epochs: EpochStore;

beforeAll(async () => {
  stage = await Stage.open();
  epochs = new EpochStore(stage.store);
});

afterAll(async () => {
  await stage.close();
});

describe('the gate', () => {
  test('lets what was there before it be the control of what comes first after it', async () => {
    const before = epochOf(10);
    await stage.deploy(await stage.createVersion(before.bytes));
    await stage.guard();
    await epochs.saveSchema(schemaOf().bytes);
    const after = epochOf(20);

    const version = await stage.createVersion(after.bytes);
    const number = await stage.deploy(version, 'raise the time-out');

    const record = await epochs.deployment({ applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId }, number);
    const conforms = formats.default(new Ajv2020()).compile(JSON.parse(readFileSync('schemas/deployment.schema.json', 'utf8')) as object);
    expect(record).toMatchObject({
      application: 'orders', environment: 'prod', profile: 'prod', deployment: number, description: 'raise the time-out',
      canary: { version: String(version), digest: after.digest }, control: { version: '1', digest: before.digest },
    });
    expect(conforms(record)).toBe(true);
    expect(Buffer.from((await epochs.epoch(after.digest)) ?? [])).toEqual(Buffer.from(after.bytes));
  });

  test('takes the control from the record of the deployment before', async () => {
    const before = epochOf(30);
    const after = epochOf(40);
    const first = await stage.createVersion(before.bytes);
    await stage.deploy(first);

    const number = await stage.deploy(await stage.createVersion(after.bytes));

    expect(await epochs.deployment({ applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId }, number)).toMatchObject({
      canary: { digest: after.digest }, control: { version: String(first), digest: before.digest },
    });
  });

  test('leaves no record behind once it was too late to decide', async () => {
    const { ApplicationId, EnvironmentId, ConfigurationProfileId } = stage.ids;
    const [content, DeploymentNumber] = [epochOf(50), 1000];
    const hook = parseHook({
      InvocationId: 'i', Type: 'PreStartDeployment', Application: { Id: ApplicationId, Name: 'orders' }, Environment: { Id: EnvironmentId, Name: 'prod' },
      ConfigurationProfile: { Id: ConfigurationProfileId, Name: 'prod' }, DeploymentNumber, ConfigurationVersion: '1', Content: Buffer.from(content.bytes).toString('base64'), Parameters: {},
    });
    if (hook instanceof Fault || hook.point !== 'pre-start') throw new Error('no hook of a deployment that begins');
    const ledger = new Ledger(stage.store, await AppConfigPlane.open({ region: stage.engine.region, endpoint: stage.engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } }));
    const record = (): Promise<unknown> => epochs.deployment({ applicationId: ApplicationId, environmentId: EnvironmentId }, DeploymentNumber);

    const opened = await ledger.open(hook);
    await expect(ledger.enter(hook, opened, undefined, 0, AbortSignal.abort())).rejects.toThrow('aborted');
    const late = await record();
    await ledger.enter(hook, opened, undefined, 0, new AbortController().signal);

    expect([late, await record()]).toMatchObject([undefined, { deployment: DeploymentNumber, canary: { digest: content.digest } }]);
  });

  test('refuses a version that breaks its schema, with document and path in the message', async () => {
    await expect(stage.createVersion(epochOf(30_000).bytes)).rejects.toThrow('limits: $.timeoutSeconds must be at most 60, got 30000');
  });

  test('refuses what is no epoch, and what names a schema nobody stored', async () => {
    await expect(stage.createVersion(bytesOf('timeout: 3'))).rejects.toThrow('SLUICE-EPOCH-1');
    await expect(stage.createVersion(epochOf(3, `sha256:${'00'.repeat(32)}`).bytes)).rejects.toThrow('SLUICE-GATE-2');
  });

  test('is the authority: a bad version stored before it was there cannot be deployed', async () => {
    const other = await Stage.open();
    const bad = await other.createVersion(epochOf(30_000).bytes);
    await other.guard();
    await new EpochStore(other.store).saveSchema(schemaOf().bytes);

    await expect(other.deploy(bad)).rejects.toThrow('limits: $.timeoutSeconds must be at most 60');
    expect(await other.store.list('epochs/')).toEqual([]);
    await other.close();
  });
});

describe('the validator', () => {
  const event = (timeoutSeconds: number): unknown => ({ applicationId: 'a', configurationProfileId: 'p', configurationVersion: '1', uri: '', content: Buffer.from(epochOf(timeoutSeconds).bytes).toString('base64') });

  test('passes a good version and throws with the path for a bad one', async () => {
    await stage.handler('validate');

    expect(await stage.invoke('validate', event(30))).toBeNull();
    await expect(stage.invoke('validate', event(30_000))).rejects.toThrow('limits: $.timeoutSeconds must be at most 60, got 30000');
    await expect(stage.invoke('validate', {})).rejects.toThrow('SLUICE-HOOK-1');
  });

  test('asks again while the gate is late', async () => {
    const [answer] = await validated(`let asked = 0; export const handler = async () => { asked += 1; return asked < 3 ? ${LATE} : null; };`, event(30));

    expect(answer).toBe('passed');
  });

  test.each([
    ['late for good', `export const handler = async () => (${LATE});`, 'SLUICE-GATE-3'],
    ['without an answer in its time', 'export const handler = async () => { await new Promise((resolve) => setTimeout(resolve, 60_000)); return null; };', 'SLUICE-GATE-4: the gate failed: .*timed out'],
    ['failing', "export const handler = async () => { throw new Error('out of order'); };", 'SLUICE-GATE-4: the gate failed: .*out of order'],
    ['no gate', 'export const handler = async () => ({ statusCode: 200 });', 'SLUICE-GATE-4: the gate failed: it answered {"statusCode":200}'],
    ['not there', undefined, 'SLUICE-GATE-4: the gate failed: .*gate'],
  ])('refuses, within the time AppConfig gives it, by a gate that is %s', async (_, gate, message) => {
    const [answer, milliseconds] = await validated(gate, event(30));

    expect(answer).toMatch(new RegExp(message));
    expect(milliseconds).toBeLessThan(15_000);
  });
});

const LATE = JSON.stringify({ Error: 'BadRequestError', Message: 'SLUICE-GATE-3: late', Details: [{ Type: 'Invalid', Name: 'SLUICE-GATE-3', Reason: 'late' }] });

/** What a validator says that asks a gate of this code, and how long it took. */
async function validated(gate: string | undefined, event: unknown): Promise<[answer: string, milliseconds: number]> {
  const other = await Stage.open();
  if (gate !== undefined) await other.function('gate', Buffer.from(gate), { Timeout: 3 });
  await other.handler('validate');
  const begun = other.engine.clock.now();
  const answer = await other.invoke('validate', event).then(() => 'passed', (error: unknown) => (error as Error).message);
  const took = other.engine.clock.now() - begun;
  await other.close();
  return [answer, took];
}
