import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { expiry, Fault, formatOverride, inForce, parseOverride, type Override, type OverrideEntry } from '../../lib/core/index.ts';
import { untilOf } from '../../lib/core/override.ts';

const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
addFormats.default(ajv);
const validate = ajv.compile(JSON.parse(readFileSync('schemas/override.schema.json', 'utf8')) as object);
const AT = Date.parse('2026-05-01T10:00:00.000Z');
const UNTIL = Date.parse('2026-05-01T12:00:00.000Z');
const ENTRY: Override = { sluice: 1, kind: 'override', by: 'alice', why: 'a load test', at: '2026-05-01T10:00:00.000Z', until: '2026-05-01T12:00:00.000Z' };

describe('an override', () => {
  test('is in force until its time, and is ended once then', () => {
    const end = expiry(ENTRY, UNTIL);

    expect([inForce(ENTRY, UNTIL - 1), inForce(ENTRY, UNTIL), expiry(ENTRY, UNTIL - 1)]).toEqual([ENTRY, undefined, undefined]);
    expect(end).toEqual({ sluice: 1, kind: 'end', by: null, at: '2026-05-01T12:00:00.000Z' });
    expect([inForce(end, AT), expiry(end, UNTIL + 1), inForce(undefined, AT)]).toEqual([undefined, undefined, undefined]);
  });

  test.each<[string, OverrideEntry]>([['written', ENTRY], ['ended', { sluice: 1, kind: 'end', by: 'bob', at: ENTRY.at }], ['over', { sluice: 1, kind: 'end', by: null, at: ENTRY.at }]])('that is %s is kept by its contract and read again', (_, entry) => {
    const bytes = formatOverride(entry);

    expect(validate(JSON.parse(Buffer.from(bytes).toString()))).toBe(true);
    expect(parseOverride(bytes, 'k')).toEqual(entry);
  });

  test.each([
    ['{', /it is not JSON/], ['{"sluice":1,"kind":"pause"}', /"kind" must be override or end, got "pause"/], [JSON.stringify({ ...ENTRY, why: '' }), /"by" and "why" must be text/],
    [JSON.stringify({ ...ENTRY, until: 'soon' }), /"until" must be a time, got "soon"/],
  ])('that cannot be read is told as such: %s', (text, message) => {
    const read = parseOverride(Buffer.from(text), 'overrides/1.json');

    expect(read).toBeInstanceOf(Fault);
    expect((read as Fault).message).toMatch(message);
  });

  test.each([['90m', AT + 5_400_000], ['4h', AT + 14_400_000], ['2026-05-01T12:00Z', UNTIL], ['2026-05-01T14:00:00+02:00', UNTIL], ['tomorrow', NaN], ['2026-05-01', NaN], ['-1h', NaN]])('ends at %s', (text, until) => {
    expect(untilOf(text, AT)).toBe(until);
  });
});
