import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { ListExecutionsCommand, RedriveExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { startStage, wait, type Stage } from './stage.ts';

let s: Stage;
beforeEach(async () => {
  s = await startStage();
  await s.rig.client(S3Client).send(new CreateBucketCommand({ Bucket: 'things' }));
});
afterEach(() => s[Symbol.asyncDispose]());

const put = (Key: string, Body = '1'): Promise<unknown> => s.rig.client(S3Client).send(new PutObjectCommand({ Bucket: 'things', Key, Body }));
const redrive = (executionArn: string, clientToken?: string) => s.sfn.send(new RedriveExecutionCommand({ executionArn, ...(clientToken !== undefined && { clientToken }) }));

/** A task that fails until the object is there. */
function reading(key: string, more: object = { End: true }): object {
  return { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject', Parameters: { Bucket: 'things', 'Key.$': key }, ResultSelector: { 'body.$': '$.Body' }, ...more };
}

/** Starts a machine and lets it come to its end. */
async function play(name: string, machine: object, input: object = {}): Promise<string> {
  const execution = await s.start(await s.create(name, JSON.stringify(machine)), { input: JSON.stringify(input) });
  await s.rig.advance(1000);
  return execution;
}

const types = async (execution: string, from = 0): Promise<(string | undefined)[]> => (await s.events(execution)).slice(from).map(({ type }) => type);

describe('RedriveExecution', () => {
  it('goes on from the task that failed, with its input, the variables and the same ARN', async () => {
    const execution = await play('orders', { StartAt: 'Before', States: {
      Before: { Type: 'Pass', Assign: { key: 'a' }, Result: { from: 'before' }, Next: 'Read' },
      Read: reading('$key', { ResultPath: '$.read', Next: 'After' }),
      After: { Type: 'Pass', Parameters: { 'times.$': '$$.Execution.RedriveCount', 'read.$': '$.read', 'from.$': '$.from' }, End: true },
    } });
    const failed = await s.describe(execution);
    const before = await types(execution);
    await put('a', 'found');

    const { redriveDate } = await redrive(execution);
    await s.rig.advance(1000);

    const ended = await s.describe(execution);
    expect([failed.status, failed.redriveStatus, failed.redriveCount]).toEqual(['FAILED', 'REDRIVABLE', 0]);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1, redriveDate, redriveStatus: 'NOT_REDRIVABLE', startDate: failed.startDate });
    expect(ended.error).toBeUndefined();
    expect(JSON.parse(ended.output ?? '')).toEqual({ times: 1, from: 'before', read: { body: 'found' } });
    const events = await s.events(execution);
    expect(events[before.length]).toMatchObject({ type: 'ExecutionRedriven', id: before.length + 1, previousEventId: before.length, executionRedrivenEventDetails: { redriveCount: 1 } });
    expect(await types(execution, before.length + 1)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSucceeded', 'TaskStateExited', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
  });

  it('runs only those branches again that failed or were aborted', async () => {
    const execution = await play('branches', { StartAt: 'Both', States: { Both: { Type: 'Parallel', End: true, Branches: [
      { StartAt: 'Fine', States: { Fine: { Type: 'Pass', Result: 'fine', End: true } } },
      { StartAt: 'Read', States: { Read: reading('$.key') } },
      { StartAt: 'Long', States: { Long: { Type: 'Wait', Seconds: 60, Next: 'Late' }, Late: { Type: 'Pass', Result: 'late', End: true } } },
    ] } } }, { key: 'a' });
    const before = (await types(execution)).length;
    await put('a', 'found');

    await redrive(execution);
    await s.rig.advance(61_000);

    expect(JSON.parse((await s.describe(execution)).output ?? '')).toEqual(['fine', { body: 'found' }, 'late']);
    const again = await types(execution, before);
    expect(again).not.toContain('ParallelStateStarted');
    expect(again.filter((type) => type === 'PassStateEntered')).toHaveLength(1);
  });

  it('runs only those iterations again that did not succeed', async () => {
    await put('a', 'A');
    await put('c', 'C');
    const execution = await play('items', { StartAt: 'Each', States: { Each: { Type: 'Map', ItemsPath: '$.keys', MaxConcurrency: 1, ItemProcessor: { StartAt: 'Read', States: { Read: reading('$') } }, End: true } } }, { keys: ['a', 'b', 'c'] });
    const before = (await types(execution)).length;
    await put('a', 'changed');
    await put('b', 'B');

    await redrive(execution);
    await s.rig.advance(1000);

    expect(JSON.parse((await s.describe(execution)).output ?? '')).toEqual([{ body: 'A' }, { body: 'B' }, { body: 'C' }]);
    const started = (await s.events(execution)).slice(before).filter(({ type }) => type === 'MapIterationStarted').map(({ mapIterationStartedEventDetails }) => mapIterationStartedEventDetails?.index);
    expect(started).toEqual([1, 2]);
  });

  it('may fail again and be redriven again; retries and the machine\'s time begin anew', async () => {
    const execution = await play('slow', { StartAt: 'Read', TimeoutSeconds: 30, States: { Read: reading('$.key', { Retry: [{ ErrorEquals: ['S3.NoSuchKeyException'], IntervalSeconds: 20, MaxAttempts: 1 }], End: true }) } }, { key: 'a' });
    await s.rig.advance(20_000);
    const statuses = [(await s.describe(execution)).status];

    await redrive(execution);
    await s.rig.advance(19_000);
    statuses.push((await s.describe(execution)).status);
    await s.rig.advance(2000);
    statuses.push((await s.describe(execution)).status);
    await put('a');
    await redrive(execution);
    await s.rig.advance(1000);

    expect(statuses).toEqual(['FAILED', 'RUNNING', 'FAILED']);
    expect(await s.describe(execution)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 2 });
  });

  it('goes on with what was stopped and what took too long', async () => {
    const stopped = await s.start(await s.create('stopped', wait(60)));
    const late = await s.start(await s.create('late', JSON.stringify({ ...JSON.parse(wait(60)) as object, TimeoutSeconds: 5 })));
    await s.sfn.send(new StopExecutionCommand({ executionArn: stopped }));
    await s.rig.advance(10_000);
    const statuses = [(await s.describe(stopped)).status, (await s.describe(late)).status];

    await redrive(stopped);
    await redrive(late);
    await s.rig.advance(61_000);

    expect(statuses).toEqual(['ABORTED', 'TIMED_OUT']);
    expect([(await s.describe(stopped)).status, (await s.describe(late)).status]).toEqual(['SUCCEEDED', 'TIMED_OUT']);
  });

  it('is listed by its filter, and answers the same token with the same date', async () => {
    const execution = await s.start(await s.create('token', wait(60)));
    await s.sfn.send(new StopExecutionCommand({ executionArn: execution }));
    const first = await redrive(execution, 'once');
    await s.rig.advance(1000);

    const again = await redrive(execution, 'once');

    expect(again.redriveDate).toEqual(first.redriveDate);
    const stateMachineArn = (await s.describe(execution)).stateMachineArn;
    const counts = await Promise.all((['REDRIVEN', 'NOT_REDRIVEN'] as const).map(async (redriveFilter) => (await s.sfn.send(new ListExecutionsCommand({ stateMachineArn, redriveFilter }))).executions?.length));
    expect(counts).toEqual([1, 0]);
  });

  it('refuses what runs and what succeeded', async () => {
    const running = await s.start(await s.create('running', wait(60)));
    const message = `Execution '${running}' is not redrivable: Execution is RUNNING and cannot be redriven`;

    expect(await refused(redrive(running))).toEqual({ code: 'ExecutionNotRedrivable', status: 400, message });
    await s.rig.advance(61_000);
    expect(await refused(redrive(running))).toMatchObject({ code: 'ExecutionNotRedrivable', message: expect.stringContaining('SUCCEEDED') });
  });
});
