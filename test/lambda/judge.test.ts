import { readFileSync } from 'node:fs';
import { PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verdictAt } from '../../lib/adapters/verdicts.ts';
import { deploymentKey, formatRecord, judgedAgain, overridePrefix, replay, verdictPrefix, windowsPrefix, type DeploymentRecord, type Digest, type JudgedRecord } from '../../lib/core/index.ts';
import { NAMES, Stage } from '../fixtures/stage.ts';

const MINUTE = 60_000;
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync('schemas/verdict.schema.json', 'utf8')) as object);
const CANARY: Digest = `sha256:${'ca'.repeat(32)}`;
const CONTROL: Digest = `sha256:${'c0'.repeat(32)}`;
let stage: Stage;
let deployments = 0;

/** The handler, with an AWS client that does otherwise than it should. */
function misled(client: 'CloudWatchClient' | 'S3Client', send: string): Uint8Array {
  const sdk = client === 'S3Client' ? '@aws-sdk/client-s3' : '@aws-sdk/client-cloudwatch';
  return Buffer.from(`import { ${client} as OfTheTest } from '${sdk}';\nOfTheTest.prototype.send = ${send};\n${readFileSync('dist/lambda/judge/index.mjs', 'utf8')}`);
}

beforeAll(async () => {
  stage = await Stage.open();
  await stage.handler('judge');
  await stage.function('sleeps', misled('CloudWatchClient', 'function () { return new Promise((done) => setTimeout(done, 60_000)); }'));
  await stage.function('is-denied', misled('CloudWatchClient', 'function () { return Promise.reject(Object.assign(new Error("not authorized"), { name: "AccessDeniedException" })); }'));
  await stage.function('sees-half', misled('CloudWatchClient', 'function () { return Promise.resolve({ MetricDataResults: [{ Id: "m0", StatusCode: "InternalError" }] }); }'));
  await stage.function('has-no-store', misled('S3Client', 'function () { return Promise.reject(new Error("the store is down")); }'));
  await stage.function('keeps-no-parts', misled('S3Client', '((send) => function (command) { return command.input.Key?.includes(".windows/") ? Promise.reject(new Error("no room")) : send.call(this, command); })(OfTheTest.prototype.send)'));
  await stage.function('has-a-slow-store', misled('S3Client', 'function () { return new Promise((done) => setTimeout(done, 60_000)); }'));
});

afterAll(async () => {
  await stage.close();
});

/** A deployment that began some minutes ago, by its record alone. */
async function began(control: DeploymentRecord['control'] = { version: '1', digest: CONTROL }, afterMinutes = 60): Promise<number> {
  const deployment = (deployments += 1);
  const { ApplicationId: applicationId, EnvironmentId: environmentId, ConfigurationProfileId: profileId } = stage.ids;
  await stage.engine.clock.advance(afterMinutes * MINUTE - (stage.engine.clock.now() % MINUTE));
  const record: DeploymentRecord = {
    sluice: 1, ...NAMES, applicationId, environmentId, profileId, deployment, canary: { version: '2', digest: CANARY }, control,
    startedAt: new Date(stage.engine.clock.now()).toISOString(), description: null,
  };
  await stage.store.put(deploymentKey(record, deployment), formatRecord(record), 'application/json');
  return deployment;
}

/** One minute of executions that began, ended and failed on each side. */
async function minute(canary: readonly [number, number, number], control: readonly [number, number, number]): Promise<void> {
  const Timestamp = new Date(stage.engine.clock.now());
  const data = ([[CANARY, canary], [CONTROL, control]] as const).flatMap(([Epoch, counts]) => ['ExecutionsStarted', 'ExecutionsSettled', 'ExecutionsFailed'].map((MetricName, index) => ({
    MetricName, Timestamp, Value: counts[index]!, Unit: 'Count' as const,
    Dimensions: [{ Name: 'Application', Value: NAMES.application }, { Name: 'Environment', Value: NAMES.environment }, { Name: 'Epoch', Value: Epoch }],
  })));
  await stage.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: data }));
  await stage.engine.clock.advance(MINUTE);
}

async function tick(deployment: number, PercentageComplete = '10.0', handler = 'judge'): Promise<unknown> {
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = stage.ids;
  return stage.invoke(handler, {
    InvocationId: 'abc1234', Parameters: {}, Type: 'AtDeploymentTick', Application: { Id: ApplicationId, Name: NAMES.application }, Environment: { Id: EnvironmentId, Name: NAMES.environment },
    ConfigurationProfile: { Id: ConfigurationProfileId, Name: NAMES.profile }, DeploymentNumber: deployment, ConfigurationVersion: '2', DeploymentState: 'DEPLOYING', PercentageComplete,
  });
}

async function records(deployment: number): Promise<JudgedRecord[]> {
  const keys = await stage.store.list(verdictPrefix({ applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId }, deployment));
  return Promise.all(keys.map(async (key) => (await verdictAt(stage.store, key))!));
}

async function lines(handler: string, filterPattern: string): Promise<string[]> {
  const logs = new CloudWatchLogsClient({ region: stage.engine.region, endpoint: stage.engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${handler}`, filterPattern }));
  logs.destroy();
  return events.map(({ message = '' }) => message);
}

async function lastLine(handler: string): Promise<Record<string, unknown>> {
  return JSON.parse((await lines(handler, '"JudgeBlind"')).at(-1)!) as Record<string, unknown>;
}

describe('the judge', () => {
  test('lets a rollout go on while both sides fail alike, and keeps what it saw', async () => {
    const deployment = await began();
    await minute([60, 60, 1], [540, 540, 6]);
    await minute([60, 60, 0], [540, 540, 5]);
    await stage.engine.clock.advance(20_000);

    expect(await tick(deployment)).toEqual({ Directive: 'CONTINUE' });

    const [record] = await records(deployment);
    expect(record).toMatchObject({ deployment, canary: { digest: CANARY }, control: { digest: CONTROL }, percent: 10, state: 'DEPLOYING', pending: 0, blind: null, verdict: { kind: 'continue', because: 'not-enough-evidence' } });
    expect(record!.verdict.metrics['ExecutionsFailed']).toMatchObject({ canary: { starts: 120, bad: 1 }, control: { starts: 1080, bad: 11 } });
    expect(replay(record!).differences).toEqual([]);
    expect(await lastLine('judge')).toMatchObject({ JudgeBlind: 0, Application: NAMES.application });
  });

  test('takes a rollout back for what the canary fails more, with the reason, and any tick may be the first', async () => {
    const deployment = await began();
    for (let n = 0; n < 4; n += 1) await minute([60, 60, 5], [540, 540, 3]);
    await stage.engine.clock.advance(20_000);

    const answer = await tick(deployment);

    const [record] = await records(deployment);
    expect(answer).toEqual({ Directive: 'ROLL_BACK', Description: record!.verdict.reason });
    expect(record!.verdict.reason).toContain('ExecutionsFailed: canary 20 bad of 240 (8.3 %), control 12 bad of 2160');
    expect(replay(record!).differences).toEqual([]);
  });

  test('counts what has not ended within five minutes as slow, and waits for it until then', async () => {
    const deployment = await began();
    for (let n = 0; n < 3; n += 1) await minute([60, 50, 0], [540, 540, 0]);
    await stage.engine.clock.advance(20_000);
    const early = await tick(deployment);
    await stage.engine.clock.advance(5 * MINUTE);

    expect(early).toEqual({ Directive: 'CONTINUE' });
    expect(await tick(deployment)).toMatchObject({ Directive: 'ROLL_BACK', Description: expect.stringContaining('ExecutionsSlow: canary 30 bad of 180') as string });
    expect((await records(deployment)).map(({ pending, late }) => [pending, late.canary])).toEqual([[3, 0], [0, 30]]);
  });

  test('at 100 % compares with what the old epoch was like before, says that this is weaker, and takes back what is much worse', async () => {
    for (let n = 0; n < 10; n += 1) await minute([0, 0, 0], [600, 600, 6]);
    const deployment = await began(undefined, 1);
    for (let n = 0; n < 4; n += 1) await minute([600, 600, 60], [0, 0, 0]);
    await stage.engine.clock.advance(20_000);

    const answer = await tick(deployment, '100.0');

    const [record] = await records(deployment);
    expect(record).toMatchObject({ verdict: { kind: 'continue' }, overTime: { kind: 'roll-back', weaker: true } });
    expect(record!.before.filter(({ metric }) => metric === 'ExecutionsFailed').reduce((sum, { bad }) => sum + bad, 0)).toBe(60);
    expect(answer).toEqual({ Directive: 'ROLL_BACK', Description: record!.overTime!.reason });
    expect(judgedAgain(record!)).toEqual([]);
    expect(validate(record), JSON.stringify(validate.errors)).toBe(true);
  });

  test('at 100 % lets a release go on that is as bad as the one before', async () => {
    for (let n = 0; n < 10; n += 1) await minute([0, 0, 0], [600, 600, 60]);
    const deployment = await began(undefined, 1);
    for (let n = 0; n < 4; n += 1) await minute([600, 600, 61], [0, 0, 0]);
    await stage.engine.clock.advance(20_000);

    expect(await tick(deployment, '100.0')).toEqual({ Directive: 'CONTINUE' });
    expect((await records(deployment))[0]).toMatchObject({ overTime: { kind: 'continue', because: 'not-enough-evidence' } });
  });

  test.each([
    ['a first deployment', null],
    ['a deployment of the bytes that are live already', { version: '1', digest: CANARY }],
  ])('has nothing to compare in %s, which is not blindness', async (_, control) => {
    const deployment = await began(control);
    await minute([60, 60, 60], [540, 540, 0]);
    await stage.engine.clock.advance(20_000);

    expect(await tick(deployment)).toEqual({ Directive: 'CONTINUE' });
    expect(await records(deployment)).toEqual([]);
    expect(await lastLine('judge')).toMatchObject({ JudgeBlind: 0 });
  });
});

describe('what the judge knows besides', () => {
  test('is how many executions were meant for the canary, by the ticks before: a skewed share is told with the verdict', async () => {
    const deployment = await began();
    await tick(deployment);
    for (let n = 0; n < 4; n += 1) await minute([120, 120, 0], [480, 480, 3]);
    await stage.engine.clock.advance(20_000);

    expect(await tick(deployment)).toEqual({ Directive: 'CONTINUE' });

    const record = (await records(deployment)).at(-1)!;
    expect(record.windows.filter(({ metric }) => metric === 'ExecutionsFailed').map(({ exposure }) => exposure)).toEqual([undefined, 0.1, 0.1, 0.1]);
    expect(record.verdict.sampleRatio).toMatchObject({ kind: 'mismatch', share: 0.2, meant: 0.1 });
    expect(record.verdict.reason).toContain('note that 20 % of the executions are on the canary where 10 % were meant to be');
    expect(replay(record).differences).toEqual([]);
  });

  test('is that a share grew with exposure, which is no skew', async () => {
    const deployment = await began();
    for (const percent of ['10.0', '20.0', '40.0']) {
      await tick(deployment, percent);
      for (let n = 0; n < 2; n += 1) await minute([60, 60, 0], [540, 540, 3]);
    }
    await stage.engine.clock.advance(20_000);
    await tick(deployment, '50.0');

    expect((await records(deployment)).at(-1)!.verdict.sampleRatio).toMatchObject({ kind: 'not-checked' });
  });

  test('lets a sign test count where half was meant for each', async () => {
    await stage.function('signs', readFileSync('dist/lambda/judge/index.mjs'));
    await stage.lambda.send(new UpdateFunctionConfigurationCommand({
      FunctionName: 'signs', Environment: { Variables: { SLUICE_STORE: 'epochs', SLUICE_APPLICATION: NAMES.application, SLUICE_ENVIRONMENT: NAMES.environment, SLUICE_JUDGE: '{"metrics":{"ExecutionsFailed":{"test":"sign"}}}' } },
    }));
    const deployment = await began();
    await tick(deployment, '50.0', 'signs');
    for (let n = 0; n < 12; n += 1) await minute([300, 300, 3], [300, 300, 2]);
    await stage.engine.clock.advance(20_000);

    expect(await tick(deployment, '50.0', 'signs')).toMatchObject({ Directive: 'ROLL_BACK', Description: expect.stringContaining('canary 36 bad of 3600') as string });
    expect((await records(deployment)).at(-1)!.verdict.metrics['ExecutionsFailed']).toMatchObject({ telling: 11, phiMost: 1 });
  });

  test('is any metric that its rules name, as somebody counts it by epoch', async () => {
    await stage.function('refunds', readFileSync('dist/lambda/judge/index.mjs'));
    await stage.lambda.send(new UpdateFunctionConfigurationCommand({
      FunctionName: 'refunds', Environment: { Variables: { SLUICE_STORE: 'epochs', SLUICE_APPLICATION: NAMES.application, SLUICE_ENVIRONMENT: NAMES.environment, SLUICE_JUDGE: '{"metrics":{"ExecutionsFailed":{},"Refunds":{}}}' } },
    }));
    const deployment = await began();
    for (let n = 0; n < 4; n += 1) {
      await stage.cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: ([[CANARY, 12], [CONTROL, 3]] as const).map(([Epoch, Value]) => ({
        MetricName: 'Refunds', Timestamp: new Date(stage.engine.clock.now()), Value, Unit: 'Count' as const,
        Dimensions: [{ Name: 'Application', Value: NAMES.application }, { Name: 'Environment', Value: NAMES.environment }, { Name: 'Epoch', Value: Epoch }],
      })) }));
      await minute([60, 60, 0], [540, 540, 0]);
    }
    await stage.engine.clock.advance(20_000);

    expect(await tick(deployment, '10.0', 'refunds')).toMatchObject({ Directive: 'ROLL_BACK', Description: expect.stringContaining('Refunds: canary 48 bad of 240') as string });
    expect(await tick(deployment)).toEqual({ Directive: 'CONTINUE' });
  });

  test('is how much failures clump, by the minutes of the old epoch before the deployment: what looks bad beside calm minutes does not beside stormy ones', async () => {
    const answers = [];
    for (const storm of [0, 40]) {
      await stage.engine.clock.advance(4 * 60 * MINUTE);
      for (let n = 0; n < 50; n += 1) await minute([0, 0, 0], [300, 300, n % 4 === 0 ? 2 + storm : 2]);
      const deployment = await began({ version: '1', digest: CONTROL }, 8);
      for (let n = 0; n < 3; n += 1) await minute([60, 60, 8], [540, 540, 4]);
      await stage.engine.clock.advance(20_000);
      const answer = await tick(deployment);
      const [record] = await records(deployment);
      answers.push([(answer as { readonly Directive: string }).Directive, record!.history.length > 60, record!.verdict.metrics['ExecutionsFailed']!.phi > 5]);
      expect(replay(record!).differences).toEqual([]);
    }

    expect(answers).toEqual([['ROLL_BACK', true, false], ['CONTINUE', true, true]]);
  });

  test('is kept once for all ticks, or in the record where that fails', async () => {
    await stage.engine.clock.advance(4 * 60 * MINUTE);
    for (let n = 0; n < 30; n += 1) await minute([0, 0, 0], [300, 300, 2]);
    const deployment = await began({ version: '1', digest: CONTROL }, 8);
    for (let n = 0; n < 3; n += 1) await minute([60, 60, 0], [540, 540, 4]);
    await stage.engine.clock.advance(20_000);
    const place = { applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId };
    const kept: string[][] = [];
    for (const handler of ['keeps-no-parts', 'judge', 'judge']) {
      await tick(deployment, '10.0', handler);
      kept.push(await stage.store.list(windowsPrefix(place, deployment)));
      await minute([60, 60, 0], [540, 540, 4]);
    }

    const raw = await Promise.all((await stage.store.list(verdictPrefix(place, deployment))).map(async (key) => JSON.parse(Buffer.from((await stage.store.get(key))!).toString()) as { history: unknown[]; parts?: unknown[] }));
    const [first, , last] = await records(deployment);
    expect([kept[0]!.length, kept[1]!.length > 0]).toEqual([0, true]);
    expect(kept[2]).toEqual(expect.arrayContaining(kept[1]!));
    expect(raw.map(({ history, parts = [] }) => [history.length > 0, parts.length > 0])).toEqual([[true, false], [false, true], [false, true]]);
    expect([first!.history, last!.history]).toEqual([raw[0]!.history, raw[0]!.history]);
    expect([first, last].flatMap((record) => judgedAgain(record!))).toEqual([]);
    expect(await lastLine('keeps-no-parts')).toMatchObject({ JudgeBlind: 0, troubles: ['no room'] });
  });
});

describe('a judge that cannot see', () => {
  test.each([
    ['sleeps', 'the judge could not see within'],
    ['is-denied', 'not authorized'],
    ['sees-half', 'CloudWatch withheld ExecutionsStarted: InternalError'],
  ])('%s: lets the rollout go on within two seconds, says so and keeps it', async (handler, why) => {
    const deployment = await began();
    for (let n = 0; n < 4; n += 1) await minute([60, 60, 60], [540, 540, 0]);
    const before = stage.engine.clock.now();

    expect(await tick(deployment, '10.0', handler)).toEqual({ Directive: 'CONTINUE' });

    expect(stage.engine.clock.now() - before).toBeLessThan(2000);
    expect(await lastLine(handler)).toMatchObject({ JudgeBlind: 1, note: expect.stringContaining(why) as string });
    expect(await records(deployment)).toMatchObject([{ blind: expect.stringContaining(why) as string, blindTicks: 1, windows: [] }]);
  });

  test.each(['has-no-store', 'has-a-slow-store'])('%s: lets the rollout go on within two seconds and says so', async (handler) => {
    const deployment = await began();
    for (let n = 0; n < 4; n += 1) await minute([60, 60, 60], [540, 540, 0]);
    const before = stage.engine.clock.now();

    expect(await tick(deployment, '10.0', handler)).toEqual({ Directive: 'CONTINUE' });

    expect(stage.engine.clock.now() - before).toBeLessThan(2000);
    expect(await lastLine(handler)).toMatchObject({ JudgeBlind: 1 });
  });

  test('without the deployment\'s record, its rules or a readable event, lets the rollout go on', async () => {
    const deployment = await began();
    await stage.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'has-no-store', Environment: { Variables: {} } }));

    expect(await tick(deployment + 1000)).toEqual({ Directive: 'CONTINUE' });
    expect(await lastLine('judge')).toMatchObject({ JudgeBlind: 1, note: expect.stringContaining('SLUICE-JUDGE-9') as string });
    expect(await stage.invoke('judge', { Type: 'Nonsense' })).toEqual({ Directive: 'CONTINUE' });
    expect(await tick(deployment, '10.0', 'has-no-store')).toEqual({ Directive: 'CONTINUE' });
    expect(await lastLine('has-no-store')).toMatchObject({ note: expect.stringContaining('SLUICE-ENV-1') as string });
  });

  test('lets its rules decide after as many blind ticks in a row as they name', async () => {
    await stage.function('strict', misled('S3Client', '((send) => function (command) { console.log(`asks ${command.input.Key ?? command.input.Prefix}`); return send.call(this, command); })(OfTheTest.prototype.send)'));
    await stage.lambda.send(new UpdateFunctionConfigurationCommand({
      FunctionName: 'strict', Environment: { Variables: { SLUICE_STORE: 'epochs', SLUICE_APPLICATION: NAMES.application, SLUICE_ENVIRONMENT: NAMES.environment, SLUICE_JUDGE: '{"onNoData":"roll-back","blindTicks":3}' } },
    }));
    const deployment = await began();

    const answers = [];
    for (const percent of ['0.0', '10.0', '10.0', '10.0']) {
      await stage.engine.clock.advance(MINUTE);
      answers.push(await tick(deployment, percent, 'strict'));
    }

    expect(answers).toMatchObject([{ Directive: 'CONTINUE' }, { Directive: 'CONTINUE' }, { Directive: 'CONTINUE' }, { Directive: 'ROLL_BACK', Description: expect.stringContaining('nothing to see for 3 ticks in a row') as string }]);
    expect((await records(deployment)).map(({ blindTicks }) => blindTicks)).toEqual([0, 1, 2, 3]);
    const place = { applicationId: stage.ids.ApplicationId, environmentId: stage.ids.EnvironmentId };
    const asked = (await lines('strict', '"asks"')).map((line) => line.trimEnd().split('asks ')[1]);
    // What stays as it is, is asked for once; what somebody may have changed, at each tick.
    const [once, always] = [[deploymentKey(place, deployment), windowsPrefix(place, deployment)], [verdictPrefix(place, deployment), overridePrefix(place)]];
    expect([...once, ...always].map((key) => asked.filter((one) => one === key).length)).toEqual([1, 1, 4, 4]);
  });
});
