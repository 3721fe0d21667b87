import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readDirectory } from '../../lib/adapters/source/directory.ts';
import { EPOCH_LIMIT, Fault, parseEpoch } from '../../lib/core/index.ts';
import { compileSchema, compose, excerpt, inspect, outgrown, type Composition, type Refusal, type SourceFile } from '../../lib/documents/index.ts';
import { bytesOf, epochOf, LIMITS_SCHEMA, schemaOf } from '../fixtures/epochs.ts';

function file(path: string, content: unknown): SourceFile {
  return { path, bytes: bytesOf(typeof content === 'string' ? content : JSON.stringify(content)) };
}

function composed(...files: SourceFile[]): Composition {
  const made = compose(files);
  if ('faults' in made) throw new Error(made.faults[0]?.message);
  return made;
}

function faults(...files: SourceFile[]): string[] {
  return (compose(files) as Refusal).faults.map((one) => one.message);
}

const SCHEMA = file('limits.schema.json', LIMITS_SCHEMA);
const ANY = file('any.schema.json', { type: 'object' });

describe('an epoch', () => {
  test('is composed of documents and their schemas, and read back as it was written', () => {
    const made = composed(file('limits.yaml', 'timeoutSeconds: 30\n'), SCHEMA, file('any.json', { b: 1, a: [1] }), ANY, file('README.md', '#'), file('.gitignore', 'x'));

    expect(parseEpoch(made.bytes)).toEqual(made.epoch);
    expect(made.epoch.documents).toMatchObject({ limits: { content: { timeoutSeconds: 30 }, schema: schemaOf().digest }, any: { content: { a: [1], b: 1 } } });
    expect(new TextDecoder().decode(made.bytes)).toMatch(/^\{"documents":\{"any":\{"content":\{"a":\[1\],"b":1\},"schema":"sha256:/);
    expect(new Set<unknown>(made.schemas.keys())).toEqual(new Set([made.epoch.documents['any']?.schema, made.epoch.documents['limits']?.schema]));
  });

  test('has the same bytes whatever the order of files and keys, the spaces, or the language', () => {
    const one = composed(file('limits.yaml', 'timeoutSeconds: 30 # why\n'), SCHEMA, file('any.yaml', 'a: 1\nb: 2\n'), ANY);
    const other = composed(ANY, file('any.json', '{ "b": 2,\n"a": 1.0 }'), file('limits.schema.json', JSON.stringify(Object.fromEntries(Object.entries(LIMITS_SCHEMA).reverse()), null, 4)), file('limits.json', { timeoutSeconds: 30 }));

    expect(other.digest).toBe(one.digest);
  });

  test.each<[string, SourceFile[], string]>([
    ['no documents', [file('README.md', '#')], 'SLUICE-DIR-2: the directory . holds no documents'],
    ['a picture', [file('logo.png', 'x'), file('any.json', {}), ANY], 'SLUICE-DIR-3: logo.png is neither a document nor a schema'],
    ['a document without a schema', [file('limits.yaml', 'a: 1')], 'SLUICE-DIR-4: the document limits has no schema; add limits.schema.json'],
    ['a schema without a document', [SCHEMA], 'SLUICE-DIR-5: the schema limits.schema.json has no document'],
    ['a document in two languages', [file('limits.yaml', 'timeoutSeconds: 1'), file('limits.json', '{}'), SCHEMA], 'SLUICE-DIR-6: the document limits is there twice: limits.json, limits.yaml'],
    ['a name with a dot', [file('a.b.yaml', 'a: 1')], 'SLUICE-DIR-7: "a.b" cannot name a document'],
    ['a name that is none', [file('__proto__.yaml', 'a: 1')], 'SLUICE-DIR-7'],
    ['a list', [file('any.yaml', '- 1'), ANY], 'SLUICE-DOC-10: any.yaml:1:1: $ must be an object, got [1]'],
    ['an empty file', [file('any.yaml', ''), ANY], 'SLUICE-DOC-10: any.yaml'],
  ])('of %s is refused', (_, files, message) => {
    expect(faults(...files)[0]).toContain(message);
  });

  test('shows every fault of every document, in the order of lines, as a compiler does', () => {
    const files = [file('limits.yaml', 'timeoutSeconds: 30000\ntimeoutSecond: 3\n'), SCHEMA, file('any.yaml', 'a: [\n'), ANY];
    const refusal = compose(files) as Refusal;

    expect(refusal.faults.map((one) => excerpt(one, refusal.files))).toEqual([
      expect.stringContaining('SLUICE-DOC-3: any.yaml'),
      [
        'SLUICE-DOC-10: limits.yaml:1:17: $.timeoutSeconds must be at most 60, got 30000; correct the value, or change the schema first',
        '  |',
        '1 | timeoutSeconds: 30000',
        '  |                 ^^^^^',
      ].join('\n'),
      [
        'SLUICE-DOC-10: limits.yaml:2:1: $.timeoutSecond is not a member the schema knows, got 3; did you mean timeoutSeconds?',
        '  |',
        '2 | timeoutSecond: 3',
        '  | ^^^^^^^^^^^^^',
      ].join('\n'),
    ]);
  });

  test('that AppConfig would not take is refused with its largest documents', () => {
    const large = (name: string, size: number): SourceFile[] => [file(`${name}.json`, { text: 'x'.repeat(size) }), file(`${name}.schema.json`, { type: 'object' })];

    expect(faults(...large('big', 1_200_000), ...large('bigger', 1_300_000))[0]).toMatch(new RegExp(`^SLUICE-DOC-11: the epoch would be \\d+ bytes, AppConfig takes ${EPOCH_LIMIT}; the largest documents are bigger \\(1300\\d+\\), big \\(1200\\d+\\)`));
  });
});

describe('an epoch whose schemas are replaced', () => {
  const of = (maximum: number, content: object): Composition => composed(file('limits.json', content), file('limits.schema.json', { type: 'object', properties: { a: { maximum } }, required: Object.keys(content) }));

  test.each<[string, Composition, Composition | undefined, object[]]>([
    ['nothing, where nothing is live', of(1, { a: 1 }), undefined, []],
    ['nothing, where the schema is the same', of(1, { a: 1 }), of(1, { a: 0 }), []],
    ['nothing, where it is wider', of(5, { a: 5 }), of(1, { a: 1 }), []],
    ['values out of a narrower one', of(1, { a: 1 }), of(5, { a: 5 }), [{ document: 'limits', problems: ['$.a must be at most 1, got 5'] }]],
    ['members that are new and required', of(1, { a: 1, b: 2 }), of(1, { a: 1 }), [{ document: 'limits', problems: ['$ must have the member "b", got {"a":1}'] }]],
    ['nothing of a document that is gone', composed(file('any.json', {}), ANY), of(5, { a: 5 }), []],
  ])('has outgrown %s', (_, next, before, wanted) => {
    expect(outgrown(next, before?.epoch)).toEqual(wanted);
  });
});

describe('a schema', () => {
  const refused = (schema: unknown): string => {
    const compiled = compileSchema(schema, { name: 'limits.schema.json' });
    return compiled instanceof Fault ? compiled.message : 'accepted';
  };
  const problems = (schema: object, value: unknown): string[] => {
    const compiled = compileSchema(schema, { name: 'schema' });
    if (compiled instanceof Fault) throw compiled;
    return compiled.check(value).map((one) => `${one.path.join('.')} ${one.expected}${one.remedy === undefined ? '' : ` (${one.remedy})`}`);
  };

  test.each<[string, unknown, string]>([
    ['text', 'x', 'SLUICE-SCHEMA-1: limits.schema.json: limits.schema.json is not a JSON Schema: it is "x", not an object'],
    ['a wrong keyword value', { type: 'sting' }, 'SLUICE-SCHEMA-1: limits.schema.json: limits.schema.json is not a JSON Schema: $.type must be one of array, boolean, integer, null, number, object, string, got "sting"; did you mean string?'],
    ['a misspelt keyword', { minimun: 3 }, 'SLUICE-SCHEMA-1: limits.schema.json: limits.schema.json is not a JSON Schema: unknown keyword: "minimun"'],
    ['an unknown format', { properties: { a: { type: 'string', format: 'zip' } } }, 'unknown format "zip"'],
    ['draft-03', { $schema: 'http://json-schema.org/draft-03/schema#' }, 'SLUICE-SCHEMA-2: limits.schema.json: limits.schema.json is written in "http://json-schema.org/draft-03/schema#", which is not supported; use draft-04, draft-07'],
    ['$dynamicRef', { $defs: { a: { $dynamicRef: '#b' } } }, 'SLUICE-SCHEMA-3: limits.schema.json: limits.schema.json uses $dynamicRef'],
    ['look-ahead', { properties: { a: { pattern: '^(?=x)' } } }, 'SLUICE-SCHEMA-4: limits.schema.json: limits.schema.json has the pattern "^(?=x)"'],
    ['a back reference among patternProperties', { patternProperties: { '(a)\\1': {} } }, 'SLUICE-SCHEMA-4'],
    ['__proto__ beside its keywords', JSON.parse('{"__proto__":{"type":"object"}}'), 'SLUICE-DOC-9: limits.schema.json: the key __proto__ is not allowed'],
    ['__proto__ among its definitions', JSON.parse('{"$defs":{"__proto__":{}}}'), 'SLUICE-DOC-9'],
    ['a remote reference', { $ref: 'https://example.com/other.json' }, 'SLUICE-SCHEMA-5: limits.schema.json: limits.schema.json refers to https://example.com/other.json'],
  ])('of %s is refused by name', (_, schema, message) => {
    expect(refused(schema)).toContain(message);
  });

  test('may use words of its own that begin with x-', () => {
    expect(refused({ 'x-owner': 'payments', 'properties': { a: { 'type': 'string', 'x-unit': 's' } } })).toBe('accepted');
  });

  test('has the same digest whatever its spaces', () => {
    expect(schemaOf({ type: 'object', title: 'x' }).digest).toBe(schemaOf({ title: 'x', type: 'object' }).digest);
  });

  test.each(['__proto__', 'constructor', 'prototype'])('that names the property %s means it', (name) => {
    const schema = JSON.parse(`{"type":"object","properties":{"deep":{"properties":{"${name}":{"type":"integer"}},"additionalProperties":false}}}`) as object;
    const document = (value: string): unknown => JSON.parse(`{"deep":{"${name}":${value}}}`);

    expect([problems(schema, document('1')), problems(schema, document('"x"'))]).toEqual([[], [`deep.${name} must be integer`]]);
  });

  test('does not take inherited members for members', () => {
    expect(problems({ type: 'object', required: ['constructor'] }, {})).toEqual([' must have the member "constructor"']);
  });

  test('runs its patterns in linear time, and each pattern for itself', () => {
    const began = performance.now();

    expect(problems({ properties: { a: { pattern: '^(a+)+$' }, b: { pattern: '^b$' } } }, { a: `${'a'.repeat(5000)}!`, b: 'b' })).toEqual([expect.stringMatching(/^a must match pattern/)]);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test('that offers alternatives names what is wrong with the one that was meant', () => {
    const shape = { oneOf: [
      { type: 'object', properties: { kind: { const: 'circle' }, radius: { $ref: '#/$defs/length' } }, required: ['kind', 'radius'] },
      { type: 'object', properties: { kind: { const: 'square' }, side: { $ref: '#/$defs/length' } }, required: ['kind', 'side'] },
    ] };
    const uneven = { oneOf: [{ properties: { kind: { const: 'few' } }, required: ['a'] }, { properties: { kind: { const: 'many' } }, required: ['a', 'b', 'c'] }] };
    const schema = { $defs: { length: { type: 'number', minimum: 1 }, shape }, properties: { shape: { $ref: '#/$defs/shape' }, either: { anyOf: [{ type: 'string' }, { type: 'number' }] } } };

    expect(problems(schema, { shape: { kind: 'square', side: 0 } })).toEqual(['shape.side must be at least 1']);
    expect(problems(schema, { shape: { kind: 'circle' } })).toEqual(['shape must have the member "radius"']);
    expect(problems(schema, { shape: { kind: 'oval' } })).toHaveLength(1);
    expect(problems(uneven, { kind: 'many' })).toEqual([' must have the member "a"', ' must have the member "b"', ' must have the member "c"']);
    expect(problems(schema, { either: true })).toEqual(['either must match one of 2 alternatives']);
  });

  test('says what was probably meant', () => {
    expect(problems({ properties: { colour: { enum: ['red', 'green'] }, on: { type: 'boolean' } } }, { colour: 'gren', on: 'yes' })).toEqual([
      'colour must be one of "red", "green" (did you mean "green"?)', 'on must be boolean (write true or false)',
    ]);
  });

  test('checks formats', () => {
    expect(problems({ properties: { url: { type: 'string', format: 'uri' } } }, { url: 'not a url' })).toEqual(['url must match format "uri"']);
  });
});

describe('an inspection', () => {
  const schemas = new Map([[schemaOf().digest, schemaOf().bytes]]);
  const look = (bytes: Uint8Array): ReturnType<typeof inspect> => inspect(bytes, (digest) => Promise.resolve(schemas.get(digest)));

  test('lets a good epoch pass and names its digest', async () => {
    const good = epochOf(30);

    expect(await look(good.bytes)).toMatchObject({ kind: 'good', digest: good.digest });
  });

  test.each<[string, Uint8Array, string]>([
    ['a value beyond its schema', epochOf(30_000).bytes, 'SLUICE-DOC-10: limits: $.timeoutSeconds must be at most 60, got 30000'],
    ['no epoch', bytesOf('{}'), 'SLUICE-EPOCH-1'],
    ['a schema nobody stored', epochOf(30, `sha256:${'00'.repeat(32)}`).bytes, 'SLUICE-GATE-2: the document limits names the schema sha256:0000'],
    ['values without end', bytesOf(`{"sluice":1,"documents":{"limits":{"schema":"${schemaOf().digest}","content":{"a":${'['.repeat(200)}${']'.repeat(200)}}}}}`), 'SLUICE-DOC-3: limits: values are nested deeper'],
    ['a __proto__ deep inside', bytesOf(`{"sluice":1,"documents":{"limits":{"schema":"${schemaOf().digest}","content":{"a":[{"__proto__":{}}]}}}}`), 'SLUICE-DOC-9: limits: the key __proto__'],
  ])('refuses %s', async (_, bytes, message) => {
    const found = await look(bytes);

    expect(found.kind === 'bad' && found.faults[0]?.message).toContain(message);
  });
});

describe('a directory', () => {
  test('is read by name; one that is not there, or a folder in it, is an error', async () => {
    const path = mkdtempSync(join(tmpdir(), 'sluice-test-'));
    writeFileSync(join(path, 'limits.yaml'), 'timeoutSeconds: 3\n');
    mkdirSync(join(path, '.git'));

    expect((await readDirectory(path)).map((one) => one.path)).toEqual(['limits.yaml']);
    await expect(readDirectory(join(path, 'nowhere'))).rejects.toThrow(/^SLUICE-DIR-1: there is no directory .*nowhere; name the directory/);
    await expect(readDirectory(join(path, 'limits.yaml'))).rejects.toThrow('SLUICE-DIR-1');
    mkdirSync(join(path, 'more'));
    await expect(readDirectory(path)).rejects.toThrow('SLUICE-DIR-3: more/ is neither');
    rmSync(path, { recursive: true });
  });
});
