import { CfnElement, CfnResource, Reference, Stack, Tokenization, type IResolvable, type IResolveContext, type ITokenResolver, type TokenizedStringFragments } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';

/**
 * Refuses at synth what CloudFormation would refuse at deployment: an environment whose alarm watches, or whose workflow runs, a function
 * that in turn waits for the environment.
 */
export function refuseCycles(environment: Construct, resources: readonly CfnElement[]): void {
  environment.node.addValidation({
    validate: () => {
      const graph = new Graph(Stack.of(environment));
      const cycle = resources.map((resource) => cycleThrough(resource, graph)).find((one) => one !== undefined);
      return cycle === undefined ? [] : [fault(BUILDING, 'SLUICE-CDK-9', { environment: environment.node.path, cycle: cycle.map(idOf).join(' -> ') }).message];
    },
  });
}

/** The shortest way from a resource back to itself in its stack; nothing when there is none. */
function cycleThrough(start: CfnElement, graph: Graph): CfnElement[] | undefined {
  const cameFrom = new Map<CfnElement, CfnElement>();
  const queue = [start];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    for (const target of graph.targets(next)) {
      if (target === start) return [...wayTo(next, cameFrom), start];
      if (cameFrom.has(target)) continue;
      cameFrom.set(target, next);
      queue.push(target);
    }
  }
  return undefined;
}

function wayTo(end: CfnElement, cameFrom: ReadonlyMap<CfnElement, CfnElement>): CfnElement[] {
  const way = [end];
  for (let before = cameFrom.get(end); before !== undefined; before = cameFrom.get(before)) way.unshift(before);
  return way;
}

/** What a resource of the CDK holds: its properties, before they become a template, and what was written over them. */
interface Held {
  readonly cfnProperties: object;
  readonly rawOverrides: object;
}

/** What refers to what in a stack, each element looked at once. */
class Graph {
  readonly #stack: Stack;
  readonly #known = new Map<CfnElement, readonly CfnElement[]>();
  #byId: ReadonlyMap<string, CfnElement> | undefined;

  constructor(stack: Stack) {
    this.#stack = stack;
  }

  /** The elements of the stack that one refers to or depends on. */
  targets(element: CfnElement): readonly CfnElement[] {
    const known = this.#known.get(element);
    if (known !== undefined) return known;
    const all: readonly IConstruct[] = CfnResource.isCfnResource(element) ? this.#targets(element) : [];
    const found = [...new Set(all)].filter((one): one is CfnElement => CfnElement.isCfnElement(one) && Stack.of(one) === this.#stack);
    this.#known.set(element, found);
    return found;
  }

  #targets(resource: CfnResource): IConstruct[] {
    const resolver = new Watch();
    const { cfnProperties, rawOverrides } = resource as unknown as Held;
    const named = namedIn(Tokenization.resolve([cfnProperties, rawOverrides], { scope: resource, resolver, preparing: false }));
    return [...resolver.seen, ...resource.obtainDependencies(), ...[...named].flatMap((id) => this.#of(id) ?? [])];
  }

  /** The element of a logical id. Few are named so, and to tell all ids means to digest each published function anew. */
  #of(id: string): CfnElement | undefined {
    if (id.startsWith('AWS::')) return undefined;
    this.#byId ??= new Map(this.#stack.node.findAll().filter((one): one is CfnElement => CfnElement.isCfnElement(one) && Stack.of(one) === this.#stack).map((element) => [idOf(element), element]));
    return this.#byId.get(id);
  }
}

function idOf(element: CfnElement): string {
  return Stack.of(element).getLogicalId(element);
}

/** Keeps what references lead to while a fragment is resolved, and makes none of its text: that is most of the work. */
class Watch implements ITokenResolver {
  readonly seen: Set<IConstruct> = new Set();

  resolveToken(token: IResolvable, context: IResolveContext): unknown {
    // What comes after it is only the form CloudFormation wants.
    if (!Reference.isReference(token)) return context.resolve(token.resolve(context));
    this.seen.add(token.target);
    return '';
  }

  resolveString({ tokens, length, firstToken }: TokenizedStringFragments, context: IResolveContext): unknown {
    if (length === 1 && firstToken !== undefined) return context.resolve(firstToken);
    for (const token of tokens) context.resolve(token);
    return '';
  }

  resolveList(list: string[], context: IResolveContext): unknown {
    return context.resolve(Tokenization.reverseList(list));
  }
}

/** The logical ids that a template fragment names itself, without a reference of the CDK's. */
function namedIn(value: unknown, found: Set<string> = new Set()): Set<string> {
  if (Array.isArray(value)) for (const item of value) namedIn(item, found);
  else if (typeof value === 'object' && value !== null) {
    for (const [key, member] of Object.entries(value)) {
      if (key === 'Ref') found.add(String(member));
      else if (key === 'Fn::GetAtt') found.add(String(Array.isArray(member) ? member[0] : member));
      else if (key === 'DependsOn') for (const id of [member].flat()) found.add(String(id));
      else namedIn(member, found);
    }
  }
  return found;
}
