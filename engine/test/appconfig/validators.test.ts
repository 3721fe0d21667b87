import { UpdateConfigurationProfileCommand, ValidateConfigurationCommand, type Validator } from '@aws-sdk/client-appconfig';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal, startStage, type Seen, type Stage } from './stage.ts';

let s: Stage;

beforeAll(async () => { s = await startStage(); });
afterAll(() => s.rig.close());

const dryRun = (profile: string, version: string): Promise<{ $metadata: { httpStatusCode?: number } }> => s.client.send(new ValidateConfigurationCommand({ ApplicationId: s.app, ConfigurationProfileId: profile, ConfigurationVersion: version }));

/** What the validators of a profile say to content: undefined when they say yes. */
async function verdict(validators: Validator[], content: string): Promise<Seen | undefined> {
  await s.client.send(new UpdateConfigurationProfileCommand({ ApplicationId: s.app, ConfigurationProfileId: s.free, Validators: validators }));
  const { VersionNumber: version } = await s.store(content);
  try {
    await dryRun(s.free, String(version));
    return undefined;
  } catch {
    return refusal(dryRun(s.free, String(version)));
  }
}

const bySchema = (schema: unknown, content: unknown): Promise<Seen | undefined> => verdict([{ Type: 'JSON_SCHEMA', Content: typeof schema === 'string' ? schema : JSON.stringify(schema) }], JSON.stringify(content));
const envelope = (schema: string, detail: string): string => `Could not build JSON schema from invalid input:\n ${schema}.\n Original error message:\n${detail}`;

describe('a JSON_SCHEMA validator', () => {
  it.each(['{not json', 'false', '{"$ref":"https://example.com/s.json"}', '{"$schema":"http://json-schema.org/draft-07/schema#","const":1}'])('is stored without a look at its text: %s', async (text) => {
    await expect(s.profile({ Name: `stored ${text}`, Validators: [{ Type: 'JSON_SCHEMA', Content: text }] })).resolves.toMatch(/^[a-z0-9]{7}$/);
  });

  it('does not look at content when a version is created, only when it is validated', async () => {
    const profile = await s.profile({ Name: 'late', Validators: [{ Type: 'JSON_SCHEMA', Content: '{"type":"array"}' }] });
    const { VersionNumber: version } = await s.store('{}', { profile });

    const seen = await refusal(dryRun(profile, String(version)));

    expect(version).toBe(1);
    expect(seen.code).toBe('BadRequestException');
  });

  it('answers 204 when content fits, by number and by label', async () => {
    const profile = await s.profile({ Name: 'fits', Validators: [{ Type: 'JSON_SCHEMA', Content: '{"type":"object"}' }] });
    await s.store('{}', { profile, label: 'first' });

    const answers = [await dryRun(profile, '1'), await dryRun(profile, 'first')];

    expect(answers.map(({ $metadata }) => $metadata.httpStatusCode)).toEqual([204, 204]);
  });

  it('puts a violation into the recorded envelope, without Reason and Details', async () => {
    const schema = '{"properties":{"count":{"minimum":1}}}';

    const seen = await bySchema(schema, { count: 0 });

    expect(seen).toMatchObject({ code: 'BadRequestException', status: 400, message: envelope(schema, '[message: "numeric instance is lower than the required minimum (minimum: 1, found: 0)" - parent node: /count]') });
    expect(seen?.error).not.toHaveProperty('Reason', expect.anything());
    expect(seen?.error).not.toHaveProperty('Details', expect.anything());
  });

  it('supports no reference to another document', async () => {
    const schema = '{"properties":{"a":{"$ref":"https://example.com/schema.json"}}}';

    expect((await bySchema(schema, {}))?.message).toBe(envelope(schema, 'External schema references are not supported.'));
  });

  it.each([['{not json', 'string'], ['false', 'boolean'], ['"text"', 'string'], ['3', 'integer']])('is fatal when it is no schema: %s', async (schema, type) => {
    expect((await bySchema(schema, {}))?.message).toBe(envelope(schema, `fatal: invalid JSON Schema, cannot continue\nSyntax errors:\n[ {\n  "level" : "error",\n  "schema" : {\n    "loadingURI" : "#",\n    "pointer" : ""\n  },\n  "domain" : "syntax",\n  "message" : "JSON value is of type ${type}, not a JSON Schema (expected an object)",\n  "found" : "${type}"\n} ]\n    level: "fatal"\n`));
  });

  it('reads a draft-07 schema as draft-04: const is ignored, a numeric exclusiveMinimum is a syntax error', async () => {
    const draft07 = { $schema: 'http://json-schema.org/draft-07/schema#' };

    const ignored = await bySchema({ ...draft07, properties: { a: { const: 1 } } }, { a: 2 });
    const text = '{"$schema": "http://json-schema.org/draft-07/schema#", "type": "number", "exclusiveMinimum": 3}';
    const wrong = await bySchema(text, 2);

    expect(ignored).toBeUndefined();
    expect(wrong?.message).toBe(envelope(text, 'fatal: invalid JSON Schema, cannot continue\nSyntax errors:\n[ {\n  "level" : "error",\n  "message" : "value has incorrect type (found integer, expected one of [boolean])",\n  "domain" : "syntax",\n  "schema" : {\n    "loadingURI" : "#",\n    "pointer" : ""\n  },\n  "keyword" : "exclusiveMinimum",\n  "found" : "integer",\n  "expected" : [ "boolean" ]\n} ]\n    level: "fatal"\n'));
  });

  it.each([
    ['type', { type: 'integer' }, 'x', 'instance type (string) does not match any allowed primitive type (allowed: ["integer"])'],
    ['number allows integers', { type: ['number', 'null'] }, 'x', 'instance type (string) does not match any allowed primitive type (allowed: ["integer","null","number"])'],
    ['enum', { enum: ['a', 'b'] }, 'c', 'instance value ("c") not found in enum (possible values: ["a","b"])'],
    ['required', { required: ['b', 'a', 'c'] }, { c: 1 }, 'object has missing required properties (["a","b"])'],
    ['additionalProperties', { properties: { a: {} }, patternProperties: { '^x': {} }, additionalProperties: false }, { a: 1, x1: 1, b: 1 }, 'object instance has properties which are not allowed by the schema: ["b"]'],
    ['pattern', { pattern: '^[a-z]+$' }, 'A', 'ECMA 262 regex "^[a-z]+$" does not match input string "A"'],
    ['maxLength counts characters', { maxLength: 1 }, '\u{1F511}x', 'string "\u{1F511}x" is too long (length: 2, maximum allowed: 1)'],
    ['multipleOf is decimal', { multipleOf: 0.01 }, 0.075, 'remainder of division is not zero (0.075 / 0.01)'],
    ['exclusiveMaximum', { maximum: 5, exclusiveMaximum: true }, 5, 'numeric instance is not strictly lower than the required maximum 5'],
    ['uniqueItems', { uniqueItems: true }, [{ a: 1, b: 2 }, { b: 2, a: 1 }], 'array must not contain duplicate elements'],
    ['oneOf', { oneOf: [{ type: 'string' }, { minLength: 1 }] }, 'x', 'instance failed to match exactly one schema (matched 2 out of 2)'],
    ['not', { not: {} }, 1, 'instance matched a schema which it should not have'],
    ['dependencies', { dependencies: { a: ['b'] } }, { a: 1 }, 'property "a" of object has missing property dependencies (schema requires ["b"]; missing: ["b"])'],
    ['format', { format: 'ipv4' }, '1.2.3', 'string "1.2.3" is not a valid IPv4 address'],
    ['$ref', { $ref: '#/definitions/n', definitions: { n: { type: 'null' } } }, 1, 'instance type (integer) does not match any allowed primitive type (allowed: ["null"])'],
  ])('speaks with the words of the library behind AWS: %s', async (_name, schema, content, message) => {
    expect((await bySchema(schema, content))?.message).toContain(`[message: "${message}" - parent node: ]`);
  });

  it.each(['const', 'if', 'contains', 'propertyNames', 'then', 'examples', 'prefixItems', 'dependentRequired', 'minContains', 'unevaluatedProperties'])('ignores %s, which draft-04 does not have', async (keyword) => {
    expect(await bySchema({ [keyword]: { type: 'null', enum: [7] } }, { some: 'thing', more: [1] })).toBeUndefined();
  });

  it('names the path of what is wrong deep inside', async () => {
    const schema = { definitions: { route: { required: ['to'] } }, properties: { 'a/b': { items: { $ref: '#/definitions/route' } } } };

    expect((await bySchema(schema, { 'a/b': [{ to: 1 }, {}] }))?.message).toContain('- parent node: /a~1b/1]');
  });

  it('is not hung by a pattern that backtracks without bounds', async () => {
    const seen = await bySchema({ pattern: '^(a+)+$' }, `${'a'.repeat(50_000)}!`);

    expect(seen?.message).toContain('ECMA 262 regex "^(a+)+$" does not match');
  });

  it.each([
    ['look-around', { pattern: '(?=a)a' }, 'NotImplemented', '(?=a)a'],
    ['a reference to itself', { allOf: [{ $ref: '#' }] }, 'BadRequestException', 'refers to itself without an end'],
    ['exponential work', exponential(40), 'BadRequestException', 'steps'],
    ['a reference to nothing', { $ref: '#/definitions/none' }, 'BadRequestException', 'JSON Reference "#/definitions/none" cannot be resolved'],
  ])('refuses %s rather than to guess or to run for ever', async (_name, schema, code, text) => {
    const seen = await bySchema(schema, 'a');

    expect(seen?.code).toBe(code);
    expect(seen?.message).toContain(text);
  });

  it('counts every step up to four million, also those that tell nothing new', async () => {
    const fits = await bySchema(exponential(19), 'a');
    const refused = await bySchema(exponential(20), 'a');

    expect(fits?.message).toContain('instance failed to match at least one required schema among 2');
    expect(refused?.message).toBe('The JSON Schema of the validator takes more than 4000000 steps to check this content.');
  });

  it.each([
    ['fits', 397, undefined],
    ['is refused', 398, 'The JSON Schema of the validator nests deeper than 400 levels for this content.'],
  ])('that leads to the same reference from further down %s as if it were followed for the first time: %i levels', async (_title, levels, message) => {
    const definitions = { ...chain(levels), twice: { allOf: [{ $ref: `#/definitions/c${levels - 9}` }, { $ref: '#/definitions/c0' }] } };

    const seen = await bySchema({ $ref: '#/definitions/twice', definitions }, 'a');

    expect(seen?.message).toBe(message);
  });

  it('lets through exactly what a reference check of the same schema lets through', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: -5, max: 5 }), fc.integer({ min: -5, max: 5 }), fc.boolean(), fc.oneof(fc.integer({ min: -6, max: 6 }), fc.string({ maxLength: 3 })), async (minimum, maximum, exclusive, value) => {
      const fits = typeof value === 'string' || ((exclusive ? value > minimum : value >= minimum) && value <= maximum);

      expect(await bySchema({ minimum, exclusiveMinimum: exclusive, maximum }, value) === undefined).toBe(fits);
    }), { numRuns: 30 });
  });
});

describe('a LAMBDA validator', () => {
  const by = (functionArn: string, content: string): Promise<Seen | undefined> => verdict([{ Type: 'LAMBDA', Content: functionArn }], content);

  it('is given the application, the profile, the version and the content', async () => {
    const arn = await s.fn('tell', 'export const handler = async (event) => { throw new Error(JSON.stringify(event)); };');

    const seen = await by(arn, '{"limit":5}');

    const told = JSON.parse(/Error: (\{.*\})$/.exec(seen?.message ?? '')?.[1] ?? '{}') as Record<string, string>;
    expect(told).toEqual({ applicationId: s.app, configurationProfileId: s.free, configurationVersion: expect.stringMatching(/^\d+$/), content: Buffer.from('{"limit":5}').toString('base64'), uri: 'hosted' });
  });

  it('says yes with any answer and no with an error', async () => {
    const arn = await s.fn('judge', `export const handler = async ({ content }) => {
      const { limit } = JSON.parse(Buffer.from(content, 'base64').toString());
      if (limit > 100) throw new RangeError('limit is above 100: ' + limit);
      return false;
    };`);

    const [good, bad] = [await by(arn, '{"limit":100}'), await by(arn, '{"limit":101}')];

    expect(good).toBeUndefined();
    expect(bad).toMatchObject({ code: 'BadRequestException', status: 400 });
    expect(bad?.message).toContain('RangeError: limit is above 100: 101');
  });

  it('says no when it is late: 15 seconds, cold start included', async () => {
    const waits = (ms: number): string => `export const handler = () => new Promise((resolve) => setTimeout(resolve, ${ms}));`;
    const [quick, slow] = [await s.fn('quick', waits(14_000), 60), await s.fn('slow', waits(16_000), 60)];

    const began = s.rig.engine.clock.now();
    const [inTime, late] = [await by(quick, '{}'), await by(slow, '{}')];

    expect(inTime).toBeUndefined();
    expect(late?.message).toContain('did not answer within 15000 ms');
    expect(s.rig.engine.clock.now() - began).toBeLessThan(60_000);
  });

  it('says no when there is no such function', async () => {
    expect((await by('arn:aws:lambda:us-east-1:000000000000:function:nobody', '{}'))?.message).toContain('ResourceNotFoundException');
  });

  it('runs after the validator listed before it, and not at all when that one says no', async () => {
    const arn = await s.fn('second', "export const handler = async () => { throw new Error('second'); };");
    const pair: Validator[] = [{ Type: 'JSON_SCHEMA', Content: '{"type":"array"}' }, { Type: 'LAMBDA', Content: arn }];

    const [first, last] = [await verdict(pair, '{}'), await verdict(pair, '[]')];

    expect(first?.message).toContain('instance type (object)');
    expect(last?.message).toContain('second');
  });
});

/** References that lead from one to the next, up to one that says nothing. */
function chain(levels: number): Record<string, object> {
  return Object.fromEntries(Array.from({ length: levels + 1 }, (_, level) => [`c${level}`, level === levels ? {} : { $ref: `#/definitions/c${level + 1}` }]));
}

/** A schema whose naive check doubles with every level. */
function exponential(levels: number): object {
  const definitions: Record<string, object> = { [`d${levels}`]: { type: 'null' } };
  for (let level = 0; level < levels; level += 1) definitions[`d${level}`] = { anyOf: [{ $ref: `#/definitions/d${level + 1}` }, { $ref: `#/definitions/d${level + 1}` }] };
  return { $ref: '#/definitions/d0', definitions };
}
