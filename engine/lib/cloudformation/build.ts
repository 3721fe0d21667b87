import { attempt, inOrder, withMade, type Operation } from './operation.ts';
import { ResourceFailure, type Properties, type Provider } from './provider.ts';
import { liveScope, outputsOf, propertiesOf } from './resolution.ts';
import type { StackOutput, StackResource } from './stack.ts';
import { same } from './template/conditions.ts';
import type { Plan, PlannedResource } from './template/plan.ts';
import { WireFault } from '../wire/index.ts';

/** What a build did, for the clean-up after it or for taking it back. */
export interface BuildLog {
  /** Resources that were not there before. */
  readonly created: StackResource[];
  /** Resources as they were before they were changed in place, with what they have become, in the order in which they were changed. */
  readonly updated: { readonly before: StackResource; readonly properties: Properties }[];
  /** Resources whose place a new one took. */
  readonly replaced: StackResource[];
  readonly failed: { readonly id: string; readonly verb: 'create' | 'update' }[];
}

/** Brings a stack's resources to a plan: creates, updates, replaces; never removes. The first failure cancels the rest. */
export async function build(operation: Operation, plan: Plan): Promise<BuildLog> {
  const log: BuildLog = { created: [], updated: [], replaced: [], failed: [] };
  await inOrder(plan.resources, (planned) => raise(operation, plan, planned, log), () => log.failed.length === 0);
  return log;
}

async function raise(operation: Operation, plan: Plan, planned: PlannedResource, log: BuildLog): Promise<boolean> {
  const { shop, stack } = operation;
  const provider = shop.provider(planned.type);
  const before = stack.resources.get(planned.id);
  const verb = before ? 'update' : 'create';
  const scope = liveScope(shop, stack, plan, stack.resources, stack.imports);
  const properties = provider ? await attempt(async () => propertiesOf(shop, provider, planned, scope, stack.request.tags)) : unknownType(planned.type);
  const fail = (resource: StackResource, failure: ResourceFailure): boolean => {
    const late = operation.cancelled;
    log.failed.push({ id: planned.id, verb });
    operation.moveResource(resource, `${verb.toUpperCase()}_FAILED`, late ? `Resource ${verb === 'create' ? 'creation' : 'update'} cancelled` : failure.message);
    operation.cancel();
    return false;
  };
  const draft = draftOf(planned, properties instanceof ResourceFailure ? {} : properties, before);
  if (properties instanceof ResourceFailure || !provider) {
    stack.resources.set(planned.id, before ?? draft);
    if (!before) log.created.push(draft);
    operation.moveResource(draft, `${verb.toUpperCase()}_IN_PROGRESS`);
    return fail(before ?? draft, properties as ResourceFailure);
  }
  if (!before) return create(operation, provider, draft, log, fail);
  const changed = changedNames(before.properties, properties);
  if (changed.length === 0) {
    stack.resources.set(planned.id, { ...draft, status: before.status, reason: before.reason, updated: before.updated });
    return true;
  }
  const replaces = changed.some((name) => ruleOf(provider, name) === 'replace') || !provider.update;
  return replaces ? replace(operation, provider, before, draft, log, fail) : update(operation, provider, before, draft, log, fail);
}

type Fail = (resource: StackResource, failure: ResourceFailure) => boolean;

async function create(operation: Operation, provider: Provider, draft: StackResource, log: BuildLog, fail: Fail): Promise<boolean> {
  const { resources } = operation.stack;
  resources.set(draft.id, draft);
  operation.moveResource(draft, 'CREATE_IN_PROGRESS');
  const made = await attempt(() => provider.create(operation.call(draft)));
  if (made instanceof ResourceFailure) {
    const half = made.made ? withMade(draft, made.made) : draft;
    resources.set(draft.id, half);
    log.created.push(half);
    return fail(half, made);
  }
  const resource = withMade(draft, made);
  resources.set(draft.id, resource);
  log.created.push(resource);
  operation.moveResource(resource, 'CREATE_IN_PROGRESS', 'Resource creation Initiated');
  operation.moveResource(resource, 'CREATE_COMPLETE');
  return true;
}

async function update(operation: Operation, provider: Provider, before: StackResource, draft: StackResource, log: BuildLog, fail: Fail): Promise<boolean> {
  const { resources } = operation.stack;
  log.updated.push({ before, properties: draft.properties });
  resources.set(draft.id, draft);
  operation.moveResource(draft, 'UPDATE_IN_PROGRESS');
  const made = await attempt(async () => provider.update?.({ ...operation.call(draft), id: before.physicalId, before: before.properties }));
  if (made instanceof ResourceFailure) return fail(draft, made);
  const resource = made ? withMade(draft, made) : draft;
  resources.set(draft.id, resource);
  if (resource.physicalId !== before.physicalId) {
    log.replaced.push(before);
    operation.moveResource(resource, 'UPDATE_IN_PROGRESS', 'Requested update required the provider to create a new physical resource');
  }
  operation.moveResource(resource, 'UPDATE_COMPLETE');
  return true;
}

async function replace(operation: Operation, provider: Provider, before: StackResource, draft: StackResource, log: BuildLog, fail: Fail): Promise<boolean> {
  const { resources } = operation.stack;
  resources.set(draft.id, draft);
  log.replaced.push(before);
  operation.moveResource(draft, 'UPDATE_IN_PROGRESS', 'Requested update requires the creation of a new physical resource; hence creating one.');
  const made = await attempt(() => provider.create(operation.call(draft)));
  if (made instanceof ResourceFailure) {
    if (made.made) log.created.push(withMade(draft, made.made));
    return fail(draft, made);
  }
  const resource = withMade(draft, made);
  resources.set(draft.id, resource);
  log.created.push(resource);
  operation.moveResource(resource, 'UPDATE_IN_PROGRESS', 'Resource creation Initiated');
  operation.moveResource(resource, 'UPDATE_COMPLETE');
  return true;
}

/** The resource as it is to be, still with the physical id it had. */
function draftOf(planned: PlannedResource, properties: Properties, before: StackResource | undefined): StackResource {
  return {
    id: planned.id, type: planned.type, properties, dependsOn: planned.dependsOn,
    physicalId: before?.physicalId ?? '', ref: before?.ref, attributes: before?.attributes ?? {},
    deletionPolicy: planned.deletionPolicy ?? 'Delete',
    updateReplacePolicy: planned.updateReplacePolicy ?? 'Delete',
    ...(planned.metadata !== undefined && { metadata: planned.metadata }),
    status: '', updated: 0,
  };
}

/** Names of properties that differ; scalars are compared as text. */
export function changedNames(before: Properties, after: Properties): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => !same(before[name], after[name]));
}

/** What a change of a property means; providers of any properties name them `*`. */
export function ruleOf(provider: Provider, name: string): 'update' | 'replace' | 'kept' {
  return provider.properties[name] ?? provider.properties['*'] ?? 'update';
}

function unknownType(type: string): ResourceFailure {
  return new ResourceFailure(`sluice-engine does not implement the resource type ${type}; see engine/operations.md`);
}

/** Outputs, or why there are none. */
export function outputsAfter(operation: Operation, plan: Plan): StackOutput[] | string {
  const { shop, stack } = operation;
  try {
    const outputs = outputsOf(plan, liveScope(shop, stack, plan, stack.resources, stack.imports));
    for (const { exportName } of outputs) {
      const owner = exportName === undefined ? undefined : shop.stacks.exported(exportName);
      if (owner && owner.stack !== stack) return `Export with name ${exportName} is already exported by stack ${owner.stack.name}. Rollback requested by user.`;
    }
    return heldFast(operation, outputs) ?? outputs;
  } catch (error) {
    if (error instanceof WireFault) return error.message;
    throw error;
  }
}

/** Why exports of before may not go or change: other stacks use them. */
function heldFast({ shop: { stacks }, stack }: Operation, outputs: readonly StackOutput[]): string | undefined {
  for (const { exportName, value } of stack.outputs) {
    if (exportName === undefined) continue;
    const now = outputs.find((output) => output.exportName === exportName);
    const users = now?.value === value ? [] : stacks.importers(exportName);
    if (users.length > 0) return `Export ${exportName} cannot be ${now ? 'updated' : 'deleted'} as it is in use by ${users.map(({ name }) => name).join(' and ')}`;
  }
  return undefined;
}
