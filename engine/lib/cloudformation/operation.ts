import type { House } from '../ports.ts';
import type { Api } from './api.ts';
import type { Made, Provider, ProviderCall } from './provider.ts';
import { ResourceFailure } from './provider.ts';
import type { Stack, StackEvent, StackResource } from './stack.ts';
import type { Stacks } from './stacks.ts';

/** What every operation on a stack works with. */
export interface Workshop {
  readonly house: House;
  readonly stacks: Stacks;
  /** The engine's services, called with a role's rights or, without one, with all. */
  readonly api: (roleArn: string | undefined) => Api;
  /** The provider of a resource type; undefined when the engine has none. */
  readonly provider: (type: string) => Provider | undefined;
}

const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** One operation under way: its events, its cancellation, and its calls to providers. */
export class Operation {
  readonly shop: Workshop;
  readonly stack: Stack;
  readonly id: string;
  readonly #token: string | undefined;
  readonly #cancellations: Set<() => void> = new Set();
  cancelled = false;

  constructor(shop: Workshop, stack: Stack, kind: string, token?: string) {
    this.shop = shop;
    this.stack = stack;
    this.id = shop.house.draws.uuid('cloudformation:operation');
    this.#token = token;
    stack.lastOperations = [{ OperationType: kind, OperationId: this.id }];
  }

  /** Moves the stack to a status, with an event of its own and one on EventBridge's default bus. */
  moveStack(status: string, reason?: string): void {
    const { stack, shop: { house } } = this;
    stack.status = status;
    stack.reason = reason;
    house.history.record('cloudformation:stack', stack.name, { status });
    this.#record({ logicalId: stack.name, physicalId: stack.id, type: STACK_TYPE, status, ...(reason !== undefined && { reason }), eventId: house.draws.uuid('cloudformation:event') });
    const detail = { 'stack-id': stack.id, 'status-details': { status, 'status-reason': reason ?? '' }, 'client-request-token': this.#token ?? '' };
    house.ports.events.emit({ source: 'aws.cloudformation', detailType: 'CloudFormation Stack Status Change', resources: [stack.id], detail });
  }

  /** Moves a resource to a status, with an event. */
  moveResource(resource: StackResource, status: string, reason?: string): void {
    const { house } = this.shop;
    resource.status = status;
    resource.reason = reason;
    resource.updated = house.kernel.now();
    house.history.record('cloudformation:resource', `${this.stack.name}/${resource.id}`, { status });
    const eventId = `${resource.id}-${status}-${new Date(resource.updated).toISOString()}`;
    this.#record({ logicalId: resource.id, physicalId: resource.physicalId, type: resource.type, status, ...(reason !== undefined && { reason }), properties: JSON.stringify(texts(resource.properties)), eventId });
  }

  /** What a provider is told about a resource. */
  call({ id, type, properties }: Pick<StackResource, 'id' | 'type' | 'properties'>): ProviderCall {
    const { house, api } = this.shop;
    const { stack } = this;
    return {
      logicalId: id, type, properties, house, api: api(stack.request.roleArn), stack: { id: stack.id, name: stack.name, ...(stack.request.roleArn !== undefined && { roleArn: stack.request.roleArn }) },
      name: (longest = 64) => {
        const tail = `-${house.draws.id(`cloudformation:name:${stack.name}:${id}`, 12).toUpperCase()}`;
        const room = longest - tail.length;
        const whole = `${stack.name}-${id}`;
        // AWS too shortens both halves alike when the whole is too long.
        return (whole.length <= room ? whole : `${stack.name.slice(0, Math.floor((room - 1) / 2))}-${id.slice(0, Math.ceil((room - 1) / 2))}`) + tail;
      },
      onCancel: (listener) => {
        if (this.cancelled) listener();
        else this.#cancellations.add(listener);
      },
    };
  }

  /** Gives up everything that still waits. */
  cancel(): void {
    this.cancelled = true;
    for (const listener of this.#cancellations) listener();
    this.#cancellations.clear();
  }

  /** After a cancellation: what comes next may wait again. */
  resume(): void {
    this.cancelled = false;
  }

  #record(event: Omit<StackEvent, 'operationId' | 'time' | 'token'>): void {
    this.stack.events.push({ ...event, operationId: this.id, time: this.shop.house.kernel.now(), ...(this.#token !== undefined && { token: this.#token }) });
  }
}

/** Runs a provider; its refusal comes back as a value, everything else is a defect and thrown. */
export async function attempt<T>(work: () => Promise<T>): Promise<T | ResourceFailure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof ResourceFailure) return error;
    throw error;
  }
}

/** The resource with what its provider made. */
export function withMade(resource: StackResource, made: Made): StackResource {
  return { ...resource, physicalId: made.id, ref: made.ref ?? made.id, attributes: made.attributes ?? {} };
}

/** Runs work on all items at once, each after what it depends on, and begins nothing more once an item has failed. */
export async function inOrder<T extends { readonly id: string; readonly dependsOn: readonly string[] }>(items: readonly T[], work: (item: T) => Promise<boolean>, goOn: () => boolean): Promise<void> {
  const running = new Map<string, Promise<boolean>>();
  for (const item of items) {
    const first = item.dependsOn.map((id) => running.get(id)).filter((promise) => promise !== undefined);
    running.set(item.id, Promise.all(first).then(async (done) => done.every(Boolean) && goOn() && work(item)));
  }
  await Promise.all(running.values());
}

/** Scalars as text, as events show properties. */
function texts(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(texts);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, texts(item)]));
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
