import type { loadModel } from '../wire/index.ts';
import { ResourceFailure } from './provider.ts';
import { fieldsOf } from './template/intrinsic.ts';
import { scalarText } from './template/functions.ts';

type Model = ReturnType<typeof loadModel>;
type Shape = ReturnType<Model['shape']>;

/**
 * A template's values as the input of an operation: names in the model's spelling (`name` for `Name`), numbers and booleans out of text,
 * JSON text out of documents, maps out of lists of tags. Refuses what the operation does not know.
 */
export function modelled(model: Model, type: string, value: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return convert(model, model.shape(type), value, '#') as Record<string, unknown>;
}

function convert(model: Model, shape: Shape, value: unknown, path: string): unknown {
  switch (shape.kind) {
    case 'structure': return structure(model, shape, value, path);
    case 'list': {
      if (!Array.isArray(value)) throw wrong(path, 'JSONArray', value);
      return value.map((item, index) => convert(model, model.shape(shape.element.type), item, `${path}/${index}`));
    }
    case 'map': return map(model, shape, value, path);
    case 'number': {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number !== 'number' || !Number.isFinite(number)) throw wrong(path, 'Number', value);
      return number;
    }
    case 'boolean': {
      if (value === true || value === 'true') return true;
      if (value === false || value === 'false') return false;
      throw wrong(path, 'Boolean', value);
    }
    case 'string': return scalarText(value) ?? JSON.stringify(value);
    case 'blob': case 'stream': return typeof value === 'string' ? Buffer.from(value) : value;
    default: return value;
  }
}

function structure(model: Model, shape: Shape & { kind: 'structure' }, value: unknown, path: string): Record<string, unknown> {
  const fields = fieldsOf(value);
  if (!fields) throw wrong(path, 'JSONObject', value);
  const made: Record<string, unknown> = {};
  for (const [name, item] of Object.entries(fields)) {
    if (item === undefined || item === null) continue;
    const lower = name.charAt(0).toLowerCase() + name.slice(1);
    const member = shape.members.find((one) => one.name === name) ?? shape.members.find((one) => one.name === lower);
    if (!member) throw new ResourceFailure(`Properties validation failed with message: ${path}: extraneous key [${name}] is not permitted`);
    made[member.name] = convert(model, model.shape(member.type), item, `${path}/${name}`);
  }
  return made;
}

function map(model: Model, shape: Shape & { kind: 'map' }, value: unknown, path: string): Record<string, unknown> {
  const inner = model.shape(shape.value.type);
  const tags = Array.isArray(value) ? value.map((tag) => fieldsOf(tag)) : undefined;
  if (tags?.every((tag) => tag !== undefined && 'Key' in tag) === true) return Object.fromEntries(tags.map((tag) => [String(tag?.['Key']), convert(model, inner, tag?.['Value'], path)]));
  const fields = fieldsOf(value);
  if (!fields) throw wrong(path, 'JSONObject', value);
  return Object.fromEntries(Object.entries(fields).map(([key, item]) => [key, convert(model, inner, item, `${path}/${key}`)]));
}

function wrong(path: string, expected: string, value: unknown): ResourceFailure {
  const found = Array.isArray(value) ? 'JSONArray' : value === null ? 'Null' : typeof value === 'object' ? 'JSONObject' : typeof value === 'string' ? 'String' : typeof value === 'number' ? 'Number' : 'Boolean';
  return new ResourceFailure(`Properties validation failed with message: ${path}: expected type: ${expected}, found: ${found}`);
}
