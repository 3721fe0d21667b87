import * as fc from 'fast-check';
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fieldsOf, fieldsOfValue } from '../../lib/events/fields.ts';
import { compilePattern } from '../../lib/events/pattern.ts';
import { startRig, type Rig } from '../rig.ts';

let rig: Rig;
let client: EventBridgeClient;

beforeAll(async () => {
  rig = await startRig();
  client = rig.client(EventBridgeClient);
});
afterAll(() => rig.close());

const HEAD = '"version":"0","id":"1","detail-type":"probe","source":"probe","account":"111111111111","time":"2026-09-13T00:00:00Z","region":"us-east-1","resources":[]';

/** Rows AWS was recorded to answer: what stands in the array of `detail.v`, what the event has there, and whether it fits. */
const VALUES: readonly (readonly [expression: string, value: string, fits: boolean])[] = [
  ['1', '1', true], ['1', '1.0', true], ['1', '"1"', false], ['1', 'true', false], ['1', 'null', false],
  ['"1"', '1', false], ['"true"', 'true', false], ['true', 'true', true], ['null', 'null', true], ['null', '"null"', false], ['"null"', 'null', false],
  ['1e100', '1e100', true], ['1e309', '1e309', false], ['0.1234567890123456789', '0.1234567890123456789', false], ['-0', '0', true],
  ['{"prefix":"ab"}', '"abc"', true], ['{"prefix":"ab"}', '"cab"', false], ['{"prefix":""}', '"abc"', true], ['{"prefix":""}', '1', false],
  ['{"suffix":"bc"}', '"abc"', true], ['{"suffix":"bc"}', '"bca"', false],
  ['{"equals-ignore-case":"aBc"}', '"AbC"', true], ['{"equals-ignore-case":"Stra\u00dfe"}', '"STRASSE"', true], ['{"equals-ignore-case":"\u00df"}', '"ss"', false],
  ['{"equals-ignore-case":"\u0130"}', '"i\u0307"', true], ['{"equals-ignore-case":"K"}', '"\u212a"', false], ['{"equals-ignore-case":"\u{1f600}"}', '"??"', true], ['{"equals-ignore-case":"\u{1f600}"}', '"\u{1f600}"', false],
  ['{"prefix":{"equals-ignore-case":"\u00df"}}', '"SSabc"', true], ['{"prefix":{"equals-ignore-case":"\u00df"}}', '"ssabc"', false], ['{"suffix":{"equals-ignore-case":"\u0130"}}', '"abci\u0307"', true],
  ['{"anything-but":"abc"}', '"abc"', false], ['{"anything-but":"abc"}', '"xyz"', true], ['{"anything-but":"abc"}', 'null', true], ['{"anything-but":"abc"}', '1', true], ['{"anything-but":"abc"}', 'true', true],
  ['{"anything-but":["abc","xyz"]}', '"xyz"', false], ['{"anything-but":["abc","xyz"]}', '"1"', true],
  ['{"anything-but":1}', '1', false], ['{"anything-but":1}', '1.0', false], ['{"anything-but":1}', '"1"', true], ['{"anything-but":1}', 'null', true],
  ['{"anything-but":{"prefix":["a","b"]}}', '"abc"', false], ['{"anything-but":{"prefix":["a","b"]}}', '"AbC"', true], ['{"anything-but":{"prefix":["a","b"]}}', 'null', true],
  ['{"anything-but":{"suffix":["a","b"]}}', '"abc"', true], ['{"anything-but":{"suffix":["a","b"]}}', '"ab"', false],
  ['{"anything-but":{"equals-ignore-case":"\u00df"}}', '"SS"', false], ['{"anything-but":{"equals-ignore-case":"abc"}}', '"ABC"', false],
  ['{"anything-but":{"wildcard":"a*c"}}', '"abc"', false], ['{"anything-but":{"wildcard":"a*c"}}', '"abd"', true],
  ['{"anything-but":"a"}', '["a","b"]', true], ['{"anything-but":"a"}', '["a"]', false], ['{"anything-but":"a"}', '[["a"],["b"]]', true], ['{"anything-but":"a"}', '[]', false],
  ['{"numeric":["=",1]}', '1', true], ['{"numeric":[">",0,"<=",5]}', '5', true], ['{"numeric":[">",0,"<=",5]}', '0', false], ['{"numeric":[">",0]}', '"1"', false], ['{"numeric":["<",-1.5]}', '-1.6', true],
  ['{"cidr":"10.0.0.0/24"}', '"10.0.0.2"', true], ['{"cidr":"10.0.0.0/24"}', '"10.0.1.2"', false], ['{"cidr":"2001:db8::/32"}', '"2001:db8::1"', true], ['{"cidr":"2001:db8::/32"}', '"2001:db9::1"', false],
  ['{"cidr":"10.0.0.1/31"}', '"10.0.0.1"', true], ['{"cidr":"10.0.0.0/8"}', '"a00::1"', true], ['{"cidr":"10.0.0.1/0"}', '1', true], ['{"cidr":"10.0.0.1/24"}', '"abc"', false],
  ['"2001:db8:0:0:0:0:0:1"', '"2001:db8::1"', true],
  ['{"exists":true}', 'null', true], ['{"exists":true}', '{}', false], ['{"exists":false}', '[]', true], ['{"exists":false}', '1', false], ['{"exists":false},"x"', '"x"', true],
  ['{"wildcard":"a*c"}', '"abbc"', true], ['{"wildcard":"a\\\\*c"}', '"a*c"', true], ['{"wildcard":"a\\\\*c"}', '"abc"', false], ['{"wildcard":"*"}', '""', true], ['{"wildcard":"*"}', '1', false],
];

/** Rows about whole details. */
const DETAILS: readonly (readonly [pattern: string, detail: string, fits: boolean])[] = [
  ['{"detail":{"a.b":[1]}}', '{"a":{"b":1}}', true],
  ['{"detail":{"a.b":[1]}}', '{"a.b":1}', true],
  ['{"detail.a":{"b":[1]}}', '{"a":{"b":1}}', true],
  ['{"detail.a":{"b":[1]}}', '{"a.b":1}', true],
  ['{"detail":{"v":[0],"v":[1]}}', '{"v":1}', true],
  ['{"detail":{"v":[0],"v":[1]}}', '{"v":0}', false],
  ['{"detail":{"a":{"x":[1]},"a":{"y":[2]}}}', '{"a":{"y":2}}', false],
  ['{"detail":{"a":{"x":[1]},"a":{"y":[2]}}}', '{"a":{"x":1,"y":2}}', true],
  ['{"detail":{"v":[0]}}', '{"v":0,"v":1}', true],
  ['{"detail":{"v":[1]}}', '{"v":0,"v":1}', true],
  ['{"detail":{"":{"v":[1]}}}', '{"":{"v":1}}', true],
  ['{"detail":{"$or":[{"a":[1]},{"b":[2],"c":[3]}]}}', '{"a":1}', true],
  ['{"detail":{"$or":[{"a":[1]},{"b":[2],"c":[3]}]}}', '{"b":2}', false],
  ['{"detail":{"$or":[{"a":[1]},{"b":[2],"c":[3]}]}}', '{"b":2,"c":3}', true],
  ['{"detail":{"v":[1],"$or":[{"v":[2]},{"w":[3]}]}}', '{"v":2}', true],
  ['{"detail":{"$or":[{"v":[2]},{"w":[3]}],"v":[1]}}', '{"v":2}', false],
  ['{"detail":{"v":{"a":[{"exists":false}],"b":[{"exists":false}]}}}', '{"v":[{"a":1},{"b":2}]}', false],
  ['{"detail":{"v":{"b":[{"exists":false}],"a":[1]}}}', '{"v":[{"a":1},{"b":2}]}', true],
  ['{"detail":{"v":{"b":[{"exists":false}],"a":[1]}}}', '{"v":[{"a":1,"b":0},{"a":1,"b":2}]}', false],
  ['{"detail":{"v":{"b":[{"exists":false}],"a":[1]}}}', '{"v":[{"a":1},{}]}', true],
  ['{"detail":{"v":{"b":[{"exists":false}],"a":[1]}}}', '{"v":[[],[{"a":1}]]}', true],
  ['{"detail":{"r":{"region":[{"prefix":"x"}],"state":["ready"]}}}', '{"r":[{"region":"x0","state":"other"},{"region":"y","state":"ready"}]}', false],
  ['{"detail":{"r":{"region":[{"prefix":"x"}],"state":["ready"]}}}', '{"r":[{"region":"x0","state":"ready"},{"region":"y","state":"other"}]}', true],
];

async function fits(pattern: string, detail: string): Promise<boolean | undefined> {
  const { Result } = await client.send(new TestEventPatternCommand({ EventPattern: pattern, Event: `{${HEAD},"detail":${detail}}` }));
  return Result;
}

describe('an event pattern', () => {
  test.each(VALUES)('of [%s] and the value %s: %s', async (expression, value, expected) => {
    expect(await fits(`{"detail":{"v":[${expression}]}}`, `{"v":${value}}`)).toBe(expected);
  });

  test.each(DETAILS)('%s and the detail %s: %s', async (pattern, detail, expected) => {
    expect(await fits(pattern, detail)).toBe(expected);
  });

  test('decides many arrays that bind nothing to each other at once', async () => {
    const names = Array.from({ length: 40 }, (_, index) => `tags${index}`);
    const pattern = JSON.stringify({ detail: { ...Object.fromEntries(names.map((name) => [name, [{ prefix: 'x' }]])), status: ['ready'] } });
    const detail = JSON.stringify({ ...Object.fromEntries(names.map((name) => [name, ['x0', 'x1', 'x2', 'x3', 'x4']])), status: 'other' });

    expect(await fits(pattern, detail)).toBe(false);
  });
});

/** A compiled pattern's verdict; a refusal is a failed test. */
function verdict(expression: unknown, value: unknown): boolean {
  const pattern = compilePattern(JSON.stringify({ v: [expression] }));
  if ('refused' in pattern) throw new Error(pattern.refused);
  return pattern.matches(JSON.stringify({ v: value }));
}

const text = fc.string({ unit: 'grapheme', maxLength: 12 });
const word = fc.stringMatching(/^[a-c*]{0,6}$/);

describe('a compiled pattern', () => {
  test('takes each JSON scalar as itself and no other', () => {
    const scalar = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    fc.assert(fc.property(scalar, scalar, (one, other) => {
      expect(verdict(one, one)).toBe(true);
      expect(verdict(one, other)).toBe(one === other);
    }));
  });

  test('agrees with the language on prefixes, suffixes and their denial', () => {
    fc.assert(fc.property(word, word.filter((affix) => affix !== ''), (value, affix) => {
      expect(verdict({ prefix: affix }, value)).toBe(value.startsWith(affix));
      expect(verdict({ suffix: affix }, value)).toBe(value.endsWith(affix));
      expect(verdict({ 'anything-but': { prefix: affix } }, value)).toBe(!value.startsWith(affix));
      expect(verdict({ 'anything-but': { suffix: [affix] } }, value)).toBe(!value.endsWith(affix));
    }));
  });

  test('agrees with a regular expression on wildcards', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b', 'ab'), { maxLength: 3 }), fc.stringMatching(/^[ab]{0,8}$/), (parts, value) => {
      const regular = new RegExp(`^${parts.join('.*')}$`);
      expect(verdict({ wildcard: parts.join('*') }, value)).toBe(regular.test(value));
    }));
  });

  test('agrees with arithmetic on ranges, open and closed', () => {
    const number = fc.integer({ min: -20, max: 20 }).map((value) => value / 4);
    fc.assert(fc.property(number, number, number, fc.boolean(), fc.boolean(), (one, other, value, openBottom, openTop) => {
      fc.pre(one !== other);
      const [bottom, top] = one < other ? [one, other] : [other, one];
      const expected = (openBottom ? value > bottom : value >= bottom) && (openTop ? value < top : value <= top);
      expect(verdict({ numeric: [openBottom ? '>' : '>=', bottom, openTop ? '<' : '<=', top] }, value)).toBe(expected);
    }));
  });

  test('agrees with bit arithmetic on blocks of IPv4 addresses', () => {
    const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
    const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join('.');
    fc.assert(fc.property(address, address, fc.integer({ min: 1, max: 31 }), (base, near, bits) => {
      const size = 2 ** (32 - bits);
      const value = near % 2 === 0 ? near : Math.floor(base / size) * size + (near % size);
      expect(verdict({ cidr: `${dotted(base)}/${bits}` }, dotted(value))).toBe(Math.floor(base / size) === Math.floor(value / size));
    }));
  });

  test('ignores case as both its forms do', () => {
    fc.assert(fc.property(fc.stringMatching(/^[a-zA-Z0-9 ]{0,8}$/), (value) => {
      expect(verdict({ 'equals-ignore-case': value.toUpperCase() }, value.toLowerCase())).toBe(true);
      expect(verdict({ 'equals-ignore-case': `${value}x` }, value)).toBe(false);
    }));
  });

  test('of $or fits where one of its branches does', () => {
    fc.assert(fc.property(fc.integer({ max: 3 }), fc.integer({ max: 3 }), (a, b) => {
      const pattern = compilePattern('{"$or":[{"a":[1]},{"b":[2]}]}');
      expect('refused' in pattern ? undefined : pattern.matches(JSON.stringify({ a, b }))).toBe(a === 1 || b === 2);
    }));
  });

  test('finds in an event what it would find in its text', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (event) => {
      expect(fieldsOfValue(event)).toEqual(fieldsOf(JSON.stringify(event)));
    }));
  });

  test('answers to any text at all, with a pattern or a refusal', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json(), fc.json().map((json) => `{"a":[${json}]}`)), (source) => {
      const pattern = compilePattern(source);
      expect('refused' in pattern ? pattern.refused.length > 0 : typeof pattern.matches('{}') === 'boolean').toBe(true);
    }));
  });
});
