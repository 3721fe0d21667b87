/** A pattern's characters by code unit; wildcards are negative, so that a variable's value never becomes one. */
export type Pattern = readonly number[];

/** What a policy variable stands for; undefined when the request has no such value. */
export type Variables = (name: string) => string | undefined;

const ANY = -1;
const ONE = -2;

/** `${aws:PrincipalTag/team, 'none'}`, or one of the literals `${*}`, `${?}`, `${$}`. */
const VARIABLE = /\$\{\s*([^{},]+?)\s*(?:,\s*'([^']*)'\s*)?\}/g;

/** Whether a text holds a policy variable, and so means something else in each request. */
export function hasVariables(text: string): boolean {
  return text.includes('${');
}

/** Compiles a text with `*` and `?`. Undefined when one of its variables has neither a value nor a default: such a text matches nothing. */
export function compilePattern(text: string, variables?: Variables): Pattern | undefined {
  const pieces = piecesOf(text, variables);
  if (!pieces) return undefined;
  const pattern: number[] = [];
  for (const piece of pieces) append(pattern, piece.text, piece.wild);
  return pattern;
}

/** A text with its variables filled in and nothing wild; undefined when one is missing. */
export function fillIn(text: string, variables: Variables): string | undefined {
  return hasVariables(text) ? piecesOf(text, variables)?.map((piece) => piece.text).join('') : text;
}

/** The text's own characters are wild, the values of its variables are not. */
function piecesOf(text: string, variables: Variables | undefined): readonly { readonly text: string; readonly wild: boolean }[] | undefined {
  if (!variables || !hasVariables(text)) return [{ text, wild: true }];
  const pieces = [];
  let at = 0;
  for (const found of text.matchAll(VARIABLE)) {
    const [whole, name = '', byDefault] = found;
    const value = name === '*' || name === '?' || name === '$' ? name : variables(name) ?? byDefault;
    if (value === undefined) return undefined;
    pieces.push({ text: text.slice(at, found.index), wild: true }, { text: value, wild: false });
    at = found.index + whole.length;
  }
  pieces.push({ text: text.slice(at), wild: true });
  return pieces;
}

function append(pattern: number[], text: string, wild: boolean): void {
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (wild && code === 0x2a) {
      if (pattern.at(-1) !== ANY) pattern.push(ANY);
    } else {
      pattern.push(wild && code === 0x3f ? ONE : code);
    }
  }
}

/** Whether all of a text fits; `*` is any run of characters, also across colons and slashes, `?` any one. Never worse than the product of both lengths. */
export function fits(pattern: Pattern, text: string): boolean {
  let at = 0;
  let place = 0;
  let star = -1;
  let mark = 0;
  while (at < text.length) {
    const wanted = pattern[place];
    if (wanted === ANY) {
      star = place;
      mark = at;
      place += 1;
    } else if (wanted === ONE || wanted === text.charCodeAt(at)) {
      at += 1;
      place += 1;
    } else if (star >= 0) {
      mark += 1;
      at = mark;
      place = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[place] === ANY) place += 1;
  return place === pattern.length;
}

/** An ARN's six parts; the last holds whatever colons follow. Undefined for text that is none. */
export function arnParts(arn: string): readonly string[] | undefined {
  const parts = arn.split(':');
  if (parts.length < 6 || parts[0] !== 'arn') return undefined;
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}
