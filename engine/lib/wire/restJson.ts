import type { Member, Model, Structure } from './model.ts';
import type { Decoded, Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { WireFault } from './fault.ts';
import { Routes } from './routes.ts';
import { fromBindings, toBindings } from './bindings.ts';
import { blobOf, fromJson, parseJson, structureFromJson, structureToJson, toJson } from './json.ts';
import { requireMembers } from './violation.ts';

const NOTHING = new Uint8Array(0);
const routes = new WeakMap<Model, Routes>();

/** The operation a REST request means, by its method, path and parameters. */
export function route(model: Model, request: WireRequest): { operation: string; labels: ReadonlyMap<string, string> } {
  let known = routes.get(model);
  if (!known) routes.set(model, known = new Routes(model));
  const found = known.find(request);
  if (found) return found;
  throw new WireFault({ code: 'UnknownOperationException', status: 404, message: `${model.service} has no operation at ${request.method} ${request.path.slice(0, 200)}` });
}

/** The input of a REST operation; how the body is read is the protocol's. */
export function restInput(model: Model, operation: string, request: WireRequest, labels: ReadonlyMap<string, string>, body: (shape: Structure) => Record<string, unknown>): Record<string, unknown> {
  const shape = model.shape(model.operation(operation).input);
  if (shape.kind !== 'structure') return {};
  const input = { ...body(shape), ...fromBindings(model, shape, request, labels) };
  requireMembers(model, shape, input);
  return input;
}

/** A payload that is bytes or text is the body itself; an empty one counts as absent where the operation needs it. */
export function rawPayload(model: Model, member: Member, body: Uint8Array): Record<string, unknown> | undefined {
  const { kind } = model.shape(member.type);
  if (kind !== 'blob' && kind !== 'stream' && kind !== 'string') return undefined;
  if (body.length === 0 && (member.required || kind !== 'stream')) return {};
  return { [member.name]: kind === 'string' ? Buffer.from(body).toString('utf8') : body };
}

/** The outermost structure's members that travel in the body. */
export function bodyMembers(shape: Structure): readonly Member[] {
  return shape.members.filter((member) => member.in === undefined);
}

/** Raw bytes without a type get one, unless it is a member of the answer, which the service alone decides. */
export function typed(shape: Structure, headers: Record<string, string>, type: string): Record<string, string> {
  return shape.members.some((member) => member.in === 'header' && member.wire === 'content-type') ? headers : { 'content-type': type, ...headers };
}

function bodyFromJson(model: Model, shape: Structure, request: WireRequest): Record<string, unknown> {
  const payload = shape.members.find((member) => member.in === 'payload');
  if (payload) {
    const raw = rawPayload(model, payload, request.body);
    if (raw) return raw;
    return request.body.length === 0 ? {} : { [payload.name]: fromJson(model, model.shape(payload.type), parseJson(request.body), payload.name) };
  }
  const members = bodyMembers(shape);
  return members.length === 0 ? {} : structureFromJson(model, members, parseJson(request.body));
}

function encode(model: Model, operation: string, output: Record<string, unknown>): WireResponse {
  const shape = model.shape(model.operation(operation).output);
  const success = model.operation(operation).http?.[2] ?? 200;
  if (shape.kind !== 'structure') return { status: success, headers: {}, body: NOTHING };
  const { headers, status = success } = toBindings(model, shape, output);
  const payload = shape.members.find((member) => member.in === 'payload');
  if (payload) {
    const value = output[payload.name];
    if (value === undefined || value === null) return { status, headers, body: NOTHING };
    const { kind } = model.shape(payload.type);
    if (kind === 'blob' || kind === 'stream' || kind === 'string') return { status, headers: typed(shape, headers, 'application/octet-stream'), body: blobOf(value, payload.name) };
    return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify(toJson(model, model.shape(payload.type), value, payload.name))) };
  }
  const members = bodyMembers(shape);
  if (status === 204 || (members.length === 0 && shape.members.length > 0)) return { status, headers, body: NOTHING };
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: Buffer.from(JSON.stringify(structureToJson(model, members, output, operation))) };
}

/** AppConfig writes `Message`, as its model has it, and leaves an internal error's body empty; Lambda adds the `Type` of its own. */
function fault(model: Model, refusal: WireFault): WireResponse {
  const shape = model.error(refusal.code);
  const status = refusal.status ?? shape?.error?.status ?? 400;
  const bound = shape ? toBindings(model, shape, { ...refusal.members }) : { headers: {} };
  const extra = shape ? structureToJson(model, bodyMembers(shape), { ...refusal.members }, refusal.code) : refusal.members;
  const text = model.service === 'lambda' && shape?.members.some(({ name }) => name === 'message') ? 'message' : 'Message';
  const type = model.service === 'lambda' ? { Type: status < 500 ? 'User' : 'Service' } : {};
  const body = model.service === 'appconfig' && refusal.code === 'InternalServerException' ? {} : { ...type, [text]: refusal.message, ...extra };
  return {
    status,
    headers: { ...bound.headers, 'content-type': 'application/json', 'x-amzn-errortype': `${refusal.code}:` },
    body: Buffer.from(JSON.stringify(body)),
  };
}

/** REST with bodies of JSON: AppConfig and its data plane, Lambda. */
export const restJson: Protocol = {
  decode(model: Model, request: WireRequest): Decoded {
    const { operation, labels } = route(model, request);
    return { operation, input: () => restInput(model, operation, request, labels, (shape) => bodyFromJson(model, shape, request)) };
  },
  encode,
  fault,
};
