import { XMLParser, XMLValidator } from 'fast-xml-parser';
import type { Member, Model, Shape, Structure } from './model.ts';
import { textOf, toText } from './bindings.ts';
import { defect, isObject } from './json.ts';
import { WireFault } from './fault.ts';

const ATTRIBUTE = '@';
const TEXT = '#text';

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: ATTRIBUTE,
  textNodeName: TEXT,
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: false,
  ignoreDeclaration: true,
  htmlEntities: false,
});

/** The element at the root of an XML body, as nested objects of text; a document type is refused, entities being its only use. */
export function parseXml(body: Uint8Array): unknown {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8');
  if (text.includes('<!DOCTYPE')) throw malformed('a document type declaration is not accepted');
  const verdict = XMLValidator.validate(text);
  if (verdict !== true) throw malformed(verdict.err.msg);
  let tree: Record<string, unknown>;
  try {
    tree = parser.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : String(error));
  }
  const root = Object.keys(tree).find((key) => key !== TEXT && !key.startsWith('?'));
  if (root === undefined) throw malformed('there is no element');
  return tree[root];
}

function malformed(why: string): WireFault {
  return new WireFault({ code: 'MalformedXML', status: 400, message: `The XML you provided was not well-formed or did not validate against our published schema (${why})` });
}

/** Input from a parsed element, by the model. */
export function fromXml(model: Model, member: Member, node: unknown): unknown {
  const shape = model.shape(member.type);
  switch (shape.kind) {
    case 'structure': return structureFromXml(model, shape.members, node);
    case 'list': {
      const items = member.flat ? node : child(node, shape.element.xml);
      return many(items).map((item) => fromXml(model, shape.element, item));
    }
    case 'map': return Object.fromEntries(many(member.flat ? node : child(node, 'entry')).map((entry) => [
      textIn(child(entry, shape.key.xml)), fromXml(model, shape.value, child(entry, shape.value.xml)),
    ]));
    default: return textOf(shape, textIn(node), member.name);
  }
}

/** Reads the members given from an element; elements the model does not know are dropped. */
export function structureFromXml(model: Model, members: readonly Member[], node: unknown): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const member of members) {
    const own = child(node, member.attribute ? `${ATTRIBUTE}${member.xml}` : member.xml);
    if (own !== undefined) made[member.name] = fromXml(model, member, own);
  }
  return made;
}

function child(node: unknown, name: string): unknown {
  return isObject(node) && Object.hasOwn(node, name) ? node[name] : undefined;
}

function many(node: unknown): unknown[] {
  if (node === undefined) return [];
  return Array.isArray(node) ? node : [node];
}

/** The text of an element, without that around its children. */
function textIn(node: unknown): string {
  if (typeof node === 'string') return node;
  const text = child(node, TEXT);
  return typeof text === 'string' ? text : '';
}

/** Text made safe for XML; characters XML cannot hold become the replacement character. */
export function escapeXml(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' };

/** An element with content that is XML already. */
export function element(name: string, content: string, attributes = ''): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

/** The elements of the members given, by the model; an answer that is not of its types throws. */
export function membersToXml(model: Model, members: readonly Member[], value: Record<string, unknown>): string {
  return members.map((member) => {
    const own = value[member.name];
    return own === undefined || own === null || member.attribute ? '' : toXml(model, member, own);
  }).join('');
}

/** A member's element or, where a list or map is flat, its elements. */
export function toXml(model: Model, member: Member, value: unknown, name: string = member.xml): string {
  const shape = model.shape(member.type);
  switch (shape.kind) {
    case 'structure': {
      if (!isObject(value)) return defect(member.name, 'an object', value);
      return element(name, membersToXml(model, shape.members, value), attributes(model, shape, value, member));
    }
    case 'list': {
      if (!Array.isArray(value)) return defect(member.name, 'a list', value);
      const items = value.map((item) => toXml(model, shape.element, item, member.flat ? name : shape.element.xml)).join('');
      return member.flat ? items : element(name, items);
    }
    case 'map': {
      if (!isObject(value)) return defect(member.name, 'a map', value);
      const entries = Object.entries(value).map(([key, item]) => element(member.flat ? name : 'entry', element(shape.key.xml, escapeXml(key)) + toXml(model, shape.value, item))).join('');
      return member.flat ? entries : element(name, entries);
    }
    default: return element(name, escapeXml(toText(shape as Shape, value, member.name, 'date-time')));
  }
}

function attributes(model: Model, shape: Structure, value: Record<string, unknown>, member: Member): string {
  const [prefix, uri] = member.namespace ?? shape.namespace ?? [];
  const namespace = uri === undefined ? '' : ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeXml(uri)}"`;
  return namespace + shape.members.filter((own) => own.attribute && value[own.name] !== undefined)
    .map((own) => ` ${own.xml}="${escapeXml(toText(model.shape(own.type), value[own.name], own.name, 'date-time'))}"`).join('');
}
