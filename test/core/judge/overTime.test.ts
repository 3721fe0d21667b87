import { describe, expect, test } from 'vitest';
import { atMost, draws, type Draws } from '../../../bench/judge/draws.ts';
import { Fault, judgeOverTime, type EpochWindow } from '../../../lib/core/index.ts';

const MINUTE = 60_000;
const RULES = { metrics: { ExecutionsFailed: {} }, after: { alpha: 0.05, tolerate: 1 } };

function minutes(chance: Draws, count: number, rate: number, from = 0, clumps = 0): EpochWindow[] {
  return Array.from({ length: count }, (_, index) => ({
    metric: 'ExecutionsFailed', start: from + index * MINUTE, end: from + (index + 1) * MINUTE, starts: 600, bad: chance.binomial(600, Math.min(1, rate * chance.noise(clumps))),
  }));
}

describe('the comparison over time', () => {
  test.each([['by chance alone', 0], ['in clumps', 0.5]])('rolls a harmless release back in at most alpha of 500 cases when errors come %s', (_, clumps) => {
    const chance = draws(11);
    const falsely = Array.from({ length: 500 }, () => judgeOverTime(minutes(chance, 60, 0.005, 0, clumps), minutes(chance, 120, 0.005, 1e9, clumps), RULES)).filter(({ kind }) => kind === 'roll-back');

    expect(falsely.length).toBeLessThanOrEqual(atMost(500, 0.05));
  });

  test('sees a release that is four times as bad, and is marked as the weaker', () => {
    const chance = draws(12);
    const verdict = judgeOverTime(minutes(chance, 120, 0.005), minutes(chance, 30, 0.02, 1e9));

    expect(verdict).toMatchObject({ kind: 'roll-back', because: 'evidence', weaker: true });
    expect(verdict.reason).toMatch(/^ExecutionsFailed: \d+ bad of 18000 since, \d+ of 72000 before; compared over time, which is weaker than with a control, but too much for chance$/);
    expect(verdict.crossedAt).toBeGreaterThan(1e9);
    expect(verdict.p).toBeLessThanOrEqual(0.001);
    const metric = verdict.metrics['ExecutionsFailed'];
    expect(metric?.ceiling).toBeGreaterThan((metric?.before.rate ?? 1) * 1.5);
  });

  test('puts up with what the rules tolerate', () => {
    const chance = draws(13);
    const [before, after] = [minutes(chance, 120, 0.005), minutes(chance, 120, 0.009, 1e9)];

    expect(judgeOverTime(before, after, { ...RULES, after: { tolerate: 1 } }).kind).toBe('roll-back');
    expect(judgeOverTime(before, after, { ...RULES, after: { tolerate: 2.5 } })).toMatchObject({ kind: 'continue', because: 'not-enough-evidence' });
  });

  test('says nothing without a before, or without a since', () => {
    const chance = draws(14);

    expect(judgeOverTime([], minutes(chance, 30, 0.5))).toMatchObject({ kind: 'continue', because: 'no-data' });
    expect(judgeOverTime(minutes(chance, 30, 0.5), [])).toMatchObject({ kind: 'continue', because: 'no-data' });
  });

  test('comes to the same verdict whatever order the windows are given in', () => {
    const chance = draws(15);
    const [before, after] = [minutes(chance, 40, 0.01), minutes(chance, 40, 0.02, 1e9)];

    expect(judgeOverTime(before.toReversed(), after.toReversed(), RULES)).toEqual(judgeOverTime(before, after, RULES));
  });

  test.each<[string, Partial<EpochWindow>, string]>([
    ['a negative count', { bad: -1 }, 'SLUICE-JUDGE-4: before[0].bad must be a whole number, 0 or more, got -1'],
    ['an unknown metric', { metric: 'Sales' }, 'SLUICE-JUDGE-2: before[0] counts by the unknown metric "Sales"'],
    ['an overlap', { start: 2 * MINUTE, end: 3.5 * MINUTE }, 'SLUICE-JUDGE-5: two windows of ExecutionsFailed overlap: [120000, 210000) and [180000, 240000)'],
  ])('refuses %s', (_, change, message) => {
    const [first, ...others] = minutes(draws(16), 4, 0.01) as [EpochWindow, ...EpochWindow[]];
    const rest = change.start === undefined ? others : others.filter(({ start }) => start === 3 * MINUTE);
    const act = (): unknown => judgeOverTime([{ ...first, ...change }, ...rest], [], RULES);

    expect(act).toThrow(Fault);
    expect(act).toThrow(message);
  });
});

describe('the comparison over time, by the time of day', () => {
  const [FIVE, HOUR, DAY] = [300_000, 3_600_000, 86_400_000];
  const rhythm = (at: number): number => 0.0175 - 0.0125 * Math.cos((2 * Math.PI * (at % DAY)) / DAY);
  const windows = (chance: Draws, from: number, to: number, step: number, starts: number, rateAt: (at: number) => number): EpochWindow[] => (
    Array.from({ length: (to - from) / step }, (_, index) => ({ metric: 'ExecutionsFailed', start: from + index * step, end: from + (index + 1) * step, starts, bad: chance.binomial(starts, rateAt(from + index * step)) })));
  const before = (chance: Draws): EpochWindow[] => windows(chance, 0, 3 * DAY, HOUR, 1200, rhythm);

  test('for the 72 hours in which a release can be taken back rolls a harmless one back in at most alpha of 150 cases, day and night', () => {
    const chance = draws(21);
    const falsely = Array.from({ length: 150 }, () => judgeOverTime(before(chance), windows(chance, 3 * DAY, 6 * DAY, FIVE, 100, rhythm), RULES)).filter(({ kind }) => kind === 'roll-back');

    expect(falsely.length).toBeLessThanOrEqual(atMost(150, 0.05));
  });

  test('sees a release that turns bad after two good days, within two hours', () => {
    const chance = draws(22);
    const turn = 5 * DAY;
    const verdict = judgeOverTime(before(chance), windows(chance, 3 * DAY, turn + 2 * HOUR, FIVE, 500, (at) => (at < turn ? 1 : 6) * rhythm(at)));

    expect(verdict.kind).toBe('roll-back');
    expect(verdict.crossedAt).toBeGreaterThan(turn);
  });

  test('puts up at noon with what is usual at noon, and not at midnight', () => {
    const chance = draws(23);
    const [noon, midnight] = [12 * HOUR, 0].map((hour) => judgeOverTime(before(chance), windows(chance, 3 * DAY + hour, 3 * DAY + hour + HOUR, FIVE, 1000, () => 0.03)).kind);

    expect([noon, midnight]).toEqual(['continue', 'roll-back']);
  });

  test('spends the part of alpha it is given', () => {
    const [whole, half] = [1, 0.5].map((part) => judgeOverTime([], [], RULES, part).lnThreshold);

    expect(half).toBeCloseTo(whole! + Math.LN2, 12);
  });
});
