import type { Member, Model, Structure } from './model.ts';
import type { Decoded, Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './message.ts';
import type { WireFault } from './fault.ts';
import { toBindings } from './bindings.ts';
import { blobOf } from './json.ts';
import { bodyMembers, rawPayload, restInput, route, typed } from './restJson.ts';
import { parseXml } from './element.ts';
import { element, escapeXml, fromXml, membersToXml, structureFromXml, toXml } from './xml.ts';

const NOTHING = new Uint8Array(0);
const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';

function bodyFromXml(model: Model, shape: Structure, request: WireRequest): Record<string, unknown> {
  const payload = shape.members.find((member) => member.in === 'payload');
  if (payload) {
    const raw = rawPayload(model, payload, request.body);
    if (raw) return raw;
    return request.body.length === 0 ? {} : { [payload.name]: fromXml(model, payload, [parseXml(request.body)]) };
  }
  const members = bodyMembers(shape);
  return members.length === 0 || request.body.length === 0 ? {} : structureFromXml(model, members, parseXml(request.body));
}

function xml(status: number, headers: Readonly<Record<string, string>>, text: string): WireResponse {
  return { status, headers: { 'content-type': 'application/xml', ...headers }, body: Buffer.from(DECLARATION + text) };
}

function payloadToXml(model: Model, payload: Member, value: unknown): string {
  const shape = model.shape(payload.type);
  const name = payload.xml === payload.name && shape.kind === 'structure' ? shape.xml ?? shape.name : payload.xml;
  return toXml(model, payload, value, name);
}

function encode(model: Model, operation: string, output: Record<string, unknown>): WireResponse {
  const shape = model.shape(model.operation(operation).output);
  const success = model.operation(operation).http?.[2] ?? 200;
  if (shape.kind !== 'structure') return { status: success, headers: {}, body: NOTHING };
  // A part of an object is 206, which the model does not say.
  const { headers, status = output['ContentRange'] === undefined ? success : 206 } = toBindings(model, shape, output);
  const payload = shape.members.find((member) => member.in === 'payload');
  if (payload) {
    const value = output[payload.name];
    if (value === undefined || value === null) return { status, headers, body: NOTHING };
    const { kind } = model.shape(payload.type);
    if (kind === 'blob' || kind === 'stream' || kind === 'string') return { status, headers: typed(shape, headers, 'binary/octet-stream'), body: blobOf(value, payload.name) };
    return xml(status, headers, payloadToXml(model, payload, value));
  }
  const members = bodyMembers(shape);
  if (members.length === 0) return { status, headers, body: NOTHING };
  const namespace = model.xmlNamespace === '' ? '' : ` xmlns="${escapeXml(model.xmlNamespace)}"`;
  // S3 answers GetBucketLocation with the one element itself, not with a structure around it.
  if (operation === 'GetBucketLocation') return xml(status, headers, element('LocationConstraint', escapeXml(String(output['LocationConstraint'] ?? '')), namespace));
  return xml(status, headers, element(shape.xml ?? shape.name.replace(/Output$/, 'Result'), membersToXml(model, members, output), namespace));
}

/** A HEAD has no body to put an error in; its code is left to the status. */
function fault(model: Model, refusal: WireFault, requestId: string): WireResponse {
  const shape = model.error(refusal.code);
  const status = refusal.status ?? shape?.error?.status ?? 400;
  const bound = shape ? toBindings(model, shape, { ...refusal.members }) : { headers: {} };
  const extra = Object.entries(refusal.members).map(([name, value]) => element(name, escapeXml(String(value)))).join('');
  const text = element('Code', escapeXml(refusal.code)) + element('Message', escapeXml(refusal.message)) + extra + element('RequestId', escapeXml(requestId));
  return xml(status, bound.headers, element('Error', text));
}

/** REST with bodies of XML: S3. */
export const restXml: Protocol = {
  decode(model: Model, request: WireRequest): Decoded {
    const { operation, labels } = route(model, request);
    return { operation, input: () => restInput(model, operation, request, labels, (shape) => bodyFromXml(model, shape, request)) };
  },
  encode,
  fault,
};
