import { comparable } from './decimal.ts';
import { cidrBlock, inBlock, ipDigits } from './ipAddress.ts';
import { foldMatcher } from './fold.ts';
import type { JsonReader, Token } from './reader.ts';
import type { WildcardSet } from './complexity.ts';
import { matchesWildcard, parseWildcard } from './wildcard.ts';

/** One alternative in a field's array. */
export interface Expression {
  /** Whether a leaf fits: strings come in their quotes, everything else as JSON writes it. */
  readonly fits: (value: string) => boolean;
  /** True for `{"exists": false}`, which fits where there is no leaf. */
  readonly absent?: boolean;
  /** The wildcards it holds, for the limit on their complexity. */
  readonly wildcards?: WildcardSet;
}

/** A refusal AWS gives without a place. */
export class PlacelessFault extends Error {}

/** Reads a match expression; the reader stands on its opening brace. Throws a JsonFault or PlacelessFault. */
export function readExpression(reader: JsonReader): Expression {
  if (reader.next() !== 'name') reader.fail('Match expression name not found');
  const name = reader.text();
  switch (name) {
    case 'exactly': return simple(reader, name, (text) => (value) => value === `"${text}"`);
    case 'prefix': return affix(reader, name);
    case 'suffix': return affix(reader, name);
    case 'equals-ignore-case': return simple(reader, name, (text) => foldMatcher(`"${text}"`, 'whole'));
    case 'wildcard': return wildcard(reader);
    case 'cidr': return cidr(reader);
    case 'exists': return exists(reader);
    case 'numeric': return numeric(reader);
    case 'anything-but': return anythingBut(reader);
    default: return reader.fail(`Unrecognized match type ${name}`);
  }
}

/** A plain value in a field's array. */
export function readLiteral(reader: JsonReader, token: Token | undefined): Expression {
  const text = reader.text();
  switch (token) {
    case 'string': {
      const address = ipDigits(text);
      return { fits: (value) => value === `"${text}"` || (address !== undefined && ipDigits(value.slice(1, -1)) === address) };
    }
    case 'number': {
      const number = comparable(text);
      // What a double cannot hold matches only as the whole number it is written as.
      return { fits: (value) => (number === undefined ? /^-?\d+$/.test(text) && value === text : comparable(value) === number) };
    }
    case 'true':
    case 'false':
    case 'null':
      return { fits: (value) => value === text };
    default:
      return reader.fail('Match value must be String, number, true, false, or null');
  }
}

const ONE_KEY = 'Only one key allowed in match expression';
const MANY = 'Too many elements in numeric expression';

function end(reader: JsonReader, reason: string): void {
  if (reader.next() !== 'end-object') reader.fail(reason);
}

function simple(reader: JsonReader, name: string, test: (text: string) => (value: string) => boolean): Expression {
  if (reader.next() !== 'string') reader.fail(`${name === 'exactly' ? 'exact' : name} match pattern must be a string`);
  const fits = test(reader.text());
  end(reader, ONE_KEY);
  return { fits };
}

function affix(reader: JsonReader, name: 'prefix' | 'suffix'): Expression {
  const token = reader.next();
  if (token === 'object') {
    if (reader.next() !== 'name') reader.fail(`${name === 'prefix' ? 'Prefix' : 'Suffix'} expression name not found`);
    if (reader.text() !== 'equals-ignore-case') reader.fail(`Unsupported ${name} pattern: ${reader.text()}`);
    const folded = simple(reader, 'equals-ignore-case', (text) => foldMatcher(quote(name, text), name));
    end(reader, ONE_KEY);
    return folded;
  }
  if (token !== 'string') reader.fail(`${name} match pattern must be a string`);
  const text = quote(name, reader.text());
  end(reader, ONE_KEY);
  return { fits: (value) => (name === 'prefix' ? value.startsWith(text) : value.endsWith(text)) };
}

function quote(name: 'prefix' | 'suffix', text: string): string {
  return name === 'prefix' ? `"${text}` : `${text}"`;
}

function wildcard(reader: JsonReader): Expression {
  if (reader.next() !== 'string') reader.fail('wildcard match pattern must be a string');
  const expression = wildcardOf(reader, reader.text());
  end(reader, ONE_KEY);
  return expression;
}

function wildcardOf(reader: JsonReader, text: string): Expression {
  const parsed = parseWildcard(`"${text}"`);
  if ('fault' in parsed) return reader.fail(parsed.fault);
  return { fits: (value) => matchesWildcard(parsed.steps, value), wildcards: [parsed.steps] };
}

function cidr(reader: JsonReader): Expression {
  // AWS's own words name the wrong expression here.
  if (reader.next() !== 'string') reader.fail('prefix match pattern must be a string');
  const block = cidrBlock(reader.text());
  if ('fault' in block) throw new PlacelessFault(block.fault);
  end(reader, ONE_KEY);
  return { fits: (value) => inBlock(block, ipDigits(value.slice(1, -1)) ?? value) };
}

function exists(reader: JsonReader): Expression {
  const token = reader.next();
  if (token !== 'true' && token !== 'false') reader.fail('exists match pattern must be either true or false.');
  end(reader, ONE_KEY);
  return token === 'true' ? { fits: () => true } : { fits: () => false, absent: true };
}

function numeric(reader: JsonReader): Expression {
  if (reader.next() !== 'array') reader.fail('Value of numeric must be an array.');
  if (reader.next() !== 'string') reader.fail(`Invalid member in numeric match: ${reader.text()}`);
  const operator = reader.text();
  const token = reader.next();
  const test = comparison(operator);
  if (!test) return reader.fail(`Unrecognized numeric range operator: ${operator}`);
  if (token !== 'number') reader.fail(`Value of ${operator === '=' ? 'equals' : operator} must be numeric`);
  const bottom = reader.text();
  const more = reader.next();
  const range = more !== 'end-array' && operator.startsWith('>') ? upper(reader, more, bottom) : undefined;
  if (!range && more !== 'end-array') reader.fail(MANY);
  const limit = number(reader, bottom);
  end(reader, MANY);
  return {
    fits(value) {
      const actual = comparable(value);
      return actual !== undefined && test(actual, limit) && (range === undefined || range(actual));
    },
  };
}

/** The second half of a range; the reader stands on its operator. */
function upper(reader: JsonReader, token: Token | undefined, bottom: string): (value: number) => boolean {
  if (token !== 'string') reader.fail(`Bad value in numeric range: ${reader.text()}`);
  const operator = reader.text();
  if (operator !== '<' && operator !== '<=') reader.fail(`Bad numeric range operator: ${operator}`);
  if (reader.next() !== 'number') reader.fail(`Value of ${operator} must be numeric`);
  const top = reader.text();
  if (reader.next() !== 'end-array') reader.fail('Too many terms in numeric range expression');
  const limit = number(reader, top);
  if (number(reader, bottom) >= limit) reader.fail('Bottom must be less than top');
  return (value) => (operator === '<' ? value < limit : value <= limit);
}

function comparison(operator: string): ((value: number, limit: number) => boolean) | undefined {
  switch (operator) {
    case '=': return (value, limit) => value === limit;
    case '>': return (value, limit) => value > limit;
    case '>=': return (value, limit) => value >= limit;
    case '<': return (value, limit) => value < limit;
    case '<=': return (value, limit) => value <= limit;
    default: return undefined;
  }
}

function number(reader: JsonReader, text: string): number {
  return comparable(text) ?? reader.fail(`Cannot compare number : ${text}`);
}

const NEGATED = ['equals-ignore-case', 'prefix', 'suffix', 'wildcard'] as const;
type Negated = (typeof NEGATED)[number];

function anythingBut(reader: JsonReader): Expression {
  let token = reader.next();
  let kind: Negated | undefined;
  if (token === 'object') {
    if (reader.next() !== 'name') reader.fail('Anything-But expression name not found');
    const name = reader.text();
    kind = NEGATED.find((known) => known === name) ?? reader.fail(`Unsupported anything-but pattern: ${name}`);
    token = reader.next();
  }
  if (token !== 'array' && token !== 'string' && token !== 'number') reader.fail('Value of anything-but must be an array or single string/number value.');
  const expression = kind ? butKind(reader, kind, token) : butValues(reader, token);
  end(reader, MANY);
  if (kind) end(reader, MANY);
  return expression;
}

function butValues(reader: JsonReader, token: Token | undefined): Expression {
  const texts = new Set<string>();
  const numbers = new Set<number>();
  if (token === 'string') texts.add(`"${reader.text()}"`);
  // Outside a list AWS gives this refusal without a place.
  if (token === 'number') numbers.add(comparable(reader.text()) ?? placeless(`Cannot compare number : ${reader.text()}`));
  for (let next = token === 'array' ? reader.next() : undefined; next !== undefined && next !== 'end-array'; next = reader.next()) {
    if (next === 'string') texts.add(`"${reader.text()}"`);
    else if (next === 'number') numbers.add(number(reader, reader.text()));
    else reader.fail('Inside anything but list, start|null|boolean is not supported.');
  }
  if ((texts.size === 0) === (numbers.size === 0)) reader.fail('Inside anything but list, either all values are number or string, mixed type is not supported');
  return { fits: (value) => !texts.has(value) && !numbers.has(comparable(value) ?? Number.NaN) };
}

function placeless(reason: string): never {
  throw new PlacelessFault(reason);
}

function butKind(reader: JsonReader, kind: Negated, token: Token | undefined): Expression {
  const members: Expression[] = [];
  const member = (next: Token | undefined): void => {
    if (next !== 'string') reader.fail(kind === 'equals-ignore-case' ? 'Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.' : kind === 'wildcard' ? 'wildcard match pattern must be a string' : 'prefix/suffix match pattern must be a string');
    const text = reader.text();
    if ((kind === 'prefix' || kind === 'suffix') && text === '') reader.fail('Null prefix/suffix not allowed');
    members.push(negated(reader, kind, text));
  };
  if (token !== 'array') member(token);
  for (let next = token === 'array' ? reader.next() : undefined; next !== undefined && next !== 'end-array'; next = reader.next()) member(next);
  // AWS fails here with an InternalFailure of its own.
  if (members.length === 0) reader.fail('Empty arrays are not allowed');
  const wildcards = members.flatMap((item) => item.wildcards ?? []);
  return { fits: (value) => !members.some((item) => item.fits(value)), ...(wildcards.length > 0 && { wildcards }) };
}

function negated(reader: JsonReader, kind: Negated, text: string): Expression {
  switch (kind) {
    case 'equals-ignore-case': return { fits: foldMatcher(`"${text}"`, 'whole') };
    case 'prefix': return { fits: (value) => value.startsWith(`"${text}`) };
    case 'suffix': return { fits: (value) => value.endsWith(`${text}"`) };
    case 'wildcard': return wildcardOf(reader, text);
    default: throw new Error('an anything-but kind of no name');
  }
}
