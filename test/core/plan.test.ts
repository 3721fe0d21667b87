import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exposure, exposureAt, PLANS, stages, strategyOf, type Plan, type Strategy } from '../../lib/core/index.ts';

const strategies: fc.Arbitrary<Strategy> = fc.record({
  growthType: fc.constantFrom('LINEAR' as const, 'EXPONENTIAL' as const),
  growthFactor: fc.double({ min: 1, max: 100, noNaN: true }),
  durationMinutes: fc.integer({ min: 0, max: 1440 }),
  bakeMinutes: fc.integer({ min: 0, max: 1440 }),
});

describe('a plan', () => {
  test('becomes the strategy AppConfig knows', () => {
    expect(strategyOf(PLANS.allAtOnce)).toEqual({ growthType: 'LINEAR', growthFactor: 100, durationMinutes: 0, bakeMinutes: 10 });
    expect(strategyOf(PLANS.canary)).toEqual({ growthType: 'EXPONENTIAL', growthFactor: 10, durationMinutes: 20, bakeMinutes: 10 });
    expect(strategyOf(PLANS.linear)).toEqual({ growthType: 'LINEAR', growthFactor: 20, durationMinutes: 30, bakeMinutes: 30 });
    expect(strategyOf({ kind: 'linear', stepPercent: 25, minutes: 15 }).bakeMinutes).toBe(10);
  });

  test('of steps is accepted when they are equal, or double, and end at 100', () => {
    const steps = (...percents: number[]): Plan => ({ kind: 'steps', steps: percents.map((percent) => ({ percent, minutes: 5 })), bakeMinutes: 0 });

    expect(strategyOf(steps(25, 50, 75, 100))).toEqual({ growthType: 'LINEAR', growthFactor: 25, durationMinutes: 20, bakeMinutes: 0 });
    expect(strategyOf(steps(10, 20, 40, 80, 100))).toEqual({ growthType: 'EXPONENTIAL', growthFactor: 10, durationMinutes: 25, bakeMinutes: 0 });
  });

  test.each([
    ['uneven percentages', [{ percent: 5, minutes: 5 }, { percent: 25, minutes: 5 }, { percent: 100, minutes: 5 }]],
    ['uneven times', [{ percent: 50, minutes: 5 }, { percent: 100, minutes: 30 }]],
    ['an end below 100', [{ percent: 10, minutes: 5 }, { percent: 20, minutes: 5 }]],
    ['no steps', []],
  ])('of steps with %s is refused, because AppConfig cannot express it', (_, steps) => {
    expect(() => strategyOf({ kind: 'steps', steps })).toThrow('SLUICE-PLAN-3');
  });

  test.each<[string, Plan, string]>([
    ['nothing', { kind: 'linear', stepPercent: 0, minutes: 5 }, 'SLUICE-PLAN-2: stepPercent must be above 0 and at most 100, got 0; use 100 to deploy at once'],
    ['more than everybody', { kind: 'linear', stepPercent: 120, minutes: 5 }, 'SLUICE-PLAN-2: stepPercent must be above 0 and at most 100, got 120; use 100 to deploy at once'],
    ['not a number', { kind: 'canary', percent: Number.NaN, minutes: 5 }, 'SLUICE-PLAN-2: percent must be above 0'],
    ['less than AppConfig takes', { kind: 'canary', percent: 0.5, minutes: 5 }, 'SLUICE-PLAN-1: percent must be a number of percent from 1 to 100, got 0.5'],
    ['half a minute', { kind: 'canary', percent: 10, minutes: 0.5 }, 'SLUICE-PLAN-1: minutes must be a number of whole minutes from 0 to 1440, got 0.5'],
    ['two days', { kind: 'canary', percent: 10, minutes: 2880 }, 'SLUICE-PLAN-1'],
    ['a negative bake', { kind: 'all-at-once', bakeMinutes: -1 }, 'SLUICE-PLAN-1: bakeMinutes'],
    ['another kind', { kind: 'sometimes' } as unknown as Plan, 'SLUICE-PLAN-4: unknown plan {"kind":"sometimes"}'],
  ])('of %s is refused with its value and the remedy', (_, plan, message) => {
    expect(() => strategyOf(plan)).toThrow(message);
  });
});

describe('exposure', () => {
  test('follows the log AWS published: 25 % over 15 minutes steps every three, and 100 % comes three minutes before the end', () => {
    const strategy = strategyOf({ kind: 'linear', stepPercent: 25, minutes: 15, bakeMinutes: 0 });

    expect(exposure(strategy)).toEqual([0, 25, 50, 75, 100].map((percent, index) => ({ atMinutes: 3 * index, percent })));
    expect(exposureAt(strategy, 2.9)).toBe(0);
    expect(exposureAt(strategy, 3)).toBe(25);
  });

  test('follows the guide or the API reference when asked', () => {
    const strategy = strategyOf({ kind: 'linear', stepPercent: 20, minutes: 600 });

    expect(exposureAt(strategy, 119, 'guide')).toBe(0);
    expect(exposureAt(strategy, 120, 'guide')).toBe(20);
    expect(exposureAt(strategy, 600, 'guide')).toBe(100);
    expect(exposureAt(strategy, 0, 'api-reference')).toBe(20);
  });

  test('is everybody at once without a duration', () => {
    expect(exposure(strategyOf(PLANS.allAtOnce))).toEqual([{ atMinutes: 0, percent: 100 }]);
  });

  test.each(['observed', 'guide', 'api-reference'] as const)('only ever grows, stays within the stages and ends at 100 within the duration (%s)', (timing) => {
    fc.assert(fc.property(strategies, (strategy) => {
      const steps = exposure(strategy, timing);
      const allowed = new Set([0, ...stages(strategy)]);

      expect(steps[0]?.atMinutes).toBe(0);
      expect(steps.at(-1)?.percent).toBe(100);
      expect(steps.every((step) => allowed.has(step.percent))).toBe(true);
      steps.slice(1).forEach((step, index) => {
        expect(step.atMinutes).toBeGreaterThan(steps[index]?.atMinutes ?? Infinity);
        expect(step.percent).toBeGreaterThan(steps[index]?.percent ?? Infinity);
        expect(step.atMinutes).toBeLessThanOrEqual(strategy.durationMinutes + 1e-9);
      });
    }));
  });
});
