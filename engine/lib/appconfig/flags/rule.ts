/** What is wrong with a variant's rule, in AppConfig's words. */
export interface RuleComplaint {
  readonly reason: 'NotAnExpression' | 'UnknownSymbol' | 'TooFewOperands';
  /** Where in the rule: empty for the whole, `.eq`, `.and.2`. */
  readonly path: string;
}

/** An expression, or any other operand. */
type Term = { readonly kind: 'expression'; readonly operator: string; readonly operands: readonly Term[] } | { readonly kind: 'operand' };

/** Operands each operator needs at least, annotated ones (`pct::10`) included. */
const OPERATORS: ReadonlyMap<string, number> = new Map([
  ['and', 2], ['or', 2], ['not', 1],
  ['eq', 2], ['gt', 2], ['gte', 2], ['lt', 2], ['lte', 2],
  ['begins_with', 2], ['ends_with', 2], ['contains', 2], ['in', 2], ['matches', 2],
  ['exists', 1], ['split', 2],
]);

/** The tokens of a rule; the grammar is that of Ion's s-expressions. What is none of them counts as no operand. */
const TOKEN = /\s+|[a-z]+::|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.:-])|\d{4}-\d\d-\d\d(?:T[\d:.]*(?:Z|[+-]\d\d:\d\d)?)?(?![\w-])|\$[A-Za-z_][\w.-]*|[A-Za-z_][\w]*|[()[\],]|[^\s()[\],"]+|"/g;

/** Operands and expressions within each other at most. */
const DEEPEST = 100;

/** The first thing wrong with a rule; undefined for one that AppConfig accepts. */
export function ruleComplaint(rule: string): RuleComplaint | undefined {
  const tokens = (rule.match(TOKEN) ?? []).filter((token) => token.trim() !== '' && token !== ',');
  const reader = new Reader(tokens);
  const term = reader.term(0);
  if (term?.kind !== 'expression' || !reader.done) return { reason: 'NotAnExpression', path: '' };
  return complaintOf(term, '');
}

function complaintOf(term: Term, path: string): RuleComplaint | undefined {
  if (term.kind !== 'expression') return undefined;
  const least = OPERATORS.get(term.operator);
  if (least === undefined) return { reason: 'UnknownSymbol', path };
  const here = `${path}.${term.operator}`;
  if (term.operands.length < least) return { reason: 'TooFewOperands', path: here };
  for (const [index, operand] of term.operands.entries()) {
    const complaint = complaintOf(operand, `${here}.${index + 1}`);
    if (complaint) return complaint;
  }
  return undefined;
}

/** Reads terms off a list of tokens. */
class Reader {
  readonly #tokens: readonly string[];
  #at = 0;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get done(): boolean {
    return this.#at >= this.#tokens.length;
  }

  /** The next term; undefined when there is none or it is broken. */
  term(depth: number): Term | undefined {
    while (this.#tokens[this.#at]?.endsWith('::')) this.#at += 1;
    const token = this.#tokens[this.#at];
    if (token === undefined || depth > DEEPEST) return undefined;
    this.#at += 1;
    if (token === '(') return this.#expression(depth);
    if (token === '[') return this.#items(']', depth) ? { kind: 'operand' } : undefined;
    return /^("(?:.|\n)*"|-?\d.*|\$.+|true|false)$/.test(token) && !/^\d{4}-\d\d$/.test(token) ? { kind: 'operand' } : undefined;
  }

  #expression(depth: number): Term | undefined {
    const operator = this.#tokens[this.#at] ?? '';
    this.#at += 1;
    const operands = this.#items(')', depth);
    return operands && /^[A-Za-z_]/.test(operator) ? { kind: 'expression', operator, operands } : undefined;
  }

  /** Terms up to a closing token; broken ones are left out. */
  #items(closing: string, depth: number): readonly Term[] | undefined {
    const items: Term[] = [];
    while (!this.done) {
      if (this.#tokens[this.#at] === closing) {
        this.#at += 1;
        return items;
      }
      const before = this.#at;
      const item = this.term(depth + 1);
      if (item) items.push(item);
      if (this.#at === before) return undefined;
    }
    return undefined;
  }
}
