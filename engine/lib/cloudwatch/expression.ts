import { validationError } from './refusal.ts';

/** A metric math expression, parsed. */
export type Expression =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'list'; readonly items: readonly Expression[] }
  | { readonly kind: 'minus'; readonly of: Expression }
  | { readonly kind: 'operation'; readonly operator: string; readonly left: Expression; readonly right: Expression }
  | { readonly kind: 'call'; readonly name: string; readonly parameters: readonly Expression[] };

/** Operators from the loosest to the tightest; those of one row bind alike, from the left. */
const PRECEDENCE: readonly (readonly string[])[] = [['OR', '||'], ['AND', '&&'], ['<', '>', '<=', '>=', '==', '!='], ['+', '-'], ['*', '/'], ['^']];
const TOKEN = /\s*(?:(\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)|("[^"]*"|'[^']*')|([A-Za-z_][A-Za-z0-9_]*)|(\|\||&&|<=|>=|==|!=|[-+*/^<>(),[\]]))/y;

/** Parses the metric math expression of the query `id`; throws CloudWatch's refusal for one that is none. */
export function parseExpression(id: string, source: string): Expression {
  return new Parser(id, source).whole();
}

class Parser {
  readonly #tokens: { readonly kind: 'number' | 'text' | 'word' | 'mark' | 'end'; readonly text: string }[] = [];
  readonly #id: string;
  #at = 0;

  constructor(id: string, source: string) {
    this.#id = id;
    let at = 0;
    const end = source.trimEnd().length;
    while (at < end) {
      TOKEN.lastIndex = at;
      const match = TOKEN.exec(source);
      if (!match) throw this.#fault(`unexpected character '${source.slice(at).trimStart().charAt(0)}'`);
      at = TOKEN.lastIndex;
      const [, number, text, word, mark] = match;
      if (number !== undefined) this.#tokens.push({ kind: 'number', text: number });
      else if (text !== undefined) this.#tokens.push({ kind: 'text', text: text.slice(1, -1) });
      else if (word !== undefined) this.#tokens.push({ kind: /^(?:AND|OR)$/.test(word) ? 'mark' : 'word', text: word });
      else this.#tokens.push({ kind: 'mark', text: mark ?? '' });
    }
    this.#tokens.push({ kind: 'end', text: '' });
  }

  whole(): Expression {
    const made = this.#binary(0);
    if (this.#peek().kind !== 'end') throw this.#fault(`unexpected '${this.#peek().text}'`);
    return made;
  }

  #binary(row: number): Expression {
    const operators = PRECEDENCE[row];
    if (!operators) return this.#unary();
    let left = this.#binary(row + 1);
    while (this.#peek().kind === 'mark' && operators.includes(this.#peek().text)) {
      const operator = this.#next().text;
      left = { kind: 'operation', operator, left, right: this.#binary(row + 1) };
    }
    return left;
  }

  #unary(): Expression {
    if (!this.#takes('-')) return this.#primary();
    return { kind: 'minus', of: this.#unary() };
  }

  #primary(): Expression {
    const { kind, text } = this.#next();
    switch (kind) {
      case 'number': return { kind: 'number', value: Number(text) };
      case 'text': return { kind: 'text', value: text };
      case 'word': return this.#takes('(') ? { kind: 'call', name: text, parameters: this.#items(')') } : { kind: 'name', name: text };
      case 'mark': {
        if (text === '[') return { kind: 'list', items: this.#items(']') };
        if (text !== '(') throw this.#fault(`unexpected '${text}'`);
        const inner = this.#binary(0);
        if (!this.#takes(')')) throw this.#fault("missing ')'");
        return inner;
      }
      case 'end': throw this.#fault('it ends too early');
    }
  }

  #items(close: string): Expression[] {
    const items: Expression[] = [];
    if (this.#takes(close)) return items;
    do items.push(this.#binary(0)); while (this.#takes(','));
    if (!this.#takes(close)) throw this.#fault(`missing '${close}'`);
    return items;
  }

  #takes(mark: string): boolean {
    if (this.#peek().kind !== 'mark' || this.#peek().text !== mark) return false;
    this.#at += 1;
    return true;
  }

  #peek(): { readonly kind: string; readonly text: string } {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '' };
  }

  #next(): { readonly kind: 'number' | 'text' | 'word' | 'mark' | 'end'; readonly text: string } {
    const token = this.#tokens[this.#at] ?? { kind: 'end' as const, text: '' };
    this.#at += 1;
    return token;
  }

  #fault(why: string): Error {
    return validationError(`Error in expression '${this.#id}': ${why}`);
  }
}

/** Every function an expression calls. */
export function callsIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'minus': return callsIn(expression.of);
    case 'operation': return [...callsIn(expression.left), ...callsIn(expression.right)];
    case 'list': return expression.items.flatMap(callsIn);
    case 'call': return [expression.name, ...expression.parameters.flatMap(callsIn)];
    case 'name': case 'number': case 'text': return [];
  }
}

/** Every name an expression refers to. */
export function namesIn(expression: Expression): string[] {
  switch (expression.kind) {
    case 'name': return [expression.name];
    case 'minus': return namesIn(expression.of);
    case 'operation': return [...namesIn(expression.left), ...namesIn(expression.right)];
    case 'list': return expression.items.flatMap(namesIn);
    case 'call': return expression.parameters.flatMap(namesIn);
    case 'number': case 'text': return [];
  }
}
