import { Environment } from './vendored/cel.ts';
import { isObject } from '../core/epoch.ts';
import { pattern } from './pattern.ts';

/** How much one evaluation may take: expressions evaluated, and elements and characters of what they make or compare. */
export const COST_LIMIT = 1_000_000;

/** What an error costs at each expression that it leaves. */
const ERROR_COST = 50;

/** What a pattern costs for each character it is made of and looks at: RE2 in JavaScript takes that much longer than an expression. */
const PATTERN_COST = 4;

/** What a rule said of some values. `endless`: it was given up after `COST_LIMIT`. */
export type Answer =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly problem: string }
  | { readonly kind: 'endless' };

/** A rule in CEL that was read and whose types fit. */
export interface Rule {
  /** Evaluates it: the same values give the same answer everywhere, at the same cost. */
  ask(values: Readonly<Record<string, unknown>>): Answer;
}

/** What is wrong with a rule that could not be read. */
export interface Unreadable {
  readonly problem: string;
}

type Evaluate = (evaluator: unknown, node: Node, context: unknown) => unknown;

/** A node of the library's tree, with what its types leave out: how it is evaluated is a property of each node. */
interface Node {
  readonly op: string;
  readonly args: unknown;
  readonly meta: { readonly evaluate?: Evaluate; readonly alternate?: Node; readonly macro?: { evaluate?: Evaluate } };
  setMeta(key: 'evaluate', value: Evaluate): Node;
}

/** Thrown at the limit; one for all, since a rule that absorbs errors may meet it often. */
const SPENT = new Error('the rule costs too much');

/**
 * Reads a rule in CEL (https://github.com/google/cel-spec). Numbers of documents are doubles, as CEL has JSON's; with whole numbers they
 * may be mixed. Patterns run in linear time, and the cost is bounded.
 */
export function readRule(text: string, variables: Readonly<Record<string, 'map' | 'dyn' | 'string'>>): Rule | Unreadable {
  const meter = new Meter();
  const environment = language(variables, (cost) => { meter.spend(cost); });
  try {
    const parsed = environment.parse(text);
    const root = parsed.ast as unknown as Node;
    const nodes = nodesOf(root);
    for (const { op, args } of nodes) if (op === 'rcall' && Array.isArray(args) && args[0] === 'matches') args[0] = 'matchesRe2';
    const { valid, type, error } = parsed.check();
    if (!valid) return { problem: told(error) };
    if (type !== 'bool' && type !== 'dyn') return { problem: `it is of type ${type ?? 'none'}, not bool` };
    const uses = usesOf(nodes);
    for (const node of nodes) meter.watch(node, uses.get(node));
    return { ask: (values) => meter.run(() => parsed(values) as unknown) };
  } catch (error) {
    return { problem: told(error) };
  }
}

function language(variables: Readonly<Record<string, 'map' | 'dyn' | 'string'>>, spend: (cost: number) => void): Environment {
  const environment = new Environment({ homogeneousAggregateLiterals: false, enableOptionalTypes: true, limits: { maxAstNodes: 5000, maxDepth: 100 } });
  for (const [name, type] of Object.entries(variables)) environment.registerVariable(name, type);
  environment.registerFunction('string.matchesRe2(string): bool', (value: string, source: string) => {
    spend(PATTERN_COST * (value.length + source.length));
    return pattern(source).test(value);
  });
  const arithmetic: Readonly<Record<string, (one: number, other: number) => number>> = {
    '+': (one, other) => one + other, '-': (one, other) => one - other, '*': (one, other) => one * other, '/': (one, other) => one / other, '%': (one, other) => one % other,
  };
  for (const [sign, calculate] of Object.entries(arithmetic)) {
    for (const types of [['double', 'int'], ['int', 'double'], ...(sign === '%' ? [['double', 'double']] : [])]) {
      environment.registerOperator(`${types.join(` ${sign} `)}: double`, (one: number | bigint, other: number | bigint) => calculate(Number(one), Number(other)));
    }
  }
  return environment;
}

/** Counts what an evaluation costs, and ends it at the limit. */
class Meter {
  #spent = 0;
  readonly #sizes = new WeakMap<object, number>();

  run(evaluate: () => unknown): Answer {
    this.#spent = 0;
    let answer: Answer;
    try {
      answer = { kind: 'answered', value: evaluate() };
    } catch (error) {
      answer = { kind: 'failed', problem: told(error) };
    }
    // `||` absorbs errors, this one too: what counts is what was spent.
    return this.#spent > COST_LIMIT ? { kind: 'endless' } : answer;
  }

  /** Wraps how a node is evaluated. `use` is what its parent does with the value. */
  watch(node: Node, use: Use | undefined): void {
    const { evaluate, macro } = node.meta;
    if (macro?.evaluate !== undefined) macro.evaluate = this.#metered(macro.evaluate, node.op, use);
    else if (evaluate !== undefined) node.setMeta('evaluate', this.#metered(evaluate, node.op, use));
  }

  #metered(evaluate: Evaluate, op: string, use: Use | undefined): Evaluate {
    const makes = ['+', 'call', 'rcall', 'list', 'map'].includes(op);
    return (evaluator, node, context) => {
      this.spend(1);
      const value = this.#attempt(() => evaluate(evaluator, node, context));
      if (typeof value === 'string') this.spend(makes || use !== undefined ? value.length >> 3 : 0);
      else if (typeof value === 'object' && value !== null) this.spend(use === 'compared' ? this.#size(value) : makes || use === 'called' ? breadth(value) : 0);
      return value;
    };
  }

  /** An error takes far longer than a value, and a rule may absorb it and go on. */
  #attempt(evaluate: () => unknown): unknown {
    try {
      return evaluate();
    } catch (error) {
      this.#spent += ERROR_COST;
      throw error;
    }
  }

  /** How many values are in a value; of each it is counted once. */
  #size(value: object): number {
    const known = this.#sizes.get(value);
    if (known !== undefined) return known;
    const members = Object.values(value) as unknown[];
    const size = members.reduce<number>((sum, member) => sum + (typeof member === 'object' && member !== null ? this.#size(member) : 1), 1);
    this.#sizes.set(value, size);
    return size;
  }

  /** @throws SPENT above the limit. */
  spend(cost: number): void {
    this.#spent += cost;
    if (this.#spent > COST_LIMIT) throw SPENT;
  }
}

function breadth(value: object): number {
  return Array.isArray(value) ? value.length : Object.keys(value).length;
}

/** Which values are compared, with all that is in them, and which are given to a function. */
type Use = 'compared' | 'called';

function usesOf(nodes: ReadonlySet<Node>): ReadonlyMap<Node, Use> {
  const uses = new Map<Node, Use>();
  for (const { op, args } of nodes) {
    const use = ['==', '!=', 'in'].includes(op) ? 'compared' : op === 'call' || op === 'rcall' ? 'called' : undefined;
    if (use === undefined || !Array.isArray(args)) continue;
    for (let operand of (args as unknown[]).flat().filter(isNode)) {
      while (operand.meta.alternate !== undefined) operand = operand.meta.alternate;
      uses.set(operand, use);
    }
  }
  return uses;
}

/** Every node of a tree, those that macros stand for too. */
function nodesOf(root: Node): ReadonlySet<Node> {
  const found = new Set<Node>();
  const pending: unknown[] = [root];
  for (let next = pending.pop(); pending.length > 0 || next !== undefined; next = pending.pop()) {
    if (isNode(next)) {
      if (found.has(next)) continue;
      found.add(next);
      pending.push(next.args, next.meta.alternate, next.meta.macro);
    } else if (Array.isArray(next) || (isObject(next) && Object.getPrototypeOf(next) === Object.prototype)) {
      pending.push(...(Object.values(next) as unknown[]).filter((member) => typeof member === 'object' && member !== null));
    }
  }
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'op' in value && 'setMeta' in value;
}

/** The library shows the rule below its message; one line is enough here. */
function told(error: unknown): string {
  const { summary, message } = error as { readonly summary?: string; readonly message?: string };
  return (summary ?? message ?? String(error)).split('\n')[0] ?? '';
}
