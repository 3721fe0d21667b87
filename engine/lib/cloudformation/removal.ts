import { attempt, inOrder, type Operation } from './operation.ts';
import { ResourceFailure } from './provider.ts';
import type { StackResource } from './stack.ts';

/** Why resources are removed: it decides whose policy counts. */
export type RemovalCause = 'deletion' | 'replacement' | 'rollback';

/** Removes resources, dependents first; answers with the ids of those that could not be. What stays by its policy is skipped. */
export async function remove(operation: Operation, doomed: readonly StackResource[], cause: RemovalCause, retained: ReadonlySet<string> = new Set()): Promise<string[]> {
  const failed: string[] = [];
  const names = new Set(doomed.map(({ id }) => id));
  // A resource goes after those that depend on it.
  const dependents = new Map<string, string[]>();
  for (const { id, dependsOn } of doomed) for (const needed of dependsOn) if (names.has(needed)) dependents.set(needed, [...(dependents.get(needed) ?? []), id]);
  const steps = backwards(doomed).map((resource) => ({ id: resource.id, dependsOn: dependents.get(resource.id) ?? [], resource }));
  await inOrder(steps, async ({ resource }) => {
    const gone = await removeOne(operation, resource, cause, retained);
    if (!gone) failed.push(resource.id);
    return gone;
  }, () => true);
  return failed;
}

/** Every resource after those that depend on it. */
function backwards(resources: readonly StackResource[]): StackResource[] {
  const result: StackResource[] = [];
  const byId = new Map(resources.map((resource) => [resource.id, resource]));
  const seen = new Set<string>();
  const visit = (resource: StackResource): void => {
    if (seen.has(resource.id)) return;
    seen.add(resource.id);
    for (const id of resource.dependsOn) {
      const needed = byId.get(id);
      if (needed) visit(needed);
    }
    result.push(resource);
  };
  resources.forEach(visit);
  return result.reverse();
}

async function removeOne(operation: Operation, resource: StackResource, cause: RemovalCause, retained: ReadonlySet<string>): Promise<boolean> {
  const provider = operation.shop.provider(resource.type);
  const policy = cause === 'replacement' ? resource.updateReplacePolicy : resource.deletionPolicy;
  // What a failed creation leaves goes even so when its policy says so; AWS keeps the rest, as the policy says.
  if (retained.has(resource.id) || policy === 'Retain' || (policy === 'RetainExceptOnCreate' && cause === 'deletion')) {
    if (resource.physicalId !== '') operation.moveResource(resource, 'DELETE_SKIPPED');
    return true;
  }
  if (resource.physicalId === '' || !provider) {
    operation.moveResource(resource, 'DELETE_COMPLETE');
    return true;
  }
  operation.moveResource(resource, 'DELETE_IN_PROGRESS');
  const { id, type, properties, physicalId } = resource;
  const failure = await attempt(() => provider.delete({ ...operation.call({ id, type, properties }), id: physicalId, before: properties }));
  operation.moveResource(resource, failure instanceof ResourceFailure ? 'DELETE_FAILED' : 'DELETE_COMPLETE', failure instanceof ResourceFailure ? failure.message : undefined);
  return !(failure instanceof ResourceFailure);
}
