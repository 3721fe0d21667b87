import { isExpression } from './expression.ts';
import { below, canonical, isObject, typeOf, type JsonType } from './json.ts';

/** What is wrong with a schema itself. */
export interface SyntaxError {
  /** Where in the schema, as a JSON pointer. */
  readonly pointer: string;
  readonly keyword?: string;
  readonly message: string;
  /** The types found and expected, where a type is what is wrong. */
  readonly found?: JsonType;
  readonly expected?: readonly JsonType[];
}

type Schema = Readonly<Record<string, unknown>>;
type Complaint = string | { readonly message: string; readonly found: JsonType; readonly expected: readonly JsonType[] };
type Rule = (value: unknown, schema: Schema) => Complaint | undefined;

const SCHEMA_TYPES: readonly JsonType[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** Keywords whose value is a schema, a list of schemas, or a map of schemas. */
const ONE: readonly string[] = ['not', 'items', 'additionalItems', 'additionalProperties'];
const SEVERAL: readonly string[] = ['allOf', 'anyOf', 'oneOf', 'items'];
const NAMED: readonly string[] = ['properties', 'patternProperties', 'definitions', 'dependencies'];

const RULES: Readonly<Record<string, Rule>> = {
  type: typeRule,
  enum: both(kinds('array'), (value) => listRule(value as readonly unknown[])),
  allOf: both(kinds('array'), notEmpty),
  anyOf: both(kinds('array'), notEmpty),
  oneOf: both(kinds('array'), notEmpty),
  not: kinds('object'),
  properties: kinds('object'),
  patternProperties: both(kinds('object'), (value) => invalidName(value as Schema)),
  additionalProperties: kinds('boolean', 'object'),
  definitions: kinds('object'),
  dependencies: both(kinds('object'), (value) => dependencyRule(value as Schema)),
  items: kinds('array', 'object'),
  additionalItems: kinds('boolean', 'object'),
  required: both(kinds('array'), (value) => namesRule(value as readonly unknown[])),
  minimum: kinds('integer', 'number'),
  maximum: kinds('integer', 'number'),
  exclusiveMinimum: both(kinds('boolean'), (_value, schema) => (Object.hasOwn(schema, 'minimum') ? undefined : 'exclusiveMinimum must be paired with minimum')),
  exclusiveMaximum: both(kinds('boolean'), (_value, schema) => (Object.hasOwn(schema, 'maximum') ? undefined : 'exclusiveMaximum must be paired with maximum')),
  multipleOf: both(kinds('integer', 'number'), (value) => (Number(value) > 0 ? undefined : 'divisor must be strictly greater than zero')),
  minLength: count,
  maxLength: count,
  minItems: count,
  maxItems: count,
  minProperties: count,
  maxProperties: count,
  uniqueItems: kinds('boolean'),
  pattern: both(kinds('string'), (value) => (isExpression(value as string) ? undefined : `string "${value as string}" is not a valid ECMA 262 regular expression`)),
  format: kinds('string'),
  id: kinds('string'),
  $ref: kinds('string'),
  $schema: kinds('string'),
  title: kinds('string'),
  description: kinds('string'),
};

/** Everything a draft-04 schema must not be, in the words of the library AWS uses. Keywords of later drafts are ignored. */
export function syntaxErrors(schema: Schema, pointer = ''): readonly SyntaxError[] {
  const errors: SyntaxError[] = [];
  for (const [keyword, rule] of Object.entries(RULES)) {
    if (!Object.hasOwn(schema, keyword)) continue;
    const complaint = rule(schema[keyword], schema);
    if (complaint !== undefined) errors.push({ pointer, keyword, ...(typeof complaint === 'string' ? { message: complaint } : complaint) });
  }
  // A wrong keyword is told once; what lies below it is looked at when the keyword itself is right.
  const wrong = new Set(errors.map(({ keyword }) => keyword));
  for (const [at, child] of childrenOf(schema, pointer)) {
    if (wrong.has(at.keyword)) continue;
    if (isObject(child)) errors.push(...syntaxErrors(child, at.pointer));
    else errors.push(notASchema(at.pointer, child));
  }
  return errors;
}

/** The error of a value where a schema should be. */
export function notASchema(pointer: string, value: unknown): SyntaxError {
  const found = typeOf(value);
  return { pointer, message: `JSON value is of type ${found}, not a JSON Schema (expected an object)`, found };
}

/** Whether a schema refers, anywhere, to something outside itself. */
export function isRemote(schema: Schema): boolean {
  if (typeof schema['$ref'] === 'string' && !schema['$ref'].startsWith('#')) return true;
  return [...childrenOf(schema, '')].some(([, child]) => isObject(child) && isRemote(child));
}

/** The schemas directly inside a schema, with where they are. */
export function* childrenOf(schema: Schema, pointer: string): Generator<readonly [{ readonly keyword: string; readonly pointer: string }, unknown]> {
  for (const keyword of ONE) {
    const child = schema[keyword];
    if (isObject(child)) yield [{ keyword, pointer: below(pointer, keyword) }, child];
  }
  for (const keyword of SEVERAL) {
    const list = schema[keyword];
    if (!Array.isArray(list)) continue;
    for (const [index, child] of list.entries()) yield [{ keyword, pointer: below(below(pointer, keyword), index) }, child];
  }
  for (const keyword of NAMED) {
    const map = schema[keyword];
    if (!isObject(map)) continue;
    for (const [name, child] of Object.entries(map)) {
      if (keyword === 'dependencies' && Array.isArray(child)) continue;
      yield [{ keyword, pointer: below(below(pointer, keyword), name) }, child];
    }
  }
}

function kinds(...allowed: readonly JsonType[]): Rule {
  return (value) => {
    const found = typeOf(value);
    return allowed.includes(found) ? undefined : { message: `value has incorrect type (found ${found}, expected one of [${allowed.join(', ')}])`, found, expected: allowed };
  };
}

function both(first: Rule, second: Rule): Rule {
  return (value, schema) => first(value, schema) ?? second(value, schema);
}

function count(value: unknown): Complaint | undefined {
  const wrong = kinds('integer')(value, {});
  if (wrong !== undefined) return wrong;
  return Number(value) < 0 ? 'integer value must be positive' : undefined;
}

function notEmpty(value: unknown): string | undefined {
  return (value as readonly unknown[]).length === 0 ? 'array must have at least one element' : undefined;
}

function listRule(list: readonly unknown[]): string | undefined {
  if (list.length === 0) return 'array must have at least one element';
  return new Set(list.map(canonical)).size < list.length ? 'array must not contain duplicate elements' : undefined;
}

function namesRule(list: readonly unknown[]): string | undefined {
  const index = list.findIndex((item) => typeof item !== 'string');
  if (index >= 0) return `array element at index ${index} has incorrect type (expected one of [string] but found ${typeOf(list[index])})`;
  return listRule(list);
}

function typeRule(value: unknown): Complaint | undefined {
  if (Array.isArray(value)) {
    const wrong = namesRule(value);
    if (wrong !== undefined) return wrong;
  } else if (typeof value !== 'string') {
    return kinds('array', 'string')(value, {});
  }
  const names = Array.isArray(value) ? (value as readonly string[]) : [value];
  const unknown = names.find((name) => !SCHEMA_TYPES.some((type) => type === name));
  return unknown === undefined ? undefined : `"${unknown}" is not a valid primitive type (valid values are: [${SCHEMA_TYPES.join(', ')}])`;
}

function invalidName(map: Schema): string | undefined {
  const name = Object.keys(map).find((key) => !isExpression(key));
  return name === undefined ? undefined : `property name "${name}" is not a valid ECMA 262 regular expression`;
}

function dependencyRule(map: Schema): string | undefined {
  for (const [name, value] of Object.entries(map)) {
    if (Array.isArray(value)) {
      const wrong = namesRule(value);
      if (wrong !== undefined) return wrong;
    } else if (!isObject(value)) {
      return `dependency value for property "${name}" has incorrect type (expected one of [array, object] but found ${typeOf(value)})`;
    }
  }
  return undefined;
}
