import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { Fault, findPin, parsePin, pinOf, type Pin } from '../../lib/core/index.ts';

const schema = JSON.parse(readFileSync('schemas/pin.schema.json', 'utf8')) as object;
const conforms = new Ajv2020().compile(schema);

const PIN: Pin = {
  sluice: 1, application: 'orders', environment: 'prod', profile: 'prod', version: '7', digest: `sha256:${'0f'.repeat(32)}`,
  entity: 'arn:aws:states:eu-west-1:000000000000:execution:orders:1',
};

const BROKEN: [string, unknown][] = [
  ['no object', 'sha256:00'],
  ['null', null],
  ['another format', { ...PIN, sluice: 2 }],
  ['a short digest', { ...PIN, digest: 'sha256:0f' }],
  ['an upper-case digest', { ...PIN, digest: PIN.digest.toUpperCase() }],
  ['a number for the version', { ...PIN, version: 7 }],
  ['no entity', { ...PIN, entity: '' }],
  ['no environment', { ...PIN, environment: undefined }],
];

describe('a pin', () => {
  test('is read as it was written, frozen, and members of later versions are let go', () => {
    const read = parsePin({ ...JSON.parse(JSON.stringify(PIN)) as object, later: true });

    expect(read).toEqual(PIN);
    expect(Object.isFrozen(read)).toBe(true);
    expect(conforms(PIN)).toBe(true);
    expect(conforms({ ...PIN, later: true })).toBe(true);
  });

  test.each(BROKEN)('with %s is refused by the reader and by the schema alike', (_, broken) => {
    expect(parsePin(broken)).toBeInstanceOf(Fault);
    expect(conforms(JSON.parse(JSON.stringify(broken)))).toBe(false);
  });

  test('is found where workflows keep it: the event itself, $.pin, or a Lambda Payload', () => {
    expect(findPin(PIN)).toEqual(PIN);
    expect(findPin({ order: 1, pin: PIN })).toEqual(PIN);
    expect(findPin({ ExecutedVersion: '1', Payload: PIN })).toEqual(PIN);
    expect(findPin({ Payload: { pin: PIN } })).toEqual(PIN);
  });

  test('is not taken from a pin of another kind', () => {
    expect(findPin({ pin: '1234' })).toBeUndefined();
    expect(findPin({ pin: { digits: 1234 } })).toBeUndefined();
    expect(findPin({ pin: { sluice: 1 } })).toBeUndefined();
    expect(findPin([PIN])).toBeUndefined();
  });

  test('that is missing is an error with the remedy, never the newest epoch', () => {
    expect(() => pinOf({ order: 1 })).toThrow('SLUICE-PIN-1: there is no pin in {"order":1}; begin the workflow with the pin state and keep its result at $.pin');
  });
});
