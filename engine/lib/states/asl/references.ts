import { isObject } from './datum.ts';
import { parseCall, type Call } from './jsonpath/intrinsic.ts';

const NESTED = ['ItemProcessor', 'Iterator', 'Branches'];

/**
 * The variables each state of a valid JSONPath definition reads, by the state's name and sorted, as DescribeStateMachine
 * lists them; undefined when no state reads any.
 */
export function variableReferences(definition: string): Record<string, string[]> | undefined {
  const references: Map<string, string[]> = new Map();
  collectStates(JSON.parse(definition), references);
  return references.size === 0 ? undefined : Object.fromEntries(references);
}

function collectStates(branch: unknown, references: Map<string, string[]>): void {
  if (!isObject(branch) || !isObject(branch['States'])) return;
  for (const [name, state] of Object.entries(branch['States'])) {
    if (!isObject(state)) continue;
    const names: Set<string> = new Set();
    for (const [field, value] of Object.entries(state)) {
      if (!NESTED.includes(field)) collectFields(field, value, names);
      else for (const nested of Array.isArray(value) ? value : [value]) collectStates(nested, references);
    }
    if (names.size > 0) references.set(name, [...names].sort());
  }
}

/** Paths stand in fields whose names end in Path or `.$`, and in a rule's Variable; a Pass's Result is data. */
function collectFields(field: string, value: unknown, names: Set<string>): void {
  if (typeof value === 'string') {
    if (/(?:Path|\.\$)$|^Variable$/.test(field)) collectExpression(value, names);
  } else if (Array.isArray(value)) for (const item of value) collectFields('', item, names);
  else if (isObject(value) && field !== 'Result') for (const [key, item] of Object.entries(value)) collectFields(key, item, names);
}

function collectExpression(text: string, names: Set<string>): void {
  if (text.startsWith('States.')) {
    const call = parseCall(text);
    if (typeof call !== 'string') collectCall(call, names);
    return;
  }
  const variable = /^\$([\p{ID_Start}_]\p{ID_Continue}*)/u.exec(text)?.[1];
  if (variable) names.add(variable);
}

function collectCall(call: Call, names: Set<string>): void {
  for (const argument of call.arguments) {
    if (argument.kind === 'path') collectExpression(argument.text, names);
    if (argument.kind === 'call') collectCall(argument.call, names);
  }
}
