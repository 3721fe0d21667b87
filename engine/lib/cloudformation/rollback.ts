import type { BuildLog } from './build.ts';
import { attempt, withMade, type Operation } from './operation.ts';
import { ResourceFailure } from './provider.ts';
import { remove } from './removal.ts';
import type { Stack, StackResource } from './stack.ts';

/** A stack's resources, outputs and imports as they were when an update began. */
export interface Before {
  readonly resources: ReadonlyMap<string, StackResource>;
  readonly outputs: Stack['outputs'];
  readonly imports: readonly string[];
}

/** What an update that failed has done and what is still to be taken back of it. */
export interface Rollback {
  readonly before: Before;
  /** Resources that failed in the update itself. */
  readonly failed: readonly string[];
  /** Resources that were changed in place, the last one first; those that are back are none of them any more. */
  changed: BuildLog['updated'];
  /** Resources that are back as they were. */
  readonly back: Set<string>;
  /** Resources that nobody needs when everything is back. */
  readonly orphans: StackResource[];
}

/** The whole of an update that failed. */
export function rollbackOf(log: BuildLog, before: Before): Rollback {
  return { before, failed: log.failed.map(({ id }) => id), changed: log.updated.toReversed(), back: new Set(), orphans: [...log.created] };
}

/** Takes back what can be. What cannot is kept, with all that comes after it, for ContinueUpdateRollback; `skipped` stays as it is. */
export async function rollBack(operation: Operation, rollback: Rollback, skipped: ReadonlySet<string> = new Set()): Promise<void> {
  const { stack } = operation;
  const { before } = rollback;
  stack.imports.clear();
  for (const name of before.imports) stack.imports.add(name);
  stack.outputs = before.outputs;
  const stuck: BuildLog['updated'] = [];
  for (const change of rollback.changed) {
    const done = skipped.has(change.before.id) ? skip(operation, change.before) : await restore(operation, rollback, change);
    if (done) rollback.back.add(change.before.id);
    else stuck.push(change);
  }
  rollback.changed = stuck;
  stack.rollback = stuck.length > 0 ? rollback : undefined;
  if (stuck.length > 0) return operation.moveStack('UPDATE_ROLLBACK_FAILED', `The following resource(s) failed to update: [${stuck.map((one) => one.before.id).join(', ')}]. `);
  for (const id of stack.resources.keys()) if (!before.resources.has(id)) stack.resources.delete(id);
  for (const [id, old] of before.resources) {
    if (rollback.back.has(id)) continue;
    stack.resources.set(id, old);
    if (rollback.failed.includes(id)) operation.moveResource(old, 'UPDATE_COMPLETE');
  }
  operation.moveStack('UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS');
  await remove(operation, rollback.orphans, 'rollback');
  return operation.moveStack('UPDATE_ROLLBACK_COMPLETE');
}

async function restore(operation: Operation, { orphans }: Rollback, { before: old, properties }: BuildLog['updated'][number]): Promise<boolean> {
  const { stack, shop } = operation;
  const now = stack.resources.get(old.id);
  const physicalId = now?.physicalId ?? old.physicalId;
  const restored = { ...old };
  stack.resources.set(old.id, restored);
  operation.moveResource(restored, 'UPDATE_IN_PROGRESS');
  const made = await attempt(async () => shop.provider(old.type)?.update?.({ ...operation.call(old), id: physicalId, before: properties }));
  if (made instanceof ResourceFailure) {
    operation.moveResource(restored, 'UPDATE_FAILED', made.message);
    return false;
  }
  const resource = made ? withMade(restored, made) : restored;
  if (now && now.physicalId !== resource.physicalId) orphans.push(now);
  stack.resources.set(old.id, resource);
  operation.moveResource(resource, 'UPDATE_COMPLETE');
  return true;
}

/** The template says how it was; what it is nobody asks. */
function skip(operation: Operation, old: StackResource): boolean {
  const resource = { ...old };
  operation.stack.resources.set(old.id, resource);
  operation.moveResource(resource, 'UPDATE_COMPLETE');
  return true;
}
