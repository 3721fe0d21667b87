import { isObject } from '../datum.ts';
import type { Fields } from '../query.ts';
import type { Findings } from './findings.ts';

const COMMON = ['Type', 'Comment', 'QueryLanguage'];
const FLOW = ['InputPath', 'OutputPath', 'Output', 'Assign', 'Next', 'End'];
const RECOVERY = ['ResultPath', 'ResultSelector', 'Parameters', 'Retry', 'Catch'];

/** The fields of each state type, of both query languages. */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  Pass: [...FLOW, 'Result', 'ResultPath', 'Parameters'],
  Task: [...FLOW, ...RECOVERY, 'Arguments', 'Resource', 'Credentials', 'TimeoutSeconds', 'TimeoutSecondsPath', 'HeartbeatSeconds', 'HeartbeatSecondsPath'],
  Wait: [...FLOW, 'Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'],
  Parallel: [...FLOW, ...RECOVERY, 'Arguments', 'Branches'],
  Map: [
    ...FLOW, ...RECOVERY, 'ItemProcessor', 'Iterator', 'ItemsPath', 'Items', 'ItemSelector', 'ItemReader', 'ItemBatcher', 'ResultWriter', 'Label',
    'MaxConcurrency', 'MaxConcurrencyPath', 'ToleratedFailurePercentage', 'ToleratedFailurePercentagePath', 'ToleratedFailureCount', 'ToleratedFailureCountPath',
  ],
  Choice: ['InputPath', 'OutputPath', 'Output', 'Assign', 'Choices', 'Default'],
  Succeed: ['InputPath', 'OutputPath', 'Output'],
  Fail: ['Error', 'Cause', 'ErrorPath', 'CausePath'],
};

const JSONATA_ONLY = ['Output', 'Arguments', 'Items'];
const JSONPATH_ONLY = [
  'InputPath', 'OutputPath', 'ResultPath', 'ResultSelector', 'Parameters', 'ItemsPath', 'SecondsPath', 'TimestampPath', 'TimeoutSecondsPath', 'HeartbeatSecondsPath',
  'MaxConcurrencyPath', 'ToleratedFailureCountPath', 'ToleratedFailurePercentagePath', 'ErrorPath', 'CausePath', 'Result',
];

const REQUIRED: Readonly<Record<string, readonly string[]>> = { Task: ['Resource'], Choice: ['Choices'], Parallel: ['Branches'] };

/** Groups of fields of which a state has at most one; where `needed`, exactly one. */
const EXCLUSIVE: Readonly<Record<string, readonly { readonly group: readonly string[]; readonly needed: boolean }[]>> = {
  Task: [pair('TimeoutSeconds'), pair('HeartbeatSeconds')],
  Wait: [{ group: ['SecondsPath', 'Seconds', 'TimestampPath', 'Timestamp'], needed: true }],
  Map: [pair('MaxConcurrency'), pair('ToleratedFailureCount'), pair('ToleratedFailurePercentage'), { group: ['ItemProcessor', 'Iterator'], needed: true }],
  Fail: [pair('Error'), pair('Cause')],
};

/** The types of states there are. */
export const STATE_TYPES: readonly string[] = Object.keys(FIELDS);

/** Checks which fields a state has: those of its type and language, the required ones, no two that exclude each other. */
export function checkFields(state: Fields, type: string, language: string, location: string, findings: Findings): void {
  const allowed = FIELDS[type]!;
  for (const field of Object.keys(state)) {
    if (!allowed.includes(field) && !COMMON.includes(field)) findings.schema(`Field '${field}' is not supported`, location);
  }
  const [foreign, other] = language === 'JSONata' ? [JSONPATH_ONLY, 'JSONPath'] : [JSONATA_ONLY, 'JSONata'];
  for (const field of foreign) {
    if (allowed.includes(field) && Object.hasOwn(state, field)) {
      findings.schema(`The QueryLanguage is set to '${language}', but field '${field}' is only supported for the '${other}' QueryLanguage`, location);
    }
  }
  requireFields(state, REQUIRED[type] ?? [], location, findings);
  const flow = allowed.includes('Next') ? [{ group: ['Next', 'End'], needed: true }] : [];
  for (const { group, needed } of [...EXCLUSIVE[type] ?? [], ...flow]) checkExclusive(state, group, needed, location, findings);
}

/** Reports the fields an object lacks. */
export function requireFields(source: Fields, fields: readonly string[], location: string, findings: Findings): void {
  const missing = fields.filter((field) => !Object.hasOwn(source, field));
  if (missing.length > 0) findings.schema(`These fields are required: [${missing.join(', ')}]`, location);
}

/** Reports a value that is no object. */
export function requireObject(value: unknown, location: string, findings: Findings): value is Fields {
  if (isObject(value)) return true;
  findings.schema('Expected value of type Object', location);
  return false;
}

function checkExclusive(state: Fields, group: readonly string[], needed: boolean, location: string, findings: Findings): void {
  const present = group.filter((field) => Object.hasOwn(state, field) && !(field === 'End' && state[field] === false));
  if (present.length > 1) findings.schema(`There should only be one of the following fields: [${group.join(', ')}]`, location);
  if (present.length === 0 && needed) findings.schema(`This object should have only one of the following fields: [${group.join(', ')}]`, location);
}

function pair(field: string): { readonly group: readonly string[]; readonly needed: boolean } {
  return { group: [field, `${field}Path`], needed: false };
}
