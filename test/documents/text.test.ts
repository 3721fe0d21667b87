import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EPOCH_LIMIT, Fault } from '../../lib/core/index.ts';
import { canonical, parseText, type Parsed } from '../../lib/documents/index.ts';
import { bytesOf } from '../fixtures/epochs.ts';

function parse(text: string | Uint8Array, path = 'limits.yaml'): Parsed | Fault {
  return parseText({ path, bytes: typeof text === 'string' ? bytesOf(text) : text });
}

function parsed(text: string, path?: string): Parsed {
  const read = parse(text, path);
  if (read instanceof Fault) throw read;
  return read;
}

describe('a document', () => {
  test('in YAML is what YAML 1.2 says: yes and dates are text, aliases are values', () => {
    const { value } = parsed('on: yes\nday: 2026-01-01\noctal: 010\nhex: 0x10\n1: one\nbase: &b [1, 2]\nagain: *b\nnone: ~\n');

    expect(value).toEqual({ on: 'yes', day: '2026-01-01', octal: 10, hex: 16, 1: 'one', base: [1, 2], again: [1, 2], none: null });
  });

  test('in JSON may be indented with tabs', () => {
    expect(parsed('{\n\t"a": {\n\t\t"b": "x\\ty"\n\t}\n}', 'limits.json').value).toEqual({ a: { b: 'x\ty' } });
  });

  test('knows the line and column of its values and keys, through aliases too', () => {
    const read = parsed('a: 1\nhosts:\n  - name: one\n    port: 80\nbase: &b\n  x: 5\nother: *b\nempty:\n');

    expect(read.position(['hosts', 0, 'port'])).toMatchObject({ line: 4, column: 11 });
    expect(read.position(['hosts', 0, 'port'], 'key')).toMatchObject({ line: 4, column: 5 });
    expect(read.position(['other', 'x'])).toMatchObject({ line: 6, column: 6 });
    expect(read.position(['hosts', 0, 'absent'])).toMatchObject({ line: 3 });
    expect(read.position(['empty'])).toMatchObject({ line: 8, column: 1 });
    expect(parsed('{\n\t"a": 1\n}', 'limits.json').position(['a'])).toMatchObject({ line: 2, column: 7 });
  });

  test.each<[string, string, string, string]>([
    ['a tab', 'a:\n\tb: 1', 'limits.yaml', 'SLUICE-DOC-4: limits.yaml:2:1: a tab where YAML wants spaces; indent with spaces'],
    ['a duplicate key', 'a: 1\nb: 2\na: 3', 'limits.yaml', 'SLUICE-DOC-5: limits.yaml:3:1: the key a is there twice'],
    ['a duplicate key in JSON', '{"a": 1,\n "a": 2}', 'limits.json', 'SLUICE-DOC-5: limits.json:2:2: the key a is there twice'],
    ['a merge key', 'a: &x {b: 1}\nc:\n  <<: *x', 'limits.yaml', 'SLUICE-DOC-7: limits.yaml:3:3: merge keys (<<) are not YAML 1.2'],
    ['a __proto__ key', 'a:\n  __proto__: {admin: true}', 'limits.yaml', 'SLUICE-DOC-9: limits.yaml:2:3: the key __proto__ is not allowed'],
    ['a __proto__ key in JSON', '{"__proto__": 1}', 'limits.json', 'SLUICE-DOC-9: limits.json:1:2: the key __proto__'],
    ['a number that would lose digits', 'id: 12345678901234567890', 'limits.yaml', 'SLUICE-DOC-8: limits.yaml:1:5: 12345678901234567890 cannot be a value of a document: it is beyond 2^53'],
    ['infinity', 'a: .inf', 'limits.yaml', 'SLUICE-DOC-8: limits.yaml:1:4: .inf cannot be'],
    ['binary', 'a: !!binary aGk=', 'limits.yaml', 'SLUICE-DOC-8: limits.yaml:1:13: aGk= cannot be'],
    ['an unknown tag', 'a: !secret x', 'limits.yaml', 'SLUICE-DOC-3: limits.yaml:1:4: Unresolved tag: !secret'],
    ['an alias without an anchor', 'a: *b', 'limits.yaml', 'SLUICE-DOC-3: limits.yaml:1:4: no anchor before the alias *b'],
    ['a list as a key', '? [a]\n: 1', 'limits.yaml', 'SLUICE-DOC-3: limits.yaml:1:3'],
    ['two documents', 'a: 1\n---\nb: 2', 'limits.yaml', 'SLUICE-DOC-3: limits.yaml:2:1: the file contains several documents'],
    ['an open bracket', 'a: [1', 'limits.yaml', 'SLUICE-DOC-3: limits.yaml:1:'],
    ['a trailing comma in JSON', '{\n  "a": 1,\n}', 'limits.json', 'SLUICE-DOC-3: limits.json:3:1'],
    ['a comment in JSON', '{ // no\n}', 'limits.json', 'SLUICE-DOC-3: limits.json:1:3'],
    ['half a JSON', '{"a":', 'limits.json', 'SLUICE-DOC-3: limits.json:1:6'],
    ['a NUL', 'a: "\0"', 'limits.yaml', 'SLUICE-DOC-2: limits.yaml: the file is not UTF-8 text'],
    ['half a surrogate pair', '{"a":"\\ud800"}', 'limits.json', 'SLUICE-DOC-8: limits.json'],
    ['an alias inside its own anchor', 'a: &a [*a]', 'limits.yaml', 'SLUICE-DOC-13: limits.yaml:1:8: the alias *a lies inside its own anchor'],
  ])('with %s is refused with its place', (_, text, path, message) => {
    expect((parse(text, path) as Fault).message).toContain(message);
  });

  test('that is an alias bomb is refused', () => {
    const bomb = ['a0: &a0 [x,x,x,x,x,x,x,x,x]', ...Array.from({ length: 9 }, (_, n) => `a${n + 1}: &a${n + 1} [${Array(9).fill(`*a${n}`).join(',')}]`)].join('\n');

    expect(parse(bomb)).toMatchObject({ code: 'SLUICE-DOC-6', message: expect.stringContaining('limits.yaml:2:10: the 81 aliases of this document') as string });
  });

  test('of 3 MB is refused before it is parsed', () => {
    const began = performance.now();

    expect(parse(new Uint8Array(3_000_000).fill(0x61))).toMatchObject({ code: 'SLUICE-DOC-1', message: expect.stringContaining(`3000000 bytes, at most ${EPOCH_LIMIT}`) as string });
    expect(performance.now() - began).toBeLessThan(50);
  });

  test('of binary bytes is refused', () => {
    expect(parse(new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0xff]))).toMatchObject({ code: 'SLUICE-DOC-2' });
  });

  test.each(['[', '{a: ', '- ', '{"a":[', '? ', '!!seq [', '&a [', '"', "'", '|\n'])('of %j a hundred thousand times over ends in an answer', (piece) => {
    for (const path of ['limits.yaml', 'limits.json']) {
      const read = parse(piece.repeat(100_000), path);
      expect(read instanceof Fault || typeof read.value === 'string').toBe(true);
    }
  }, 60_000);

  test.each([90, 99])('may be nested %i levels deep, if its epoch may', (depth) => {
    const read = parse('['.repeat(depth) + ']'.repeat(depth), 'limits.json');

    expect(read instanceof Fault).toBe(depth > 96);
  });

  test('gives a fault or a value of JSON for any text, and never throws', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...Array.from('ab:-[]{}&*!|>"\'#%@`,? \n\t01.~<')), maxLength: 60 }), (text) => {
      const read = parse(text);
      const value = read instanceof Fault ? read.code : read.value;
      expect(JSON.parse(canonical(value))).toEqual(value);
    }), { numRuns: 2000 });
  });
});

describe('the canonical text', () => {
  test('is that of RFC 8785’s example', () => {
    // Section 3.2.2 of the RFC.
    const value = { numbers: [JSON.parse('333333333.33333329'), 1e30, 4.5, 2e-3, 0.000000000000000000000000001], string: '€$\u000f\nA\'B"\\\\"/', literals: [null, true, false] };

    expect(canonical(value)).toBe('{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}');
  });

  test('sorts keys by UTF-16 code units, as section 3.2.3 shows', () => {
    const keys = ['€', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', 'ö'];

    expect([...canonical(Object.fromEntries(keys.map((key) => [key, 0]))).matchAll(/"((?:[^"\\]|\\.)*)":/g)].map((match) => JSON.parse(`"${match[1] ?? ''}"`) as string)).toEqual(['\r', '1', '\u0080', 'ö', '€', '\u{1f600}', '\ufb33']);
  });

  test('means the same value, and is the same whatever the order of keys', () => {
    fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const text = canonical(value);
      const reversed = JSON.parse(JSON.stringify(value), (_, member: unknown) => (typeof member === 'object' && member !== null && !Array.isArray(member) ? Object.fromEntries(Object.entries(member).reverse()) : member)) as unknown;

      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonical(reversed)).toBe(text);
    }));
  });

  test.each([[Number.NaN], [undefined], [Array.from({ length: 101 }).reduce<unknown>((inner) => [inner], 0)]])('does not exist for what JSON does not have (%#)', (value) => {
    expect(() => canonical(value)).toThrow(TypeError);
  });
});
