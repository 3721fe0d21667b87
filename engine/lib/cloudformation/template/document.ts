import { invalid, unbuilt } from '../refusal.ts';
import { fieldsOf } from './intrinsic.ts';
import { parsed } from './text.ts';

/** A resource as a template declares it. */
export interface ResourceDeclaration {
  readonly id: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly dependsOn: readonly string[];
  readonly condition?: string;
  readonly deletionPolicy?: DeletionPolicy;
  readonly updateReplacePolicy?: UpdateReplacePolicy;
  readonly metadata?: unknown;
}

/** What becomes of a resource that leaves its stack. */
export type DeletionPolicy = 'Delete' | 'Retain' | 'RetainExceptOnCreate';

/** What becomes of the old resource when a new one takes its place. */
export type UpdateReplacePolicy = 'Delete' | 'Retain';

/** An output as a template declares it. */
export interface OutputDeclaration {
  readonly key: string;
  readonly value: unknown;
  readonly description?: string;
  readonly exportName?: unknown;
  readonly condition?: string;
}

/** A template taken apart; sections that are absent are empty. */
export interface Template {
  readonly description?: string;
  readonly metadata?: unknown;
  readonly parameters: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
  readonly mappings: ReadonlyMap<string, unknown>;
  readonly conditions: ReadonlyMap<string, unknown>;
  readonly rules: ReadonlyMap<string, unknown>;
  readonly resources: ReadonlyMap<string, ResourceDeclaration>;
  readonly outputs: ReadonlyMap<string, OutputDeclaration>;
}

const SECTIONS = new Set(['AWSTemplateFormatVersion', 'Description', 'Metadata', 'Parameters', 'Mappings', 'Conditions', 'Rules', 'Resources', 'Outputs', 'Transform', 'Hooks']);
const RESOURCE_MEMBERS = new Set(['Type', 'Properties', 'DependsOn', 'Condition', 'DeletionPolicy', 'UpdateReplacePolicy', 'Metadata', 'CreationPolicy', 'UpdatePolicy', 'Description']);
const RESOURCES_AT_MOST = 500;

/** Reads a template, JSON or YAML; refuses what AWS would, with its words, and what the engine lacks, by name. */
export function templateOf(text: string): Template {
  const root = fieldsOf(parsed(text));
  if (!root) throw invalid('Template format error: unsupported structure.');
  const unknown = Object.keys(root).filter((name) => !SECTIONS.has(name));
  if (unknown.length > 0) throw invalid(`Invalid template property or properties [${unknown.join(', ')}]`);
  if (root['Transform'] !== undefined) throw unbuilt(`Transform ${JSON.stringify(root['Transform'])}`, 'deploy the template that the transform makes');
  if (root['Hooks'] !== undefined) throw unbuilt('Hooks', 'leave the section out');
  const version = root['AWSTemplateFormatVersion'];
  if (version !== undefined && version !== '2010-09-09') throw invalid(`Template format error: ${String(version)} is not a supported value for AWSTemplateFormatVersion.`);
  const resources = section(root, 'Resources', resourceOf);
  if (resources.size === 0) throw invalid('Template format error: At least one Resources member must be defined.');
  if (resources.size > RESOURCES_AT_MOST) throw invalid(`Template format error: Number of resources, ${resources.size}, is greater than maximum allowed, ${RESOURCES_AT_MOST}`);
  const description = root['Description'];
  return {
    ...(typeof description === 'string' && { description }),
    ...(root['Metadata'] !== undefined && { metadata: root['Metadata'] }),
    parameters: section(root, 'Parameters', (id, declared) => objectOf(declared, `[/Parameters/${id}]`)),
    mappings: section(root, 'Mappings', (_, mapping) => mapping),
    conditions: section(root, 'Conditions', (_, condition) => condition),
    rules: section(root, 'Rules', (_, rule) => rule),
    resources,
    outputs: section(root, 'Outputs', outputOf),
  };
}

function section<T>(root: Readonly<Record<string, unknown>>, name: string, read: (id: string, declared: unknown) => T): Map<string, T> {
  const given = root[name];
  if (given === undefined || given === null) return new Map();
  const members = fieldsOf(given);
  if (!members) throw invalid(`Template format error: [/${name}] must be an object`);
  return new Map(Object.entries(members).map(([id, declared]) => [id, read(id, declared)]));
}

function objectOf(declared: unknown, path: string): Readonly<Record<string, unknown>> {
  const fields = fieldsOf(declared);
  if (!fields) throw invalid(`Template format error: ${path} must be an object`);
  return fields;
}

function resourceOf(id: string, declared: unknown): ResourceDeclaration {
  if (!/^[a-zA-Z0-9]{1,255}$/.test(id)) throw invalid(`Template format error: Resource name ${id} is non alphanumeric.`);
  const fields = objectOf(declared, `[/Resources/${id}]`);
  const type = fields['Type'];
  if (typeof type !== 'string') throw invalid(`Template format error: [/Resources/${id}] Every Resources object must contain a Type member.`);
  const unknown = Object.keys(fields).find((name) => !RESOURCE_MEMBERS.has(name));
  if (unknown !== undefined) throw invalid(`Invalid template resource property '${unknown}'`);
  for (const name of ['CreationPolicy', 'UpdatePolicy']) if (fields[name] !== undefined) throw unbuilt(`${name} (of ${id})`, 'leave it out');
  const condition = fields['Condition'];
  const deletionPolicy = policyOf(id, type, 'DeletionPolicy', fields['DeletionPolicy']);
  const updateReplacePolicy = policyOf(id, type, 'UpdateReplacePolicy', fields['UpdateReplacePolicy']);
  return {
    id, type,
    properties: fields['Properties'] === undefined ? {} : objectOf(fields['Properties'], `[/Resources/${id}/Properties]`),
    dependsOn: namesOf(fields['DependsOn'], id),
    ...(typeof condition === 'string' && { condition }),
    ...(deletionPolicy && { deletionPolicy }),
    ...(updateReplacePolicy && { updateReplacePolicy: updateReplacePolicy as UpdateReplacePolicy }),
    ...(fields['Metadata'] !== undefined && { metadata: fields['Metadata'] }),
  };
}

function policyOf(id: string, type: string, name: 'DeletionPolicy' | 'UpdateReplacePolicy', value: unknown): DeletionPolicy | undefined {
  if (value === undefined) return undefined;
  if (value === 'Delete' || value === 'Retain' || (value === 'RetainExceptOnCreate' && name === 'DeletionPolicy')) return value;
  if (value === 'Snapshot') throw invalid(`Template error: resource type ${type} does not support deletion policy Snapshot`);
  throw invalid(`Template format error: Unrecognized ${name} ${JSON.stringify(value)} for resource ${id}`);
}

function namesOf(given: unknown, id: string): string[] {
  const list = given === undefined ? [] : Array.isArray(given) ? given as unknown[] : [given];
  if (!list.every((name) => typeof name === 'string')) throw invalid(`Template format error: DependsOn must be a string or list of strings for resource ${id}`);
  return list;
}

function outputOf(key: string, declared: unknown): OutputDeclaration {
  const fields = objectOf(declared, `[/Outputs/${key}]`);
  if (fields['Value'] === undefined || fields['Value'] === null) throw invalid(`Template format error: Every Outputs member must contain a Value object`);
  const { Description: description, Condition: condition } = fields;
  const exported = fieldsOf(fields['Export'])?.['Name'];
  return {
    key,
    value: fields['Value'],
    ...(typeof description === 'string' && { description }),
    ...(typeof condition === 'string' && { condition }),
    ...(exported !== undefined && { exportName: exported }),
  };
}
