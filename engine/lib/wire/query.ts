import type { Member, Model, Structure } from './model.ts';
import type { Decoded, Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { WireFault } from './fault.ts';
import { textOf } from './bindings.ts';
import { element, escapeXml, membersToXml } from './xml.ts';
import { requireMembers, serializationFault } from './violation.ts';

/** A form's dotted names as a tree: `Tags.member.1.Key` is four levels. */
interface Branch {
  value?: string;
  readonly children: Map<string, Branch>;
}

const DEEPEST = 100;

function grow(parameters: URLSearchParams): Branch {
  const root: Branch = { children: new Map() };
  for (const [name, value] of parameters) {
    const parts = name.split('.');
    if (parts.length > DEEPEST) throw serializationFault(`a parameter is nested deeper than ${DEEPEST} levels: ${name.slice(0, 80)}`);
    let branch = root;
    for (const part of parts) {
      const next: Branch = branch.children.get(part) ?? { children: new Map() };
      branch.children.set(part, next);
      branch = next;
    }
    branch.value = value;
  }
  return root;
}

function fromForm(model: Model, shape: Structure, branch: Branch): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const member of shape.members) {
    const own = branch.children.get(member.xml);
    if (own) made[member.name] = memberFromForm(model, member, own);
  }
  return made;
}

function memberFromForm(model: Model, member: Member, branch: Branch): unknown {
  const shape = model.shape(member.type);
  switch (shape.kind) {
    case 'structure': return fromForm(model, shape, branch);
    case 'list': return numbered(member.flat ? branch : branch.children.get(shape.element.xml)).map((item) => memberFromForm(model, shape.element, item));
    case 'map': return Object.fromEntries(numbered(member.flat ? branch : branch.children.get('entry')).map((entry) => {
      const value = entry.children.get(shape.value.xml);
      return [entry.children.get(shape.key.xml)?.value ?? '', value && memberFromForm(model, shape.value, value)];
    }));
    default: return textOf(shape, branch.value ?? '', member.name);
  }
}

/** The branches named 1, 2, 3 … in the order of their numbers. */
function numbered(branch: Branch | undefined): Branch[] {
  if (!branch) return [];
  return [...branch.children].filter(([name]) => /^\d{1,9}$/.test(name)).sort(([a], [b]) => Number(a) - Number(b)).map(([, item]) => item);
}

function answer(status: number, name: string, namespace: string, content: string): WireResponse {
  return { status, headers: { 'content-type': 'text/xml' }, body: Buffer.from(element(name, content, ` xmlns="${escapeXml(namespace)}"`)) };
}

/** Forms in, XML out: STS, and the older way to speak to CloudWatch. */
export const query: Protocol = {
  decode(model: Model, request: WireRequest): Decoded {
    const form = new URLSearchParams(Buffer.from(request.body).toString('utf8'));
    const parameters = new URLSearchParams([...request.query, ...form]);
    const operation = parameters.get('Action') ?? '';
    if (!model.operations.has(operation)) {
      throw new WireFault({ code: 'InvalidAction', status: 400, message: `Could not find operation ${operation.slice(0, 100)} for version ${(parameters.get('Version') ?? 'NO_VERSION_SPECIFIED').slice(0, 40)}` });
    }
    return {
      operation,
      input: () => {
        const shape = model.shape(model.operation(operation).input);
        if (shape.kind !== 'structure') return {};
        const input = fromForm(model, shape, grow(parameters));
        requireMembers(model, shape, input);
        return input;
      },
    };
  },

  encode(model: Model, operation: string, output: Record<string, unknown>, requestId: string): WireResponse {
    const shape = model.shape(model.operation(operation).output);
    const result = shape.kind === 'structure' ? element(`${operation}Result`, membersToXml(model, shape.members, output)) : '';
    const metadata = element('ResponseMetadata', element('RequestId', escapeXml(requestId)));
    return answer(200, `${operation}Response`, model.xmlNamespace, result + metadata);
  },

  fault(model: Model, refusal: WireFault, requestId: string): WireResponse {
    const shape = model.error(refusal.code);
    const status = refusal.status ?? shape?.error?.status ?? 400;
    const extra = shape ? membersToXml(model, shape.members, { ...refusal.members }) : '';
    const error = element('Type', status < 500 ? 'Sender' : 'Receiver') + element('Code', escapeXml(shape?.error?.queryCode ?? refusal.code)) + element('Message', escapeXml(refusal.message)) + extra;
    return answer(status, 'ErrorResponse', model.xmlNamespace, element('Error', error) + element('RequestId', escapeXml(requestId)));
  },
};
