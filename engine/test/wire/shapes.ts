import * as fc from 'fast-check';
import type { Member, Model, Shape, Structure } from '../../lib/wire/model.ts';

/** Values small enough to be sent by the thousand; text that HTTP headers and SDK parsers carry unchanged. */
const HEADER_TEXT = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,10}$/);
const BODY_TEXT = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => `<${text}&"\r\n>`);
const INTEGER = fc.integer({ min: -1_000_000, max: 1_000_000 });
/** Whole seconds, which every format of timestamps can say. */
const SECONDS = fc.integer({ min: 0, max: 4_000_000_000 }).map((seconds) => seconds * 1000);

/** Any value of a shape as the engine's services see it: instants in milliseconds, blobs as bytes. */
export function shapeArbitrary(model: Model, shape: Shape, depth = 0, place?: Member['in']): fc.Arbitrary<unknown> {
  switch (shape.kind) {
    case 'string': return place === undefined || place === 'payload' ? BODY_TEXT : HEADER_TEXT;
    case 'number': return INTEGER;
    case 'boolean': return fc.boolean();
    case 'timestamp': return SECONDS;
    case 'blob': case 'stream': return fc.uint8Array({ minLength: 1, maxLength: 12 }).map((bytes) => Buffer.from(bytes));
    case 'document': return fc.jsonValue({ maxDepth: 1 }).filter((value) => value !== null && !JSON.stringify(value).includes('-0'));
    case 'unit': return fc.constant({});
    case 'list': {
      const element = model.shape(shape.element.type);
      const item = shapeArbitrary(model, element, depth + 1, place);
      return fc.array(place === 'header' && element.kind === 'string' ? fc.oneof(item, fc.constant('one, "two"')) : item, { minLength: 1, maxLength: 2 });
    }
    case 'map': return fc.dictionary(place === undefined ? BODY_TEXT : HEADER_TEXT.map((key) => key.toLowerCase()), shapeArbitrary(model, model.shape(shape.value.type), depth + 1, place), { minKeys: 1, maxKeys: 2 });
    default: return structureArbitrary(model, shape, depth);
  }
}

/** Optional members come and go, and stop coming deep inside, where recursive shapes would not end. Forms cannot say an empty structure. */
function structureArbitrary(model: Model, shape: Structure, depth: number): fc.Arbitrary<Record<string, unknown>> {
  const member = (one: Member): fc.Arbitrary<unknown> => shapeArbitrary(model, model.shape(one.type), depth + 1, depth === 0 ? one.in : undefined);
  if (shape.union) {
    const simple = shape.members.filter((one) => model.shape(one.type).kind !== 'structure');
    const choices = depth > 3 && simple.length > 0 ? simple : shape.members;
    return fc.oneof(...choices.map((one) => member(one).map((value) => ({ [one.name]: value }))));
  }
  const wanted = shape.members.filter((one, index) => one.required || depth < 3 || index === 0);
  const needed = (one: Member): boolean => one.required || (depth > 0 && one === shape.members[0]);
  return fc.tuple(...wanted.map((one) => fc.tuple(fc.constant(one.name), needed(one) ? member(one) : fc.option(member(one), { nil: undefined, freq: 2 }))))
    .map((pairs) => Object.fromEntries(pairs.filter(([, value]) => value !== undefined)));
}

/** The same value as an SDK client takes and gives it: instants as Date. */
export function toSdk(model: Model, shape: Shape, value: unknown): unknown {
  switch (shape.kind) {
    case 'timestamp': return new Date(value as number);
    case 'list': return (value as unknown[]).map((item) => toSdk(model, model.shape(shape.element.type), item));
    case 'map': return Object.fromEntries(Object.entries(value as object).map(([key, item]) => [key, toSdk(model, model.shape(shape.value.type), item)]));
    case 'structure': return Object.fromEntries(shape.members.filter(({ name }) => Object.hasOwn(value as object, name)).map((member) => [member.name, toSdk(model, model.shape(member.type), (value as Record<string, unknown>)[member.name])]));
    default: return value;
  }
}

/** Comparable on both sides: bytes in one class; absent, undefined and null alike, and S3's metadata even when there are none. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') };
  if (value instanceof Date) return { instant: value.getTime() };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).filter(([key, item]) => item !== undefined && item !== null && !(key === 'Metadata' && Object.keys(item as object).length === 0)).map(([key, item]) => [key, plain(item)]));
  return value;
}
