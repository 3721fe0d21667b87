import type { House } from '../ports.ts';
import { WireFault } from '../wire/index.ts';
import { invalid } from './refusal.ts';
import type { ChangeSet, Stack, StackRequest } from './stack.ts';

/** All stacks of the account and region, deleted ones included. */
export class Stacks {
  readonly house: House;
  readonly #byName: Map<string, Stack> = new Map();
  readonly #byId: Map<string, Stack> = new Map();
  /** Change sets are found by ARN also when their stack has forgotten them. */
  readonly changeSets: Map<string, { readonly stack: Stack; readonly set: ChangeSet }> = new Map();

  constructor(house: House) {
    this.house = house;
  }

  /** The ARN of a stack to come. */
  newId(name: string): string {
    const { account, region, draws } = this.house;
    return `arn:aws:cloudformation:${region}:${account}:stack/${name}/${draws.uuid('cloudformation:stack')}`;
  }

  /** Makes a stack that holds nothing yet. */
  open(name: string, id: string, status: string, request: StackRequest): Stack {
    const stack: Stack = {
      name, id, status, request,
      created: this.house.kernel.now(),
      resources: new Map(), outputs: [], events: [], changeSets: new Map(), tokens: new Map(), imports: new Set(), lastOperations: [],
      terminationProtection: false, disableRollback: false,
    };
    this.#byName.set(name, stack);
    this.#byId.set(stack.id, stack);
    return stack;
  }

  /** A live stack by name, or any by ARN; undefined when there is none. */
  peek(nameOrId: string): Stack | undefined {
    if (nameOrId.startsWith('arn:')) return this.#byId.get(nameOrId);
    const stack = this.#byName.get(nameOrId);
    return stack?.status === 'DELETE_COMPLETE' ? undefined : stack;
  }

  /** A stack, or AWS's refusal. */
  find(nameOrId: string | undefined): Stack {
    if (nameOrId === undefined || nameOrId === '') throw invalid('1 validation error detected: Value null at \'stackName\' failed to satisfy constraint: Member must not be null');
    const stack = this.peek(nameOrId);
    if (!stack) throw invalid(`Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  /** Newest first. */
  all(): Stack[] {
    return [...this.#byId.values()].reverse();
  }

  live(): Stack[] {
    return this.all().filter(({ status }) => status !== 'DELETE_COMPLETE');
  }

  /** Which live stack exports a name, and what. */
  exported(name: string): { readonly stack: Stack; readonly value: string } | undefined {
    for (const stack of this.live()) {
      const output = stack.outputs.find(({ exportName }) => exportName === name);
      if (output) return { stack, value: output.value };
    }
    return undefined;
  }

  /** Live stacks that import a name. */
  importers(name: string): Stack[] {
    return this.live().filter(({ imports }) => imports.has(name));
  }

  /** A change set by ARN, or by name within a stack; refuses with ChangeSetNotFound. */
  changeSet(name: string, stackName: string | undefined): { readonly stack: Stack; readonly set: ChangeSet } {
    if (name.startsWith('arn:')) {
      const found = this.changeSets.get(name);
      if (found) return found;
    } else {
      if (stackName === undefined) throw invalid('StackName must be specified if ChangeSetName is not specified as an ARN.');
      const stack = this.find(stackName);
      const set = stack.changeSets.get(name);
      if (set) return { stack, set };
    }
    throw new WireFault({ code: 'ChangeSetNotFoundException', status: 404, message: `ChangeSet [${name}] does not exist` });
  }
}

/** Whether an operation is under way, so that no other may begin. */
export function busy({ status }: Stack): boolean {
  return status.endsWith('_IN_PROGRESS') && status !== 'REVIEW_IN_PROGRESS';
}
