import { invalid } from '../refusal.ts';
import { evaluated, type Scope } from './evaluation.ts';
import { fieldsOf, intrinsicOf, isNoValue } from './intrinsic.ts';

/** Decides every condition of a template; conditions may name each other, but not in a circle. */
export function decideConditions(conditions: ReadonlyMap<string, unknown>, scope: Scope): Map<string, boolean> {
  const decided = new Map<string, boolean>();
  const under: string[] = [];
  const decide = (name: string): boolean => {
    const known = decided.get(name);
    if (known !== undefined) return known;
    if (!conditions.has(name)) throw invalid(`Template format error: Unresolved condition dependency ${name} in the Conditions block of the template`);
    if (under.includes(name)) throw invalid(`Template format error: Circular dependency between conditions: [${under.slice(under.indexOf(name)).join(', ')}]`);
    under.push(name);
    const truth = truthOf(conditions.get(name), scope, decide);
    under.pop();
    decided.set(name, truth);
    return truth;
  };
  for (const name of conditions.keys()) decide(name);
  return decided;
}

/** Decides one condition function; `decide` answers for the conditions it names. */
export function truthOf(value: unknown, scope: Scope, decide: (name: string) => boolean): boolean {
  const fields = fieldsOf(value);
  if (fields && Object.keys(fields).length === 1 && typeof fields['Condition'] === 'string') return decide(fields['Condition']);
  const intrinsic = intrinsicOf(value);
  const parts = Array.isArray(intrinsic?.argument) ? intrinsic.argument as unknown[] : [];
  const truths = (): boolean[] => parts.map((part) => truthOf(part, scope, decide));
  switch (intrinsic?.name) {
    case 'Equals': {
      if (parts.length !== 2) throw invalid('Template error: every Fn::Equals object requires a list of 2 string parameters.');
      return same(evaluated(settled(parts[0], decide), scope), evaluated(settled(parts[1], decide), scope));
    }
    case 'Not': {
      if (parts.length !== 1) throw invalid('Template error: every Fn::Not object requires one boolean parameter.');
      return !truths()[0];
    }
    case 'And': case 'Or': {
      if (parts.length < 2 || parts.length > 10) throw invalid(`Template error: every Fn::${intrinsic.name} object requires a list of at least 2 and at most 10 boolean parameters.`);
      return intrinsic.name === 'And' ? truths().every(Boolean) : truths().some(Boolean);
    }
    default: throw invalid('Template format error: Every Condition member must be a string, or a function of conditions: Fn::Equals, Fn::Not, Fn::And, Fn::Or.');
  }
}

/** Equality as CloudFormation has it: scalars are compared as text. */
export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(textual(one)) === JSON.stringify(textual(other));
}

/** A value with its scalars as text and its members in order, so that equal ones give equal JSON. */
export function textual(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textual);
  const fields = fieldsOf(value);
  if (fields) return Object.fromEntries(Object.entries(fields).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, item]) => [name, textual(item)]));
  return value === null || value === undefined ? null : String(value);
}

/** The value with every Fn::If replaced by its branch, and members that are AWS::NoValue left out. */
export function settled(value: unknown, decide: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => settled(item, decide)).filter((item) => item !== undefined);
  if (isNoValue(value)) return undefined;
  const intrinsic = intrinsicOf(value);
  if (intrinsic?.name === 'If') {
    const parts = Array.isArray(intrinsic.argument) ? intrinsic.argument as unknown[] : [];
    const [name, yes, no] = parts;
    if (parts.length !== 3 || typeof name !== 'string') throw invalid('Template error: Fn::If requires a list argument with three elements');
    return settled(decide(name) ? yes : no, decide);
  }
  const fields = fieldsOf(value);
  if (!fields) return value;
  const members = Object.entries(fields).map(([key, item]) => [key, settled(item, decide)] as const);
  return Object.fromEntries(members.filter(([, item]) => item !== undefined));
}
