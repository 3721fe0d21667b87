import { describe, expect, test } from 'vitest';
import { beginningLine, beginningOf, countsOf, Fault, linesOf, mayHaveMoved, metricLine, outputsOf, parseSettled, settle, settleByHistory, shiftingOf, type Counted, type Pin, type Settled } from '../../lib/core/index.ts';

const EXECUTION = 'arn:aws:states:eu-west-1:000000000000:execution:orders:1';
const PARENT = 'arn:aws:states:eu-west-1:000000000000:execution:parents:9';

function pin(entity: string): Pin {
  return { sluice: 1, application: 'orders', environment: 'prod', profile: 'prod', version: '7', digest: `sha256:${'0f'.repeat(32)}`, entity };
}

function event(more: Record<string, unknown>): unknown {
  return { 'source': 'aws.states', 'detail-type': 'Step Functions Execution Status Change', 'detail': { executionArn: EXECUTION, status: 'SUCCEEDED', stopDate: 5000, input: '{}', output: null, redriveCount: 0, ...more } };
}

function settled(more: Record<string, unknown>): Settled {
  const read = parseSettled(event(more), 9000);
  if (read === undefined || read instanceof Fault) throw new Error('expected an end');
  return read;
}

describe('the end of an execution', () => {
  test('counts for the pin in its output, without asking anybody', () => {
    const output = JSON.stringify({ order: 1, pin: pin(EXECUTION) });

    expect(settle(settled({ output }))).toEqual({ kind: 'count', failed: false, pin: pin(EXECUTION) });
  });

  test.each(['FAILED', 'TIMED_OUT'])('%s has no output, and counts as failed for the pin its history tells', (status) => {
    const end = settled({ status });
    const history = [
      { type: 'ExecutionStarted', executionStartedEventDetails: { input: '{}' } },
      { type: 'LambdaFunctionSucceeded', lambdaFunctionSucceededEventDetails: { output: JSON.stringify(pin(EXECUTION)) } },
    ];

    expect(settle(end)).toBeUndefined();
    expect(settleByHistory(end, outputsOf(history))).toEqual({ kind: 'count', failed: true, pin: pin(EXECUTION) });
  });

  test('finds the pin in the answer of lambda:invoke too', () => {
    const history = [{ taskSucceededEventDetails: { output: JSON.stringify({ ExecutedVersion: '3', Payload: pin(EXECUTION) }) } }];

    expect(settleByHistory(settled({ status: 'FAILED' }), outputsOf(history))).toMatchObject({ pin: { entity: EXECUTION } });
  });

  test('of one that moved counts for the environment, and is evidence of neither epoch', () => {
    const moved = { ...pin(EXECUTION), onRolledBack: 'move', moved: [{ version: '8', digest: `sha256:${'1e'.repeat(32)}` }] };
    const [done, failed] = [settled({ output: JSON.stringify({ pin: moved }) }), settled({ status: 'FAILED' })];
    const history = [{ lambdaFunctionSucceededEventDetails: { output: JSON.stringify({ ...pin(EXECUTION), version: '8', onRolledBack: 'move' }) } }, { stateEnteredEventDetails: { input: JSON.stringify({ pin: moved }) } }];
    const counting = { settleWithinMs: 300_000, place: { application: 'orders', environment: 'prod' }, shifting: [] };

    const lines = [linesOf(done, settle(done)!, counting), linesOf(failed, settleByHistory(failed, outputsOf(history)), counting)];

    expect(lines.map((ones) => ones.map(({ epoch, counts }) => [epoch, counts['ExecutionsSettled'], counts['ExecutionsFailed']]))).toEqual([[[undefined, 1, 0]], [[undefined, 1, 1]]]);
    expect(mayHaveMoved(outputsOf(history), EXECUTION)).toBe(true);
    expect(mayHaveMoved([pin(EXECUTION)], EXECUTION)).toBe(false);
  });

  test.each([
    ['its own error', { error: 'Sluice.EpochRolledBack', cause: '{}' }, [0, 1], ['ExecutionsRecalled']],
    ['its child\'s', { error: 'States.TaskFailed', cause: JSON.stringify({ Status: 'FAILED', Error: 'Sluice.EpochRolledBack' }) }, [0, 1], ['ExecutionsRecalled']],
    ['another', { error: 'States.TaskFailed', cause: 'Sluice.EpochRolledBack' }, [1, undefined], ['ExecutionsSettled', 'ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsSlow']],
  ])('by %s was recalled, and that is no failure of the environment nor evidence of the epoch', (_, told, [failed, recalled], names) => {
    const end = settled({ status: 'FAILED', stateMachineVersionArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:orders:3', ...told });

    const lines = linesOf(end, settleByHistory(end, [pin(EXECUTION)]), { settleWithinMs: 300_000, slowMs: 1, place: { application: 'orders', environment: 'prod' }, shifting: ['orders'] });

    expect(lines[0]?.counts).toMatchObject({ ExecutionsSettled: 1, ExecutionsFailed: failed });
    expect(lines[0]?.counts['ExecutionsRecalled']).toBe(recalled);
    const [byEpoch, byVersion] = [lines.find(({ epoch }) => epoch !== undefined), lines.find(({ of }) => of !== undefined)];
    expect(Object.keys(byEpoch?.counts ?? {})).toEqual(names);
    expect(byVersion?.counts).toMatchObject({ ExecutionsSettled: 1, ExecutionsFailed: failed });
  });

  test('ABORTED is a person’s decision and no failure', () => {
    expect(settleByHistory(settled({ status: 'ABORTED' }), [pin(EXECUTION)])).toMatchObject({ kind: 'count', failed: false });
  });

  test('of a child that carries its parent’s pin counts nothing, however it ended', () => {
    const input = JSON.stringify({ pin: pin(PARENT) });

    expect(settle(settled({ input, output: input }))).toMatchObject({ kind: 'skip', reason: expect.stringContaining(PARENT) as string });
    expect(settleByHistory(settled({ input, status: 'FAILED' }), [])).toMatchObject({ kind: 'skip' });
  });

  test('of an execution started with an old pin in its input counts for the pin it drew itself', () => {
    const input = JSON.stringify({ pin: pin(PARENT) });

    expect(settleByHistory(settled({ input, status: 'FAILED' }), [pin(PARENT), pin(EXECUTION)])).toMatchObject({ kind: 'count', pin: { entity: EXECUTION } });
  });

  test('before it was pinned counts for the environment only', () => {
    expect(settleByHistory(settled({ status: 'FAILED' }), [])).toEqual({ kind: 'count', failed: true });
  });

  test('after a redrive counts nothing: the first end has been counted', () => {
    expect(settle(settled({ redriveCount: 1, output: JSON.stringify({ pin: pin(EXECUTION) }) }))).toMatchObject({ kind: 'skip' });
  });

  test('is stamped with its end, or with now when the event tells none', () => {
    expect(settled({}).at).toBe(5000);
    expect(settled({ stopDate: null }).at).toBe(9000);
  });

  test('knows when the execution began and on which version, and stands in for a start that is not told', () => {
    const machine = 'arn:aws:states:eu-west-1:000000000000:stateMachine:orders';

    expect(settled({ startDate: 1000, stateMachineVersionArn: `${machine}:12` })).toMatchObject({ startedAt: 1000, at: 5000, workflow: 'orders', workflowVersion: '12' });
    expect(settled({ stateMachineVersionArn: null })).toMatchObject({ startedAt: 5000 });
    expect(settled({ stateMachineVersionArn: null })).not.toHaveProperty('workflowVersion');
  });

  test.each([
    ['SUCCEEDED', undefined, { ExecutionsSettled: 1, ExecutionsFailed: 0, ExecutionsTimedOut: 0 }],
    ['SUCCEEDED', 3999, { ExecutionsSettled: 1, ExecutionsFailed: 0, ExecutionsTimedOut: 0, ExecutionsSlow: 1 }],
    ['SUCCEEDED', 4000, { ExecutionsSettled: 1, ExecutionsFailed: 0, ExecutionsTimedOut: 0, ExecutionsSlow: 0 }],
    ['FAILED', 4000, { ExecutionsSettled: 1, ExecutionsFailed: 1, ExecutionsTimedOut: 0, ExecutionsSlow: 0 }],
    ['TIMED_OUT', 1000, { ExecutionsSettled: 1, ExecutionsFailed: 1, ExecutionsTimedOut: 1, ExecutionsSlow: 1 }],
    ['ABORTED', 1000, { ExecutionsSettled: 1, ExecutionsFailed: 0, ExecutionsTimedOut: 0, ExecutionsSlow: 0 }],
  ])('%s after 4 s, slow after %s ms, counts as %o', (status, slowMs, counts) => {
    const end = settled({ status, startDate: 1000 });
    const settlement = settleByHistory(end, []);

    expect(countsOf(end, settlement.kind === 'count' && settlement.failed, slowMs)).toEqual(counts);
  });

  test('that is not one is no end', () => {
    expect(parseSettled(event({ status: 'RUNNING' }), 0)).toBeUndefined();
    expect(parseSettled(event({ status: 'EXPLODED' }), 0)).toBeInstanceOf(Fault);
    expect(parseSettled({}, 0)).toBeInstanceOf(Fault);
    expect(parseSettled(event({ executionArn: 7 }), 0)).toBeInstanceOf(Fault);
  });

  test('tolerates output that was cut off by the event’s size limit', () => {
    expect(settle(settled({ output: undefined, outputDetails: { included: false } }))).toBeUndefined();
    expect(settle(settled({ output: '{"pin":' }))).toBeUndefined();
  });
});

describe('of a workflow whose versions shift', () => {
  const VERSION = { stateMachineVersionArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:orders:12' };
  const OF = { workflow: 'orders', workflowVersion: '12' };
  const counting = { place: { application: 'orders', environment: 'prod' }, shifting: ['orders'], settleWithinMs: 60_000 };
  const lines = (more: Record<string, unknown>): Omit<Counted, 'also'>[] => {
    const end = settled({ ...VERSION, startDate: 1000, ...more });
    return linesOf(end, settle(end) ?? settleByHistory(end, []), counting);
  };

  test('an execution is counted for its version when it begins and when it ends, both stamped with the beginning', () => {
    const begun = beginningOf(event({ ...VERSION, status: 'RUNNING', startDate: 1000, stopDate: null }), ['orders'])!;
    const output = JSON.stringify({ pin: pin(EXECUTION) });

    expect(beginningLine(begun, counting.place)).toEqual({ ...counting.place, of: OF, cohortOnly: true, at: 1000, counts: { ExecutionsStarted: 1 } });
    expect(lines({ output })).toMatchObject([{ at: 5000 }, { at: 1000, epoch: pin(EXECUTION).digest, of: OF, cohortOnly: true, counts: { ExecutionsSettled: 1, ExecutionsFailed: 0 } }]);
  });

  test('one that never was pinned, and a child, count for their version; a redriven one, and one of another workflow, do not', () => {
    const child = { input: JSON.stringify({ pin: pin(PARENT) }), status: 'FAILED' };

    expect(lines({ status: 'TIMED_OUT' }).map(({ of, epoch, at }) => [of, epoch, at])).toEqual([[undefined, undefined, 5000], [OF, undefined, 1000]]);
    expect(lines(child)).toMatchObject([{ of: OF, cohortOnly: true, counts: { ExecutionsFailed: 1 } }]);
    expect(lines({ ...child, redriveCount: 1 })).toEqual([]);
    expect(lines({ ...child, stateMachineVersionArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:others:12' })).toEqual([]);
  });

  test.each([
    ['started on no version', { stateMachineVersionArn: null }], ['redriven', { redriveCount: 1 }], ['of a workflow that does not shift', { stateMachineVersionArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:others:12' }],
    ['an end', { status: 'SUCCEEDED' }], ['without a start', { startDate: null }],
  ])('a beginning that is %s is not counted', (_, more) => {
    expect(beginningOf(event({ ...VERSION, status: 'RUNNING', startDate: 1000, ...more }), ['orders'])).toBeUndefined();
  });

  test('the metrics of a version have dimensions of their own', () => {
    const [, line] = lines({ status: 'FAILED' });
    const { _aws, ...members } = JSON.parse(metricLine(line!)) as { _aws: { CloudWatchMetrics: { Dimensions: string[][] }[] } };

    expect(_aws.CloudWatchMetrics[0]!.Dimensions).toEqual([['Application', 'Environment', 'Workflow', 'WorkflowVersion']]);
    expect(members).toMatchObject({ Workflow: 'orders', WorkflowVersion: '12' });
    expect(shiftingOf({ SLUICE_SHIFTING: 'orders,others' })).toEqual(['orders', 'others']);
    expect(shiftingOf({})).toEqual([]);
  });
});
