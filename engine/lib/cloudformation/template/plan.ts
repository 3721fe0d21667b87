import { invalid } from '../refusal.ts';
import { decideConditions, settled } from './conditions.ts';
import type { OutputDeclaration, ResourceDeclaration, Template } from './document.ts';
import type { Scope } from './evaluation.ts';
import { NO_VALUE } from './intrinsic.ts';
import { ordered } from './order.ts';
import type { ParameterValue } from './parameters.ts';
import { referencesIn } from './reference.ts';
import { checkRules } from './rules.ts';

/** Where a stack lives: what the pseudo parameters say. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly stackId: string;
  readonly notificationArns: readonly string[];
}

/** A resource to be made, its conditions settled, with everything it needs first. */
export interface PlannedResource extends ResourceDeclaration {
  /** Explicit and implied dependencies. */
  readonly dependsOn: readonly string[];
}

/** A template with its parameters: which resources there are to be, in which order, and which outputs. */
export interface Plan {
  readonly template: Template;
  readonly place: Place;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** Each after what it depends on. */
  readonly resources: readonly PlannedResource[];
  readonly outputs: readonly OutputDeclaration[];
}

const PSEUDO = new Set(['AWS::AccountId', 'AWS::NotificationARNs', NO_VALUE, 'AWS::Partition', 'AWS::Region', 'AWS::StackId', 'AWS::StackName', 'AWS::URLSuffix']);

/** Settles a template's conditions and rules, checks what refers to what and orders the resources. Pure. */
export function planOf(template: Template, parameters: ReadonlyMap<string, ParameterValue>, place: Place): Plan {
  const scope = parameterScope(template, parameters, place);
  checkRules(template.rules, scope);
  const truths = decideConditions(template.conditions, scope);
  const decide = (name: string): boolean => {
    const truth = truths.get(name);
    if (truth === undefined) throw invalid(`Template format error: Unresolved condition dependency ${name} in the Resources block of the template`);
    return truth;
  };
  checkReferences(template);
  const chosen = [...template.resources.values()].filter(({ condition }) => condition === undefined || decide(condition));
  const names = new Set(chosen.map(({ id }) => id));
  const resources = chosen.map((resource) => planned(resource, names, parameters, decide));
  const outputs = [...template.outputs.values()].filter(({ condition }) => condition === undefined || decide(condition))
    .map((output) => ({ ...output, value: settled(output.value, decide), ...(output.exportName !== undefined && { exportName: settled(output.exportName, decide) }) }));
  const dangling = outputs.flatMap(({ value, exportName }) => referencesIn([value, exportName])).find(({ id }) => !names.has(id) && !parameters.has(id) && !PSEUDO.has(id));
  if (dangling) throw invalid(`Template format error: Unresolved resource dependencies [${dangling.id}] in the Outputs block of the template`);
  return { template, place, parameters, resources: ordered(resources), outputs };
}

function planned(resource: ResourceDeclaration, names: ReadonlySet<string>, parameters: ReadonlyMap<string, unknown>, decide: (name: string) => boolean): PlannedResource {
  const properties = settled(resource.properties, decide) as Readonly<Record<string, unknown>>;
  const mentioned = referencesIn(properties).map(({ id }) => id).filter((id) => !PSEUDO.has(id) && !parameters.has(id));
  const gone = mentioned.find((id) => !names.has(id));
  if (gone !== undefined) throw invalid(`Template format error: Unresolved resource dependencies [${gone}] in the Resources block of the template`);
  // An explicit dependency on a resource whose condition is false is no dependency.
  const dependsOn = [...new Set([...resource.dependsOn.filter((id) => names.has(id)), ...mentioned])];
  if (dependsOn.includes(resource.id)) throw invalid(`Circular dependency between resources: [${resource.id}]`);
  return { ...resource, properties, dependsOn };
}

/** Refuses names that mean nothing, wherever they stand and whatever the conditions say. */
function checkReferences({ resources, outputs, parameters, conditions }: Template): void {
  const known = (id: string): boolean => resources.has(id) || parameters.has(id) || PSEUDO.has(id);
  for (const [block, values] of [['Resources', [...resources.values()]], ['Outputs', [...outputs.values()]]] as const) {
    const unknown = new Set<string>();
    for (const item of values) {
      if (item.condition !== undefined && !conditions.has(item.condition)) throw invalid(`Template format error: Unresolved condition dependency ${item.condition} in the ${block} block of the template`);
      const value = 'properties' in item ? item.properties : [item.value, item.exportName];
      for (const { id, by, attribute } of referencesIn(value)) {
        if (by === 'Fn::GetAtt' && !resources.has(id)) throw invalid(`Template error: instance of Fn::GetAtt references undefined resource ${id}`);
        if (attribute ? !resources.has(id) : !known(id)) unknown.add(id);
      }
      for (const id of 'dependsOn' in item ? item.dependsOn : []) if (!resources.has(id)) unknown.add(id);
    }
    if (unknown.size > 0) throw invalid(`Template format error: Unresolved resource dependencies [${[...unknown].join(', ')}] in the ${block} block of the template`);
  }
}

/** What can be known before there is any resource: parameters and pseudo parameters. */
export function parameterScope({ mappings }: Pick<Template, 'mappings'>, parameters: ReadonlyMap<string, ParameterValue>, place: Place): Scope {
  return {
    region: place.region,
    mappings,
    ref: (name) => {
      const value = parameters.get(name)?.value ?? pseudo(name, place);
      if (value === undefined) throw invalid(`Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`);
      return value;
    },
    attribute: (id) => { throw invalid(`Template format error: Unresolved dependencies [${id}]. Cannot reference resources in the Conditions block of the template`); },
    imported: (name) => { throw invalid(`Template error: Fn::ImportValue of ${name} may not stand in conditions or rules`); },
  };
}

/** A pseudo parameter's value; undefined when the name is none. */
export function pseudo(name: string, { account, region, stackName, stackId, notificationArns }: Place): string | readonly string[] | undefined {
  switch (name) {
    case 'AWS::AccountId': return account;
    case 'AWS::Region': return region;
    case 'AWS::StackName': return stackName;
    case 'AWS::StackId': return stackId;
    case 'AWS::NotificationARNs': return notificationArns;
    case 'AWS::Partition': return 'aws';
    case 'AWS::URLSuffix': return 'amazonaws.com';
    default: return undefined;
  }
}
