import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { play } from './play.ts';

async function holds(rule: object, input: unknown): Promise<boolean> {
  const { output } = await play({
    StartAt: 'Choose',
    States: { Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], Default: 'No' }, Yes: { Type: 'Pass', Result: true, End: true }, No: { Type: 'Pass', Result: false, End: true } },
  }, { input });
  return output === true;
}

const ORDERS: Readonly<Record<string, (one: number | string, other: number | string) => boolean>> = {
  Equals: (one, other) => one === other,
  LessThan: (one, other) => one < other,
  GreaterThan: (one, other) => one > other,
  LessThanEquals: (one, other) => one <= other,
  GreaterThanEquals: (one, other) => one >= other,
};

const near = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom('', 'a', 'b', 'ab'), fc.boolean(), fc.constant(null), fc.constant([]), fc.constant({}));

describe('a Choice', () => {
  test('compares numbers and strings as a reference does, and never across types', async () => {
    await fc.assert(fc.asyncProperty(fc.constantFrom(...Object.entries(ORDERS)), fc.constantFrom('Numeric', 'String'), near, near, async ([order, compare], type, one, other) => {
      const wanted = type === 'Numeric' ? 'number' : 'string';
      const comparable = typeof one === wanted && typeof other === wanted;
      const expected = comparable && compare(one as number, other as number);

      expect(await holds({ Variable: '$.one', [`${type}${order}Path`]: '$.other' }, { one, other })).toBe(expected);
    }), { numRuns: 150 });
  });

  test('joins rules by And, Or and Not as logic does', async () => {
    await fc.assert(fc.asyncProperty(fc.boolean(), fc.boolean(), async (a, b) => {
      const [left, right] = ['$.a', '$.b'].map((Variable) => ({ Variable, BooleanEquals: true }));

      expect(await holds({ And: [left, right] }, { a, b })).toBe(a && b);
      expect(await holds({ Or: [left, right] }, { a, b })).toBe(a || b);
      expect(await holds({ Not: left }, { a, b })).toBe(!a);
    }), { numRuns: 8 });
  });

  test.each([
    ['log-*.txt', 'log-2026.txt', true], ['log-*.txt', 'log-.txt.bak', false], ['*', '', true], ['a\\*b', 'a*b', true], ['a\\*b', 'axb', false],
    ['a\\\\b', 'a\\b', true], ['*.zip*', 'x.zip.zip\n', true], ['(a|b)', '(a|b)', true], ['(a|b)', 'a', false],
  ])('StringMatches %s of %j is %s', async (pattern, value, expected) => {
    expect(await holds({ Variable: '$.v', StringMatches: pattern }, { v: value })).toBe(expected);
  });

  test('compares timestamps as instants', async () => {
    expect(await holds({ Variable: '$.t', TimestampEquals: '2026-01-01T00:00:00Z' }, { t: '2026-01-01T01:30:00+01:30' })).toBe(true);
    expect(await holds({ Variable: '$.t', TimestampLessThan: '2026-01-01T00:00:00Z' }, { t: '2026-01-01' })).toBe(false);
  });

  test('without a match or a Default fails and nothing catches that', async () => {
    const { outcome } = await play({ StartAt: 'C', States: { C: { Type: 'Choice', Choices: [{ Variable: '$.a', NumericEquals: 1, Next: 'E' }] }, E: { Type: 'Succeed' } } }, { input: { a: 2 } });

    expect(outcome).toEqual({ status: 'FAILED', error: 'States.Runtime', cause: 'An error occurred while executing the state \'C\' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.' });
  });

  test('of a path that is not there fails by that path', async () => {
    const { outcome } = await play({ StartAt: 'C', States: { C: { Type: 'Choice', Choices: [{ Variable: '$.a.b', NumericEquals: 1, Next: 'E' }], Default: 'E' }, E: { Type: 'Succeed' } } });

    expect(outcome).toHaveProperty('cause', expect.stringContaining('Invalid path \'$.a.b\': The choice state\'s condition path references an invalid value.'));
  });
});
