import type { Member, Model, Shape } from './model.ts';
import { serializationFault } from './violation.ts';
import { formatTimestamp, instant, parseTimestamp } from './timestamp.ts';

/** Deeper input is refused before it can exhaust the stack. */
const DEEPEST = 200;

const NUMBERS: ReadonlyMap<unknown, number> = new Map([['NaN', NaN], ['Infinity', Infinity], ['-Infinity', -Infinity]]);
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;

/** Parses a body of JSON; an empty one is an empty object, anything but an object is refused. */
export function parseJson(body: Uint8Array): Record<string, unknown> {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'));
  } catch {
    throw serializationFault('the request body is not JSON');
  }
  if (!isObject(value)) throw serializationFault(`the request body must be a JSON object, got ${nameOf(value)}`);
  return value;
}

/** Input from parsed JSON, by the model; members it does not know are dropped, as AWS does. */
export function fromJson(model: Model, shape: Shape, value: unknown, path: string, depth = 0): unknown {
  if (depth > DEEPEST) throw serializationFault(`the input is nested deeper than ${DEEPEST} levels`);
  switch (shape.kind) {
    case 'string': return typeof value === 'string' ? value : mismatch(path, 'a string', value);
    case 'boolean': return typeof value === 'boolean' ? value : mismatch(path, 'a boolean', value);
    case 'number': return typeof value === 'number' ? value : NUMBERS.get(value) ?? mismatch(path, 'a number', value);
    case 'timestamp': return parseTimestamp(value) ?? mismatch(path, 'a timestamp', value);
    case 'blob': case 'stream': return typeof value === 'string' && BASE64.test(value) ? Buffer.from(value, 'base64') : mismatch(path, 'base64 text', value);
    case 'document': return value;
    case 'unit': return {};
    case 'list': return Array.isArray(value) ? listFromJson(model, shape.element, value, path, depth) : mismatch(path, 'a list', value);
    case 'map': return isObject(value) ? mapFromJson(model, shape.value, value, path, depth) : mismatch(path, 'a map', value);
    default: return isObject(value) ? structureFromJson(model, shape.members, value, path, depth) : mismatch(path, 'an object', value);
  }
}

function listFromJson(model: Model, element: Member, value: readonly unknown[], path: string, depth: number): unknown[] {
  const shape = model.shape(element.type);
  return value.map((item, index) => (item === null && element.sparse ? null : fromJson(model, shape, item, `${path}[${index}]`, depth + 1)));
}

/** Built from entries, so that a key such as `__proto__` is a key and nothing else. */
function mapFromJson(model: Model, element: Member, value: Record<string, unknown>, path: string, depth: number): Record<string, unknown> {
  const shape = model.shape(element.type);
  return Object.fromEntries(Object.entries(value)
    .filter(([, item]) => item !== null || element.sparse)
    .map(([key, item]) => [key, item === null ? null : fromJson(model, shape, item, `${path}.${key}`, depth + 1)]));
}

/** Reads the members given, which of a REST request's outermost structure are those of the body. */
export function structureFromJson(model: Model, members: readonly Member[], value: Record<string, unknown>, path = '', depth = 0): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const member of members) {
    if (!Object.hasOwn(value, member.json)) continue;
    const own = value[member.json];
    if (own !== null) made[member.name] = fromJson(model, model.shape(member.type), own, path === '' ? member.name : `${path}.${member.name}`, depth + 1);
  }
  return made;
}

/** A service's answer as plain JSON, by the model; an answer that is not of its types is the service's defect and throws. */
export function toJson(model: Model, shape: Shape, value: unknown, path: string): unknown {
  switch (shape.kind) {
    case 'string': return typeof value === 'string' ? value : defect(path, 'a string', value);
    case 'boolean': return typeof value === 'boolean' ? value : defect(path, 'a boolean', value);
    case 'number': return typeof value === 'number' ? (Number.isFinite(value) ? value : String(value)) : defect(path, 'a number', value);
    case 'timestamp': return shape.format && shape.format !== 'epoch-seconds' ? formatTimestamp(value, shape.format) : instant(value) / 1000;
    case 'blob': case 'stream': return blobOf(value, path).toString('base64');
    case 'document': return value;
    case 'unit': return {};
    case 'list': return Array.isArray(value) ? value.map((item, index) => toJson(model, model.shape(shape.element.type), item, `${path}[${index}]`)) : defect(path, 'a list', value);
    case 'map': {
      if (!isObject(value)) return defect(path, 'a map', value);
      const element = model.shape(shape.value.type);
      return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined).map(([key, item]) => [key, item === null ? null : toJson(model, element, item, `${path}.${key}`)]));
    }
    default: return isObject(value) ? structureToJson(model, shape.members, value, path) : defect(path, 'an object', value);
  }
}

/** Writes the members given, which of a REST answer's outermost structure are those of the body. */
export function structureToJson(model: Model, members: readonly Member[], value: Record<string, unknown>, path: string): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const member of members) {
    const own = value[member.name];
    if (own === undefined || own === null) continue;
    made[member.json] = toJson(model, model.shape(member.type), own, `${path}.${member.name}`);
  }
  return made;
}

/** The bytes of a blob a service answered. */
export function blobOf(value: unknown, path: string): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return defect(path, 'bytes or text', value);
}

/** True for an object that is neither null, a list nor bytes. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);
}

/** Reports an answer that is not of the model's type; the caller sees a 500. */
export function defect(path: string, wanted: string, got: unknown): never {
  throw new TypeError(`the answer's ${path} must be ${wanted}, got ${nameOf(got)}`);
}

function mismatch(path: string, wanted: string, got: unknown): never {
  throw serializationFault(`${path} must be ${wanted}, got ${nameOf(got)}`);
}

function nameOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `the ${typeof value} ${String(value).slice(0, 40)}`;
}
