import { EventBridgeClient, PutRuleCommand, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startRig, type Rig } from '../rig.ts';
import { refused } from '../refused.ts';

let rig: Rig;
let client: EventBridgeClient;

beforeAll(async () => {
  rig = await startRig();
  client = rig.client(EventBridgeClient);
});
afterAll(() => rig.close());

const EVENT = JSON.stringify({ id: '1', 'detail-type': 'probe', source: 'probe', account: '111111111111', time: '2026-09-13T00:00:00Z', region: 'us-east-1', detail: { v: 'abc' } });
const MIXED = 'Inside anything but list, either all values are number or string, mixed type is not supported';
const ONE_KEY = 'Only one key allowed in match expression';
const MANY = 'Too many elements in numeric expression';
const COMPLEX = 'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character';

/** Patterns AWS was recorded to refuse, with its reason and the column it named. */
const PLACED: readonly (readonly [pattern: string, reason: string, column: number])[] = [
  ['[]', 'Filter is not an object', 2],
  ['null', 'Filter is not an object', 5],
  ['{}', 'Empty objects are not allowed', 3],
  ['{"detail":{}}', 'Empty objects are not allowed', 13],
  ['{"detail":{"v":[]}}', 'Empty arrays are not allowed', 18],
  ['{"detail":{"v":[[1]]}}', 'Match value must be String, number, true, false, or null', 18],
  ['{"detail":{"v":null,"v":[1]}}', '"v" must be an object or an array', 20],
  ['{"detail":{"v":[1],"v":null}}', '"v" must be an object or an array', 28],
  ['{"detail":{"v":[{"prefix":1}]}}', 'prefix match pattern must be a string', 28],
  ['{"detail":{"v":[{"prefix":["a"]}]}}', 'prefix match pattern must be a string', 28],
  ['{"detail":{"v":[{"prefix":"a","suffix":"z"}]}}', ONE_KEY, 41],
  ['{"detail":{"v":[{"prefix":"a","prefix":"b"}]}}', ONE_KEY, 41],
  ['{"detail":{"v":[{}]}}', 'Match expression name not found', 19],
  ['{"detail":{"v":[{"unknown":"x"}]}}', 'Unrecognized match type unknown', 29],
  ['{"source":[{"unknown":"x"}]}', 'Unrecognized match type unknown', 24],
  ['{"detail":{"v":[{"exists":1}]}}', 'exists match pattern must be either true or false.', 28],
  ['{"detail":{"v":[{"anything-but":[]}]}}', MIXED, 35],
  ['{"detail":{"v":[{"anything-but":[1,"a"]}]}}', MIXED, 40],
  ['{"detail":{"v":[{"anything-but":true}]}}', 'Value of anything-but must be an array or single string/number value.', 37],
  ['{"detail":{"v":[{"anything-but":null}]}}', 'Value of anything-but must be an array or single string/number value.', 37],
  ['{"detail":{"v":[{"anything-but":{"prefix":""}}]}}', 'Null prefix/suffix not allowed', 45],
  ['{"detail":{"v":[{"prefix":{"equals-ignore-case":["a"]}}]}}', 'equals-ignore-case match pattern must be a string', 50],
  ['{"detail":{"v":[{"wildcard":"a**b"}]}}', 'Consecutive wildcard characters at pos 2', 35],
  ['{"detail":{"v":[{"wildcard":"a\\\\qb"}]}}', 'Invalid escape character at pos 2', 36],
  ['{"detail":{"v":[{"wildcard":"a\\\\"}]}}', 'Invalid escape character at pos 2', 34],
  ['{"$or":[]}', 'There must have at least 2 Objects in $or relationship.', 10],
  ['{"$or":[{"source":["a"]}]}', 'There must have at least 2 Objects in $or relationship.', 26],
  ['{"$or":[1,2]}', 'Only JSON object is allowed in array of $or relationship.', 10],
  ['{"$or":[{"source":["a"]},{}]}', 'Empty objects are not allowed', 28],
  ['{"$or":[{"prefix":["a"]},{"source":["b"]}]}', 'prefix is Ruler reserved fieldName which cannot be used inside $or.', 20],
  ['{"detail":{"$or":[{"nested":{"suffix":["x"]}},{"v":["x"]}]}}', 'suffix is Ruler reserved fieldName which cannot be used inside $or.', 40],
  ['{"detail":{"v":[{"numeric":[]}]}}', 'Invalid member in numeric match: ]', 30],
  ['{"detail":{"v":[{"numeric":["=",1,"<",3]}]}}', MANY, 36],
  ['{"detail":{"v":[{"numeric":["<",2,">",0]}]}}', MANY, 36],
  ['{"detail":{"v":[{"numeric":[">",0,">",1]}]}}', 'Bad numeric range operator: >', 38],
  ['{"detail":{"v":[{"numeric":[">",3,"<",1]}]}}', 'Bottom must be less than top', 41],
  ['{"detail":{"v":[{"numeric":[">=",1,"<=",1]}]}}', 'Bottom must be less than top', 43],
  ['{"detail":{"v":[{"numeric":["!=",1]}]}}', 'Unrecognized numeric range operator: !=', 35],
  ['{"detail":{"v":[{"numeric":[">","1"]}]}}', 'Value of > must be numeric', 34],
  ['{"detail":{"v":[{"numeric":["=",1e309]}]}}', 'Cannot compare number : 1e309', 39],
  ['{"detail":{"v":[{"numeric":["=",1.0000000000000001]}]}}', 'Cannot compare number : 1.0000000000000001', 52],
];

/** Refusals AWS gives without a place. */
const PLACELESS: readonly (readonly [pattern: string, reason: string])[] = [
  ['{"detail":{"v":[{"cidr":"10.0.0.1"}]}}', "Malformed CIDR, one '/' required"],
  ['{"detail":{"v":[{"cidr":"10.0.0.1/32"}]}}', 'IPv4 mask bits must be < 32'],
  ['{"detail":{"v":[{"cidr":"2001:db8::1/128"}]}}', 'IPv6 mask bits must be < 128'],
  ['{"detail":{"v":[{"cidr":"::ffff:192.0.2.0/120"}]}}', 'Nonstandard IP address: ::ffff:192.0.2.0'],
  ['{"detail":{"v":[{"anything-but":9007199254740993}]}}', 'Cannot compare number : 9007199254740993'],
  ['{"detail":{"v":[{"anything-but":1e-400}]}}', 'Cannot compare number : 1e-400'],
  [wildcards('*a'.repeat(10)), COMPLEX],
  [wildcards(...numbered(11, 'x')), COMPLEX],
  [wildcards(...numbered(11)), COMPLEX],
  [JSON.stringify({ detail: { $or: numbered(11, 'x').map((wildcard) => ({ v: [{ wildcard }] })) } }), COMPLEX],
  [wildcards('a*bb', '*aba*', '*ab*ad', '*ab*ad', '*\u{1f642}*'), COMPLEX],
];

/** Patterns with wildcards that AWS was recorded to take. */
const SIMPLE: readonly string[] = [
  wildcards('*a'.repeat(5)),
  wildcards(...numbered(10, 'x')),
  JSON.stringify({ detail: { $or: numbered(10, 'x').map((wildcard) => ({ v: [{ wildcard }] })) } }),
  JSON.stringify({ detail: Object.fromEntries(numbered(11).map((name) => [name, [{ wildcard: '*a*' }]])) }),
  JSON.stringify({ detail: { v: [{ 'anything-but': { wildcard: numbered(12, 'x') } }] } }),
  wildcards('*a*a*a', 'literal', 'a\\*b*', 'a*bb', 'literal', 'a*bc', 'abc*d', 'ab*c'),
  wildcards('ab*b*', '*aba*'),
  wildcards('*\u00e9\u00e9*', '*aba*'),
];

function wildcards(...texts: readonly string[]): string {
  return JSON.stringify({ detail: { v: texts.map((wildcard) => ({ wildcard })) } });
}

function numbered(count: number, end?: string): string[] {
  return Array.from({ length: count }, (_, index) => (end === undefined ? String(index) : `${index}*${end}`));
}

describe('the admission of an event pattern', () => {
  test.each(PLACED)('refuses %s with the reason and the place AWS gives', async (pattern, reason, column) => {
    const answer = await refused(client.send(new TestEventPatternCommand({ EventPattern: pattern, Event: EVENT })));

    expect(answer).toEqual({
      code: 'InvalidEventPatternException',
      status: 400,
      message: `Event pattern is not valid. Reason: ${reason}\n at [Source: (String)"${pattern}"; line: 1, column: ${column}]`,
    });
  });

  test.each(PLACELESS)('refuses %s without a place', async (pattern, reason) => {
    const answer = await refused(client.send(new PutRuleCommand({ Name: 'complex', EventPattern: pattern })));

    expect(answer).toEqual({ code: 'InvalidEventPatternException', status: 400, message: `Event pattern is not valid. Reason: ${reason}` });
  });

  test.each(SIMPLE)('takes %s', async (pattern) => {
    const { RuleArn } = await client.send(new PutRuleCommand({ Name: 'simple', EventPattern: pattern }));

    expect(RuleArn).toBe('arn:aws:events:us-east-1:000000000000:rule/simple');
  });

  test('counts lines and shows no more than 500 characters of a long pattern', async () => {
    const pattern = `{\n  "source": ["${'x'.repeat(600)}"],\n  "detail": 1\n}`;

    const { message } = await refused(client.send(new PutRuleCommand({ Name: 'long', EventPattern: pattern })));

    expect(message).toBe(`Event pattern is not valid. Reason: "detail" must be an object or an array\n at [Source: (String)"${pattern.slice(0, 500)}"[truncated ${pattern.length - 500} chars]; line: 3, column: 14]`);
  });
});

describe('the admission of an event to TestEventPattern', () => {
  const pattern = '{"source":["probe"]}';
  const whole = JSON.parse(EVENT) as Record<string, unknown>;
  const without = (name: string): string => JSON.stringify({ ...whole, [name]: undefined });

  test.each(['{', '[]', '1', '{}', ...['id', 'detail-type', 'source', 'account', 'time', 'region'].map(without)])('refuses %s', async (event) => {
    const answer = await refused(client.send(new TestEventPatternCommand({ EventPattern: pattern, Event: event })));

    expect(answer).toEqual({ code: 'ValidationException', status: 400, message: 'Parameter Event is not valid.' });
  });

  test.each([1, 'not-a-time'])('refuses the time %s', async (time) => {
    const answer = await refused(client.send(new TestEventPatternCommand({ EventPattern: pattern, Event: JSON.stringify({ ...whole, time }) })));

    expect(answer.message).toBe('Parameter Event is not valid. Reason: Invalid time.');
  });

  test('needs neither version nor resources nor detail', async () => {
    const { Result } = await client.send(new TestEventPatternCommand({ EventPattern: pattern, Event: JSON.stringify({ ...whole, detail: undefined }) }));

    expect(Result).toBe(true);
  });
});
