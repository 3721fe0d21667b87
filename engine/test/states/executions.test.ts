import {
  DescribeExecutionCommand, DescribeStateMachineForExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, StopExecutionCommand, UpdateStateMachineCommand, type ListExecutionsCommandInput,
} from '@aws-sdk/client-sfn';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { zipOf } from '../rig.ts';
import { BASE, FAIL, pass, ROLE, startStage, wait, type Stage } from './stage.ts';

const DAY = 86_400_000;
let stage: Stage;
let arn: string;
beforeAll(async () => {
  stage = await startStage();
  arn = await stage.create('orders', pass(), { publish: true });
});
afterAll(() => stage[Symbol.asyncDispose]());

const stop = (executionArn: string, more: { error?: string; cause?: string } = {}) => stage.sfn.send(new StopExecutionCommand({ executionArn, ...more }));

describe('an execution', () => {
  it('tells its version and its alias as far as it was started by them', async () => {
    const alias = await stage.alias('live', [`${arn}:1`, 100]);
    const bindings = await Promise.all([arn, `${arn}:1`, alias].map(async (target) => {
      const { stateMachineArn, stateMachineVersionArn, stateMachineAliasArn } = await stage.describe(await stage.start(target));
      return [stateMachineArn, stateMachineVersionArn, stateMachineAliasArn];
    }));

    expect(bindings).toEqual([[arn, undefined, undefined], [arn, `${arn}:1`, undefined], [arn, `${arn}:1`, alias]]);
  });

  it('is described with everything AWS says of one that succeeded', async () => {
    const executionArn = await stage.start(arn, { name: 'told', input: '{ "a": 1 }', traceHeader: 'Root=1' });
    const now = new Date(stage.rig.engine.clock.now());

    expect(await stage.describe(executionArn)).toEqual({
      $metadata: expect.anything() as unknown, executionArn: `${BASE}:execution:orders:told`, stateMachineArn: arn, name: 'told', status: 'SUCCEEDED', startDate: now, stopDate: now, traceHeader: 'Root=1',
      input: '{ "a": 1 }', inputDetails: { included: true }, output: '"first"', outputDetails: { included: true },
      redriveCount: 0, redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: 'Execution is SUCCEEDED and cannot be redriven',
    });
    expect((await stage.sfn.send(new DescribeExecutionCommand({ executionArn, includedData: 'METADATA_ONLY' }))).output).toBeUndefined();
  });

  it('that failed could be redriven for two weeks, and is forgotten after ninety days', async () => {
    await using own = await startStage();
    const machine = await own.create('failing', FAIL);
    const execution = await own.start(machine, { name: 'once' });
    const later = await own.start(await own.create('other'));

    expect(await own.describe(execution)).toMatchObject({ status: 'FAILED', error: 'Orders.Bad', cause: 'as told', redriveStatus: 'REDRIVABLE' });
    await own.rig.advance(14 * DAY);
    expect(await own.describe(execution)).toMatchObject({ redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: 'Execution redrivable period exceeded' });
    await own.rig.advance(75 * DAY);
    expect((await refused(own.start(machine, { name: 'once' }))).code).toBe('ExecutionAlreadyExists');
    await own.rig.advance(DAY);
    expect((await refused(own.describe(execution))).code).toBe('ExecutionDoesNotExist');
    expect((await refused(own.describe(later))).code).toBe('ExecutionDoesNotExist');
    expect(await own.start(machine, { name: 'once' })).toBe(execution);
  });

  it('keeps the definition it was admitted with', async () => {
    const machine = await stage.create('admitted', wait(5));
    const { revisionId, updateDate } = await stage.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: machine, definition: wait(7) }));
    const execution = await stage.start(machine);
    await stage.rig.advance(1000);
    await stage.sfn.send(new UpdateStateMachineCommand({ stateMachineArn: machine, definition: pass() }));
    await stage.rig.advance(6000);

    expect((await stage.describe(execution)).status).toBe('SUCCEEDED');
    expect(await stage.sfn.send(new DescribeStateMachineForExecutionCommand({ executionArn: execution }))).toMatchObject({ stateMachineArn: machine, name: 'admitted', definition: wait(7), roleArn: ROLE, revisionId, updateDate });
  });

  it('is started twice with one answer while it runs, if the input is the same', async () => {
    const machine = await stage.create('idempotent', wait(60));
    const first = await stage.start(machine, { name: 'one', input: '{"a":1}' });
    await stage.rig.advance(1000);

    expect(await stage.start(machine, { name: 'one', input: '{"a":1}' })).toBe(first);
    const taken = { code: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${first}'`, status: 400 };
    expect(await refused(stage.start(machine, { name: 'one', input: '{"a": 1}' }))).toEqual(taken);
    await stage.rig.advance(60_000);
    expect(await refused(stage.start(machine, { name: 'one', input: '{"a":1}' }))).toEqual(taken);
  });

  it('is stopped at once, with what the caller says, and stays stopped', async () => {
    const machine = await stage.create('stopped', wait(60));
    const execution = await stage.start(machine);
    await stage.rig.advance(1000);
    const { stopDate } = await stop(execution, { error: 'E', cause: 'C' });
    await stage.rig.advance(120_000);

    expect((await stop(execution, { error: 'later' })).stopDate).toEqual(stopDate);
    expect(await stage.describe(execution)).toMatchObject({ status: 'ABORTED', error: 'E', cause: 'C', stopDate, redriveStatus: 'REDRIVABLE' });
    expect((await stage.events(execution)).map(({ type, previousEventId, executionAbortedEventDetails }) => [type, previousEventId, executionAbortedEventDetails])).toEqual([
      ['ExecutionStarted', 0, undefined], ['WaitStateEntered', 0, undefined], ['ExecutionAborted', 0, { error: 'E', cause: 'C' }],
    ]);
  });

  it('ends as TIMED_OUT when its definition says so', async () => {
    const machine = await stage.create('late', JSON.stringify({ TimeoutSeconds: 5, ...JSON.parse(wait(60)) as object }));
    const execution = await stage.start(machine);
    await stage.rig.advance(60_000);
    const { status, startDate, stopDate, error } = await stage.describe(execution);

    expect([status, error, stopDate!.getTime() - startDate!.getTime()]).toEqual(['TIMED_OUT', undefined, 5000]);
  });

  it('fails by the error of the function it calls, at the function\'s time, and by Lambda\'s own where there is none', async () => {
    const lambda = stage.rig.client(LambdaClient);
    const code = 'export const handler = async (event) => { await new Promise((go) => setTimeout(go, 2000)); if (event.bad) { const e = new Error("no stock"); e.name = "OutOfStock"; throw e; } return { took: event }; };';
    const { FunctionArn } = await lambda.send(new CreateFunctionCommand({ FunctionName: 'reserve', Runtime: 'nodejs20.x', Role: ROLE, Handler: 'index.handler', Timeout: 10, Code: { ZipFile: zipOf(code) } }));
    const definition = (resource: string, more: object = {}): string => JSON.stringify({ StartAt: 'Do', States: { Do: { Type: 'Task', Resource: resource, End: true, ...more } } });
    const machine = await stage.create('tasks', definition(FunctionArn!));
    const hasty = await stage.create('hasty', definition(FunctionArn!, { TimeoutSeconds: 1 }));
    const lost = await stage.create('lost', definition(`${FunctionArn}-not`));
    const executions = await Promise.all([stage.start(machine, { input: '{"n":1}' }), stage.start(machine, { input: '{"bad":true}' }), stage.start(hasty), stage.start(lost)]);
    await stage.rig.advance(10_000);

    const described = await Promise.all(executions.map((execution) => stage.describe(execution)));
    expect(described.map(({ status, error, startDate, stopDate }) => [status, error, stopDate!.getTime() - startDate!.getTime()])).toEqual([
      ['SUCCEEDED', undefined, 2000], ['FAILED', 'OutOfStock', 2000], ['FAILED', 'States.Timeout', 1000], ['FAILED', 'Lambda.ResourceNotFoundException', 0],
    ]);
    expect(described[0]?.output).toBe('{"took":{"n":1}}');
    expect(JSON.parse(described[1]?.cause ?? '')).toMatchObject({ errorType: 'OutOfStock', errorMessage: 'no stock' });
  });
});

describe('ListExecutions', () => {
  it('goes newest first through a machine, a version or an alias, by status and page by page', async () => {
    await using own = await startStage();
    const machine = await own.create('listed', wait(10), { publish: true });
    const alias = await own.alias('live', [`${machine}:1`, 100]);
    for (const [name, target] of [['a', machine], ['b', `${machine}:1`], ['c', alias], ['d', alias], ['e', machine]] as const) await own.start(target, { name });
    await own.sfn.send(new StopExecutionCommand({ executionArn: `${BASE}:execution:listed:d` }));
    const list = async (input: Partial<ListExecutionsCommandInput>) => {
      const { executions, nextToken } = await own.sfn.send(new ListExecutionsCommand({ stateMachineArn: machine, ...input }));
      return { names: executions!.map(({ name }) => name).join(''), nextToken };
    };

    expect((await list({})).names).toBe('edcba');
    expect((await list({ stateMachineArn: `${machine}:1` })).names).toBe('dcb');
    expect((await list({ stateMachineArn: alias })).names).toBe('dc');
    expect((await list({ statusFilter: 'RUNNING' })).names).toBe('ecba');
    expect((await list({ stateMachineArn: alias, statusFilter: 'ABORTED' })).names).toBe('d');
    expect((await list({ redriveFilter: 'REDRIVEN' })).names).toBe('');
    const first = await list({ maxResults: 2 });
    await own.start(machine, { name: 'f' });
    const second = await list({ maxResults: 2, nextToken: first.nextToken });
    const third = await list({ maxResults: 2, nextToken: second.nextToken });
    expect([first.names, second.names, third.names, third.nextToken]).toEqual(['ed', 'cb', 'a', undefined]);
    expect((await refused(list({ statusFilter: 'RUNNING', nextToken: first.nextToken }))).code).toBe('InvalidToken');
    const [entry] = (await own.sfn.send(new ListExecutionsCommand({ stateMachineArn: alias, maxResults: 1 }))).executions!;
    expect(entry).toMatchObject({ executionArn: `${BASE}:execution:listed:d`, stateMachineArn: machine, stateMachineVersionArn: `${machine}:1`, stateMachineAliasArn: alias, status: 'ABORTED', redriveCount: 0 });
  });
});

describe('GetExecutionHistory', () => {
  it('goes through the events in either direction, page by page, with or without their data', async () => {
    const executionArn = await stage.start(arn, { input: '{"a":1}' });
    const history = (more: { maxResults?: number; nextToken?: string | undefined; reverseOrder?: boolean; includeExecutionData?: boolean }) => stage.sfn.send(new GetExecutionHistoryCommand({ executionArn, ...more }));

    const first = await history({ maxResults: 3 });
    const rest = await history({ maxResults: 3, nextToken: first.nextToken });
    expect([...first.events!, ...rest.events!].map(({ id, type }) => [id, type])).toEqual([[1, 'ExecutionStarted'], [2, 'PassStateEntered'], [3, 'PassStateExited'], [4, 'ExecutionSucceeded']]);
    expect(rest.nextToken).toBeUndefined();
    const last = await history({ reverseOrder: true, maxResults: 3 });
    expect(last.events?.map(({ id }) => id)).toEqual([4, 3, 2]);
    expect((await history({ reverseOrder: true, nextToken: last.nextToken })).events?.map(({ id }) => id)).toEqual([1]);
    expect((await refused(history({ nextToken: last.nextToken }))).code).toBe('InvalidToken');
    const bare = await history({ includeExecutionData: false });
    expect(bare.events?.[0]?.executionStartedEventDetails?.roleArn).toBe(ROLE);
    expect(JSON.stringify(bare.events)).not.toMatch(/"(input|output)"/);
  });

  it('says that a history was dropped, and by which setting, once newer ones took its place', async () => {
    await using own = await startStage({ settings: { states: { historyBytes: 4000 } } });
    const machine = await own.create('many');
    const executions: string[] = [];
    for (let count = 0; count < 10; count += 1) executions.push(await own.start(machine));

    const gone = await refused(own.events(executions[0]!));
    expect([gone.code, gone.message]).toEqual(['ExecutionDoesNotExist', expect.stringContaining('states.historyBytes')]);
    expect((await own.describe(executions[0]!)).status).toBe('SUCCEEDED');
    expect(await own.events(executions[9]!)).toHaveLength(4);
  });
});

const cases: readonly (readonly [string, () => Promise<unknown>, string, string])[] = [
  ['Start: a name with a slash', () => stage.start(arn, { name: 'a/b' }), 'InvalidName', 'Invalid Name: \'a/b\''],
  ['Start: text that is no JSON', () => stage.start(arn, { input: 'not some json' }), 'InvalidExecutionInput', 'Invalid State Machine Execution Input: \'Unrecognized token \'not\': was expecting (JSON String, Number, Array, Object or token \'null\', \'true\' or \'false\')\''],
  ['Start: no text', () => stage.start(arn, { input: '' }), 'InvalidExecutionInput', 'Invalid State Machine Execution Input: \'Invalid execution input.\''],
  ['Start: 262,145 characters', () => stage.start(arn, { input: `"${'x'.repeat(262_143)}"` }), 'ValidationException', '1 validation error detected: Value at \'input\' failed to satisfy constraint: Member must have length less than or equal to 262144'],
  ['Start: no machine', () => stage.start(`${BASE}:stateMachine:none`), 'StateMachineDoesNotExist', `State Machine Does Not Exist: '${BASE}:stateMachine:none'`],
  ['Start: no version', () => stage.start(`${arn}:9`), 'StateMachineDoesNotExist', `State Machine Version Does Not Exist: '${BASE}:stateMachine:orders:9'`],
  ['Start: no ARN', () => stage.start('orders'), 'InvalidArn', 'Invalid Arn: \'Invalid ARN prefix: orders\''],
  ['Start: an execution', () => stage.start(`${BASE}:execution:orders:x`), 'InvalidArn', 'Invalid Arn: \'Resource type not valid in this context: execution\''],
  ['Stop: nothing', () => stop(`${BASE}:execution:orders:none`), 'ExecutionDoesNotExist', `Execution Does Not Exist: '${BASE}:execution:orders:none'`],
  ['Describe: no ARN', () => stage.describe('x'), 'InvalidArn', 'Invalid Arn: \'Invalid ARN prefix: x\''],
  ['List: a status there is not', () => stage.sfn.send(new ListExecutionsCommand({ stateMachineArn: arn, statusFilter: 'succeeded' as 'SUCCEEDED' })), 'ValidationException', '1 validation error detected: Value \'succeeded\' at \'statusFilter\' failed to satisfy constraint: Member must satisfy enum value set: [SUCCEEDED, TIMED_OUT, PENDING_REDRIVE, ABORTED, FAILED, RUNNING]'],
  ['List: no machine', () => stage.sfn.send(new ListExecutionsCommand({ stateMachineArn: `${BASE}:stateMachine:none` })), 'StateMachineDoesNotExist', `State Machine Does Not Exist: '${BASE}:stateMachine:none'`],
  ['List: a token of 3,097 characters', () => stage.sfn.send(new ListExecutionsCommand({ stateMachineArn: arn, nextToken: 'x'.repeat(3097) })), 'ValidationException', `1 validation error detected: Value '${'x'.repeat(3097)}' at 'nextToken' failed to satisfy constraint: Member must have length less than or equal to 3096`],
];

it.each(cases)('%s is refused', async (_, call, code, message) => {
  expect(await refused(call())).toEqual({ code, message, status: 400 });
});
