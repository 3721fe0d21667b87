import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fail, FUNCTION, play, single, succeed } from './play.ts';

const TASK = { Type: 'Task', Resource: FUNCTION };

describe('Parallel', () => {
  const both = { Type: 'Parallel', Branches: ['Quick', 'Slow'].map((name) => ({ StartAt: name, States: { [name]: { ...TASK, End: true } } })), End: true };

  test('runs its branches at once and gives their outputs in their order', async () => {
    const { output, seconds } = await play(single(both), {
      task: async (call, clock) => {
        await clock.sleep(call.stateName === 'Slow' ? 5 : 1);
        return succeed(call.stateName);
      },
    });

    expect(output).toEqual(['Quick', 'Slow']);
    expect(seconds).toBe(5);
  });

  test('fails with its first failing branch and calls the others off', async () => {
    const called: string[] = [];
    const { outcome, types, seconds } = await play(single(both), {
      task: async (call, clock) => {
        call.signal.listen(() => { called.push(call.stateName); });
        await clock.sleep(call.stateName === 'Slow' ? 5 : 1);
        return call.stateName === 'Slow' ? succeed(1) : fail('Boom', 'quickly');
      },
    });

    expect(outcome).toEqual({ status: 'FAILED', error: 'Boom', cause: 'quickly' });
    expect(seconds).toBe(1);
    expect(called).toContain('Slow');
    expect(types.slice(-3)).toEqual(['TaskStateAborted', 'ParallelStateFailed', 'ExecutionFailed']);
  });

  test('that was caught lets no called-off branch start another state', async () => {
    const started: string[] = [];
    const branches = [{ StartAt: 'Quick', States: { Quick: { ...TASK, End: true } } }, { StartAt: 'Slow', States: { Slow: { ...TASK, Next: 'Later' }, Later: { ...TASK, End: true } } }];

    const { outcome } = await play({
      StartAt: 'P',
      States: { P: { Type: 'Parallel', Branches: branches, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Rest' }], End: true }, Rest: { Type: 'Wait', Seconds: 60, End: true } },
    }, {
      task: async (call, clock) => {
        started.push(call.stateName);
        await clock.sleep(call.stateName === 'Slow' ? 5 : 1);
        return call.stateName === 'Quick' ? fail('Boom') : succeed(1);
      },
    });

    expect(outcome.status).toBe('SUCCEEDED');
    expect(started).toEqual(['Quick', 'Slow']);
  });

  test('as a whole can be retried and caught', async () => {
    let attempts = 0;
    const { output } = await play({
      StartAt: 'P',
      States: { P: { ...both, End: undefined, Next: 'Done', Retry: [{ ErrorEquals: ['Boom'], MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] }, Done: { Type: 'Succeed' }, Caught: { Type: 'Succeed' } },
    }, { task: (call) => call.stateName === 'Quick' ? fail('Boom', String(attempts += 1)) : succeed(1) });

    expect(output).toEqual({ Error: 'Boom', Cause: '2' });
  });

  test('a branch sees the variables outside it and keeps its own to itself', async () => {
    const { output } = await play({
      StartAt: 'Set',
      States: {
        Set: { Type: 'Pass', Assign: { outer: 1 }, Next: 'P' },
        P: { Type: 'Parallel', Branches: [{ StartAt: 'In', States: { In: { Type: 'Pass', Parameters: { 'seen.$': '$outer' }, Assign: { inner: 2 }, End: true } } }], Next: 'After' },
        After: { Type: 'Pass', Parameters: { 'kept.$': '$outer', 'branches.$': '$' }, End: true },
      },
    });

    expect(output).toEqual({ kept: 1, branches: [{ seen: 1 }] });
  });
});

describe('Map', () => {
  const map = (fields: object): object => single({ Type: 'Map', ItemProcessor: { StartAt: 'Each', States: { Each: { ...TASK, End: true } } }, ...fields, End: true });

  test('never runs more iterations at once than MaxConcurrency, and takes as long as that allows', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 8 }), async (length, limit) => {
      let running = 0;
      let most = 0;
      const items = Array.from({ length }, (_, at) => at);

      const { output, seconds } = await play(map({ MaxConcurrency: limit }), {
        input: items,
        task: async (call, clock) => {
          running += 1;
          most = Math.max(most, running);
          await clock.sleep(10);
          running -= 1;
          return succeed(call.input);
        },
      });

      expect(output).toEqual(items);
      expect(most).toBe(Math.min(length, limit));
      expect(seconds).toBe(10 * Math.ceil(length / limit));
    }), { numRuns: 40 });
  });

  test('runs 40 at once when nothing limits it', async () => {
    const { seconds } = await play(map({}), { input: Array.from({ length: 80 }, (_, at) => at), task: async (_call, clock) => { await clock.sleep(1); return succeed(0); } });

    expect(seconds).toBe(2);
  });

  test('of an empty array starts, iterates nothing and succeeds', async () => {
    const { output, types } = await play(map({}), { input: [] });

    expect(output).toEqual([]);
    expect(types.slice(1, -1)).toEqual(['MapStateEntered', 'MapStateStarted', 'MapStateSucceeded', 'MapStateExited']);
  });

  test('gives each iteration its item and index in the context, and the selector makes its input', async () => {
    const { output } = await play(map({ ItemsPath: '$.list', ItemSelector: { 'i.$': '$$.Map.Item.Index', 'v.$': '$$.Map.Item.Value', 'all.$': '$.list' } }), { input: { list: ['a', 'b'] } });

    expect(output).toEqual([{ i: 0, v: 'a', all: ['a', 'b'] }, { i: 1, v: 'b', all: ['a', 'b'] }]);
  });

  test('of something that is no array fails by the path that points to it', async () => {
    const { outcome } = await play(map({ ItemsPath: '$.list' }), { input: { list: 5 } });

    expect(outcome).toEqual({ status: 'FAILED', error: 'States.Runtime', cause: 'An error occurred while executing the state \'Only\' (entered at the event id #2). Reference path "$.list" must point to array.' });
  });

  test('starts no further iteration after one has failed', async () => {
    const started: unknown[] = [];
    const { outcome, types } = await play(map({ MaxConcurrency: 2 }), {
      input: [0, 1, 2, 3, 4],
      task: async (call, clock) => {
        started.push(call.input);
        await clock.sleep(1 + Number(call.input));
        return call.input === 1 ? fail('Boom') : succeed(0);
      },
    });

    expect(outcome).toMatchObject({ status: 'FAILED', error: 'Boom' });
    expect(started).toEqual([0, 1, 2]);
    expect(types.filter((type) => type.startsWith('MapIteration')).slice(-2)).toEqual(['MapIterationFailed', 'MapIterationAborted']);
  });
});
