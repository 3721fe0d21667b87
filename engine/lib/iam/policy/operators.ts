import { MalformedPolicy } from './malformed.ts';
import { arnParts, compilePattern, fillIn, fits, type Variables } from './wildcard.ts';

/** How one value of a request is compared with one of a condition. */
export interface Operator {
  readonly name: string;
  /** Not… operators hold where none of the condition's values fits. */
  readonly negated: boolean;
  fits(given: string, wanted: string, variables: Variables): boolean;
}

type Comparison = Operator['fits'];

const like: Comparison = (given, wanted, variables) => {
  const pattern = compilePattern(wanted, variables);
  return pattern !== undefined && fits(pattern, given);
};

/** Each of an ARN's six parts is compared for itself: a wildcard does not reach across the first five colons. */
const arnLike: Comparison = (given, wanted, variables) => {
  const parts = arnParts(given);
  if (wanted === '*') return parts !== undefined;
  const patterns = arnParts(wanted);
  return parts !== undefined && patterns !== undefined && patterns.every((pattern, index) => like(parts[index] ?? '', pattern, variables));
};

function ordered(valueOf: (text: string) => number, holds: (given: number, wanted: number) => boolean): Comparison {
  return (given, wanted) => {
    const [one, other] = [valueOf(given), valueOf(wanted)];
    return !Number.isNaN(one) && !Number.isNaN(other) && holds(one, other);
  };
}

/** Numbers compare as numbers; no text is 0 by accident. */
const number = (text: string): number => (text.trim() === '' ? Number.NaN : Number(text));
/** ISO 8601, or seconds since 1970. */
const instant = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const ORDERS: Readonly<Record<string, (given: number, wanted: number) => boolean>> = {
  Equals: (given, wanted) => given === wanted,
  LessThan: (given, wanted) => given < wanted,
  LessThanEquals: (given, wanted) => given <= wanted,
  GreaterThan: (given, wanted) => given > wanted,
  GreaterThanEquals: (given, wanted) => given >= wanted,
};

const OPERATORS: ReadonlyMap<string, Operator> = new Map([
  ...pair('String', 'Equals', (given, wanted, variables) => given === fillIn(wanted, variables)),
  ...pair('String', 'EqualsIgnoreCase', (given, wanted, variables) => given.toLowerCase() === fillIn(wanted, variables)?.toLowerCase()),
  ...pair('String', 'Like', like),
  ...pair('Arn', 'Equals', arnLike),
  ...pair('Arn', 'Like', arnLike),
  ...Object.entries(ORDERS).flatMap(([name, holds]) => [...pair('Numeric', name, ordered(number, holds)), ...pair('Date', name, ordered(instant, holds))]),
  ['Bool', { name: 'Bool', negated: false, fits: (given, wanted) => given.toLowerCase() === wanted.toLowerCase() }],
  ['Null', { name: 'Null', negated: false, fits: () => false }],
]);

/** An operator and, where AWS has it, its negation: `NumericNotEquals`, but no `NumericNotLessThan`. */
function pair(kind: string, name: string, compare: Comparison): readonly (readonly [string, Operator])[] {
  const positive: Operator = { name: kind + name, negated: false, fits: compare };
  if (!/^(Equals|EqualsIgnoreCase|Like)$/.test(name)) return [[positive.name, positive]];
  return [[positive.name, positive], [`${kind}Not${name}`, { name: `${kind}Not${name}`, negated: true, fits: compare }]];
}

/** Operators of AWS that the engine does not evaluate: every request comes from this machine, and no key is binary. */
const REFUSED: ReadonlySet<string> = new Set(['IpAddress', 'NotIpAddress', 'BinaryEquals']);

/** The operator of a name without quantifier and `IfExists`; throws MalformedPolicy. `type` is the name in full, for the refusal. */
export function operatorOf(name: string, type: string): Operator {
  const operator = OPERATORS.get(name);
  if (operator) return operator;
  if (REFUSED.has(name)) throw new MalformedPolicy(`sluice-engine does not evaluate the condition operator ${name}`, 'unsupported');
  throw new MalformedPolicy(`Invalid Condition type : ${type}.`);
}
