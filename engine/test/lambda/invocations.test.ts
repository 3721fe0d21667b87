import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateAliasCommand, CreateFunctionCommand, DeleteFunctionConcurrencyCommand, GetFunctionCommand, InvokeCommand, ListAliasesCommand, ListFunctionsCommand, ListVersionsByFunctionCommand, PublishVersionCommand, PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand, UpdateAliasCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand, type InvokeCommandOutput, type ListFunctionsCommandOutput,
} from '@aws-sdk/client-lambda';
import { describe, expect, it } from 'vitest';
import { zipOf } from '../rig.ts';
import { handler, ROLE, startLambda, type LambdaStage } from './stage.ts';

const ARN = 'arn:aws:lambda:us-east-1:000000000000:function:f';

async function logged(stage: LambdaStage, pattern: string, group = '/aws/lambda/f'): Promise<{ message: string; timestamp: number }[]> {
  const { events } = await stage.rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: group, filterPattern: pattern }));
  return (events ?? []).map(({ message = '', timestamp = 0 }) => ({ message, timestamp }));
}

describe('an invocation', () => {
  it('keeps the qualifier that its caller used, and tells the version that ran', async () => {
    await using stage = await startLambda();
    await stage.create(handler('return [context.invokedFunctionArn, context.functionVersion];'));
    await stage.client.send(new PublishVersionCommand({ FunctionName: 'f' }));
    await stage.client.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' }));

    expect(await stage.invoke()).toMatchObject({ value: [ARN, '$LATEST'], version: '$LATEST', status: 200 });
    expect(await stage.invoke({}, { qualifier: '1' })).toMatchObject({ value: [`${ARN}:1`, '1'], version: '1' });
    expect(await stage.invoke({}, { qualifier: 'live' })).toMatchObject({ value: [`${ARN}:live`, '1'], version: '1' });
    expect(await stage.invoke({}, { name: 'f:live' })).toMatchObject({ value: [`${ARN}:live`, '1'], version: '1' });
    expect(await stage.invoke({}, { name: '000000000000:function:f' })).toMatchObject({ version: '$LATEST' });
  });

  it('shows the tail of its log as Lambda writes it, cold, warm, timed out and ended', async () => {
    await using stage = await startLambda();
    await stage.create(handler('if (event.ms) await new Promise((r) => setTimeout(r, event.ms)); if (event.exit) process.exit(1); console.log("hello"); process.stdout.write("raw\\nrest");', 'await new Promise((r) => setTimeout(r, 80));'), { Timeout: 2 });
    const id = '[0-9a-f-]{36}';
    const time = '\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z';
    const rows = [
      [{ ms: 2 }, [`START RequestId: ${id} Version: \\$LATEST`, `${time}\\t${id}\\tINFO\\thello`, 'raw', 'rest', `END RequestId: ${id}`, `REPORT RequestId: ${id}\\tDuration: 2\\.00 ms\\tBilled Duration: 82 ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tInit Duration: 80\\.00 ms\\t`]],
      [{}, [`START RequestId: ${id} Version: \\$LATEST`, `${time}\\t${id}\\tINFO\\thello`, 'raw', 'rest', `END RequestId: ${id}`, `REPORT RequestId: ${id}\\tDuration: 0\\.00 ms\\tBilled Duration: 0 ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\t`]],
      [{ ms: 5000 }, [`START RequestId: ${id} Version: \\$LATEST`, `${time} ${id} Task timed out after 2\\.00 seconds`, `END RequestId: ${id}`, `REPORT RequestId: ${id}\\tDuration: 2000\\.00 ms\\tBilled Duration: 2000 ms\\tMemory Size: 128 MB\\tMax Memory Used: \\d+ MB\\tStatus: timeout`]],
      [{ exit: true }, [`START RequestId: ${id} Version: \\$LATEST`, `END RequestId: ${id}`, `REPORT RequestId: ${id}\\t.*\\tStatus: error\\tError Type: Runtime\\.ExitError`]],
    ] as const;

    for (const [payload, lines] of rows) {
      const { log } = await stage.invoke(payload);

      expect(log.map((line, at) => new RegExp(`^${lines[at]}$`).test(line) || line)).toEqual(lines.map(() => true));
    }
  });

  it('gives at most 4 KB of its log, the last', async () => {
    await using stage = await startLambda();
    await stage.create(handler('for (let i = 0; i < 100; i += 1) console.log("line", i, "x".repeat(100));'));

    const { log } = await stage.invoke();

    expect(log.join('\n').length).toBe(4096);
    expect(log.at(-1)).toMatch(/^REPORT/);
    expect(await logged(stage, '"line 0 "')).toHaveLength(1);
  });

  it('is tried only when it is a trial, and answers 204', async () => {
    await using stage = await startLambda();
    await stage.create(handler('console.log("ran");'));

    const { StatusCode, Payload } = await stage.client.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'DryRun' }));

    expect([StatusCode, Payload?.length ?? 0]).toEqual([204, 0]);
    expect((await stage.invoke()).log.filter((line) => line.endsWith('ran'))).toHaveLength(1);
    expect(await logged(stage, 'ran')).toHaveLength(1);
  });

  it('takes and gives 6 MB', async () => {
    await using stage = await startLambda();
    await stage.create(handler('return event;'));
    const text = 'x'.repeat(6 * 1024 * 1024 - 2);

    expect((await stage.invoke(text)).value).toBe(text);
  });

  it('counts in Invocations, Errors, Duration and Throttles', async () => {
    await using stage = await startLambda();
    await stage.create(handler('await new Promise((r) => setTimeout(r, event.ms)); if (event.ms > 20) throw new Error("x");'));
    for (const ms of [10, 20, 30]) await stage.invoke({ ms });
    await stage.client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 0 }));
    await expect(stage.invoke()).rejects.toThrow('Rate Exceeded.');
    const now = stage.rig.engine.clock.now();

    const read = async (MetricName: string): Promise<unknown> => {
      const { Datapoints } = await stage.rig.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda', MetricName, Dimensions: [{ Name: 'FunctionName', Value: 'f' }], StartTime: new Date(now - 60_000), EndTime: new Date(now + 60_000), Period: 3600, Statistics: ['Sum', 'SampleCount'],
      }));
      return Datapoints?.map(({ Sum, SampleCount }) => [Sum, SampleCount])[0];
    };
    expect([await read('Invocations'), await read('Errors'), await read('Duration'), await read('Throttles')]).toEqual([[3, 3], [1, 3], [60, 3], [1, 1]]);
  });
});

describe('an event', () => {
  const LOGS = handler('console.log("attempt"); if (event.fail) throw new Error("no");');
  const send = (stage: LambdaStage, payload: object): Promise<InvokeCommandOutput> => stage.client.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(payload)) }));
  const attempts = async (stage: LambdaStage): Promise<number[]> => (await logged(stage, 'attempt')).map(({ timestamp }) => timestamp - Date.UTC(2026, 0, 1));

  it('is taken with 202, and tried again one and two minutes after it fails, with the same request id', async () => {
    await using stage = await startLambda();
    await stage.create(LOGS);

    expect(await send(stage, { fail: true })).toMatchObject({ StatusCode: 202 });
    expect((await send(stage, { fail: false })).ExecutedVersion).toBeUndefined();
    await stage.rig.advance(600_000);

    expect(await attempts(stage)).toEqual([0, 0, 60_000, 180_000]);
    const failed = (await logged(stage, '"Invoke Error"')).map(({ message }) => message.split('\t')[1]);
    expect([failed.length, new Set(failed).size]).toEqual([3, 1]);
  });

  it('is tried as often as its function says, and no longer than its age allows', async () => {
    await using stage = await startLambda();
    await stage.create(LOGS);

    await stage.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', MaximumRetryAttempts: 0 }));
    await send(stage, { fail: true });
    await stage.rig.advance(600_000);
    expect(await attempts(stage)).toEqual([0]);

    await stage.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', MaximumEventAgeInSeconds: 100 }));
    await send(stage, { fail: true });
    await stage.rig.advance(600_000);
    expect(await attempts(stage)).toEqual([0, 600_000, 660_000]);
  });

  it('waits while its function is throttled, and runs when it no longer is', async () => {
    await using stage = await startLambda();
    await stage.create(LOGS);
    await stage.client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 0 }));

    await send(stage, {});
    await stage.rig.advance(10_000);
    await stage.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName: 'f' }));
    await stage.rig.advance(60_000);

    // Waits of 1, 2, 4 and 8 seconds.
    expect(await attempts(stage)).toEqual([15_000]);
  });
});

describe('concurrency', () => {
  const SLOW = handler('await new Promise((r) => setTimeout(r, 1000)); return 1;');

  it('above what is reserved is throttled with the reason', async () => {
    await using stage = await startLambda();
    await stage.create(SLOW);
    await stage.client.send(new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: 2 }));

    const ends = await Promise.allSettled([1, 2, 3].map(() => stage.invoke()));

    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(ends.find((end) => end.status === 'rejected')?.reason).toMatchObject({ name: 'TooManyRequestsException', message: 'Rate Exceeded.', Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded', $metadata: { httpStatusCode: 429 } });
  });

  it('above the sandboxes there are is throttled, and an idle sandbox of another function makes room', async () => {
    await using stage = await startLambda({ settings: { lambda: { sandboxes: 2 } } });
    for (const name of ['a', 'b', 'c']) await stage.create(handler('calls += 1; await new Promise((r) => setTimeout(r, 100)); return calls;', 'let calls = 0;'), { FunctionName: name });

    const ends = await Promise.allSettled(['a', 'b', 'c'].map((name) => stage.invoke({}, { name })));
    const reason = ends.find((end) => end.status === 'rejected')?.reason as { Reason?: string } | undefined;
    expect(reason?.Reason).toBe('ConcurrentInvocationLimitExceeded');

    // `c` takes the place of `a`, which is cold again in the place of `b`.
    expect((await stage.invoke({}, { name: 'c' })).value).toBe(1);
    expect((await stage.invoke({}, { name: 'c' })).value).toBe(2);
    expect((await stage.invoke({}, { name: 'a' })).value).toBe(1);
  });

  it('takes the lowest-numbered sandbox that is free', async () => {
    await using stage = await startLambda();
    await stage.create(handler('const number = mine; await new Promise((r) => setTimeout(r, event.ms)); return number;', 'import { randomUUID } from "node:crypto"; const mine = randomUUID();'));

    const together = await Promise.all([100, 200, 300].map((ms) => stage.invoke({ ms })));
    const streams = new Set(together.map(({ value }) => value));
    const next = await stage.invoke({ ms: 1 });

    expect(together).toHaveLength(3);
    expect(streams.has(next.value)).toBe(true);
  });
});

describe('code', () => {
  it('comes from S3 too', async () => {
    await using stage = await startLambda();
    const s3 = stage.rig.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'code' }));
    await s3.send(new PutObjectCommand({ Bucket: 'code', Key: 'f.zip', Body: zipOf(handler('return "from S3";')) }));

    await stage.client.send(new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: ROLE, Code: { S3Bucket: 'code', S3Key: 'f.zip' } }));

    expect((await stage.invoke()).value).toBe('from S3');
  });

  it('that changes ends the sandboxes of $LATEST, not those of numbered versions', async () => {
    await using stage = await startLambda();
    await stage.create(handler('calls += 1; return calls;', 'let calls = 0;'));
    await stage.client.send(new PublishVersionCommand({ FunctionName: 'f' }));
    await stage.invoke({}, { qualifier: '1' });
    await stage.invoke();

    await stage.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Environment: { Variables: { MODE: 'x' } } }));

    expect((await stage.invoke()).value).toBe(1);
    expect((await stage.invoke({}, { qualifier: '1' })).value).toBe(2);
  });

  it('is tried without being changed when it is a trial', async () => {
    await using stage = await startLambda();
    await stage.create(handler('return "old";'));

    const { CodeSha256 } = await stage.client.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: zipOf(handler('return "new";')), DryRun: true }));

    expect((await stage.client.send(new GetFunctionCommand({ FunctionName: 'f' }))).Configuration?.CodeSha256).not.toBe(CodeSha256);
    expect((await stage.invoke()).value).toBe('old');
  });

  it('publishes one version while nothing changes', async () => {
    await using stage = await startLambda();
    await stage.create(handler('return 1;'));
    const publish = async (): Promise<string | undefined> => (await stage.client.send(new PublishVersionCommand({ FunctionName: 'f' }))).Version;

    expect([await publish(), await publish()]).toEqual(['1', '1']);
    await stage.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Timeout: 9 }));
    expect(await publish()).toBe('2');
  });
});

describe('an alias', () => {
  it('keeps its weights when they are left out, loses them to an empty routing, and has a new revision each time', async () => {
    await using stage = await startLambda();
    await stage.create(handler('return 1;'));
    await stage.client.send(new PublishVersionCommand({ FunctionName: 'f' }));
    await stage.client.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Timeout: 9 }));
    await stage.client.send(new PublishVersionCommand({ FunctionName: 'f' }));
    const made = await stage.client.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0 } } }));

    const kept = await stage.client.send(new UpdateAliasCommand({ FunctionName: 'f', Name: 'live', Description: 'd' }));
    const zero = await Promise.all([1, 2, 3].map(() => stage.invoke({}, { qualifier: 'live' })));
    await stage.client.send(new UpdateAliasCommand({ FunctionName: 'f', Name: 'live', RoutingConfig: { AdditionalVersionWeights: { 2: 1 } } }));
    const one = await Promise.all([1, 2, 3].map(() => stage.invoke({}, { qualifier: 'live' })));
    const cleared = await stage.client.send(new UpdateAliasCommand({ FunctionName: 'f', Name: 'live', RoutingConfig: {} }));

    expect(kept.RoutingConfig).toEqual({ AdditionalVersionWeights: { 2: 0 } });
    expect([zero, one].map((answers) => answers.map(({ version }) => version))).toEqual([['1', '1', '1'], ['2', '2', '2']]);
    expect(cleared.RoutingConfig).toBeUndefined();
    expect(new Set([made.RevisionId, kept.RevisionId, cleared.RevisionId]).size).toBe(3);
  });
});

describe('a list', () => {
  it('comes in pages, each item once', async () => {
    await using stage = await startLambda();
    const names = Array.from({ length: 53 }, (_none, at) => `f${String(at).padStart(2, '0')}`);
    for (const FunctionName of names) await stage.create(handler('return 1;'), { FunctionName });
    for (let at = 0; at < 3; at += 1) await stage.client.send(new CreateAliasCommand({ FunctionName: 'f00', Name: `a${at}`, FunctionVersion: '$LATEST' }));

    const seen: (string | undefined)[][] = [];
    for (let Marker: string | undefined; ;) {
      const page: ListFunctionsCommandOutput = await stage.client.send(new ListFunctionsCommand({ ...(Marker ? { Marker } : {}), MaxItems: 1000 }));
      seen.push((page.Functions ?? []).map(({ FunctionName }) => FunctionName));
      Marker = page.NextMarker;
      if (!Marker) break;
    }
    const aliases = await stage.client.send(new ListAliasesCommand({ FunctionName: 'f00', MaxItems: 2 }));
    const rest = await stage.client.send(new ListAliasesCommand({ FunctionName: 'f00', MaxItems: 2, Marker: aliases.NextMarker }));
    const versions = await stage.client.send(new ListVersionsByFunctionCommand({ FunctionName: 'f00' }));

    expect(seen.map((page) => page.length)).toEqual([50, 3]);
    expect(seen.flat()).toEqual(names);
    expect([...aliases.Aliases ?? [], ...rest.Aliases ?? []].map(({ Name }) => Name)).toEqual(['a0', 'a1', 'a2']);
    expect(versions.Versions?.map(({ Version, FunctionArn }) => [Version, FunctionArn])).toEqual([['$LATEST', 'arn:aws:lambda:us-east-1:000000000000:function:f00:$LATEST']]);
  });
});
