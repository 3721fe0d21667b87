import type { Condition } from './document.ts';
import type { Variables } from './wildcard.ts';

/** What a request says about itself: keys in lower case, each with one value or several. */
export type Context = Readonly<Record<string, string | readonly string[] | undefined>>;

/** The values of policy variables: those context keys that have exactly one. */
export function variablesOf(context: Context): Variables {
  return (name) => {
    const value = context[name.toLowerCase()];
    return typeof value === 'string' ? value : undefined;
  };
}

/**
 * Whether a condition holds. A key the request lacks fails it, unless the operator is a negation, ends in IfExists or asks for all values
 * (IAM user guide, "Condition operators" and "Set operators for multivalued context keys").
 */
export function holds(condition: Condition, context: Context): boolean {
  const { operator, quantifier, ifExists, key, values } = condition;
  const given = context[key];
  if (operator.name === 'Null') return values.includes(String(given === undefined));
  const all = given === undefined ? [] : typeof given === 'string' ? [given] : given;
  if (all.length === 0) return quantifier === 'ForAllValues' || (quantifier === undefined && (ifExists || operator.negated));
  const variables = variablesOf(context);
  const satisfies = (value: string): boolean => values.some((wanted) => operator.fits(value, wanted, variables)) !== operator.negated;
  const every = quantifier === undefined ? operator.negated : quantifier === 'ForAllValues';
  return every ? all.every(satisfies) : all.some(satisfies);
}
