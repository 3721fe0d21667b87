import { digestOf, type Digest } from '../core/digest.ts';
import { isObject } from '../core/epoch.ts';
import { fault, shown, type Fault, type Place } from '../core/fault.ts';
import { AUTHORING } from '../core/faults/authoring.ts';
import { Ajv, Ajv2019, Ajv2020, draft04, formats, type Options, type ValidateFunction } from './vendored/ajv.ts';
import { canonical } from './canonical.ts';
import { closest } from './likeness.ts';
import { pattern } from './pattern.ts';
import { heeding, isProperty } from './proto.ts';
import { endlessReference } from './cycle.ts';
import { jsonPath, type Path } from './source.ts';
import { wellFormed } from './wellFormed.ts';
import { violations, type BranchCheck, type Violation } from './violation.ts';

/** A schema that was understood. */
export interface Schema {
  /** Of its canonical bytes: spaces and the order of keys make no other schema. */
  readonly digest: Digest;
  readonly bytes: Uint8Array;
  /** What is wrong with a value; nothing when it is valid. */
  check(value: unknown): Violation[];
}

type Draft = typeof Ajv | typeof Ajv2019 | typeof Ajv2020 | typeof draft04.default;

/** The drafts that are understood, by the address in `$schema`. */
const DRAFTS: Readonly<Record<string, Draft>> = {
  'http://json-schema.org/draft-04/schema': draft04.default,
  'http://json-schema.org/draft-07/schema': Ajv,
  'https://json-schema.org/draft/2019-09/schema': Ajv2019,
  'https://json-schema.org/draft/2020-12/schema': Ajv2020,
};

/** What a schema without `$schema` is taken for. */
const DEFAULT_DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/** Keywords that change their meaning with the caller; Ajv gets 25 of the official tests of the first one wrong. */
const DYNAMIC = ['$dynamicRef', '$dynamicAnchor', '$recursiveRef', '$recursiveAnchor'];

/** Ajv's options. The first two are not its defaults: inherited members are no members, and patterns run in linear time. */
const OPTIONS: Options = {
  ownProperties: true,
  code: { regExp: Object.assign((source: string) => pattern(source), { code: 'pattern' }) },
  allErrors: true,
  verbose: true,
  strictTypes: false,
  strictTuples: false,
  allowMatchingProperties: true,
  strictRequired: false,
  logger: false,
  validateSchema: false,
};

/** How a schema's faults say where they are. */
export interface SchemaOrigin {
  /** What to call it: a file's path, or a digest. */
  readonly name: string;
  /** `file:line:column` of a path in it; its name when left out. */
  readonly at?: (path: Path) => string | Place;
}

/**
 * Compiles a JSON Schema of draft-04, draft-07, 2019-09 or 2020-12. Unknown keywords are refused, because they are mostly misspelt ones;
 * those that begin with `x-` are let through. `format` is checked.
 */
export function compileSchema(value: unknown, origin: SchemaOrigin): Schema | Fault {
  const at = origin.at ?? ((): string | Place => origin.name);
  const schema = origin.name;
  if (!isObject(value)) return fault(AUTHORING, 'SLUICE-SCHEMA-1', { at: at([]), schema, problem: `it is ${shown(value)}, not an object`, remedy: CORRECT });
  const draft = value['$schema'] ?? DEFAULT_DRAFT;
  const Draft = typeof draft === 'string' ? DRAFTS[draft.replace(/#$/, '')] : undefined;
  if (Draft === undefined) return fault(AUTHORING, 'SLUICE-SCHEMA-2', { at: at(['$schema']), schema, got: shown(draft) });
  const seen = survey(value);
  if (seen.dynamic !== undefined) return fault(AUTHORING, 'SLUICE-SCHEMA-3', { at: at(seen.dynamic), schema, keyword: String(seen.dynamic.at(-1)) });
  const stray = seen.proto.find((path) => !isProperty(path));
  if (stray !== undefined) return fault(AUTHORING, 'SLUICE-DOC-9', { at: at(stray), key: '__proto__' });
  const endless = endlessReference(value);
  if (endless !== undefined) return fault(AUTHORING, 'SLUICE-SCHEMA-6', { at: at(endless), schema });
  for (const found of seen.patterns) {
    try {
      pattern(found.source);
    } catch (cause) {
      return fault(AUTHORING, 'SLUICE-SCHEMA-4', { at: at(found.path), schema, pattern: shown(found.source), problem: (cause as Error).message }, cause);
    }
  }

  const ajv = new Draft({ ...OPTIONS, meta: seen.foreign });
  formats.default(ajv);
  for (const keyword of ['$anchor', ...seen.extensions]) if (ajv.getKeyword(keyword) === false) ajv.addKeyword(keyword);
  const heeded = heeding(value, seen.proto);
  let validate: ValidateFunction;
  try {
    const meta = (): Ajv => metaOf(Draft);
    if (!(Draft !== draft04.default && wellFormed(value)) && meta().validateSchema(value) !== true) {
      const [first] = violations(meta().errors ?? [], () => undefined);
      return notOne(schema, at, first ?? { path: [], expected: 'is wrong', value });
    }
    validate = ajv.compile(heeded);
  } catch (cause) {
    const { missingRef, message } = cause as Error & { missingRef?: string };
    // A reference to a meta-schema of 2019-09 or later leads back to itself by $dynamicRef.
    if (cause instanceof RangeError) return fault(AUTHORING, 'SLUICE-SCHEMA-6', { at: at([]), schema }, cause);
    if (missingRef !== undefined) return fault(AUTHORING, 'SLUICE-SCHEMA-5', { at: at([]), schema, reference: missingRef }, cause);
    return fault(AUTHORING, 'SLUICE-SCHEMA-1', { at: at([]), schema, problem: message.replace(/^strict mode: /, ''), remedy: CORRECT }, cause);
  }
  const bytes = new TextEncoder().encode(canonical(value));
  const branch = alone(ajv, heeded);
  return {
    digest: digestOf(bytes), bytes,
    check: (data) => (validate(data) ? [] : violations(validate.errors ?? [], branch)),
  };
}

const CORRECT = 'correct the schema';
const TYPES = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** What is wrong with a schema by its meta-schema, which says of a misspelt type only that it is none of two alternatives. */
function notOne(schema: string, at: (path: Path) => string | Place, { path, expected, value }: Violation): Fault {
  const type = path.at(-1) === 'type' && typeof value === 'string';
  const near = type ? closest(value, TYPES) : undefined;
  return fault(AUTHORING, 'SLUICE-SCHEMA-1', {
    at: at(path), schema, problem: `${jsonPath(path)} ${type ? `must be one of ${TYPES.join(', ')}` : expected}, got ${shown(value)}`,
    remedy: near === undefined ? CORRECT : `did you mean ${near}?`,
  });
}

const metas = new Map<Draft, Ajv>();

/** One instance per draft checks schemas against their meta-schema: compiling that costs more than most schemas do. */
function metaOf(Draft: Draft): Ajv {
  const known = metas.get(Draft);
  if (known !== undefined) return known;
  const made = new Draft(OPTIONS);
  formats.default(made);
  metas.set(Draft, made);
  return made;
}

/** A branch is compiled with the definitions of its schema beside it; one that refers to anything else cannot stand alone. */
function alone(ajv: Ajv, root: Readonly<Record<string, unknown>>): BranchCheck {
  const { $schema, $defs, definitions } = root;
  const around = Object.fromEntries(Object.entries({ $schema, $defs, definitions }).filter(([, member]) => member !== undefined));
  return (branch, data) => {
    try {
      const validate = ajv.compile({ ...around, allOf: [branch] });
      return validate(data) ? [] : validate.errors ?? [];
    } catch {
      return undefined;
    }
  };
}

interface Survey {
  readonly dynamic: Path | undefined;
  readonly patterns: readonly { readonly path: Path; readonly source: string }[];
  readonly extensions: ReadonlySet<string>;
  /** Whether it refers to another schema by an address, which may be a meta-schema. */
  readonly foreign: boolean;
  /** Where `__proto__` is a key. */
  readonly proto: readonly Path[];
}

/** Looks through a whole schema once. A property that happens to be called `pattern` holds an object, a pattern holds text. */
function survey(root: Record<string, unknown>): Survey {
  const patterns: { path: Path; source: string }[] = [];
  const proto: Path[] = [];
  const extensions = new Set<string>();
  let dynamic: Path | undefined;
  let foreign = false;
  const look = (value: unknown, path: Path): void => {
    if (Array.isArray(value)) value.forEach((item, index) => look(item, [...path, index]));
    if (!isObject(value)) return;
    for (const [key, member] of Object.entries(value)) {
      const here = [...path, key];
      if (key === '__proto__') proto.push(here);
      if (DYNAMIC.includes(key) && !isObject(member)) dynamic ??= here;
      if (key.startsWith('x-') && path.at(-1) !== 'properties') extensions.add(key);
      if (key === '$ref' && typeof member === 'string' && member.includes('://')) foreign = true;
      if (key === 'pattern' && typeof member === 'string') patterns.push({ path: here, source: member });
      if (key === 'patternProperties' && isObject(member)) for (const source of Object.keys(member)) patterns.push({ path: [...here, source], source });
      if (key !== 'const' && key !== 'enum' && key !== 'default' && key !== 'examples') look(member, here);
    }
  };
  look(root, []);
  return { dynamic, patterns, extensions, foreign, proto };
}
