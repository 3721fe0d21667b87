import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { percentText, timetableOf, type Growth, type Reading } from '../../lib/appconfig/growth.ts';

const MINUTE = 60_000;

function linear(factor: number, durationMinutes: number, bakeMinutes: number = 0): Growth {
  return { type: 'LINEAR', factor, durationMinutes, bakeMinutes };
}

function exponential(factor: number, durationMinutes: number, bakeMinutes: number = 0): Growth {
  return { type: 'EXPONENTIAL', factor, durationMinutes, bakeMinutes };
}

function minutes(growth: Growth, reading: Reading): (readonly [number, number])[] {
  return timetableOf(growth, reading, 5000).steps.map(({ at, percentage }) => [at / MINUTE, percentage] as const);
}

describe('the timetable of a deployment', () => {
  test('fits the log AWS published: 25 % in 15 minutes steps each 180 s and bakes when the duration is over', () => {
    const timetable = timetableOf(linear(25, 15), 'observed', 5000);

    expect(timetable.steps).toEqual([
      { at: 180_000, percentage: 25 },
      { at: 360_000, percentage: 50 },
      { at: 540_000, percentage: 75 },
      { at: 720_000, percentage: 100 },
    ]);
    expect(timetable.bakeAt).toBe(900_000);
    expect(timetable.completeAt).toBe(905_000);
  });

  test('reads the user guide: 10 hours at 20 % reach 100 % when they are over', () => {
    expect(minutes(linear(20, 600), 'guide')).toEqual([[120, 20], [240, 40], [360, 60], [480, 80], [600, 100]]);
  });

  test('reads the API reference: the first step comes at once', () => {
    expect(minutes(linear(20, 600), 'api-reference')).toEqual([[0, 20], [120, 40], [240, 60], [360, 80], [480, 100]]);
  });

  test('doubles an exponential step until everything is reached', () => {
    expect(minutes(exponential(10, 30), 'observed')).toEqual([[5, 10], [10, 20], [15, 40], [20, 80], [25, 100]]);
    expect(minutes(exponential(10, 20), 'guide')).toEqual([[4, 10], [8, 20], [12, 40], [16, 80], [20, 100]]);
  });

  test('keeps a last step that is smaller than the factor', () => {
    expect(timetableOf(linear(30, 13), 'observed', 0).steps.map(({ percentage }) => percentage)).toEqual([30, 60, 90, 100]);
  });

  test('makes an instant change available when the worker gets to it, and at once when nothing bakes', () => {
    expect(timetableOf(linear(100, 0, 10), 'observed', 5000)).toEqual({ steps: [{ at: 5000, percentage: 100 }], bakeAt: 5000, completeAt: 610_000 });
    expect(timetableOf(linear(100, 0), 'observed', 5000)).toEqual({ steps: [{ at: 0, percentage: 100 }], bakeAt: 0, completeAt: 0 });
  });

  test('never goes back, ends at 100 % within the duration, and bakes after that, for any strategy and reading', () => {
    const growths = fc.record({
      type: fc.constantFrom('LINEAR' as const, 'EXPONENTIAL' as const),
      factor: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 1, max: 100, noNaN: true })),
      durationMinutes: fc.integer({ min: 0, max: 1440 }),
      bakeMinutes: fc.integer({ min: 0, max: 1440 }),
    });
    fc.assert(fc.property(growths, fc.constantFrom<Reading>('observed', 'guide', 'api-reference'), (growth, reading) => {
      const { steps, bakeAt, completeAt } = timetableOf(growth, reading, 5000);

      let before = { at: 0, percentage: 0 };
      for (const step of steps) {
        expect(step.at).toBeGreaterThanOrEqual(before.at);
        expect(step.percentage).toBeGreaterThan(before.percentage);
        before = step;
      }
      expect(before.percentage).toBe(100);
      expect(before.at).toBeLessThanOrEqual(bakeAt);
      expect(completeAt).toBeGreaterThanOrEqual(bakeAt + growth.bakeMinutes * MINUTE);
    }));
  });
});

test('percentages have two decimals in the event log', () => {
  expect(percentText(25)).toBe('25.00%');
  expect(percentText(33.33)).toBe('33.33%');
});
