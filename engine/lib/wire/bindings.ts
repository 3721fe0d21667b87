import type { Member, Model, Shape, Structure } from './model.ts';
import type { WireRequest } from './message.ts';
import { formatTimestamp, parseTimestamp } from './timestamp.ts';
import { serializationFault } from './violation.ts';
import { blobOf, defect, isObject } from './json.ts';

/** The members of an input that travel in labels, query and headers. Labels are percent-decoded here. */
export function fromBindings(model: Model, shape: Structure, request: WireRequest, labels: ReadonlyMap<string, string>): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  for (const member of shape.members) {
    const value = bound(model, member, request, labels, shape);
    if (value !== undefined) input[member.name] = value;
  }
  return input;
}

function bound(model: Model, member: Member, request: WireRequest, labels: ReadonlyMap<string, string>, owner: Structure): unknown {
  switch (member.in) {
    case 'label': {
      const label = labels.get(member.name);
      return label === undefined ? undefined : fromText(model, member, percentDecode(label, member.name));
    }
    case 'query': {
      const sent = request.query.getAll(member.wire);
      const shape = model.shape(member.type);
      if (sent.length === 0) return undefined;
      return shape.kind === 'list' ? sent.map((item) => fromText(model, shape.element, item)) : fromText(model, member, sent[0] ?? '');
    }
    case 'header': {
      const sent = request.headers[member.wire];
      return sent === undefined ? undefined : fromHeader(model, member, sent);
    }
    case 'prefix': return fromPrefix(request.headers, member.wire);
    case 'queries': {
      const taken = new Set(owner.members.filter((other) => other.in === 'query').map((other) => other.wire));
      return Object.fromEntries([...request.query].filter(([name]) => !taken.has(name)));
    }
    default: return undefined;
  }
}

function fromPrefix(headers: WireRequest['headers'], prefix: string): Record<string, string> | undefined {
  const found = Object.entries(headers).filter(([name]) => name.startsWith(prefix) && name.length > prefix.length);
  return found.length === 0 ? undefined : Object.fromEntries(found.map(([name, value]) => [name.slice(prefix.length), value]));
}

function fromHeader(model: Model, member: Member, sent: string): unknown {
  const shape = model.shape(member.type);
  if (shape.kind !== 'list') return fromText(model, member, sent);
  const dates = model.shape(shape.element.type).kind === 'timestamp';
  const items = dates ? sent.match(/[^,]+,[^,]+/g) ?? [] : splitHeader(sent);
  return items.map((item) => fromText(model, shape.element, item.trim()));
}

/** Commas inside quotes belong to the item. */
function splitHeader(value: string): string[] {
  const items = value.match(/\s*("(?:[^"\\]|\\.)*"|[^,]*)\s*(?:,|$)/g) ?? [];
  return items.map((item) => item.replace(/,$/, '').trim()).filter((item) => item !== '').map((item) => (item.startsWith('"') ? item.slice(1, -1).replace(/\\(.)/g, '$1') : item));
}

function fromText(model: Model, member: Member, text: string): unknown {
  return textOf(model.shape(member.type), text, member.name);
}

/** Reads a simple value from a label, a query, a header, a form or an element of XML; text of another type is refused by name. */
export function textOf(shape: Shape, text: string, name: string): unknown {
  switch (shape.kind) {
    case 'string': case 'document': return text;
    case 'number': {
      const number = text.trim() === '' ? NaN : Number(text);
      if (Number.isNaN(number) && text !== 'NaN') throw mismatch(name, 'a number', text);
      return number;
    }
    case 'boolean': {
      if (text !== 'true' && text !== 'false') throw mismatch(name, 'true or false', text);
      return text === 'true';
    }
    case 'timestamp': {
      const time = parseTimestamp(text);
      if (time === undefined) throw mismatch(name, 'a timestamp', text);
      return time;
    }
    case 'blob': case 'stream': return Buffer.from(text, 'base64');
    default: throw mismatch(name, `a ${shape.kind}`, text);
  }
}

function mismatch(name: string, wanted: string, got: string): Error {
  return serializationFault(`${name} must be ${wanted}, got ${got.slice(0, 80)}`);
}

function percentDecode(text: string, name: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw serializationFault(`${name} is not well percent-encoded: ${text.slice(0, 80)}`);
  }
}

/** The headers and status of an answer, by the model. */
export function toBindings(model: Model, shape: Structure, output: Record<string, unknown>): { headers: Record<string, string>; status?: number } {
  const headers: Record<string, string> = {};
  let status: number | undefined;
  for (const member of shape.members) {
    const value = output[member.name];
    if (value === undefined || value === null) continue;
    if (member.in === 'header') {
      headers[member.wire] = headerOf(model.shape(member.type), value, member, model);
    } else if (member.in === 'prefix') {
      if (!isObject(value)) defect(member.name, 'a map', value);
      for (const [name, item] of Object.entries(value)) headers[`${member.wire}${name.toLowerCase()}`] = safe(String(item));
    } else if (member.in === 'status') {
      status = typeof value === 'number' ? value : defect(member.name, 'a number', value);
    }
  }
  return status === undefined ? { headers } : { headers, status };
}

function headerOf(shape: Shape, value: unknown, member: Member, model: Model): string {
  if (shape.kind !== 'list') return safe(toText(shape, value, member.name, 'http-date'));
  if (!Array.isArray(value)) return defect(member.name, 'a list', value);
  const element = model.shape(shape.element.type);
  return value.map((item) => {
    const text = safe(toText(element, item, member.name, 'http-date'));
    return element.kind === 'string' && /[",]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text;
  }).join(', ');
}

/**
 * A header cannot hold line breaks or characters beyond Latin-1: those go percent-encoded rather than
 * breaking the answer, half a surrogate pair as the replacement character.
 */
function safe(text: string): string {
  return Buffer.from(text).toString().replace(/[^\t\x20-\x7e\x80-\xff]/gu, encodeURIComponent);
}

/** A simple value as text; a value of another type is the service's defect. */
export function toText(shape: Shape, value: unknown, name: string, format: 'date-time' | 'http-date'): string {
  switch (shape.kind) {
    case 'string': return typeof value === 'string' ? value : defect(name, 'a string', value);
    case 'number': return typeof value === 'number' ? String(value) : defect(name, 'a number', value);
    case 'boolean': return typeof value === 'boolean' ? String(value) : defect(name, 'a boolean', value);
    case 'timestamp': return formatTimestamp(value, shape.format ?? format);
    case 'blob': case 'stream': return blobOf(value, name).toString('base64');
    default: return defect(name, `a ${shape.kind}`, value);
  }
}
