import { canonical, isObject } from '../schema/json.ts';

export type Json = Readonly<Record<string, unknown>>;

/** A feature-flag document with only the members AppConfig knows. */
export interface FlagDocument {
  readonly version: unknown;
  readonly flags: Readonly<Record<string, Json>>;
  readonly values: Readonly<Record<string, Json>>;
}

const DEFINITION: readonly string[] = ['_createdAt', '_deprecation', '_updatedAt', 'attributes', 'description', 'name'];
const ATTRIBUTE: readonly string[] = ['constraints', 'description'];
const CONSTRAINTS: readonly string[] = ['elements', 'enum', 'maximum', 'minimum', 'pattern', 'required', 'type'];
const VARIANT: readonly string[] = ['attributeValues', 'enabled', 'name', 'rule'];

/** Texts that Go's ParseBool takes, which AppConfig reads `enabled` with. */
const BOOLEANS: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
  [true, true], [false, false], [undefined, false], [null, false],
]);

/**
 * A document as it is stored: unknown members of the document and of definitions are dropped, `enabled` is read as a boolean
 * (what is none stays as it is, for the violations to tell), empty maps and lists go.
 */
export function normalised(raw: Json): FlagDocument {
  return {
    version: raw['version'],
    flags: mapped(raw['flags'], definition),
    values: mapped(raw['values'], value),
  };
}

/** The members of a value that are attributes. */
export function attributesOf(entry: Json): Json {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => name !== 'enabled' && !name.startsWith('_')));
}

/** The variants of a value, in their order; the last is the default. */
export function variantsOf(entry: Json): readonly Json[] {
  return Array.isArray(entry['_variants']) ? entry['_variants'].filter(isObject) : [];
}

/** JSON as Go writes it: members sorted, no spaces, `<`, `>` and `&` escaped. */
export function goJson(json: unknown): string {
  return canonical(json).replace(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function mapped(raw: unknown, each: (entry: Json) => Json): Readonly<Record<string, Json>> {
  return isObject(raw) ? Object.fromEntries(Object.entries(raw).map(([name, entry]) => [name, isObject(entry) ? each(entry) : {}])) : {};
}

function definition(entry: Json): Json {
  const attributes = mapped(entry['attributes'], (attribute) => {
    const constraints = attribute['constraints'];
    return { ...only(attribute, ATTRIBUTE), ...(isObject(constraints) && { constraints: constraint(constraints) }) };
  });
  const { attributes: _given, ...rest } = only(entry, DEFINITION);
  return Object.keys(attributes).length === 0 ? rest : { ...rest, attributes };
}

function constraint(entry: Json): Json {
  const elements = entry['elements'];
  return { ...only(entry, CONSTRAINTS), ...(isObject(elements) && { elements: only(elements, CONSTRAINTS) }) };
}

function value(entry: Json): Json {
  const { _variants: given, enabled, ...rest } = entry;
  const variants = Array.isArray(given) ? given.filter(isObject).map(variant) : [];
  const said = given === undefined || enabled !== undefined;
  return { ...rest, ...(said && { enabled: boolean(enabled) }), ...(variants.length > 0 && { _variants: variants }) };
}

function variant(entry: Json): Json {
  const { rule, attributeValues, enabled, ...rest } = only(entry, VARIANT);
  return {
    ...rest,
    enabled: boolean(enabled),
    ...(rule !== undefined && rule !== '' && { rule }),
    ...(isObject(attributeValues) && Object.keys(attributeValues).length > 0 && { attributeValues }),
  };
}

function boolean(raw: unknown): unknown {
  return BOOLEANS.get(raw) ?? raw;
}

function only(entry: Json, members: readonly string[]): Json {
  return Object.fromEntries(Object.entries(entry).filter(([name]) => members.includes(name)));
}
