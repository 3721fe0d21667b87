import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { digestOf, EPOCH_LIMIT, Fault, hexOf, isDigest, parseEpoch } from '../../lib/core/index.ts';
import { bytesOf } from '../fixtures/epochs.ts';

const SCHEMA = `sha256:${'ab'.repeat(32)}`;
const DOCUMENT = { schema: SCHEMA, content: { timeoutSeconds: 3 } };

function parse(value: unknown): ReturnType<typeof parseEpoch> {
  return parseEpoch(bytesOf(JSON.stringify(value)));
}

describe('an epoch', () => {
  test('is read from the bytes that are served', () => {
    const epoch = { sluice: 1, documents: { limits: DOCUMENT, 'feature-flags_2': DOCUMENT } };

    expect(parse(epoch)).toEqual(epoch);
  });

  test.each<[string, unknown, string]>([
    ['text', 'epoch', 'not an object'],
    ['a list', [], 'not an object'],
    ['another format', { sluice: 2, documents: { limits: DOCUMENT } }, '"sluice" must be 1, got 2'],
    ['a member too many', { sluice: 1, documents: { limits: DOCUMENT }, author: 'me' }, 'a member "author" beside'],
    ['no documents', { sluice: 1 }, '"documents" must be an object'],
    ['empty documents', { sluice: 1, documents: {} }, '"documents" is empty'],
    ['a bad name', { sluice: 1, documents: { '../x': DOCUMENT } }, '"../x" cannot name a document'],
    ['an inherited name', JSON.parse('{"sluice":1,"documents":{"__proto__":{}}}'), '"__proto__" cannot name a document'],
    ['no schema', { sluice: 1, documents: { limits: { content: {} } } }, 'documents.limits.schema must be a digest'],
    ['a list as content', { sluice: 1, documents: { limits: { schema: SCHEMA, content: [] } } }, 'documents.limits.content must be an object'],
    ['a member too many in a document', { sluice: 1, documents: { limits: { ...DOCUMENT, version: 3 } } }, 'the document limits has a member "version"'],
  ])('with %s is refused by name', (_, value, problem) => {
    const read = parse(value);

    expect(read).toBeInstanceOf(Fault);
    expect((read as Fault).message).toContain(problem);
  });

  test.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'it is empty'],
    ['half of it', bytesOf('{"sluice":1,'), 'it is not JSON'],
    ['bytes that are no UTF-8', new Uint8Array([0x22, 0xff, 0x22]), 'it is not JSON'],
    ['a byte order mark', bytesOf(`\u{feff}${JSON.stringify({ sluice: 1, documents: { limits: DOCUMENT } })}`), 'it is not JSON'],
    ['more than AppConfig keeps', new Uint8Array(EPOCH_LIMIT + 1), `at most ${EPOCH_LIMIT}`],
  ])('of %s is refused', (_, bytes, problem) => {
    expect((parseEpoch(bytes) as Fault).message).toContain(problem);
  });

  test('has an envelope that AppConfig can check itself: draft-04, small, and without what that draft lacks', () => {
    const text = readFileSync('schemas/epoch.schema.json', 'utf8');

    expect((JSON.parse(text) as { $schema: string }).$schema).toBe('http://json-schema.org/draft-04/schema#');
    expect(text.length).toBeLessThan(32_768);
    expect(text).not.toMatch(/"(const|if|then|contains|propertyNames|examples|\$defs|prefixItems|dependentRequired|unevaluated\w+)"/);
  });
});

describe('a digest', () => {
  test('is SHA-256 of exactly the bytes', () => {
    // The digest of "abc" as FIPS 180-2 prints it.
    expect(digestOf(bytesOf('abc'))).toBe('sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hexOf(digestOf(bytesOf('abc')))).toMatch(/^ba78/);
    expect(isDigest(digestOf(new Uint8Array()))).toBe(true);
    expect(isDigest('sha256:BA')).toBe(false);
  });
});
