import type { Context } from '../policy/condition.ts';

/** A call as far as it matters for what it is allowed by. */
export interface Asked {
  /** The model's name of the service. */
  readonly service: string;
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** One thing a caller must be allowed. */
export interface Requirement {
  /** `s3:GetObject`. */
  readonly action: string;
  /** An ARN, or `*`. */
  readonly resource: string;
  readonly context?: Context;
}

/**
 * What an operation requires: `[Action ]resource`, the action being the operation's own name if left out and of another vendor if it names one. The resource is `*` or the end of
 * an ARN with members of the input in braces: `{Key}` is `*` when absent, one requirement for each of a list; `{Key?}` requires nothing
 * when absent. A value that is an ARN stands for itself, and `*` in braces alone for no resource. Several texts are all required, and an empty list requires nothing.
 */
export type Rule = string | readonly string[];

/** The actions and resources of one service, from AWS's Service Authorization Reference. */
export interface ActionTable {
  /** The vendor in front of its actions. */
  readonly prefix: string;
  /** What its ARNs begin with. */
  readonly base: string;
  readonly rules: Readonly<Record<string, Rule>>;
  /** Further or other values for the braces. @default the input's members */
  readonly values?: (asked: Asked) => Readonly<Record<string, unknown>>;
  /** The service's own condition keys for an action, in lower case. @default none */
  readonly context?: (asked: Asked, action: string) => Context;
  /** Operations that hand a role to a service, which needs iam:PassRole on it. @default none */
  readonly passes?: { readonly service: string; readonly operations: readonly string[] };
}

/** Members that hold roles, whatever they lie in. */
const ROLE_MEMBERS: ReadonlySet<string> = new Set(['Role', 'RoleArn', 'roleArn', 'RoleARN', 'AlarmRoleArn', 'RetrievalRoleArn']);

/** All a call requires; an operation without a rule requires its own action on `*`. */
export function requirementsOf(table: ActionTable, asked: Asked): readonly Requirement[] {
  const rule = Object.hasOwn(table.rules, asked.operation) ? table.rules[asked.operation] : undefined;
  const values = table.values ? { ...asked.input, ...table.values(asked) } : asked.input;
  const required: Requirement[] = [];
  for (const text of typeof rule === 'object' ? rule : [rule ?? '*']) {
    const template = templateOf(text);
    const action = template.action?.includes(':') ? template.action : `${table.prefix}:${template.action ?? asked.operation}`;
    const resources = resourcesOf(table.base, template, values);
    const context = resources.length > 0 ? table.context?.(asked, action) : undefined;
    for (const resource of resources) required.push(context ? { action, resource, context } : { action, resource });
  }
  return table.passes ? [...required, ...passed(table, asked)] : required;
}

function passed({ passes }: ActionTable, { operation, input }: Asked): readonly Requirement[] {
  if (!passes?.operations.includes(operation)) return [];
  return rolesIn(input).map((resource) => ({ action: 'iam:PassRole', resource, context: { 'iam:passedtoservice': passes.service } }));
}

/** The ARNs of all roles that an input hands on. */
export function rolesIn(value: unknown): readonly string[] {
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return [];
  const found = Object.entries(value).flatMap(([key, item]) => (ROLE_MEMBERS.has(key) && typeof item === 'string' && item !== '' ? [item] : rolesIn(item)));
  return [...new Set(found)];
}

function resourcesOf(base: string, { all, alone, pieces }: Template, values: Readonly<Record<string, unknown>>): readonly string[] {
  if (all || (alone !== undefined && values[alone] === '*')) return ['*'];
  let made: readonly string[] = [base];
  for (const { literal, name, optional } of pieces) {
    const own = name === undefined ? literal : listed(values[name]);
    if (own.length === 0 && optional) return [];
    made = typeof own === 'string' ? made.map((head) => followed(head, own)) : made.flatMap((head) => (own.length === 0 ? ['*'] : own).map((value) => followed(head, value)));
  }
  return made;
}

/** What follows stands for itself when it is an ARN. */
function followed(head: string, value: string): string {
  return value.startsWith('arn:') ? value : head + value;
}

/** A rule's text, taken apart. */
interface Template {
  /** What stands before the resource: an action, of another vendor with that in front. */
  readonly action: string | undefined;
  /** Whether the resource is `*`. */
  readonly all: boolean;
  /** The member that is all of the resource. */
  readonly alone: string | undefined;
  readonly pieces: readonly { readonly literal: string; readonly name: string | undefined; readonly optional: boolean }[];
}

const templates: Map<string, Template> = new Map();

function templateOf(text: string): Template {
  let template = templates.get(text);
  if (!template) {
    const [first = '', second] = text.split(' ');
    const resource = second ?? first;
    template = {
      action: second === undefined ? undefined : first,
      all: resource === '*',
      alone: /^\{(\w+)\}$/.exec(resource)?.[1],
      pieces: resource.split(/(\{\w+\??\})/).map((literal) => {
        const [, name, optional] = /^\{(\w+)(\??)\}$/.exec(literal) ?? [];
        return { literal, name, optional: optional === '?' };
      }),
    };
    templates.set(text, template);
  }
  return template;
}

function listed(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  return typeof value === 'string' && value !== '' ? [value] : typeof value === 'number' ? [String(value)] : [];
}

/** A member that is text, or nothing. */
export function textOf(input: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = input[name];
  return typeof value === 'string' ? value : undefined;
}
