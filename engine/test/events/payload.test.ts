import { describe, expect, test } from 'vitest';
import type { EventEnvelope } from '../../lib/events/envelope.ts';
import { payloadFor, type TargetInput } from '../../lib/events/targetInput.ts';

const EVENT: EventEnvelope = {
  version: '0',
  id: '0d0a608b-b6bd-e22d-739b-365f723ccf4b',
  'detail-type': 'input-probe',
  source: 'probe',
  account: '111111111111',
  time: '2026-01-02T03:04:05Z',
  region: 'us-east-1',
  resources: [],
  detail: {
    text: 'hello',
    number: 42,
    flag: true,
    nothing: null,
    object: { first: 'one', second: 2 },
    array: ['one', 'two', { x: 3 }],
    items: [{ name: 'first' }, { name: 'second' }],
    'hyphen-key': 'dash',
    under_score: 'under',
    'slash/key': 'slash',
    quoted: 'say "hello"',
    escaped: 'line\nslash\\tab\tend',
  },
};
const CONTEXT = { ruleName: 'case', ruleArn: 'arn:aws:events:us-east-1:111111111111:rule/case', ingested: Date.UTC(2026, 8, 13, 12, 17, 30, 408) };
const WHOLE = JSON.stringify(EVENT);

function template(InputTemplate: string, value?: string): TargetInput {
  return { InputTransformer: { InputTemplate, ...(value !== undefined && { InputPathsMap: { value: `$.detail${value}` } }) } };
}

/** What AWS was recorded to deliver. */
const DELIVERED: readonly (readonly [input: TargetInput, text: string])[] = [
  [{}, WHOLE],
  ...['{ "fixed": true }', '[1,"two"]', '"constant"', '17', 'null'].map((Input) => [{ Input }, Input] as const),
  [{ InputPath: '$' }, WHOLE],
  [{ InputPath: '$.detail.object' }, '{"first":"one","second":2}'],
  [{ InputPath: '$.detail.array' }, '["one","two",{"x":3}]'],
  [{ InputPath: '$.detail.text' }, '"hello"'],
  [{ InputPath: '$.detail.number' }, '42'],
  [{ InputPath: '$.detail.nothing' }, '{}'],
  [{ InputPath: '$.detail.missing' }, '{}'],
  [{ InputPath: '' }, '{}'],
  [{ InputPath: '$.detail.array[1]' }, '"two"'],
  [{ InputPath: '$.detail.items[1].name' }, '"second"'],
  [{ InputPath: '$.detail.items[*].name' }, '["first","second"]'],
  [{ InputPath: '$.detail.hyphen-key' }, '"dash"'],
  [{ InputPath: '$.detail.under_score' }, '"under"'],
  [{ InputPath: '$.detail.slash/key' }, '"slash"'],
  [template('{"value":<value>}', '.missing'), '{"value":""}'],
  [template('{"value":[<value>]}', '.missing'), '{"value":[""]}'],
  [template('{"before":1,"missing":<value>,"after":2}', '.missing'), '{"before":1,"missing":"","after":2}'],
  [template('{"value":<value>}', '.array[1]'), '{"value":"two"}'],
  [template('{"value":<value>}', '.items[*].name'), '{"value":["first","second"]}'],
  [template('{"value":<value>}', '.escaped'), '{"value":"line\\nslash\\\\tab\\tend"}'],
  [template('{"value":<value>}', '.quoted'), '{"value":"say \\"hello\\""}'],
  [template('{"value":"prefix <value> suffix"}', '.quoted'), '{"value":"prefix say \\"hello\\" suffix"}'],
  [template('{"value":"prefix <value> suffix"}', '.escaped'), '{"value":"prefix line\\nslash\\\\tab\\tend suffix"}'],
  [template('"prefix \\"<value>\\" suffix"', '.text'), '"prefix \\"hello\\" suffix"'],
  [template('"object=<value>"', '.object'), '"object={first:one,second:2}"'],
  [template('"array=<value>"', '.array'), '"array=[one,two,{x:3}]"'],
  [template('"before <value> after"', '.missing'), '"before  after"'],
  [template('"before <undefined> after"'), '"before <undefined> after"'],
  [template('"first <value>"\n"second <value>"', '.text'), '"first hello"\n"second hello"'],
  [template('null'), 'null'],
  [template('["fixed",<value>]', '.number'), '["fixed",42]'],
  [template('[<value>]', '.nothing'), '[null]'],
  [template('<value>', '.number'), '42'],
  [template('<value>', '.nothing'), 'null'],
  [template('"<aws.events.rule-name> triggered <aws.events.rule-arn>"'), `"case triggered ${CONTEXT.ruleArn}"`],
  [
    template('{"name":<aws.events.rule-name>,"ingested":<aws.events.event.ingestion-time>,"event":<aws.events.event>,"full":<aws.events.event.json>}'),
    `{"name":"case","ingested":"2026-09-13T12:17:30.408Z","event":{"id":"${EVENT.id}","account":"111111111111","detailType":"input-probe","time":1767323045000,"source":"probe","region":"us-east-1","resources":[],"version":"0"},"full":${WHOLE}}`,
  ],
  [
    { InputTransformer: { InputTemplate: '{"text":<text>,"number":<number>,"flag":<flag>,"nothing":<nothing>,"object":<object>}', InputPathsMap: { text: '$.detail.text', number: '$.detail.number', flag: '$.detail.flag', nothing: '$.detail.nothing', object: '$.detail.object' } } },
    '{"text":"hello","number":42,"flag":true,"nothing":null,"object":{"first":"one","second":2}}',
  ],
];

/** What AWS was recorded to put into the dead-letter queue as INVALID_JSON. */
const DEAD: readonly (readonly [input: TargetInput, text: string])[] = [
  [template('{"object":"<value>"}', '.object'), '{"object":"{"first":"one","second":2}"}'],
  [template('"prefix <value> suffix"', '.quoted'), '"prefix say "hello" suffix"'],
  [template('"prefix <value> suffix"', '.escaped'), '"prefix line\nslash\\tab\tend suffix"'],
  [template('[1,<value>,2]', '.missing'), '[1,,2]'],
  [template('[{"value":<value>}]', '.missing'), '[{"value":}]'],
  [template('{"value":<undefined>}'), '{"value":<undefined>}'],
  [template('{"value":<aws.events.unknown>}'), '{"value":<aws.events.unknown>}'],
  [template('<value>', '.object'), '{first:one,second:2}'],
  [template('<value>', '.text'), 'hello'],
  [template('[<value>]', '.text'), '[hello]'],
  [template('[<value>]', '.array'), '[[one,two,{x:3}]]'],
];

describe('what a target receives', () => {
  test.each(DELIVERED)('of %j', (input, text) => {
    expect(payloadFor(input, EVENT, CONTEXT)).toEqual({ kind: 'json', text });
  });

  test.each(DEAD)('is no JSON of %j', (input, text) => {
    expect(payloadFor(input, EVENT, CONTEXT)).toEqual({ kind: 'invalid', text });
  });

  test.each<TargetInput>([{ Input: '' }, template('<value>', '.missing')])('is nothing of %j', (input) => {
    expect(payloadFor(input, EVENT, CONTEXT)).toEqual({ kind: 'nothing' });
  });
});
