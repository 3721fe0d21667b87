import { loadModel } from '../../wire/index.ts';
import { isObject } from '../asl/index.ts';
import { memberName } from './naming.ts';
import { sdkApi } from './sdk.ts';

type Model = ReturnType<typeof loadModel>;
type Shape = ReturnType<Model['shape']>;
type Structure = Shape & { readonly kind: 'structure' };
type Member = Structure['members'][number] & { readonly spelt: string };

/** Each structure's members are spelt once, not for each call. */
const spelt: WeakMap<Structure, readonly Member[]> = new WeakMap();

/** The input of an operation, or what AWS has against the Parameters it would be made of. */
export type Mapped = { readonly input: Record<string, unknown> } | { readonly objections: readonly string[] };

/** A Task's evaluated Parameters as an operation's input, by the model; null is nothing said. */
export function inputOf(service: string, operation: string, parameters: unknown): Mapped {
  const model = loadModel(service);
  const shape = model.shape(model.operation(operation).input);
  const objections: string[] = [];
  const given = isObject(parameters) ? parameters : {};
  const input = shape.kind === 'structure' ? structure(model, shape, given, objections) : {};
  return objections.length > 0 ? { objections } : { input };
}

/** What AWS has against a task's evaluated Parameters, before it schedules the task; nothing for what is no call of an API. */
export function apiObjections(resource: string, parameters: unknown): readonly string[] {
  const api = sdkApi(resource);
  if (api?.operation === undefined) return [];
  const mapped = inputOf(api.service, api.operation, parameters);
  return 'objections' in mapped ? mapped.objections : [];
}

/** What AWS has against the names in a Parameters template: those of the operation's own members, whose values are not known yet. */
export function templateObjections(service: string, operation: string, template: Readonly<Record<string, unknown>>): string[] {
  const model = loadModel(service);
  const shape = model.shape(model.operation(operation).input);
  const names = Object.keys(template).map((key) => key.replace(/\.\$$/, ''));
  return namesAgainst(shape.kind === 'structure' ? shape : undefined, names);
}

function namesAgainst(shape: Structure | undefined, names: readonly string[]): string[] {
  const members = shape === undefined ? [] : membersOf(shape);
  return [
    ...names.filter((name) => members.every((member) => member.spelt !== name)).map((name) => `The field "${name}" is not supported by Step Functions`),
    ...members.filter(({ spelt, required }) => required && !names.includes(spelt)).map(({ spelt }) => `The field '${spelt}' is required but was missing`),
  ];
}

/** A structure's members with their names as integrations spell them. */
function membersOf(shape: Structure): readonly Member[] {
  let members = spelt.get(shape);
  if (members === undefined) spelt.set(shape, members = shape.members.map((member) => ({ ...member, spelt: memberName(member.name) })));
  return members;
}

function structure(model: Model, shape: Structure, value: Readonly<Record<string, unknown>>, objections: string[]): Record<string, unknown> {
  objections.push(...namesAgainst(shape, Object.keys(value)));
  const made: Record<string, unknown> = {};
  for (const member of membersOf(shape)) {
    const own = value[member.spelt];
    if (own === undefined || own === null) continue;
    const type = model.shape(member.type);
    made[member.name] = member.in === 'payload' && type.kind === 'blob' ? body(own) : convert(model, type, own, member.spelt, objections);
  }
  return made;
}

function convert(model: Model, shape: Shape, value: unknown, name: string, objections: string[]): unknown {
  const wrong = (expected: string): undefined => {
    objections.push(`The value for the field '${name}' must be ${expected}`);
    return undefined;
  };
  switch (shape.kind) {
    case 'structure': return isObject(value) ? structure(model, shape, value, objections) : wrong('an OBJECT');
    case 'list': return Array.isArray(value) ? value.map((item) => convert(model, model.shape(shape.element.type), item, name, objections)) : wrong('an ARRAY');
    case 'map': return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, convert(model, model.shape(shape.value.type), item, name, objections)])) : wrong('an OBJECT');
    case 'string': return typeof value === 'string' ? value : wrong('a STRING');
    case 'number': return typeof value === 'number' ? value : wrong('a NUMBER');
    case 'boolean': return typeof value === 'boolean' ? value : wrong('a BOOLEAN');
    case 'timestamp': return instantOf(value) ?? wrong('an ISO 8601 timestamp');
    case 'stream': return body(value);
    case 'blob': return typeof value === 'string' ? Buffer.from(value, 'base64') : wrong('a STRING');
    case 'document': return value;
    case 'unit': return {};
  }
}

/** A body of its own is the value's JSON text, a string's with its quotation marks (recorded of s3:putObject). */
function body(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function instantOf(value: unknown): number | undefined {
  const time = typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(time) ? undefined : time;
}
