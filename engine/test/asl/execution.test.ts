import { describe, expect, test } from 'vitest';
import { fail, FUNCTION, play, single, succeed } from './play.ts';

const TASK = { Type: 'Task', Resource: FUNCTION };

describe('an execution', () => {
  test('records a machine of two states as AWS does: the first state follows nothing, each event the one before', async () => {
    const { events, output } = await play({ StartAt: 'A', States: { A: { Type: 'Pass', Result: { a: 1 }, Next: 'B' }, B: { Type: 'Succeed' } } });

    expect(events.map((event) => [event.id, event.previousEventId, event.type])).toEqual([
      [1, 0, 'ExecutionStarted'], [2, 0, 'PassStateEntered'], [3, 2, 'PassStateExited'],
      [4, 3, 'SucceedStateEntered'], [5, 4, 'SucceedStateExited'], [6, 5, 'ExecutionSucceeded'],
    ]);
    expect(output).toEqual({ a: 1 });
  });

  test('ends as TIMED_OUT at the second of its TimeoutSeconds, whatever it is doing', async () => {
    const wait = { StartAt: 'Long', TimeoutSeconds: 5, States: { Long: { Type: 'Wait', Seconds: 60, Next: 'Never' }, Never: { Type: 'Pass', End: true } } };

    const { outcome, events, seconds } = await play(wait);

    expect(outcome).toEqual({ status: 'TIMED_OUT' });
    expect(seconds).toBe(5);
    expect(events.at(-1)).toMatchObject({ type: 'ExecutionTimedOut', previousEventId: 0, id: 3 });
  });

  test('stopped while it waits for a task, it starts nothing more and its last event follows none', async () => {
    const calls: string[] = [];
    const { outcome, types } = await play({ StartAt: 'A', States: { A: { ...TASK, Next: 'B' }, B: { ...TASK, End: true } } }, {
      task: async (call, clock) => {
        calls.push(call.stateName);
        await clock.sleep(10);
        return succeed(null);
      },
      during: (clock, cancellation) => { void clock.sleep(3).then(() => { cancellation.cancel({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' }); }); },
    });

    expect(outcome).toEqual({ status: 'ABORTED', error: 'Stopped', cause: 'by hand' });
    expect(calls).toEqual(['A']);
    expect(types.at(-1)).toBe('ExecutionAborted');
  });

  test('whose machine was deleted fails when its state has waited, and is not recorded to leave it', async () => {
    let deleted = false;
    const { outcome, types } = await play({ StartAt: 'A', States: { A: { ...TASK, Next: 'B' }, B: { Type: 'Pass', End: true } } }, {
      task: () => {
        deleted = true;
        return succeed(1);
      },
      interrupted: () => (deleted ? { error: 'States.Runtime', cause: 'State machine machine has been deleted' } : undefined),
    });

    expect(outcome).toEqual({ status: 'FAILED', error: 'States.Runtime', cause: 'State machine machine has been deleted' });
    expect(types).toEqual(['ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'ExecutionFailed']);
  });

  test('that never ends fails at the 25,000th event instead of running for ever', async () => {
    const { outcome, events } = await play({
      StartAt: 'Again',
      States: { Again: { Type: 'Pass', Next: 'Always' }, Always: { Type: 'Choice', Choices: [{ Variable: '$.no', IsPresent: false, Next: 'Again' }], Default: 'End' }, End: { Type: 'Succeed' } },
    });

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'States.Runtime', cause: 'The execution reached the maximum number of history events (25000).' });
    expect(events.at(-1)).toMatchObject({ id: 25_000, type: 'ExecutionFailed' });
  });

  test('gives the same history for the same seed and another for another', async () => {
    const machine = single({ Type: 'Pass', Parameters: { 'id.$': 'States.UUID()', 'n.$': 'States.MathRandom(0, 1000000)' }, End: true });

    const [first, again, other] = await Promise.all([play(machine, { seed: 'a' }), play(machine, { seed: 'a' }), play(machine, { seed: 'b' })]);

    expect(again.events).toEqual(first.events);
    expect(other.events).not.toEqual(first.events);
  });

  test('keeps the spaces of its input as long as no state changes it', async () => {
    const { events } = await play({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Succeed' } } }, { input: 'a  b' });

    expect(events.filter((event) => event.type.endsWith('Entered')).map((event) => event.stateEnteredEventDetails?.['input'])).toEqual(['"a  b"', '"a  b"']);
  });

  test('carries 256 KiB of output and not a byte more', async () => {
    const fits = 'x'.repeat(256 * 1024 - 2);
    const [exact, over] = await Promise.all([fits, `${fits}x`].map((text) => play(single({ ...TASK, End: true }), { task: () => succeed(text) })));

    expect(exact?.outcome.status).toBe('SUCCEEDED');
    expect(over?.outcome).toEqual({ status: 'FAILED', error: 'States.DataLimitExceeded', cause: `The state/task '${FUNCTION}' returned a result with a size exceeding the maximum number of bytes service limit.` });
  });
});

describe('a Task', () => {
  test('times out at its own second, tells its function, and has no cause', async () => {
    let told = false;
    const { outcome, types, seconds } = await play(single({ ...TASK, TimeoutSeconds: 4, End: true }), {
      task: async (call, clock) => {
        call.signal.listen(() => { told = true; });
        await clock.sleep(60);
        return succeed(null);
      },
    });

    expect(outcome).toEqual({ status: 'FAILED', error: 'States.Timeout' });
    expect(seconds).toBe(4);
    expect(told).toBe(true);
    expect(types).toContain('LambdaFunctionTimedOut');
  });

  test('without a heartbeat is caught by States.HeartbeatTimeout and by States.Timeout', async () => {
    for (const name of ['States.HeartbeatTimeout', 'States.Timeout']) {
      const { output } = await play({
        StartAt: 'A',
        States: { A: { ...TASK, TimeoutSeconds: 60, HeartbeatSeconds: 2, Catch: [{ ErrorEquals: [name], Next: 'Caught' }], End: true }, Caught: { Type: 'Pass', End: true } },
      }, { task: async (_call, clock) => { await clock.sleep(30); return succeed(null); } });

      expect(output).toEqual({ Error: 'States.Timeout' });
    }
  });

  test('is retried after 1, 2 and 4 seconds by default, and the context counts the retries', async () => {
    const starts: number[] = [];
    const { outcome, seconds } = await play(single({ ...TASK, Parameters: { 'n.$': '$$.State.RetryCount' }, Retry: [{ ErrorEquals: ['Boom'] }], End: true }), {
      task: (call, clock) => {
        starts.push(clock.seconds());
        expect(call.input).toEqual({ n: starts.length - 1 });
        return fail('Boom', 'each time');
      },
    });

    expect(starts).toEqual([0, 1, 3, 7]);
    expect(seconds).toBe(7);
    expect(outcome).toEqual({ status: 'FAILED', error: 'Boom', cause: 'each time' });
  });

  test('counts each retrier of its own, and MaxDelaySeconds caps the delays', async () => {
    const errors = ['A', 'B', 'A', 'B', 'A'];
    const starts: number[] = [];
    const { outcome } = await play(single({
      ...TASK,
      Retry: [{ ErrorEquals: ['A'], IntervalSeconds: 10, BackoffRate: 3, MaxDelaySeconds: 15, MaxAttempts: 3 }, { ErrorEquals: ['B'], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
      End: true,
    }), {
      task: (_call, clock) => {
        starts.push(clock.seconds());
        const error = errors[starts.length - 1];
        return error ? fail(error) : succeed('at last');
      },
    });

    expect(starts).toEqual([0, 10, 11, 26, 27, 42]);
    expect(outcome.status).toBe('SUCCEEDED');
  });

  test('that is caught exits with the error put into its input, and Succeeds from there', async () => {
    const { output, types } = await play({
      StartAt: 'A',
      States: {
        A: { ...TASK, Catch: [{ ErrorEquals: ['Other'], Next: 'Never' }, { ErrorEquals: ['States.ALL'], ResultPath: '$.error', Next: 'Caught' }], Next: 'Never' },
        Caught: { Type: 'Succeed' }, Never: { Type: 'Fail' },
      },
    }, { input: { order: 7 }, task: () => fail('Boom', 'why') });

    expect(output).toEqual({ order: 7, error: { Error: 'Boom', Cause: 'why' } });
    expect(types).toEqual(['ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed', 'TaskStateExited', 'SucceedStateEntered', 'SucceedStateExited', 'ExecutionSucceeded']);
  });

  test('whose output cannot be made fails with States.Runtime, which nothing catches', async () => {
    const { outcome } = await play({
      StartAt: 'A',
      States: { A: { ...TASK, OutputPath: '$.no.such', Retry: [{ ErrorEquals: ['States.ALL'] }], Catch: [{ ErrorEquals: ['States.Runtime'], Next: 'Caught' }], End: true }, Caught: { Type: 'Pass', End: true } },
    });

    expect(outcome).toEqual({ status: 'FAILED', error: 'States.Runtime', cause: 'An error occurred while executing the state \'A\' (entered at the event id #2). Invalid path \'$.no.such\' : Missing property in path $[\'no\']' });
  });

  test('States.TaskFailed does not match a time-out', async () => {
    const { outcome } = await play({
      StartAt: 'A',
      States: { A: { ...TASK, TimeoutSeconds: 1, Catch: [{ ErrorEquals: ['States.TaskFailed'], Next: 'Caught' }], End: true }, Caught: { Type: 'Pass', End: true } },
    }, { task: async (_call, clock) => { await clock.sleep(5); return succeed(1); } });

    expect(outcome).toEqual({ status: 'FAILED', error: 'States.Timeout' });
  });
});

describe('a Wait', () => {
  test('until a timestamp ends at that instant, and one that is past takes no time', async () => {
    const until = (Timestamp: string): object => single({ Type: 'Wait', Timestamp, End: true });

    expect((await play(until('2026-01-01T01:00:00+00:30'))).seconds).toBe(30 * 60);
    expect((await play(until('2020-01-01T00:00:00Z'))).seconds).toBe(0);
  });
});
