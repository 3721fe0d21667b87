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
      if (Array.isArray(value)) return `[${value.map((item) => canonical(item, depth + 1)).join(',')}]`;
      return `{${Object.entries(value)
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([key, member]) => `${text(key)}:${canonical(member, depth + 1)}`)
        .join(',')}}`;
    default:
      throw new TypeError(`${typeof value} is no value of JSON`);
  }
}

function text(value: string): string {
  if (!wellFormed(value)) throw new TypeError('text with half a surrogate pair');
  return JSON.stringify(value);
}

function wellFormed(value: string): boolean {
  return !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(value);
}
