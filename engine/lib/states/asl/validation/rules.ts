import { findOperators, isPathForm, operandType } from '../jsonpath/comparison.ts';
import type { Fields } from '../query.ts';
import { parseTimestamp } from '../timestamp.ts';
import { requireFields, requireObject } from './fields.ts';
import type { Findings } from './findings.ts';
import { checkValues, checkVariable } from './values.ts';

const SELECTORS = ['And', 'Or', 'Not', 'Variable', 'Condition'];

/** Checks the rules of a Choice state in JSONPath. */
export function checkRules(state: Fields, location: string, findings: Findings): void {
  const rules = state['Choices'];
  if (rules === undefined) return;
  if (!Array.isArray(rules)) findings.schema('Expected value of type Array', `${location}/Choices`);
  else if (rules.length === 0) findings.schema('Value cannot be empty', `${location}/Choices`);
  else for (const [at, rule] of rules.entries()) checkRule(rule, true, `${location}/Choices[${at}]`, findings);
}

function checkRule(rule: unknown, outermost: boolean, location: string, findings: Findings): void {
  if (!requireObject(rule, location, findings)) return;
  if (outermost) {
    requireFields(rule, ['Next'], location, findings);
    checkValues(rule, location, findings);
  } else if (Object.hasOwn(rule, 'Next')) findings.schema('Field \'Next\' is not supported', location);
  const selectors = SELECTORS.filter((field) => Object.hasOwn(rule, field));
  if (selectors.length !== 1) {
    findings.schema(`The object must have only one of the following fields, [${SELECTORS.join(', ')}]`, location);
    return;
  }
  const [selector] = selectors;
  if (selector === 'Variable') checkTest(rule, location, findings);
  else if (selector === 'Not') checkRule(rule['Not'], false, `${location}/Not`, findings);
  else checkNested(rule, selector!, location, findings);
}

function checkNested(rule: Fields, selector: string, location: string, findings: Findings): void {
  const nested = rule[selector];
  if (selector === 'Condition') {
    findings.schema('The QueryLanguage is set to \'JSONPath\', but field \'Condition\' is only supported for the \'JSONata\' QueryLanguage', location);
  } else if (!Array.isArray(nested)) findings.schema('Expected value of type Array', `${location}/${selector}`);
  else if (nested.length === 0) findings.schema('Value cannot be empty', `${location}/${selector}`);
  else for (const [at, part] of nested.entries()) checkRule(part, false, `${location}/${selector}[${at}]`, findings);
}

function checkTest(rule: Fields, location: string, findings: Findings): void {
  checkVariable(rule['Variable'], `${location}/Variable`, findings);
  const operators = findOperators(rule);
  const [operator] = operators;
  if (operator === undefined || operators.length > 1) {
    findings.schema(`There should only be one of the following fields: [${operators.join(', ')}]`, location);
    return;
  }
  const operand = rule[operator];
  const at = `${location}/${operator}`;
  if (isPathForm(operator)) checkVariable(operand, at, findings);
  else if (typeof operand !== operandType(operator)) findings.schema(`Expected value of type [${operandType(operator).toUpperCase()}]`, at);
  else if (operator.startsWith('Timestamp') && parseTimestamp(operand) === undefined) findings.schema('String does not match RFC3339 timestamp', at);
}
