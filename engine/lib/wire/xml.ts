import type { Member, Model, Structure } from './model.ts';
import type { XmlElement } from './element.ts';
import { textOf, toText } from './bindings.ts';
import { defect, isObject } from './json.ts';

/** Input from the elements of one member (several where a list or map is flat), by the model. */
export function fromXml(model: Model, member: Member, nodes: readonly XmlElement[]): unknown {
  const shape = model.shape(member.type);
  const [node] = nodes;
  switch (shape.kind) {
    case 'structure': return node ? structureFromXml(model, shape.members, node) : {};
    case 'list': return (member.flat ? nodes : children(node, shape.element.xml)).map((item) => fromXml(model, shape.element, [item]));
    case 'map': return Object.fromEntries((member.flat ? nodes : children(node, 'entry')).map((entry) => [
      children(entry, shape.key.xml)[0]?.text ?? '', fromXml(model, shape.value, children(entry, shape.value.xml)),
    ]));
    default: return textOf(shape, node?.text ?? '', member.name);
  }
}

/** Reads the members given from an element; elements the model does not know are dropped. */
export function structureFromXml(model: Model, members: readonly Member[], node: XmlElement): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const member of members) {
    if (member.attribute) {
      const text = node.attributes.get(member.xml);
      if (text !== undefined) made[member.name] = textOf(model.shape(member.type), text, member.name);
    } else {
      const own = children(node, member.xml);
      if (own.length > 0) made[member.name] = fromXml(model, member, own);
    }
  }
  return made;
}

function children(node: XmlElement | undefined, name: string): readonly XmlElement[] {
  return node ? node.children.filter((child) => child.name === name) : [];
}

/** Text made safe for XML; characters XML cannot hold become the replacement character. */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\ufffd]/g, '\ufffd')
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
    default: return element(name, escapeXml(toText(shape, value, member.name, 'date-time')));
  }
}

function attributes(model: Model, shape: Structure, value: Record<string, unknown>, member: Member): string {
  const [prefix, uri] = member.namespace ?? shape.namespace ?? [];
  const namespace = uri === undefined ? '' : ` xmlns${prefix === '' ? '' : `:${prefix}`}="${escapeXml(uri)}"`;
  return namespace + shape.members.filter((own) => own.attribute && value[own.name] !== undefined)
    .map((own) => ` ${own.xml}="${escapeXml(toText(model.shape(own.type), value[own.name], own.name, 'date-time'))}"`).join('');
}
