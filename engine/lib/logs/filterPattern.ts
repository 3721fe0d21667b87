import { WireFault } from '../wire/fault.ts';

/** Tells whether a message fits a pattern. */
export type Filter = (message: string) => boolean;

const JSON_PATTERN = /^\{\s*\$((?:\.[A-Za-z0-9_-]+)+)\s*(!=|>=|<=|=|>|<)\s*("(?:[^"\\]|\\.)*"|[A-Za-z0-9_.*+-]+)\s*\}$/;
const TERM = /\s*(-|\?)?("((?:[^"\\]|\\.)*)"|[^\s"]+)/y;

/**
 * Reads FilterLogEvents' patterns: terms, all of which must occur (`-term` must not, of `?term`s one must), phrases in quotes, and one comparison
 * of a JSON member, `{ $.a.b = "x*" }`. Other patterns of CloudWatch's are refused by name.
 */
export function filterOf(pattern: string): Filter {
  const text = pattern.trim();
  if (text === '') return () => true;
  if (text.startsWith('{')) return jsonFilter(text);
  if (text.startsWith('[')) throw unimplemented('space-delimited filter patterns', text);
  if (text.startsWith('%')) throw unimplemented('regular expressions in filter patterns', text);
  const all: string[] = [];
  const none: string[] = [];
  const any: string[] = [];
  TERM.lastIndex = 0;
  while (TERM.lastIndex < text.length) {
    const match = TERM.exec(text);
    if (!match) throw new WireFault({ code: 'InvalidParameterException', message: 'Invalid filter pattern' });
    const term = match[3]?.replace(/\\(.)/g, '$1') ?? match[2] ?? '';
    (match[1] === '-' ? none : match[1] === '?' ? any : all).push(term);
  }
  return (message) => all.every((term) => message.includes(term)) && !none.some((term) => message.includes(term)) && (any.length === 0 || any.some((term) => message.includes(term)));
}

function jsonFilter(text: string): Filter {
  const [, path = '', operator = '', operand = ''] = JSON_PATTERN.exec(text) ?? [];
  if (operator === '') throw unimplemented('JSON filter patterns of more than one comparison of a plain path', text);
  const members = path.slice(1).split('.');
  const compare = comparison(operator, operand, text);
  return (message) => {
    const found = memberOf(message, members);
    return found !== undefined && compare(found);
  };
}

function comparison(operator: string, operand: string, text: string): (found: unknown) => boolean {
  const quoted = operand.startsWith('"');
  const number = Number(operand);
  if (!quoted && !Number.isNaN(number)) return (found) => typeof found === 'number' && ordered(operator, found, number);
  if (operator !== '=' && operator !== '!=') throw unimplemented(`the comparison ${operator} of texts`, text);
  const wanted = quoted ? operand.slice(1, -1).replace(/\\(.)/g, '$1') : operand;
  const like = new RegExp(`^${wanted.split('*').map((part) => part.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')).join('.*')}$`, 's');
  return (found) => (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') && like.test(String(found)) === (operator === '=');
}

function ordered(operator: string, found: number, wanted: number): boolean {
  switch (operator) {
    case '=': return found === wanted;
    case '!=': return found !== wanted;
    case '>': return found > wanted;
    case '<': return found < wanted;
    case '>=': return found >= wanted;
    default: return found <= wanted;
  }
}

function memberOf(message: string, members: readonly string[]): unknown {
  let value: unknown;
  try {
    value = JSON.parse(message);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  for (const member of members) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, member)) return undefined;
    value = (value as Record<string, unknown>)[member];
  }
  return value;
}

function unimplemented(what: string, pattern: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what}, got ${pattern.slice(0, 120)}; see engine/operations.md` });
}
