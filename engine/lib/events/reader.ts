/** What a reader can meet next in JSON text. */
export type Token = 'object' | 'end-object' | 'array' | 'end-array' | 'name' | 'string' | 'number' | 'true' | 'false' | 'null';

/** A refusal with the place it was found at; `message` reads as AWS's parser words it. */
export class JsonFault extends Error {
  /** The reason without the place. */
  readonly reason: string;

  constructor(reason: string, place: string) {
    super(`${reason}\n at ${place}`);
    this.name = 'JsonFault';
    this.reason = reason;
  }
}

const SHOWN = 500;
const DEEPEST = 1000;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', '/': '/' };
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /[A-Za-z0-9_$]+/y;

/** A token with its text; `open` while a string's text is not yet read. */
interface Piece {
  readonly token: Token;
  readonly text: string;
  readonly open?: boolean;
}

/**
 * Reads JSON text token by token and reports places as AWS does, whose parser is Jackson's: a string counts as read up to its
 * opening quote until somebody asks for its text, and with a name the first character of its value is read too.
 */
export class JsonReader {
  readonly source: string;
  #at = 0;
  #began = 0;
  #current: Piece | undefined;
  #pending: Piece | undefined;
  /** Nothing was read yet in the innermost scope. */
  #fresh = true;
  readonly #scopes: { readonly kind: 'object' | 'array'; readonly at: number }[] = [];

  constructor(source: string) {
    this.source = source;
  }

  /** The next token; undefined at the end of the text. */
  next(): Token | undefined {
    if (this.#current?.open) this.#string();
    const pending = this.#pending;
    this.#pending = undefined;
    this.#current = pending ?? this.#read();
    return this.#current?.token;
  }

  /** The text of a name, string, number or literal; of a bracket, the bracket. Asking for a string's text reads it to its end. */
  text(): string {
    if (this.#current?.open) this.#current = { token: 'string', text: this.#string() };
    return this.#current?.text ?? '';
  }

  /** The place reading has come to. */
  place(): string {
    return this.#place(this.#at);
  }

  /** The place the last token began at. */
  began(): string {
    return this.#place(this.#began);
  }

  /** Refuses what was read last. */
  fail(reason: string): never {
    throw new JsonFault(reason, this.place());
  }

  #place(at: number): string {
    const before = this.source.slice(0, at);
    const line = before.split('\n').length;
    const column = at - before.lastIndexOf('\n');
    const rest = this.source.length - SHOWN;
    return `[Source: (String)"${this.source.slice(0, SHOWN)}"${rest > 0 ? `[truncated ${rest} chars]` : ''}; line: ${line}, column: ${column}]`;
  }

  #read(): Piece | undefined {
    this.#space();
    const scope = this.#scopes.at(-1);
    const mark = this.source[this.#at];
    if (mark === undefined) {
      if (!scope) return undefined;
      const kind = scope.kind === 'object' ? 'Object' : 'Array';
      return this.fail(`Unexpected end-of-input: expected close marker for ${kind} (start marker at ${this.#place(scope.at)})`);
    }
    if (mark === '}' || mark === ']') return this.#close(mark);
    if (scope && !this.#fresh) this.#comma(mark, scope.kind);
    this.#fresh = false;
    return scope?.kind === 'object' ? this.#name() : this.#value();
  }

  #space(): void {
    while (this.#at < this.source.length && ' \t\r\n'.includes(this.source[this.#at]!)) this.#at += 1;
  }

  #close(mark: '}' | ']'): Piece {
    this.#began = this.#at;
    this.#at += 1;
    const scope = this.#scopes.pop();
    const kind = mark === '}' ? 'object' : 'array';
    if (scope?.kind !== kind) this.fail(`Unexpected close marker '${mark}': expected '${kind === 'object' ? ']' : '}'}'`);
    this.#fresh = false;
    return { token: kind === 'object' ? 'end-object' : 'end-array', text: mark };
  }

  #comma(mark: string, kind: 'object' | 'array'): void {
    this.#at += 1;
    if (mark !== ',') this.fail(`Unexpected character (${described(mark)}): was expecting comma to separate ${kind === 'object' ? 'Object' : 'Array'} entries`);
    this.#space();
  }

  #name(): Piece {
    this.#began = this.#at;
    this.#expect('"', 'double-quote to start field name');
    const text = this.#string();
    this.#space();
    this.#expect(':', 'a colon to separate field name and value');
    this.#space();
    this.#pending = this.#value();
    return { token: 'name', text };
  }

  #expect(mark: string, what: string): void {
    const found = this.source[this.#at] ?? '';
    this.#at += 1;
    if (found !== mark) this.fail(`Unexpected character (${described(found)}): was expecting ${what}`);
  }

  #value(): Piece {
    this.#began = this.#at;
    const mark = this.source[this.#at] ?? '';
    if (mark === '{' || mark === '[') {
      const token = mark === '{' ? 'object' : 'array';
      this.#scopes.push({ kind: token, at: this.#at });
      this.#at += 1;
      if (this.#scopes.length > DEEPEST) this.fail(`Document nesting depth (${this.#scopes.length}) exceeds the maximum allowed (${DEEPEST})`);
      this.#fresh = true;
      return { token, text: mark };
    }
    if (mark === '"') {
      this.#at += 1;
      return { token: 'string', text: '', open: true };
    }
    return this.#scalar(mark);
  }

  #scalar(mark: string): Piece {
    const number = mark === '-' || (mark >= '0' && mark <= '9') ? this.#match(NUMBER) : '';
    if (number !== '') return { token: 'number', text: number };
    const word = this.#match(WORD);
    if (word === 'true' || word === 'false' || word === 'null') return { token: word, text: word };
    if (word !== '') this.fail(`Unrecognized token '${word}': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`);
    this.#at += 1;
    return this.fail(`Unexpected character (${described(mark)}): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false')`);
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.source)?.[0] ?? '';
    this.#at += found.length;
    return found;
  }

  /** Reads on from behind an opening quote to behind the closing one. */
  #string(): string {
    let text = '';
    for (;;) {
      const mark = this.source[this.#at];
      if (mark === undefined) this.fail('Unexpected end-of-input: was expecting closing quote for a string value');
      this.#at += 1;
      if (mark === '"') return text;
      if (mark < ' ') this.fail(`Illegal unquoted character (${described(mark)}): has to be escaped using backslash to be included in string value`);
      text += mark === '\\' ? this.#escape() : mark;
    }
  }

  #escape(): string {
    const mark = this.source[this.#at] ?? '';
    this.#at += 1;
    if (mark !== 'u') return ESCAPES[mark] ?? this.fail(`Unrecognized character escape ${described(mark)}`);
    const digits = this.source.slice(this.#at, this.#at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) this.fail('Unexpected character: expected a hex-digit for character escape sequence');
    this.#at += 4;
    return String.fromCharCode(Number.parseInt(digits, 16));
  }
}

function described(mark: string): string {
  const code = mark.charCodeAt(0);
  return code < 32 ? `(CTRL-CHAR, code ${code})` : `'${mark}' (code ${code})`;
}
