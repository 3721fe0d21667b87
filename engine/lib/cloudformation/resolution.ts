import { ResourceFailure, type Properties, type Provider } from './provider.ts';
import type { Workshop } from './operation.ts';
import type { Stack, StackOutput, StackResource, StackTag } from './stack.ts';
import { evaluated, type Scope } from './template/evaluation.ts';
import { fieldsOf } from './template/intrinsic.ts';
import { scalarText } from './template/functions.ts';
import { pseudo, type Plan, type PlannedResource } from './template/plan.ts';
import { invalid, unbuilt } from './refusal.ts';
import { WireFault } from '../wire/index.ts';

/** The scope of a plan over resources that exist. Names of exports that are read are added to `imports`. */
export function liveScope({ stacks }: Workshop, stack: Stack, plan: Plan, resources: ReadonlyMap<string, StackResource>, imports: Set<string>): Scope {
  const existing = (id: string): StackResource => {
    const found = resources.get(id);
    if (!found) throw invalid(`Template format error: Unresolved resource dependencies [${id}] in the Resources block of the template`);
    return found;
  };
  return {
    region: plan.place.region,
    mappings: plan.template.mappings,
    ref: (name) => plan.parameters.get(name)?.value ?? pseudo(name, plan.place) ?? existing(name).ref,
    attribute: (id, name) => attributeOf(existing(id), name),
    imported: (name) => {
      const found = stacks.exported(name);
      if (!found || found.stack === stack) throw invalid(`No export named ${name} found. Rollback requested by user.`);
      imports.add(name);
      return found.value;
    },
  };
}

/** A resource's attribute; a dotted name may also lead into an attribute that is an object. */
export function attributeOf({ id, type, attributes }: StackResource, name: string): unknown {
  if (Object.hasOwn(attributes, name)) return attributes[name];
  const [first = '', ...rest] = name.split('.');
  let value: unknown = Object.hasOwn(attributes, first) ? attributes[first] : undefined;
  for (const part of rest) {
    const fields = fieldsOf(value);
    value = fields && Object.hasOwn(fields, part) ? fields[part] : undefined;
  }
  if (value === undefined) throw invalid(`Requested attribute ${name} does not exist in schema for ${type} (of ${id}); sluice-engine has ${Object.keys(attributes).join(', ') || 'none'}`);
  return value;
}

/** A planned resource's properties in a scope, with the stack's tags and its dynamic references; refuses what the type does not know. */
export function propertiesOf(shop: Workshop, provider: Provider, planned: PlannedResource, scope: Scope, tags: readonly StackTag[]): Properties {
  let properties: Properties;
  try {
    properties = dynamic(evaluated(planned.properties, scope), shop) as Properties;
  } catch (error) {
    if (error instanceof WireFault) throw new ResourceFailure(error.message);
    throw error;
  }
  const failed = (what: string): ResourceFailure => new ResourceFailure(`Properties validation failed for resource ${planned.id} with message: #: ${what}`);
  const missing = (provider.required ?? []).find((name) => properties[name] === undefined);
  if (missing !== undefined) throw failed(`required key [${missing}] not found`);
  const known = (name: string): boolean => Object.hasOwn(provider.properties, name) || Object.hasOwn(provider.properties, '*');
  const extra = Object.keys(properties).find((name) => !known(name));
  if (extra !== undefined) throw failed(`extraneous key [${extra}] is not permitted; of ${planned.type} sluice-engine knows ${Object.keys(provider.properties).join(', ')}`);
  return Object.hasOwn(provider.properties, 'Tags') && tags.length > 0 ? { ...properties, Tags: allTags(properties['Tags'], tags) } : properties;
}

/** The resource's own tags over the stack's, in the form the resource's type has them: a list or a map. */
function allTags(own: unknown, tags: readonly StackTag[]): unknown {
  const map = fieldsOf(own);
  if (map) return { ...Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])), ...map };
  const list = Array.isArray(own) ? own as unknown[] : [];
  const named = new Set(list.map((tag) => fieldsOf(tag)?.['Key']));
  return [...tags.filter(({ Key }) => !named.has(Key)), ...list];
}

const DYNAMIC = /\{\{resolve:([^}]*)\}\}/g;

/** Replaces `{{resolve:ssm:name:version}}` wherever it stands in a text. */
function dynamic(value: unknown, shop: Workshop): unknown {
  if (Array.isArray(value)) return value.map((item) => dynamic(item, shop));
  const fields = fieldsOf(value);
  if (fields) return Object.fromEntries(Object.entries(fields).map(([name, item]) => [name, dynamic(item, shop)]));
  if (typeof value !== 'string' || !value.includes('{{resolve:')) return value;
  return value.replaceAll(DYNAMIC, (whole, reference: string) => {
    const [kind, ...rest] = reference.split(':');
    if (kind !== 'ssm') throw unbuilt(`the dynamic reference ${whole}`, 'use {{resolve:ssm:name}} or a parameter');
    const found = shop.house.ports.parameters.get(rest.join(':'));
    if (found === undefined) throw invalid(`Unable to fetch parameters [${rest.join(':')}] from parameter store for this account.`);
    return found;
  });
}

/** The outputs of a plan once its resources exist. */
export function outputsOf(plan: Plan, scope: Scope): StackOutput[] {
  return plan.outputs.map(({ key, value, description, exportName }) => {
    const text = scalarText(evaluated(value, scope));
    if (text === undefined) throw invalid(`Template format error: Output ${key} is malformed. The Value field of every Outputs member must evaluate to a String.`);
    const name = exportName === undefined ? undefined : scalarText(evaluated(exportName, scope));
    return { key, value: text, ...(description !== undefined && { description }), ...(name !== undefined && { exportName: name }) };
  });
}
