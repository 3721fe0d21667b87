import { build, outputsAfter, type BuildLog } from './build.ts';
import { Operation, type Workshop } from './operation.ts';
import { remove } from './removal.ts';
import { rollBack, rollbackOf, type Before, type Rollback } from './rollback.ts';
import type { Stack, StackRequest } from './stack.ts';
import type { Plan } from './template/plan.ts';

/** What a failed creation does. */
export type OnFailure = 'ROLLBACK' | 'DELETE' | 'DO_NOTHING';

/** A creation or an update, as it was asked for. */
export interface RunOptions {
  readonly plan: Plan;
  readonly token?: string;
  readonly onFailure: OnFailure;
  /** How the stack was before, for an update that is taken back. */
  readonly previous?: StackRequest;
  /** Told when the stack is terminal. */
  readonly done?: (succeeded: boolean) => void;
}

/** Starts an operation as a task of the engine; while it is under way virtual time runs, also for those who only look on from outside. */
function start(shop: Workshop, name: string, work: () => Promise<void>): void {
  const { kernel, settings } = shop.house;
  const release = settings.cloudformation.runsTime ? kernel.awaitOutside() : (): void => undefined;
  kernel.spawn(`CloudFormation: ${name}`, () => work().finally(release));
}

/** Creates what a plan names; answers the operation's id at once. */
export function startCreation(shop: Workshop, stack: Stack, options: RunOptions): string {
  const operation = new Operation(shop, stack, 'CREATE_STACK', options.token);
  operation.moveStack('CREATE_IN_PROGRESS', 'User Initiated');
  start(shop, `creation of ${stack.name}`, async () => {
    const expired = limit(operation);
    const log = await build(operation, options.plan);
    expired.cancel();
    const problem = problemOf(log, operation, options.plan, expired.reason());
    if (problem === undefined) operation.moveStack('CREATE_COMPLETE');
    else await takeBackCreation(operation, problem, options.onFailure);
    options.done?.(problem === undefined);
  });
  return operation.id;
}

async function takeBackCreation(operation: Operation, problem: string, onFailure: OnFailure): Promise<void> {
  const { stack } = operation;
  operation.resume();
  if (onFailure === 'DO_NOTHING') return operation.moveStack('CREATE_FAILED', problem);
  const ending = onFailure === 'DELETE' ? 'DELETE' : 'ROLLBACK';
  operation.moveStack(`${ending}_IN_PROGRESS`, `${problem} ${ending === 'DELETE' ? 'Delete' : 'Rollback'} requested by user.`);
  stack.outputs = [];
  stack.imports.clear();
  const left = await remove(operation, [...stack.resources.values()], 'rollback');
  if (left.length > 0) return operation.moveStack(`${ending}_FAILED`, `The following resource(s) failed to delete: [${left.join(', ')}]. `);
  if (ending === 'DELETE') stack.deletedAt = operation.shop.house.kernel.now();
  return operation.moveStack(`${ending}_COMPLETE`);
}

/** Brings a stack to a plan and takes everything back if that fails; answers the operation's id at once. */
export function startUpdate(shop: Workshop, stack: Stack, options: RunOptions): string {
  const operation = new Operation(shop, stack, 'UPDATE_STACK', options.token);
  const before = { resources: new Map(stack.resources), outputs: stack.outputs, imports: [...stack.imports] };
  stack.updatedAt = shop.house.kernel.now();
  operation.moveStack('UPDATE_IN_PROGRESS', 'User Initiated');
  start(shop, `update of ${stack.name}`, async () => {
    stack.imports.clear();
    const log = await build(operation, options.plan);
    const problem = problemOf(log, operation, options.plan);
    if (problem !== undefined) {
      await takeBackUpdate(operation, log, problem, options, before);
      options.done?.(false);
      return;
    }
    const planned = new Set(options.plan.resources.map(({ id }) => id));
    operation.moveStack('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS');
    for (const id of before.resources.keys()) if (!planned.has(id)) stack.resources.delete(id);
    await remove(operation, log.replaced, 'replacement');
    await remove(operation, [...before.resources.values()].filter(({ id }) => !planned.has(id)), 'deletion');
    operation.moveStack('UPDATE_COMPLETE');
    options.done?.(true);
  });
  return operation.id;
}

async function takeBackUpdate(operation: Operation, log: BuildLog, problem: string, options: RunOptions, before: Before): Promise<void> {
  const { stack } = operation;
  operation.resume();
  if (options.onFailure === 'DO_NOTHING') return operation.moveStack('UPDATE_FAILED', problem);
  operation.moveStack('UPDATE_ROLLBACK_IN_PROGRESS', problem);
  if (options.previous) stack.request = options.previous;
  return rollBack(operation, rollbackOf(log, before));
}

/** Goes on with a rollback that failed; `skipped` are resources that stay as they are. */
export function startContinuation(shop: Workshop, stack: Stack, rollback: Rollback, { token, skipped }: { readonly token?: string; readonly skipped: ReadonlySet<string> }): void {
  const operation = new Operation(shop, stack, 'CONTINUE_ROLLBACK', token);
  operation.moveStack('UPDATE_ROLLBACK_IN_PROGRESS', 'User Initiated');
  start(shop, `rollback of ${stack.name}`, () => rollBack(operation, rollback, skipped));
}

/** Deletes a stack's resources, then the stack. */
export function startDeletion(shop: Workshop, stack: Stack, token: string | undefined, retained: ReadonlySet<string>): void {
  const operation = new Operation(shop, stack, 'DELETE_STACK', token);
  operation.moveStack('DELETE_IN_PROGRESS', 'User Initiated');
  start(shop, `deletion of ${stack.name}`, async () => {
    const used = stack.outputs.flatMap(({ exportName }) => (exportName === undefined ? [] : shop.stacks.importers(exportName).map(({ name }) => ({ exportName, name }))));
    const [use] = used;
    if (use) {
      operation.moveStack('DELETE_FAILED', `Delete canceled. Cannot delete export ${use.exportName} as it is in use by ${used.filter(({ exportName }) => exportName === use.exportName).map(({ name }) => name).join(' and ')}.`);
      return;
    }
    const left = await remove(operation, [...stack.resources.values()].filter(({ status }) => status !== 'DELETE_COMPLETE'), 'deletion', retained);
    if (left.length > 0) {
      operation.moveStack('DELETE_FAILED', `The following resource(s) failed to delete: [${left.join(', ')}]. `);
      return;
    }
    stack.deletedAt = shop.house.kernel.now();
    stack.imports.clear();
    operation.moveStack('DELETE_COMPLETE');
  });
}

/** What went wrong, in the words of the stack's status; outputs count too. */
function problemOf({ failed }: BuildLog, operation: Operation, plan: Plan, expired?: string): string | undefined {
  if (expired !== undefined) return expired;
  if (failed.length === 0) {
    const outputs = outputsAfter(operation, plan);
    if (typeof outputs === 'string') return outputs;
    operation.stack.outputs = outputs;
    return undefined;
  }
  return (['create', 'update'] as const).flatMap((verb) => {
    const ids = failed.filter((failure) => failure.verb === verb).map(({ id }) => id);
    return ids.length === 0 ? [] : [`The following resource(s) failed to ${verb}: [${ids.join(', ')}].`];
  }).join(' ');
}

/** Cancels a creation that takes longer than its stack allows. */
function limit(operation: Operation): { cancel(): void; reason(): string | undefined } {
  const { stack: { timeoutMinutes }, shop: { house: { kernel } } } = operation;
  let reason: string | undefined;
  const timer = timeoutMinutes === undefined ? undefined : kernel.at(kernel.now() + timeoutMinutes * 60_000, () => {
    reason = 'Stack creation time exceeded the specified timeout.';
    operation.cancel();
  });
  return { cancel: () => timer?.cancel(), reason: () => reason };
}
