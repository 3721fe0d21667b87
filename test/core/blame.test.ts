import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { blameOf, pooled, sumsByVersion } from '../../lib/core/shift/blame.ts';
import { judgeOverTime, type EpochWindow, type OverTimeVerdict } from '../../lib/core/judge/overTime.ts';
import type { Deployment } from '../../lib/core/rollout.ts';
import { besides, suspected } from '../../lib/core/shift/suspect.ts';

const STEP = 300_000;
const BEGAN = Date.parse('2026-01-01T00:00:00Z');
const at = (hour: number): number => BEGAN + hour * 3_600_000;
const RULES = { metrics: { ExecutionsFailed: {} } };

/** Six hours by five minutes, 60 executions in each; so many of them fail in the first two hours, the next two and the last two. */
function hours(...failing: readonly [number, number, number]): EpochWindow[] {
  return Array.from({ length: 72 }, (_, n) => ({ metric: 'ExecutionsFailed', start: BEGAN + n * STEP, end: BEGAN + (n + 1) * STEP, starts: 60, bad: failing[Math.floor(n / 24) as 0 | 1 | 2] }));
}

const FIRST = { from: at(1.75), until: at(2) };
const SECOND = { from: at(4), until: at(4.25) };
const shift = (change: typeof FIRST): typeof FIRST & { text: string } => ({ ...change, text: 'shift 2 of orders' });
const configuration = (change: typeof FIRST): typeof FIRST & { text: string } => ({ ...change, text: 'deployment 7' });

describe('what is blamed of a shift and a configuration', () => {
  it.each<[string, [number, number, number], string, string]>([
    ['the first, since it is worse from then on', [0, 12, 12], 'shift', 'configuration'],
    ['the second, since it was well until then', [0, 0, 12], 'configuration', 'shift'],
    ['the second, though it always failed a little', [2, 2, 14], 'configuration', 'shift'],
    ['neither, where nothing is worse', [1, 1, 1], 'undecided', 'undecided'],
    ['neither, where each made it worse', [0, 12, 50], 'undecided', 'undecided'],
  ])('is %s', (_, failing, shiftFirst, configurationFirst) => {
    const windows = hours(...failing);

    expect(blameOf({ windows, shift: shift(FIRST), configuration: configuration(SECOND), rules: RULES }).blames).toBe(shiftFirst);
    expect(blameOf({ windows, shift: shift(SECOND), configuration: configuration(FIRST), rules: RULES }).blames).toBe(configurationFirst);
  });

  it('is told with the evidence, or with why there is none', () => {
    const told = (windows: readonly EpochWindow[]): string => blameOf({ windows, shift: shift(FIRST), configuration: configuration(SECOND), rules: RULES }).reason;

    expect(told(hours(0, 12, 12))).toBe('the evidence blames shift 2 of orders: ExecutionsFailed: 288 bad of 1440 since, 0 of 1260 before; compared over time, which is weaker than with a control, but too much for chance');
    expect(told(hours(0, 0, 0))).toBe('the evidence does not tell whether shift 2 of orders or deployment 7 is to blame: it is not worse after the one nor after the other');
    expect(told(hours(0, 12, 50))).toContain('it is worse after each of them');
    expect(told(hours(0, 12, 12).filter(({ start }) => start < FIRST.from || start >= SECOND.until))).toContain('nothing was counted between them');
  });

  it('is clear of a shift only by its own versions, on one epoch, and where harm by the configuration would have been seen', () => {
    const clear = (byVersion: readonly EpochWindow[], changes: readonly [typeof FIRST, typeof FIRST], windows = byVersion): boolean => blameOf({ windows, byVersion, shift: shift(changes[0]), configuration: configuration(changes[1]), rules: RULES }).clear;
    const [shiftFirst, configurationFirst] = [[FIRST, SECOND], [SECOND, FIRST]] as const;

    expect([clear(hours(0, 12, 12), shiftFirst), clear(hours(0, 0, 12), configurationFirst)]).toEqual([true, true]);
    // By another workflow's executions, or by a configuration that was never seen without it.
    expect([clear(hours(0, 0, 0), shiftFirst, hours(0, 12, 12)), clear(hours(0, 0, 0), configurationFirst, hours(0, 0, 12)), clear([], shiftFirst, hours(0, 12, 12))]).toEqual([false, false, false]);
    expect([clear(hours(0, 12, 12), configurationFirst), clear(hours(0, 0, 12), shiftFirst), clear(hours(0, 12, 50), shiftFirst)]).toEqual([false, false, false]);
    // One execution in five minutes is too few to say that the configuration did none of it.
    const scarce = hours(0, 0, 12).map((window, n) => (n >= 24 && n < 48 ? { ...window, starts: 1 } : window));
    expect(clear(scarce, configurationFirst)).toBe(false);
  });

  it('is nobody where rates never change, whichever came first', () => {
    fc.assert(fc.property(fc.nat(60), fc.boolean(), (failing, first) => {
      const windows = hours(failing, failing, failing);
      const asked = first ? { shift: shift(FIRST), configuration: configuration(SECOND) } : { shift: shift(SECOND), configuration: configuration(FIRST) };

      expect(blameOf({ windows, ...asked, rules: RULES }).blames).toBe('undecided');
    }), { numRuns: 30 });
  });
});

it('executions count whichever epoch they ran on, once their window is over', () => {
  const sums = [
    { of: 'old', metric: 'ExecutionsStarted', at: at(0), sum: 3 }, { of: 'new', metric: 'ExecutionsStarted', at: at(0), sum: 2 }, { of: 'new', metric: 'ExecutionsFailed', at: at(0), sum: 7 },
    { of: 'new', metric: 'ExecutionsStarted', at: at(0) + STEP, sum: 4 },
  ];
  const window = (n: number, starts: number, bad: number): EpochWindow => ({ metric: 'ExecutionsFailed', start: at(0) + n * STEP, end: at(0) + (n + 1) * STEP, starts, bad });
  const asked = { metrics: ['ExecutionsFailed'], stepMs: STEP };

  expect(pooled(sums, { ...asked, now: at(0) + STEP })).toEqual([window(0, 5, 5)]);
  expect(pooled(sums, { ...asked, now: at(1) })).toEqual([window(0, 5, 5), window(1, 4, 0)]);
});

it('of a workflow counts what began on the old version before the shift, and on the new one after it', () => {
  const sum = (of: string, hour: number): { of: string; metric: string; at: number; sum: number } => ({ of, metric: 'ExecutionsStarted', at: at(hour), sum: 1 });
  const [before, during, after] = [1, 1.9, 3].map((hour) => [sum('1', hour), sum('2', hour)]) as [ReturnType<typeof sum>[], ReturnType<typeof sum>[], ReturnType<typeof sum>[]];

  expect(sumsByVersion([...before, ...during, ...after], { from: 'arn:orders:1', to: 'arn:orders:2' }, FIRST)).toEqual([before[0], after[1]]);
});

describe('a shift that no comparison side by side speaks against', () => {
  const deployment: Deployment = { number: 7, state: 'COMPLETE', profile: 'orders', version: '3', startedAt: at(0), completedAt: at(1) };
  /** The old version beside the new one, whose executions are not its own. */
  const beside = (bad: number): OverTimeVerdict => judgeOverTime(hours(0, 0, 0).slice(0, 24), besides(hours(0, bad, bad).slice(24, 48).flatMap(({ metric, start, end, ...count }) => [
    { metric, start, end, canary: { starts: 60, bad: 60 }, control: count }, { metric, start: start + 1e9, end: end + 1e9, canary: { starts: 0, bad: 0 }, control: { starts: 60, bad: 60 } },
  ])), RULES);

  it.each<[string, readonly Deployment[], number | undefined, number, string | undefined]>([
    ['a configuration that can be taken back', [deployment], 0, 3, 'deployment 7 of the configuration, complete since 2026-01-01T01:00:00.000Z, may be to blame as well'],
    ['that configuration, where nobody could judge', [deployment], undefined, 3, 'deployment 7 of the configuration, complete since 2026-01-01T01:00:00.000Z, may be to blame as well'],
    ['it rather, where the old version turned too', [deployment], 12, 3, 'the old version has turned for the worse beside it (ExecutionsFailed: 288 bad of 1440 since, 0 of 1440 before; compared over time, which is weaker than with a control, but too much for chance): deployment 7 of the configuration, complete since 2026-01-01T01:00:00.000Z, may be to blame instead'],
    ['nobody else, 72 hours later', [deployment], 0, 74, undefined],
    ['nobody else, where it was taken back', [{ ...deployment, state: 'REVERTED' }], 0, 3, undefined],
    ['nobody by name, where the old version turned without one', [], 12, 3, 'the old version has turned for the worse beside it (ExecutionsFailed: 288 bad of 1440 since, 0 of 1440 before; compared over time, which is weaker than with a control, but too much for chance)'],
  ])('suspects %s', (_, deployments, bad, hour, told) => {
    expect(suspected(deployments, bad === undefined ? undefined : beside(bad), at(hour))).toBe(told);
  });
});
