/** How deep values may be nested; more is no configuration, and every parser has its own limit. */
export const DEPTH_LIMIT = 100;

/**
 * The one text of a JSON value: keys sorted by UTF-16 code units, no spaces, numbers and strings as ECMAScript writes them.
 * Source: RFC 8785, JSON Canonicalization Scheme.
 * @throws TypeError for what JSON or the scheme does not have: undefined, NaN, lone surrogates, more than 100 levels.
 */
export function canonical(value: unknown, depth = 0): string {
  if (depth > DEPTH_LIMIT) throw new TypeError(`nested deeper than ${DEPTH_LIMIT} levels`);
  switch (typeof value) {
    case 'boolean':
      return String(value);
    case 'number':
      if (!Number.isFinite(value)) throw new TypeError(`${value} is no number of JSON`);
      return JSON.stringify(value);
    case 'string':
      return text(value);
    case 'object':
      if (value === null) return 'null';
      return Array.isArray(value) ? list(value, depth + 1) : members(value as Record<string, unknown>, depth + 1);
    default:
      throw new TypeError(`${typeof value} is no value of JSON`);
  }
}

const texts = new WeakMap<object, string>();

/** The canonical text of an object that nobody changes any more: made once, since documents are read, composed, measured and compared. */
export function canonicalOnce(value: object): string {
  const known = texts.get(value) ?? canonical(value);
  texts.set(value, known);
  return known;
}

/** The value of a canonical text, whose text is then known. @throws SyntaxError for what is no JSON. */
export function valueOf(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (typeof value === 'object' && value !== null) texts.set(value, text);
  return value;
}

function list(items: readonly unknown[], depth: number): string {
  let made = '';
  for (const item of items) made += `${made === '' ? '' : ','}${canonical(item, depth)}`;
  return `[${made}]`;
}

function members(value: Readonly<Record<string, unknown>>, depth: number): string {
  let made = '';
  // Without an argument, sort() compares UTF-16 code units.
  for (const key of Object.keys(value).sort()) made += `${made === '' ? '' : ','}${text(key)}:${canonical(value[key], depth)}`;
  return `{${made}}`;
}

/** What stands in quotes as it is. */
const PLAIN = /^[ !#-[\]-~]*$/;

function text(value: string): string {
  if (value.length < 1000 && PLAIN.test(value)) return `"${value}"`;
  const quoted = JSON.stringify(value);
  // JSON.stringify escapes half a pair, and leaves a whole one alone.
  if (quoted.includes('\\ud') && HALF_A_PAIR.test(value)) throw new TypeError('text with half a surrogate pair');
  return quoted;
}

const HALF_A_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;
