import { CloudWatchClient, GetMetricStatisticsCommand, ListMetricsCommand, type Datapoint } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, FilterLogEventsCommand, PutLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateFunctionCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRig, zipOf, type Rig } from '../rig.ts';

let rig: Rig;
let logs: CloudWatchLogsClient;

const STREAM = { logGroupName: '/shop', logStreamName: 'one' };

beforeEach(async () => {
  rig = await startRig();
  logs = rig.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand(STREAM));
  await logs.send(new CreateLogStreamCommand(STREAM));
});
afterEach(async () => { await rig.close(); });

async function write(...lines: unknown[]): Promise<void> {
  const timestamp = rig.engine.clock.now();
  await logs.send(new PutLogEventsCommand({ ...STREAM, logEvents: lines.map((line) => ({ timestamp, message: typeof line === 'string' ? line : JSON.stringify(line) })) }));
}

function line(more: { directive?: object; Timestamp?: unknown; [name: string]: unknown } = {}): object {
  const { directive, Timestamp = rig.engine.clock.now(), ...root } = more;
  return { _aws: { Timestamp, CloudWatchMetrics: [{ Namespace: 'Shop', Dimensions: [['Epoch'], ['Epoch', 'Workflow']], Metrics: [{ Name: 'Bad', Unit: 'Count' }], ...directive }] }, Epoch: '7', Workflow: 'order', Bad: 1, ...root };
}

async function metrics(): Promise<(string | undefined)[]> {
  const { Metrics = [] } = await rig.client(CloudWatchClient).send(new ListMetricsCommand({}));
  return Metrics.map(({ Namespace, MetricName, Dimensions = [] }) => `${Namespace}/${MetricName}{${Dimensions.map(({ Name, Value }) => `${Name}=${Value}`).join(',')}}`).sort();
}

async function sums(MetricName: string, dimensions: Record<string, string>, Period = 60): Promise<Datapoint[]> {
  const now = rig.engine.clock.now();
  const { Datapoints = [] } = await rig.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
    Namespace: 'Shop', MetricName, Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })), StartTime: new Date(now - 60_000), EndTime: new Date(now + 60_000), Period, Statistics: ['Sum', 'SampleCount'],
  }));
  return Datapoints;
}

describe('a line of the embedded metric format', () => {
  it('becomes metrics, for each of its sets of dimensions', async () => {
    await write(line(), line({ Bad: [1, 0, 2] }));

    expect(await metrics()).toEqual(['Shop/Bad{Epoch=7,Workflow=order}', 'Shop/Bad{Epoch=7}']);
    expect(await sums('Bad', { Epoch: '7' })).toMatchObject([{ Sum: 4, SampleCount: 4, Unit: 'Count' }]);
  });

  it('stays a line of the log', async () => {
    await write(line());

    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/shop', filterPattern: '{ $.Epoch = "7" }' }));
    expect(events).toHaveLength(1);
  });

  it('may be of high resolution, and without dimensions', async () => {
    await write(line({ directive: { Dimensions: [[]], Metrics: [{ Name: 'Latency', Unit: 'Milliseconds', StorageResolution: 1 }] }, Latency: 12.5 }));

    expect(await sums('Latency', {}, 1)).toMatchObject([{ Sum: 12.5, Unit: 'Milliseconds' }]);
  });

  it.each([
    ['text', 'not JSON but "_aws"'],
    ['a list', '["_aws"]'],
    ['no directives', { _aws: {}, Bad: 1 }],
    ['no timestamp', () => line({ Timestamp: 'now' })],
    ['no namespace', () => line({ directive: { Namespace: '' } })],
    ['a dimension without its value', () => line({ directive: { Dimensions: [['Nowhere']] } })],
    ['a dimension whose value is a number', () => line({ Epoch: 7 })],
    ['a metric without its value', () => line({ Bad: undefined })],
    ['a metric whose value is text', () => line({ Bad: '1' })],
    ['too many values', () => line({ Bad: Array.from({ length: 101 }, () => 1) })],
    ['too many dimensions', () => line({ directive: { Dimensions: [Array.from({ length: 31 }, () => 'Epoch')] } })],
    ['a unit that is none', () => line({ directive: { Metrics: [{ Name: 'Bad', Unit: 'Furlong' }] } })],
    ['a resolution that is none', () => line({ directive: { Metrics: [{ Name: 'Bad', StorageResolution: 5 }] } })],
  ])('that is malformed is only a line: %s', async (_what, given) => {
    await write(typeof given === 'function' ? given() : given);

    expect(await metrics()).toEqual([]);
  });

  it('never breaks the log, whatever JSON it is', async () => {
    const json = fc.json();

    await fc.assert(fc.asyncProperty(json, json, async (directives, values) => {
      const text = `{"_aws":{"Timestamp":${rig.engine.clock.now()},"CloudWatchMetrics":${directives}},"Bad":${values}}`;
      await write(text);
      const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName: '/shop' }));

      expect(events.at(-1)?.message).toBe(text);
    }), { numRuns: 100 });
  });

  it.each(['console.log(line)', 'process.stdout.write(line + "\\n")'])('that a function prints becomes metrics too: %s', async (print) => {
    const lambda = rig.client(LambdaClient);
    const code = `const line = ${JSON.stringify(JSON.stringify(line()))};\nexport const handler = async () => { ${print}; };`;
    await lambda.send(new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: 'arn:aws:iam::000000000000:role/r', Code: { ZipFile: zipOf(code) } }));
    await lambda.send(new InvokeCommand({ FunctionName: 'f' }));
    await rig.advance(1000);

    expect((await metrics()).filter((name) => name?.startsWith('Shop/'))).toEqual(['Shop/Bad{Epoch=7,Workflow=order}', 'Shop/Bad{Epoch=7}']);
  });
});
