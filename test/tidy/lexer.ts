/** One lexical token of a TypeScript file; `line` is 1-based. */
export interface Token {
  kind: 'word' | 'string' | 'template' | 'regex' | 'comment' | 'mark';
  /** The text as written; of a string, its value between the quotes. */
  text: string;
  line: number;
  /** Of a comment or template: the line it ends on. */
  end: number;
}

const WORD = /[\p{ID_Start}$_#][\p{ID_Continue}$_]*/uy;
const NUMBER = /\d[\w.]*/y;
/** After these words a slash begins a regular expression, not a division. */
const BEFORE_REGEX = new Set(['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'else', 'do', 'await', 'yield']);

/** Splits TypeScript into tokens: enough to find imports, comments and calls without a parser. */
export function tokens(source: string): Token[] {
  return new Lexer(source).run();
}

class Lexer {
  private at = 0;
  private line = 1;
  private readonly found: Token[] = [];
  private readonly source: string;

  constructor(source: string) {
    this.source = source;
  }

  run(): Token[] {
    if (this.source.startsWith('#!')) this.take('comment', this.until('\n', this.at));
    while (this.at < this.source.length) this.step();
    return this.found;
  }

  private step(): void {
    const { source, at } = this;
    const character = source[at] ?? '';
    if (/\s/.test(character)) this.skip(at + 1);
    else if (source.startsWith('//', at)) this.take('comment', this.until('\n', at));
    else if (source.startsWith('/*', at)) this.take('comment', this.until('*/', at) + 2);
    else if (character === '"' || character === "'") this.take('string', this.closing(character));
    else if (character === '`') this.take('template', this.templateEnd(at + 1));
    else if (character === '/' && this.regexMayBegin()) this.take('regex', this.regexEnd());
    else this.take(...this.wordOrMark());
  }

  private wordOrMark(): ['word' | 'mark', number] {
    for (const pattern of [WORD, NUMBER]) {
      pattern.lastIndex = this.at;
      const match = pattern.exec(this.source);
      if (match !== null) return ['word', this.at + match[0].length];
    }
    return ['mark', this.at + 1];
  }

  private take(kind: Token['kind'], end: number): void {
    const text = kind === 'string' ? this.source.slice(this.at + 1, end - 1) : this.source.slice(this.at, end);
    const line = this.line;
    this.skip(end);
    this.found.push({ kind, text, line, end: this.line });
  }

  private skip(end: number): void {
    for (; this.at < end; this.at += 1) if (this.source[this.at] === '\n') this.line += 1;
  }

  private until(mark: string, from: number): number {
    const found = this.source.indexOf(mark, from);
    return found === -1 ? this.source.length : found;
  }

  /** The position after the closing quote; a string never runs past its line. */
  private closing(quote: string): number {
    let at = this.at + 1;
    while (at < this.source.length && this.source[at] !== quote && this.source[at] !== '\n') at += this.source[at] === '\\' ? 2 : 1;
    return at + 1;
  }

  /** Templates nest: `${…}` may hold strings and further templates. */
  private templateEnd(from: number): number {
    let at = from;
    while (at < this.source.length && this.source[at] !== '`') {
      if (this.source[at] === '\\') at += 2;
      else if (this.source.startsWith('${', at)) at = this.expressionEnd(at + 2);
      else at += 1;
    }
    return at + 1;
  }

  private expressionEnd(from: number): number {
    let at = from;
    for (let depth = 1; at < this.source.length && depth > 0; at += 1) {
      if (this.source[at] === '{') depth += 1;
      else if (this.source[at] === '}') depth -= 1;
      else if (this.source[at] === '`') at = this.templateEnd(at + 1) - 1;
    }
    return at;
  }

  private regexMayBegin(): boolean {
    const last = this.found.findLast((token) => token.kind !== 'comment');
    if (last === undefined) return true;
    if (last.kind === 'word') return BEFORE_REGEX.has(last.text);
    return last.kind === 'mark' && !')]}'.includes(last.text);
  }

  private regexEnd(): number {
    let at = this.at + 1;
    for (let inClass = false; at < this.source.length && this.source[at] !== '\n'; at += 1) {
      const character = this.source[at];
      if (character === '\\') at += 1;
      else if (character === '[') inClass = true;
      else if (character === ']') inClass = false;
      else if (character === '/' && !inClass) break;
    }
    return at + 1;
  }
}
