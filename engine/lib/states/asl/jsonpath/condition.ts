import { isObject } from '../datum.ts';
import type { Environment } from '../environment.ts';
import { RuntimeFault } from '../fault.ts';
import { COMPARISONS, findOperators, isPathForm } from './comparison.ts';
import { expression } from './expression.ts';

/** Whether a Choice rule holds for the state's data. */
export type Condition = (data: unknown, environment: Environment) => boolean;

/** Compiles a rule: And, Or, Not, or one data test of a Variable. */
export function compileCondition(rule: unknown): Condition {
  if (!isObject(rule)) throw new RuntimeFault(`a choice rule must be an object, got ${JSON.stringify(rule)}`);
  if (Array.isArray(rule['And'])) {
    const parts = rule['And'].map(compileCondition);
    return (data, environment) => parts.every((part) => part(data, environment));
  }
  if (Array.isArray(rule['Or'])) {
    const parts = rule['Or'].map(compileCondition);
    return (data, environment) => parts.some((part) => part(data, environment));
  }
  if (rule['Not'] !== undefined) {
    const part = compileCondition(rule['Not']);
    return (data, environment) => !part(data, environment);
  }
  return compileTest(rule);
}

function compileTest(rule: Readonly<Record<string, unknown>>): Condition {
  const [operator] = findOperators(rule);
  if (operator === undefined) throw new RuntimeFault(`a choice rule needs a data test, got ${JSON.stringify(rule)}`);
  const variable = expression(String(rule['Variable']));
  if (operator === 'IsPresent') return (data, environment) => variable.read(data, environment).found === rule[operator];
  const present = (read: typeof variable, data: unknown, environment: Environment): unknown => {
    const found = read.read(data, environment);
    if (found.found) return found.value;
    throw new RuntimeFault(`Invalid path '${read.text}': The choice state's condition path references an invalid value.`);
  };
  if (isPathForm(operator)) {
    const compare = COMPARISONS[operator.slice(0, -4)]!;
    const operand = expression(String(rule[operator]));
    return (data, environment) => compare(present(variable, data, environment), present(operand, data, environment));
  }
  const compare = COMPARISONS[operator]!;
  const operand = rule[operator];
  return (data, environment) => compare(present(variable, data, environment), operand);
}
