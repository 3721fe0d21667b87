import {
  CloudWatchLogsClient, CreateLogGroupCommand, CreateLogStreamCommand, DeleteLogGroupCommand, DeleteLogStreamCommand, DescribeLogGroupsCommand, DescribeLogStreamsCommand, FilterLogEventsCommand, GetLogEventsCommand,
  PutLogEventsCommand, PutRetentionPolicyCommand, StartQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../rig.ts';

let rig: Rig;
let logs: CloudWatchLogsClient;

const GROUP = { logGroupName: '/shop/orders' };
const STREAM = { ...GROUP, logStreamName: 'one' };

beforeEach(async () => {
  rig = await startRig();
  logs = rig.client(CloudWatchLogsClient);
  await logs.send(new CreateLogGroupCommand(GROUP));
  await logs.send(new CreateLogStreamCommand(STREAM));
});
afterEach(async () => { await rig.close(); });

async function write(...messages: string[]): Promise<void> {
  const now = rig.engine.clock.now();
  await logs.send(new PutLogEventsCommand({ ...STREAM, logEvents: messages.map((message, index) => ({ message, timestamp: now + index })) }));
}

async function filtered(filterPattern: string): Promise<(string | undefined)[]> {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ ...GROUP, filterPattern }));
  return events.map(({ message }) => message);
}

describe('log groups and streams', () => {
  it('are created once, described and deleted', async () => {
    await logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 14 }));
    await write('hello');
    const { logGroups } = await logs.send(new DescribeLogGroupsCommand({ logGroupNamePrefix: '/shop' }));
    const { logStreams } = await logs.send(new DescribeLogStreamsCommand(GROUP));
    const now = rig.engine.clock.now();

    expect(logGroups).toMatchObject([{ logGroupName: '/shop/orders', arn: 'arn:aws:logs:us-east-1:000000000000:log-group:/shop/orders:*', retentionInDays: 14, creationTime: now, logGroupClass: 'STANDARD' }]);
    expect(logStreams).toMatchObject([{ logStreamName: 'one', firstEventTimestamp: now, lastEventTimestamp: now, lastIngestionTime: now }]);
    await expect(logs.send(new CreateLogGroupCommand(GROUP))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException', message: 'The specified log group already exists' });
    await expect(logs.send(new CreateLogStreamCommand(STREAM))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException', message: 'The specified log stream already exists' });
    await logs.send(new DeleteLogStreamCommand(STREAM));
    await expect(logs.send(new GetLogEventsCommand(STREAM))).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'The specified log stream does not exist.' });
    await logs.send(new DeleteLogGroupCommand(GROUP));
    await expect(logs.send(new DescribeLogStreamsCommand(GROUP))).rejects.toMatchObject({ name: 'ResourceNotFoundException', message: 'The specified log group does not exist.' });
  });

  it('have names and retentions of certain forms', async () => {
    await expect(logs.send(new CreateLogGroupCommand({ logGroupName: 'with space' }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(logs.send(new CreateLogStreamCommand({ ...GROUP, logStreamName: 'a:b' }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 2 }))).rejects.toMatchObject({ name: 'InvalidParameterException' });
  });

  it('answer 501 by name to what is not implemented', async () => {
    await expect(logs.send(new StartQueryCommand({ ...GROUP, queryString: 'fields @message', startTime: 0, endTime: 1 }))).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 } });
  });
});

describe('log events', () => {
  it('are read from either end, with tokens that go both ways and stay at the ends', async () => {
    await write('a', 'b', 'c', 'd', 'e');
    const page = async (more: object): Promise<[string, string | undefined, string | undefined]> => {
      const { events = [], nextForwardToken, nextBackwardToken } = await logs.send(new GetLogEventsCommand({ ...STREAM, limit: 2, ...more }));
      return [events.map(({ message }) => message).join(''), nextForwardToken, nextBackwardToken];
    };
    const newest = await page({});
    const first = await page({ startFromHead: true });
    const second = await page({ nextToken: first[1] });
    const third = await page({ nextToken: second[1] });
    const end = await page({ nextToken: third[1] });

    expect(newest[0]).toBe('de');
    expect((await page({ nextToken: newest[2] }))[0]).toBe('bc');
    expect([first[0], second[0], third[0], end[0]]).toEqual(['ab', 'cd', 'e', '']);
    expect(end[1]).toBe(third[1]);
  });

  it('come in order, within a day, neither too old nor too new', async () => {
    const now = rig.engine.clock.now();
    const put = (...timestamps: number[]) => logs.send(new PutLogEventsCommand({ ...STREAM, logEvents: timestamps.map((timestamp) => ({ timestamp, message: 'x' })) }));
    const hour = 3_600_000;

    await expect(put(now, now - 1)).rejects.toMatchObject({ name: 'InvalidParameterException', message: 'Log events in a single PutLogEvents request must be in chronological order.' });
    await expect(put(now - 25 * hour, now)).rejects.toMatchObject({ name: 'InvalidParameterException', message: 'The batch of log events in a single PutLogEvents request cannot span more than 24 hours.' });
    expect((await put(now, now + 3 * hour)).rejectedLogEventsInfo).toEqual({ tooNewLogEventStartIndex: 1 });
    expect((await put(now - 15 * 24 * hour)).rejectedLogEventsInfo).toEqual({ tooOldLogEventEndIndex: 1 });
    expect(await filtered('')).toHaveLength(1);
  });

  it('go when their retention is over', async () => {
    await write('old');
    await logs.send(new PutRetentionPolicyCommand({ ...GROUP, retentionInDays: 1 }));
    await rig.advance(36 * 3_600_000);
    await write('new');

    expect(await filtered('')).toEqual(['new']);
  });

  it('are dropped, oldest first, when a group holds more than 20,000', async () => {
    for (let batch = 0; batch < 3; batch += 1) {
      await write(...Array.from({ length: 9000 }, (_, index) => `${batch}/${index}`));
      await rig.advance(10_000);
    }
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ ...GROUP, filterPattern: '', limit: 1 }));
    const everything: unknown[] = [];
    let nextToken: string | undefined;
    do {
      const page = await logs.send(new FilterLogEventsCommand({ ...GROUP, ...(nextToken !== undefined && { nextToken }) }));
      everything.push(...page.events ?? []);
      nextToken = page.nextToken;
    } while (nextToken !== undefined);

    expect(everything).toHaveLength(20_000);
    expect(events[0]?.message).toBe('0/7000');
  });
});

describe('filter patterns', () => {
  const lines = ['ERROR order 7 failed', 'WARN order 8 slow', 'INFO order 7 done', '{"level":"error","order":{"id":7},"ms":120.5}', '{"level":"info","order":{"id":8},"ms":3,"done":true}'];

  it.each([
    ['order 7', [0, 2, 3]],
    ['"order 8"', [1]],
    ['order -done', [0, 1, 3]],
    ['?ERROR ?WARN', [0, 1]],
    ['{ $.level = "error" }', [3]],
    ['{ $.level = "*o" }', [4]],
    ['{ $.level != "error" }', [4]],
    ['{ $.order.id = 8 }', [4]],
    ['{ $.ms > 100 }', [3]],
    ['{ $.done = true }', [4]],
    ['{ $.nothing = "x" }', []],
    ['', [0, 1, 2, 3, 4]],
  ] as const)('%s', async (pattern, expected) => {
    await write(...lines);

    expect(await filtered(pattern)).toEqual(expected.map((index) => lines[index]));
  });

  it.each(['[ip, user]', '%AUTH%', '{ $.a = 1 && $.b = 2 }', '{ $.a IS NULL }'])('refuse by name what they have not: %s', async (pattern) => {
    await expect(filtered(pattern)).rejects.toMatchObject({ name: 'NotImplemented', $metadata: { httpStatusCode: 501 }, message: expect.stringContaining(pattern) as string });
  });
});
