import { Worker } from 'node:worker_threads';
import { InvokeCommand } from '@aws-sdk/client-lambda';
import type { HistoryEntry } from 'sluice-engine';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { handler, startLambda, type LambdaStage } from '../lambda/stage.ts';

const WAITS = handler(`
  for (const ms of event.waits) await wait(ms);
  if (event.act === 'exit') process.exit(3);
  if (event.act === 'throw') throw new RangeError('late');
  if (event.act === 'hang') for (;;) await wait(1000);
  if (event.act === 'call') return Promise.race([new Promise((answered) => http.get('http://127.0.0.1:4566/_engine/health', () => answered(Date.now()))), wait(10, 'too late')]);
  return Date.now();`, 'import http from "node:http"; import { setTimeout as wait } from "node:timers/promises";');

describe('an invocation that waits', () => {
  let stage: LambdaStage;
  let ended: [name: string, at: number, duration: unknown, error: unknown][] = [];
  const now = (): number => stage.rig.engine.clock.now();
  const begin = (name: string, event: object): Promise<unknown> => stage.client.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event', Payload: Buffer.from(JSON.stringify(event)) }));

  beforeAll(async () => {
    stage = await startLambda();
    for (const FunctionName of ['a', 'b']) {
      await stage.create(WAITS, { FunctionName, Timeout: 5 });
      await stage.invoke({ waits: [] }, { name: FunctionName });
    }
    stage.rig.engine.history.listen(({ kind, subject, time, detail }: HistoryEntry) => { if (kind === 'lambda:invocation') ended.push([subject, time, detail['duration'], detail['error']]); });
  });
  beforeEach(() => { ended = []; });
  afterAll(() => stage[Symbol.asyncDispose]());

  it('goes on by itself from its beginning to its next timer: it is woken once for one wait, and three times for five', async () => {
    const woken = vi.spyOn(Worker.prototype, 'postMessage');
    const begun = now();

    expect((await stage.invoke({ waits: [80] }, { name: 'a' })).value).toBe(begun + 80);
    expect(woken).toHaveBeenCalledTimes(1);
    expect((await stage.invoke({ waits: [1, 2, 3, 4, 5] }, { name: 'a' })).value).toBe(begun + 95);
    expect(woken).toHaveBeenCalledTimes(4);
  });

  it('ends after others that waited for the same instant before it did', async () => {
    const begun = now();
    await begin('a', { waits: [50, 50] });
    await begin('b', { waits: [100] });
    await stage.rig.advance(99);
    expect(ended).toEqual([]);

    await stage.rig.advance(1);

    expect(ended).toEqual([['b', begun + 100, 100, undefined], ['a', begun + 100, 100, undefined]]);
  });

  it('calls at the instant that it waited for, and not before, and waits for the answer', async () => {
    const begun = now();
    await begin('a', { waits: [70], act: 'call' });
    await stage.rig.advance(69);
    expect(ended).toEqual([]);

    await stage.rig.advance(1);

    expect(ended).toEqual([['a', begun + 70, 70, undefined]]);
    expect((await stage.invoke({ waits: [70], act: 'call' }, { name: 'a' })).value).toBe(begun + 140);
  });

  it.each([['throw', [70], 70, 'RangeError'], ['exit', [70], 70, 'Runtime.ExitError'], ['hang', [], 5000, 'Sandbox.Timedout'], ['return', [4999], 4999, undefined], ['return', [5000], 5000, 'Sandbox.Timedout']] as const)(
    'ends when it does: %s after %j', async (act, waits, duration, error) => {
      const begun = now();

      await stage.invoke({ waits, act }, { name: 'b' });

      expect(ended).toEqual([['b', begun + duration, duration, error]]);
    });
});
