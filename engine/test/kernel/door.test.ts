import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { startStage } from '../states/stage.ts';

/** Waits as many seconds as its input says, once and then once more. */
const TWICE: string = JSON.stringify({
  StartAt: 'First', States: { First: { Type: 'Wait', SecondsPath: '$.seconds', Next: 'Second' }, Second: { Type: 'Wait', SecondsPath: '$.seconds', End: true } },
});

describe('virtual time, from outside', () => {
  it('never runs backwards or past pending work, however it is advanced', async () => {
    const moves = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 90 }), advance: fc.integer({ min: 0, max: 120_000 }) }), { minLength: 1, maxLength: 12 });
    await using stage = await startStage();
    const { clock } = stage.rig.engine;
    const machine = await stage.create('twice', TWICE);

    await fc.assert(fc.asyncProperty(moves, async (plan) => {
      const started: { readonly arn: string; readonly at: number; readonly wait: number }[] = [];
      for (const { wait, advance } of plan) {
        const before = clock.now();
        started.push({ arn: await stage.start(machine, { input: JSON.stringify({ seconds: wait }) }), at: before, wait });
        const told = await (await fetch(`${stage.rig.engine.endpoint}/_engine/clock?advance=${advance}`, { method: 'POST' })).json() as { now: string };
        expect([Date.parse(told.now), clock.now()]).toEqual([before + advance, before + advance]);
        for (const { arn, at, wait: seconds } of started) {
          const { status, startDate, stopDate } = await stage.describe(arn);
          const due = at + 2 * seconds * 1000;
          expect(startDate?.getTime()).toBe(at);
          expect([status, stopDate?.getTime()]).toEqual(due <= clock.now() ? ['SUCCEEDED', due] : ['RUNNING', undefined]);
        }
      }
    }), { numRuns: 12 });

    const times = stage.entries.map(({ time }) => time);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThan(12);
  }, 60_000);
});
