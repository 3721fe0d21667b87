import { sameJson } from '../datum.ts';
import { Path } from './path.ts';
import type { Scanner } from './scanner.ts';
import type { Filter, Step } from './step.ts';

/** The parser of the steps after a root. */
type ParseSteps = (scanner: Scanner) => Step[] | string;

/** An operand's value; undefined when its path finds nothing. */
type Operand = (item: unknown, root: unknown) => unknown;

const OPERATORS = ['==', '!=', '<=', '>=', '=~', '<', '>', 'in', 'nin'] as const;
type Operator = typeof OPERATORS[number];

/** Parses `@.a == 'x' && !(@.b)` up to the closing bracket; a text that is none gives its fault. */
export function parseFilter(scanner: Scanner, parseSteps: ParseSteps): Filter | string {
  return joined(scanner, '||', (s) => joined(s, '&&', (term) => parseTerm(term, parseSteps)));
}

function joined(scanner: Scanner, operator: '||' | '&&', parse: (scanner: Scanner) => Filter | string): Filter | string {
  const parts: Filter[] = [];
  do {
    const part = parse(scanner);
    if (typeof part === 'string') return part;
    parts.push(part);
    scanner.space();
  } while (scanner.take(operator));
  if (parts.length === 1) return parts[0]!;
  return operator === '||'
    ? (item, root) => parts.some((part) => part(item, root))
    : (item, root) => parts.every((part) => part(item, root));
}

function parseTerm(scanner: Scanner, parseSteps: ParseSteps): Filter | string {
  scanner.space();
  if (scanner.take('!')) {
    const term = parseTerm(scanner, parseSteps);
    return typeof term === 'string' ? term : (item, root) => !term(item, root);
  }
  if (scanner.take('(')) {
    const inner = parseFilter(scanner, parseSteps);
    scanner.space();
    return typeof inner === 'string' || scanner.take(')') ? inner : `Could not parse token starting at position ${scanner.at}`;
  }
  return parseComparison(scanner, parseSteps);
}

function parseComparison(scanner: Scanner, parseSteps: ParseSteps): Filter | string {
  const left = parseOperand(scanner, parseSteps);
  if (typeof left === 'string') return left;
  scanner.space();
  const operator = OPERATORS.find((candidate) => scanner.take(candidate));
  if (!operator) return (item, root) => left(item, root) !== undefined;
  scanner.space();
  if (operator === '=~') return parseMatch(left, scanner);
  const right = parseOperand(scanner, parseSteps);
  if (typeof right === 'string') return right;
  return (item, root) => compare(operator, left(item, root), right(item, root));
}

function parseMatch(left: Operand, scanner: Scanner): Filter | string {
  const source = scanner.match(/\/(?:[^/\\]|\\.)*\/i?/y);
  const expression = source && compileMatch(source);
  if (!expression) return `Could not parse token starting at position ${scanner.at}`;
  return (item, root) => {
    const value = left(item, root);
    return typeof value === 'string' && expression.test(value);
  };
}

/** `/…/` or `/…/i`, which must match all of a text; undefined when it is no regular expression. */
function compileMatch(source: string): RegExp | undefined {
  const insensitive = source.endsWith('i');
  try {
    return new RegExp(`^(?:${source.slice(1, insensitive ? -2 : -1)})$`, insensitive ? 'i' : '');
  } catch {
    return undefined;
  }
}

function parseOperand(scanner: Scanner, parseSteps: ParseSteps): Operand | string {
  scanner.space();
  const root = scanner.peek();
  if (root === '@' || root === '$') {
    scanner.at += 1;
    const steps = parseSteps(scanner);
    if (typeof steps === 'string') return steps;
    const path = new Path('', steps);
    return (item, whole) => {
      const found = path.read(root === '@' ? item : whole);
      return found.found ? found.value : undefined;
    };
  }
  const text = scanner.quoted();
  if (text !== undefined) return () => text;
  const literal = scanner.match(/-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|\[[^\]]*\]/y);
  if (literal === undefined) return `Could not parse token starting at position ${scanner.at}`;
  const value: unknown = parseLiteral(literal);
  return value === undefined ? `Could not parse token starting at position ${scanner.at}` : () => value;
}

function parseLiteral(literal: string): unknown {
  try {
    return JSON.parse(literal.replaceAll('\'', '"'));
  } catch {
    return undefined;
  }
}

function compare(operator: Operator, left: unknown, right: unknown): boolean {
  switch (operator) {
    case '==': return left !== undefined && sameJson(left, right);
    case '!=': return !sameJson(left, right);
    case 'in': return Array.isArray(right) && right.some((item) => sameJson(item, left));
    case 'nin': return Array.isArray(right) && !right.some((item) => sameJson(item, left));
    case '=~': return false;
    default: return ordered(operator, left, right);
  }
}

function ordered(operator: '<' | '<=' | '>' | '>=', left: unknown, right: unknown): boolean {
  if (!(typeof left === 'number' && typeof right === 'number') && !(typeof left === 'string' && typeof right === 'string')) return false;
  switch (operator) {
    case '<': return left < right;
    case '<=': return left <= right;
    case '>': return left > right;
    default: return left >= right;
  }
}
