import { Ajv } from 'ajv';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PROJECT_SCHEMA } from '../../lib/documents/index.ts';
import { accepts } from '../../lib/documents/project/acceptance.ts';

/** As lib/documents compiles it, but for the telling of what is wrong. */
const valid = new Ajv({ ownProperties: true }).compile(PROJECT_SCHEMA);

/** A project that uses everything `sluice.yaml` can say. */
const WHOLE = {
  sluice: 1,
  applications: {
    orders: {
      environments: { staging: {}, production: { plan: 'slow', profile: 'old-name', wave: 2, guards: ['orders-5xx'], region: 'eu-central-1', heal: ['queued'], approved: true, signed: false }, eu: { plan: { kind: 'linear', stepPercent: 50, minutes: 4, bakeMinutes: 0 } } },
      owners: [{ documents: '*', owners: ['@team'], approvals: 2 }], people: { '@team': ['AROA*:ada'] }, schemas: [{ documents: 'a*', schema: 'shared' }],
      invariants: [{ name: 'sane', rule: 'true', message: 'is not', environments: ['staging'] }],
    },
  },
  plans: { slow: { kind: 'canary', percent: 1, minutes: 60 }, steps: { kind: 'steps', steps: [{ percent: 10, minutes: 5 }] }, now: { kind: 'all-at-once' } },
  secrets: { allow: [{ document: 'orders/limits', path: '$.token', reason: 'an example' }] },
};

/** The paths of all values in it, and beside each a member that it has not. */
function paths(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [[...path]];
  return [[...path], [...path, 'other'], [...path, '9 lives'], ...Object.entries(value).flatMap(([key, member]) => paths(member, [...path, key]))];
}

/** The same with another value at a path; without it where that is nothing. */
function changed(value: unknown, [key, ...rest]: readonly string[], put: unknown): unknown {
  if (key === undefined) return put;
  if (typeof value !== 'object' || value === null) return value;
  const copy = (Array.isArray(value) ? [...value as unknown[]] : { ...value }) as Record<string, unknown>;
  const member = changed(copy[key], rest, put);
  if (member === undefined) delete copy[key];
  else copy[key] = member;
  return Array.isArray(copy) ? copy.filter(() => true) : copy;
}

const VALUES: readonly unknown[] = [
  undefined, null, true, 0, 1, -1, 0.5, 100, 101, 1440, 1441, '', 'a', 'staging', 'eu-west-1', 'a/b', '$.a', 'queued', '9', 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(129), '𝒳'.repeat(7), '𝒳'.repeat(8), 'a\n', 'é',
  [], {}, ['a'], ['a', 'a'], ['queued', 'queued'], [1, '1'], { kind: 'canary' }, { kind: 'all-at-once', bakeMinutes: 1441 }, { kind: 'steps', steps: [] }, { other: {} }, 'y'.repeat(10_001), '𝒳'.repeat(10_000),
];

it('what reads sluice.yaml without its compiled schema accepts what that accepts, and nothing else', () => {
  const cases = paths(WHOLE).flatMap((path) => VALUES.map((put) => ({ path, put, value: changed(WHOLE, path, put) ?? null })));
  const accepted = cases.filter(({ value }) => accepts(PROJECT_SCHEMA, value));
  const told = new Set(accepted);

  expect(cases.filter((one) => told.has(one) !== valid(one.value))).toEqual([]);
  expect(Math.min(accepted.length, cases.length - accepted.length)).toBeGreaterThan(100);
});

it('agrees with it about two changes at once, with any value', () => {
  const change = fc.tuple(fc.constantFrom(...paths(WHOLE)), fc.oneof(fc.constantFrom(...VALUES), fc.jsonValue({ maxDepth: 2 })));

  fc.assert(fc.property(change, change, ([path, put], [other, second]) => {
    const value = changed(changed(WHOLE, path, put), other, second) ?? null;

    expect(accepts(PROJECT_SCHEMA, value)).toBe(valid(value));
  }), { numRuns: 200 });
});

it('a keyword that it does not know is not passed over', () => {
  expect(() => accepts({ type: 'string', format: 'uri' }, 'a')).toThrow('the keyword format is not known here');
});
