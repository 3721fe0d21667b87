import { found } from './expression.ts';
import { formatComplaint } from './format.ts';
import { canonical, isObject, typeOf, type JsonType } from './json.ts';

export type Schema = Readonly<Record<string, unknown>>;

/** Whether the value at hand fits another schema. */
type Fits = (schema: Schema) => boolean;

const NONE: readonly string[] = [];

const TYPE_ORDER: readonly JsonType[] = ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string'];

/** What a schema's own keywords have against a value, in the words of the library AWS uses; members and items are not looked at. */
export function complaintsOf(schema: Schema, value: unknown, fits: Fits): readonly string[] {
  const general = generalComplaints(schema, value);
  const typed = typedComplaints(schema, value, fits);
  const combined = combinedComplaints(schema, fits);
  return general.length + typed.length + combined.length === 0 ? NONE : [...general, ...typed, ...combined];
}

/** The schemas for one item of an array. */
export function itemSchemas(schema: Schema, index: number): readonly Schema[] {
  const { items, additionalItems } = schema;
  if (isObject(items)) return [items];
  if (!Array.isArray(items)) return [];
  const own: unknown = index < items.length ? items[index] : additionalItems;
  return isObject(own) ? [own] : [];
}

/** The schemas for one member of an object. */
export function memberSchemas(schema: Schema, name: string): readonly Schema[] {
  const named = namedSchemas(schema, name);
  if (named.length > 0) return named;
  return isObject(schema['additionalProperties']) ? [schema['additionalProperties']] : [];
}

function namedSchemas(schema: Schema, name: string): readonly Schema[] {
  const { properties, patternProperties } = schema;
  const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name] as Schema] : [];
  const matching = isObject(patternProperties) ? Object.entries(patternProperties).filter(([pattern]) => found(pattern, name)).map(([, matched]) => matched as Schema) : [];
  return [...own, ...matching];
}

function generalComplaints(schema: Schema, value: unknown): readonly string[] {
  const { type, enum: allowed } = schema;
  if (type === undefined && allowed === undefined) return NONE;
  const complaints: string[] = [];
  if (type !== undefined) {
    const names = new Set((Array.isArray(type) ? type : [type]) as readonly JsonType[]);
    if (names.has('number')) names.add('integer');
    const own = typeOf(value);
    if (!names.has(own)) complaints.push(`instance type (${own}) does not match any allowed primitive type (allowed: ${JSON.stringify(TYPE_ORDER.filter((name) => names.has(name)))})`);
  }
  if (Array.isArray(allowed)) {
    const text = canonical(value);
    if (!allowed.some((item) => canonical(item) === text)) complaints.push(`instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(allowed)})`);
  }
  return complaints;
}

function typedComplaints(schema: Schema, value: unknown, fits: Fits): readonly string[] {
  if (typeof value === 'number') return numberComplaints(schema, value);
  if (typeof value === 'string') return stringComplaints(schema, value);
  if (Array.isArray(value)) return arrayComplaints(schema, value);
  return isObject(value) ? [...objectComplaints(schema, value), ...dependencyComplaints(schema, value, fits)] : NONE;
}

function numberComplaints(schema: Schema, value: number): readonly string[] {
  const { minimum, exclusiveMinimum, maximum, exclusiveMaximum, multipleOf } = schema;
  const complaints: string[] = [];
  if (typeof minimum === 'number') {
    if (value < minimum) complaints.push(`numeric instance is lower than the required minimum (minimum: ${minimum}, found: ${value})`);
    else if (value === minimum && exclusiveMinimum === true) complaints.push(`numeric instance is not strictly greater than the required minimum ${minimum}`);
  }
  if (typeof maximum === 'number') {
    if (value > maximum) complaints.push(`numeric instance is greater than the required maximum (maximum: ${maximum}, found: ${value})`);
    else if (value === maximum && exclusiveMaximum === true) complaints.push(`numeric instance is not strictly lower than the required maximum ${maximum}`);
  }
  if (typeof multipleOf === 'number' && !divides(multipleOf, value)) complaints.push(`remainder of division is not zero (${value} / ${multipleOf})`);
  return complaints;
}

/** Decimal numbers divide as decimals, not as binary fractions: 0.0075 is a multiple of 0.0001. */
function divides(divisor: number, value: number): boolean {
  const [a, b] = [decimals(value), decimals(divisor)];
  const places = Math.max(a.places, b.places);
  if (places > 400) return Number.isInteger(value / divisor);
  return (a.digits * 10n ** BigInt(places - a.places)) % (b.digits * 10n ** BigInt(places - b.places)) === 0n;
}

function decimals(number: number): { digits: bigint; places: number } {
  const [mantissa = '0', exponent = '0'] = String(number).split('e');
  const [whole = '0', fraction = ''] = mantissa.split('.');
  const places = fraction.length - Number(exponent);
  const digits = BigInt(whole + fraction);
  return places < 0 ? { digits: digits * 10n ** BigInt(-places), places: 0 } : { digits, places };
}

function stringComplaints(schema: Schema, value: string): readonly string[] {
  const { minLength, maxLength, pattern, format } = schema;
  if (minLength === undefined && maxLength === undefined && pattern === undefined && format === undefined) return NONE;
  const complaints: string[] = [];
  // JSON counts characters, not UTF-16 units.
  const length = typeof minLength === 'number' || typeof maxLength === 'number' ? Array.from(value).length : 0;
  if (typeof minLength === 'number' && length < minLength) complaints.push(`string "${value}" is too short (length: ${length}, required minimum: ${minLength})`);
  if (typeof maxLength === 'number' && length > maxLength) complaints.push(`string "${value}" is too long (length: ${length}, maximum allowed: ${maxLength})`);
  if (typeof pattern === 'string' && !found(pattern, value)) complaints.push(`ECMA 262 regex "${pattern}" does not match input string "${value}"`);
  const wrong = typeof format === 'string' ? formatComplaint(format, value) : undefined;
  return wrong === undefined ? complaints : [...complaints, wrong];
}

function arrayComplaints(schema: Schema, value: readonly unknown[]): readonly string[] {
  const { minItems, maxItems, uniqueItems, items, additionalItems } = schema;
  const complaints: string[] = [];
  if (Array.isArray(items) && additionalItems === false && value.length > items.length) complaints.push(`schema only allows ${items.length} elements in array but instance has ${value.length} elements`);
  if (typeof minItems === 'number' && value.length < minItems) complaints.push(`array is too short: must have at least ${minItems} elements but instance has ${value.length} elements`);
  if (typeof maxItems === 'number' && value.length > maxItems) complaints.push(`array is too long: must have at most ${maxItems} elements but instance has ${value.length} elements`);
  if (uniqueItems === true && new Set(value.map(canonical)).size < value.length) complaints.push('array must not contain duplicate elements');
  return complaints;
}

function objectComplaints(schema: Schema, value: Schema): readonly string[] {
  const { minProperties, maxProperties, required, additionalProperties } = schema;
  const names = Object.keys(value);
  const complaints: string[] = [];
  if (typeof minProperties === 'number' && names.length < minProperties) complaints.push(`object has too few properties (found ${names.length} but schema requires at least ${minProperties})`);
  if (typeof maxProperties === 'number' && names.length > maxProperties) complaints.push(`object has too many properties (found ${names.length} but schema requires at most ${maxProperties})`);
  if (Array.isArray(required)) {
    const missing = (required as readonly string[]).filter((name) => !Object.hasOwn(value, name));
    if (missing.length > 0) complaints.push(`object has missing required properties (${JSON.stringify([...missing].sort())})`);
  }
  if (additionalProperties === false) {
    const extra = names.filter((name) => namedSchemas(schema, name).length === 0);
    if (extra.length > 0) complaints.push(`object instance has properties which are not allowed by the schema: ${JSON.stringify([...extra].sort())}`);
  }
  return complaints;
}

function dependencyComplaints(schema: Schema, value: Schema, fits: Fits): readonly string[] {
  const { dependencies } = schema;
  if (!isObject(dependencies)) return [];
  return Object.entries(dependencies).filter(([name]) => Object.hasOwn(value, name)).flatMap(([name, needed]) => {
    if (isObject(needed)) return fits(needed) ? [] : [`property "${name}" of object has dependencies that the object does not meet`];
    const missing = (needed as readonly string[]).filter((other) => !Object.hasOwn(value, other));
    return missing.length === 0 ? [] : [`property "${name}" of object has missing property dependencies (schema requires ${JSON.stringify(needed)}; missing: ${JSON.stringify(missing)})`];
  });
}

function combinedComplaints(schema: Schema, fits: Fits): readonly string[] {
  const { allOf, anyOf, oneOf, not } = schema as { readonly allOf?: readonly Schema[]; readonly anyOf?: readonly Schema[]; readonly oneOf?: readonly Schema[]; readonly not?: Schema };
  if (!allOf && !anyOf && !oneOf && !not) return NONE;
  const complaints: string[] = [];
  const matching = (list: readonly Schema[]): number => list.filter(fits).length;
  if (allOf && matching(allOf) < allOf.length) complaints.push(`instance failed to match all required schemas (matched only ${matching(allOf)} out of ${allOf.length})`);
  if (anyOf && !anyOf.some(fits)) complaints.push(`instance failed to match at least one required schema among ${anyOf.length}`);
  if (oneOf) {
    const matched = matching(oneOf);
    if (matched !== 1) complaints.push(`instance failed to match exactly one schema (matched ${matched} out of ${oneOf.length})`);
  }
  if (not && fits(not)) complaints.push('instance matched a schema which it should not have');
  return complaints;
}
