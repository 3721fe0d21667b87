import { WireFault, type Service } from '../wire/index.ts';
import { changesElse, changesOf } from './diff.ts';
import { digestOf, repeated, takeIn, type StackInput } from './intake.ts';
import type { Workshop } from './operation.ts';
import { invalid, unbuilt } from './refusal.ts';
import { startContinuation, startCreation, startDeletion, startUpdate, type OnFailure } from './run.ts';
import type { Stack } from './stack.ts';
import { busy } from './stacks.ts';
import { pageOf } from './page.ts';
import { stackShape, stackSummary } from './shape.ts';

interface CreateInput extends StackInput {
  readonly DisableRollback?: boolean;
  readonly OnFailure?: string;
  readonly TimeoutInMinutes?: number;
  readonly EnableTerminationProtection?: boolean;
}

interface DeleteInput {
  readonly StackName: string;
  readonly RetainResources?: readonly string[];
  readonly ClientRequestToken?: string;
  readonly DeletionMode?: string;
}

interface ContinueInput {
  readonly StackName: string;
  readonly RoleARN?: string;
  readonly ResourcesToSkip?: readonly string[];
  readonly ClientRequestToken?: string;
}

/** The operations on stacks. */
export function stackOperations(shop: Workshop): Service['operations'] {
  const { stacks } = shop;
  return {
    CreateStack: (input: CreateInput) => createStack(shop, input),
    UpdateStack: (input: StackInput & { readonly DisableRollback?: boolean }) => updateStack(shop, input),
    DeleteStack: (input: DeleteInput) => { deleteStack(shop, input); },
    ContinueUpdateRollback: (input: ContinueInput) => continueRollback(shop, input),
    DescribeStacks({ StackName: name, NextToken: token }: { readonly StackName?: string; readonly NextToken?: string }) {
      const found = name === undefined ? stacks.live() : [stacks.find(name)];
      const { items, next } = pageOf(found, token);
      return { Stacks: items.map(stackShape), ...next };
    },
    ListStacks({ StackStatusFilter: filter = [], NextToken: token }: { readonly StackStatusFilter?: readonly string[]; readonly NextToken?: string }) {
      const { items, next } = pageOf(stacks.all().filter(({ status }) => filter.length === 0 || filter.includes(status)), token);
      return { StackSummaries: items.map(stackSummary), ...next };
    },
    UpdateTerminationProtection({ StackName, EnableTerminationProtection: enabled }: { readonly StackName: string; readonly EnableTerminationProtection: boolean }) {
      const stack = stacks.find(StackName);
      stack.terminationProtection = enabled;
      return { StackId: stack.id };
    },
  };
}

/** Refuses names CloudFormation would not take. */
export function checkStackName(name: string): void {
  if (!/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) throw invalid(`1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*`);
}

function createStack(shop: Workshop, input: CreateInput): Record<string, unknown> {
  const { StackName: name, OnFailure: asked, DisableRollback: disabled } = input;
  checkStackName(name);
  const known = shop.stacks.peek(name);
  if (known) {
    if (repeated(known, input)) return { StackId: known.id };
    throw new WireFault({ code: 'AlreadyExistsException', message: `Stack [${name}] already exists` });
  }
  if (asked !== undefined && disabled !== undefined) throw invalid('You can only specify one of DisableRollback and OnFailure');
  const onFailure = (asked ?? (disabled === true ? 'DO_NOTHING' : 'ROLLBACK')) as OnFailure;
  if (!['ROLLBACK', 'DELETE', 'DO_NOTHING'].includes(onFailure)) throw invalid(`1 validation error detected: Value '${onFailure}' at 'onFailure' failed to satisfy constraint: Member must satisfy enum value set: [ROLLBACK, DELETE, DO_NOTHING]`);
  const id = shop.stacks.newId(name);
  const { request, plan } = takeIn(shop, input, undefined, id);
  const stack = shop.stacks.open(name, id, 'CREATE_IN_PROGRESS', request);
  stack.terminationProtection = input.EnableTerminationProtection ?? false;
  stack.disableRollback = onFailure === 'DO_NOTHING';
  if (input.TimeoutInMinutes !== undefined) stack.timeoutMinutes = input.TimeoutInMinutes;
  remember(stack, input);
  const operationId = startCreation(shop, stack, { plan, onFailure, ...tokenOf(input) });
  return { StackId: stack.id, OperationId: operationId };
}

async function updateStack(shop: Workshop, input: StackInput & { readonly DisableRollback?: boolean }): Promise<Record<string, unknown>> {
  const stack = shop.stacks.find(input.StackName);
  if (repeated(stack, input)) return { StackId: stack.id };
  checkUpdatable(stack);
  const { request, plan } = takeIn(shop, input, stack, stack.id);
  checkTypesKept(stack, plan.resources);
  const changes = await changesOf(shop, stack, plan, request);
  if (changes.length === 0 && !changesElse(shop, stack, plan, request)) throw invalid('No updates are to be performed.');
  remember(stack, input);
  const previous = stack.request;
  stack.request = request;
  stack.disableRollback = input.DisableRollback ?? false;
  const operationId = startUpdate(shop, stack, { plan, previous, onFailure: input.DisableRollback === true ? 'DO_NOTHING' : 'ROLLBACK', ...tokenOf(input) });
  return { StackId: stack.id, OperationId: operationId };
}

/** Refuses to update a stack that is busy, or that only deletion can help. */
export function checkUpdatable(stack: Stack): void {
  const fine = /^(CREATE_COMPLETE|CREATE_FAILED|UPDATE_COMPLETE|UPDATE_FAILED|UPDATE_ROLLBACK_COMPLETE)$/.test(stack.status);
  if (!fine) throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be updated.`);
}

/** Refuses to make another kind of thing of a resource. */
export function checkTypesKept(stack: Stack, resources: readonly { readonly id: string; readonly type: string }[]): void {
  const changed = resources.filter(({ id, type }) => (stack.resources.get(id)?.type ?? type) !== type).map(({ id }) => id);
  if (changed.length > 0) throw invalid(`Update of resource type is not permitted. The new template modifies resource type of the following resources: [${changed.join(', ')}]`);
}

function deleteStack(shop: Workshop, input: DeleteInput): void {
  const stack = shop.stacks.peek(input.StackName);
  // Deleting what is not there succeeds.
  if (!stack || stack.status === 'DELETE_COMPLETE' || stack.status === 'DELETE_IN_PROGRESS') return;
  if (input.DeletionMode === 'FORCE_DELETE_STACK') throw unbuilt('DeletionMode FORCE_DELETE_STACK', 'name the resources to leave in RetainResources');
  if (stack.terminationProtection) throw invalid(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
  if (busy(stack)) throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not be deleted.`);
  const retained = input.RetainResources ?? [];
  if (retained.length > 0 && stack.status !== 'DELETE_FAILED') throw invalid(`Invalid operation on stack [${stack.id}]. The stack must be in DELETE_FAILED state to retain resources.`);
  startDeletion(shop, stack, input.ClientRequestToken, new Set(retained));
}

function continueRollback(shop: Workshop, { StackName: name, RoleARN: roleArn, ResourcesToSkip: skipped = [], ClientRequestToken: token }: ContinueInput): Record<string, unknown> {
  const stack = shop.stacks.find(name);
  const { rollback } = stack;
  // By analogy with updates and deletions; these texts were never recorded.
  if (rollback === undefined || stack.status !== 'UPDATE_ROLLBACK_FAILED') throw invalid(`Stack:${stack.id} is in ${stack.status} state and can not continue its rollback.`);
  const strangers = skipped.filter((id) => stack.resources.get(id)?.status !== 'UPDATE_FAILED');
  if (strangers.length > 0) throw invalid(`Resources [${strangers.join(', ')}] cannot be skipped. Only resources in UPDATE_FAILED state can be.`);
  if (roleArn !== undefined) stack.request = { ...stack.request, roleArn };
  startContinuation(shop, stack, rollback, { ...(token === undefined ? {} : { token }), skipped: new Set(skipped) });
  return {};
}

/** Keeps a request's token, so that its repetition is known. */
function remember(stack: Stack, input: StackInput): void {
  if (input.ClientRequestToken !== undefined) stack.tokens.set(input.ClientRequestToken, digestOf(input));
}

function tokenOf({ ClientRequestToken: token }: StackInput): { readonly token?: string } {
  return token === undefined ? {} : { token };
}
