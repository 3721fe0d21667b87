import { isObject } from '../datum.ts';
import { compileExpression } from '../jsonpath/expression.ts';
import { parseReference } from '../jsonpath/reference.ts';
import type { Fields } from '../query.ts';
import { parseTimestamp } from '../timestamp.ts';
import type { Findings } from './findings.ts';

/** The least and the greatest value of numeric fields; AWS measures the same for every state. */
const RANGES: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['TimeoutSeconds', [1, 99_999_999]],
  ['HeartbeatSeconds', [1, 99_999_999]],
  ['Seconds', [0, 99_999_999]],
  ['MaxConcurrency', [0, Infinity]],
  ['ToleratedFailureCount', [0, Infinity]],
  ['ToleratedFailurePercentage', [0, 100]],
  ['IntervalSeconds', [0, 99_999_999]],
  ['MaxAttempts', [0, 99_999_999]],
  ['BackoffRate', [1, Infinity]],
  ['MaxDelaySeconds', [1, 31_622_400]],
]);
const FRACTIONS = ['BackoffRate', 'ToleratedFailurePercentage'];

const PATHS = ['InputPath', 'OutputPath', 'ErrorPath', 'CausePath'];
const REFERENCES = ['ResultPath'];
const READ_REFERENCES = ['ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath', 'MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath'];
const TEMPLATES = ['Parameters', 'ResultSelector', 'ItemSelector', 'Assign'];
const STRINGS = ['Error', 'Cause', 'Next', 'Default', 'Resource', 'Comment'];

/** Checks the values of a JSONPath state's fields, or of a retrier's, a catcher's or a rule's. */
export function checkValues(source: Fields, location: string, findings: Findings): void {
  for (const [field, value] of Object.entries(source)) {
    const at = `${location}/${field}`;
    if (STRINGS.includes(field) && typeof value !== 'string') findings.schema('Expected value of type [STRING]', at);
    const range = RANGES.get(field);
    if (range) checkNumber(field, value, range, at, findings);
    if (PATHS.includes(field) && value !== null) checkPath(value, field.endsWith('ErrorPath') || field.endsWith('CausePath'), at, findings);
    if (REFERENCES.includes(field) && value !== null) checkReference(value, false, at, findings);
    if (READ_REFERENCES.includes(field)) checkReference(value, true, at, findings);
    if (TEMPLATES.includes(field)) checkTemplate(value, at, findings);
    if (field === 'Assign') checkVariables(value, at, findings);
  }
  if (source['Timestamp'] !== undefined && parseTimestamp(source['Timestamp']) === undefined) findings.schema('String does not match RFC3339 timestamp', `${location}/Timestamp`);
}

/** Checks a path that a Choice rule reads. */
export function checkVariable(value: unknown, location: string, findings: Findings): void {
  if (typeof value !== 'string') findings.schema('Expected value of type [STRING]', location);
  else if (!value.startsWith('$')) findings.schema('Value is not a Reference Path: Reference path didn\'t start with \'$\'', location);
  else if (typeof compileExpression(value) === 'string') findings.schema('Value is not a Reference Path', location);
}

function checkNumber(field: string, value: unknown, [least, greatest]: readonly [number, number], location: string, findings: Findings): void {
  const fraction = FRACTIONS.includes(field);
  if (typeof value !== 'number' || (!fraction && !Number.isInteger(value))) {
    findings.schema(`Expected value of type ${fraction ? 'Float' : 'Integer'}`, location);
    return;
  }
  const show = (bound: number): string => (fraction ? bound.toFixed(1) : String(bound));
  if (value < least) findings.schema(`Minimum value is ${show(least)}`, location);
  if (value > greatest) findings.schema(`Maximum value is ${show(greatest)}`, location);
}

function checkPath(value: unknown, functions: boolean, location: string, findings: Findings): void {
  if (typeof value !== 'string') findings.schema('Expected value of type [STRING]', location);
  else if ((value.startsWith('States.') && !functions) || typeof compileExpression(value) === 'string') findings.schema('Value must be a valid JSONPath.', location);
}

/** A reference path; one that is read may begin with the context object or a variable. */
function checkReference(value: unknown, read: boolean, location: string, findings: Findings): void {
  if (typeof value !== 'string') findings.schema('Expected value of type [STRING]', location);
  else if (!value.startsWith('$')) findings.schema('Value must be a valid JSONPath.', location);
  else if (typeof (read ? compileExpression(value) : parseReference(value)) === 'string') findings.schema('Value is not a Reference Path', location);
}

function checkVariables(value: unknown, location: string, findings: Findings): void {
  if (!isObject(value)) return findings.schema('Expected value of type Object', location);
  for (const name of Object.keys(value).map((key) => key.replace(/\.\$$/, ''))) {
    if (name === 'states') findings.add('RESERVED_VARIABLE_NAME', 'Cannot assign to reserved variable \'$states\'.', `${location}/${name}`);
    else if (!/^\p{ID_Start}\p{ID_Continue}*$/u.test(name)) findings.add('INVALID_VARIABLE_NAME', `Invalid variable name '${name}': the variable name contains invalid characters.`, `${location}/${name}`);
  }
}

function checkTemplate(value: unknown, location: string, findings: Findings): void {
  for (const item of Array.isArray(value) ? value : []) checkTemplate(item, location, findings);
  if (!isObject(value)) return;
  for (const [key, item] of Object.entries(value)) {
    if (!key.endsWith('.$')) checkTemplate(item, location, findings);
    else if (typeof item !== 'string' || typeof compileExpression(item) === 'string') {
      findings.schema(`The value for the field '${key}' must be a valid JSONPath or a valid intrinsic function call`, location);
    }
  }
}
