import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Fault } from '../../lib/core/index.ts';
import { compileSchema } from '../../lib/documents/index.ts';

const ROOT = join(process.env['SLUICE_SHARED'] ?? '../shared', 'vectors/json-schema-test-suite/tests');

interface Group {
  readonly description: string;
  readonly schema: unknown;
  readonly tests: readonly { readonly description: string; readonly data: unknown; readonly valid: boolean }[];
}

/** A schema is refused by name: the keyword, format, pattern or reference that is not taken is in the words, or what stands where a schema's object should. */
const BY_NAME = /^SLUICE-SCHEMA-[1-6]: .*("[^" ]+"[ ,]|\$(recursive|dynamic)(Ref|Anchor)|enum must|it is (true|false), not an object|refers to )/;

/** Every required test of a draft: agreed with, refused by name with its schema, or answered wrongly. */
function run(folder: string, $schema: string): { agreed: number; refused: number; unnamed: string[]; wrong: string[] } {
  const outcome = { agreed: 0, refused: 0, unnamed: [] as string[], wrong: [] as string[] };
  for (const file of readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.json'))) {
    for (const group of JSON.parse(readFileSync(join(ROOT, folder, file), 'utf8')) as Group[]) {
      const schema = typeof group.schema === 'object' && group.schema !== null ? { $schema, ...group.schema } : group.schema;
      const compiled = compileSchema(schema, { name: file });
      if (compiled instanceof Fault && !BY_NAME.test(compiled.message)) outcome.unnamed.push(compiled.message);
      for (const one of group.tests) {
        if (compiled instanceof Fault) outcome.refused += 1;
        else if ((compiled.check(one.data).length === 0) === one.valid) outcome.agreed += 1;
        else outcome.wrong.push(`${file}: ${group.description}: ${one.description}`);
      }
    }
  }
  return outcome;
}

/** Of `$ref` with siblings Ajv takes draft-07 for its successors. */
const SIBLINGS = [
  'ref.json: ref overrides any sibling keywords: ref valid, maxItems ignored',
  'ref.json: $ref prevents a sibling $id from changing the base uri: $ref resolves to /definitions/base_foo, data does not validate',
  'ref.json: $ref prevents a sibling $id from changing the base uri: $ref resolves to /definitions/base_foo, data validates',
];
const UNEVALUATED = [
  'unevaluatedItems.json: unevaluatedItems with nested items: with no additional items',
  'unevaluatedItems.json: unevaluatedItems with nested items: with invalid additional item',
  'unevaluatedProperties.json: unevaluatedProperties with if/then/else, then not defined: when if is true and has no unevaluated properties',
  'unevaluatedProperties.json: unevaluatedProperties with if/then/else, then not defined: when if is false and has unevaluated properties',
];
const CONTAINED = [
  'unevaluatedItems.json: unevaluatedItems depends on adjacent contains: contains passes, second item is not evaluated',
  'unevaluatedItems.json: unevaluatedItems depends on multiple nested contains: 7 not evaluated, fails unevaluatedItems',
];

/** A row of the table in docs/documents.md. */
function row(draft: string, cells: readonly number[]): string {
  return `| ${draft} | ${cells.join(' | ')} |`;
}

describe.runIf(existsSync(ROOT))('the official JSON Schema test suite', () => {
  // The last number: what Ajv 8.20 alone agrees with.
  test.each([
    ['draft4', 'draft-04', 'http://json-schema.org/draft-04/schema#', 594, 615, SIBLINGS.map((name) => name.replace('$id', 'id'))],
    ['draft7', 'draft-07', 'http://json-schema.org/draft-07/schema#', 839, 924, SIBLINGS],
    ['draft2019-09', '2019-09', 'https://json-schema.org/draft/2019-09/schema', 1085, 1235, UNEVALUATED],
    ['draft2020-12', '2020-12', 'https://json-schema.org/draft/2020-12/schema', 1089, 1241, [...UNEVALUATED, ...CONTAINED]],
  ])('of %s: what is not refused by name is answered rightly, but for a written list', (folder, draft, $schema, agreed, alone, known) => {
    const outcome = run(folder, $schema);
    // The suite calls `format` an annotation; people who write it mean it.
    const wrong = outcome.wrong.filter((name) => !name.endsWith('is only an annotation by default'));
    const total = outcome.agreed + outcome.refused + outcome.wrong.length;

    expect(wrong.sort()).toEqual([...known].sort());
    expect(outcome.agreed).toBeGreaterThanOrEqual(agreed);
    expect(outcome.refused).toBeLessThanOrEqual(190);
    expect(outcome.unnamed).toEqual([]);
    expect(outcome.agreed + outcome.refused).toBeGreaterThanOrEqual(alone);
    expect(readFileSync('docs/documents.md', 'utf8')).toContain(row(draft, [total, outcome.agreed, outcome.refused, outcome.wrong.length, alone]));
  });
});
