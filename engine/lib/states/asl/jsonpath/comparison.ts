import { isObject } from '../datum.ts';
import { parseTimestamp } from '../timestamp.ts';

/** Compares a variable's value with the rule's; a value of another type is not equal, not less, not greater. */
export type Comparison = (value: unknown, operand: unknown) => boolean;

const ORDERS: Readonly<Record<string, (difference: number) => boolean>> = {
  Equals: (difference) => difference === 0,
  LessThan: (difference) => difference < 0,
  GreaterThan: (difference) => difference > 0,
  LessThanEquals: (difference) => difference <= 0,
  GreaterThanEquals: (difference) => difference >= 0,
};

const TYPE_TESTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  IsNull: (value) => value === null,
  IsNumeric: (value) => typeof value === 'number',
  IsString: (value) => typeof value === 'string',
  IsBoolean: (value) => typeof value === 'boolean',
  IsTimestamp: (value) => parseTimestamp(value) !== undefined,
};

/** All data tests of the Choice state by name, the Path forms left out; IsPresent is not among them. */
export const COMPARISONS: Readonly<Record<string, Comparison>> = {
  ...orderedBy('String', (value) => (typeof value === 'string' ? value : undefined), (one, other) => (one === other ? 0 : one < other ? -1 : 1)),
  ...orderedBy('Numeric', (value) => (typeof value === 'number' ? value : undefined), (one, other) => one - other),
  ...orderedBy('Timestamp', parseTimestamp, (one, other) => one - other),
  ...Object.fromEntries(Object.entries(TYPE_TESTS).map(([name, test]): [string, Comparison] => [name, (value, operand) => test(value) === operand])),
  BooleanEquals: (value, operand) => typeof value === 'boolean' && value === operand,
  StringMatches: (value, operand) => typeof value === 'string' && typeof operand === 'string' && matches(value, operand),
};

/** The type a literal operand must have, for validation. */
export function operandType(operator: string): 'string' | 'number' | 'boolean' {
  if (operator.startsWith('Numeric')) return 'number';
  return operator.startsWith('Is') || operator.startsWith('Boolean') ? 'boolean' : 'string';
}

/** The data tests among a rule's keys, such as `NumericEquals` or `NumericEqualsPath`; a valid rule has one. */
export function findOperators(rule: unknown): string[] {
  if (!isObject(rule)) return [];
  return Object.keys(rule).filter((key) => key === 'IsPresent' || Object.hasOwn(COMPARISONS, key) || isPathForm(key));
}

/** Whether an operator takes its operand from a path: type tests have no such form. */
export function isPathForm(key: string): boolean {
  const name = key.slice(0, -4);
  return key.endsWith('Path') && Object.hasOwn(COMPARISONS, name) && !name.startsWith('Is') && name !== 'StringMatches';
}

function orderedBy<T>(type: string, read: (value: unknown) => T | undefined, difference: (one: T, other: T) => number): Record<string, Comparison> {
  return Object.fromEntries(Object.entries(ORDERS).map(([name, holds]): [string, Comparison] => [`${type}${name}`, (value, operand) => {
    const [one, other] = [read(value), read(operand)];
    return one !== undefined && other !== undefined && holds(difference(one, other));
  }]));
}

/** `*` stands for any characters, `\*` for an asterisk and `\\` for a backslash. */
function matches(value: string, pattern: string): boolean {
  const source = pattern.replaceAll(/\\([\\*])|\*|[^\\*]+|\\/gs, (part, escaped: string | undefined) => {
    if (part === '*') return '[\\s\\S]*?';
    return (escaped ?? part).replaceAll(/[$()*+.?[\\\]^{|}]/g, '\\$&');
  });
  return new RegExp(`^${source}$`, 'u').test(value);
}
