import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRetrier, retryDelay } from '../../lib/states/asl/retry.ts';

const retriers = fc.record({
  IntervalSeconds: fc.integer({ min: 0, max: 1000 }),
  BackoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
  MaxDelaySeconds: fc.integer({ min: 1, max: 10_000 }),
}, { requiredKeys: [] });
const draws = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('the delay of a retry', () => {
  test('is the interval times the backoff rate to the number of retries done, at most MaxDelaySeconds', () => {
    fc.assert(fc.property(retriers, fc.integer({ min: 0, max: 20 }), draws, (fields, done, drawn) => {
      const delay = retryDelay(compileRetrier({ ErrorEquals: ['States.ALL'], ...fields }), done, () => drawn);
      const full = (fields.IntervalSeconds ?? 1) * (fields.BackoffRate ?? 2) ** done;

      expect(delay).toBe(Math.round(Math.min(full, fields.MaxDelaySeconds ?? Infinity) * 1000));
    }));
  });

  test('with full jitter lies between nothing and the delay without it', () => {
    fc.assert(fc.property(retriers, fc.integer({ min: 0, max: 20 }), draws, (fields, done, drawn) => {
      const plain = compileRetrier({ ErrorEquals: ['States.ALL'], ...fields });
      const jittered = compileRetrier({ ErrorEquals: ['States.ALL'], JitterStrategy: 'FULL', ...fields });

      const delay = retryDelay(jittered, done, () => drawn);

      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(retryDelay(plain, done, () => drawn));
    }));
  });
});
