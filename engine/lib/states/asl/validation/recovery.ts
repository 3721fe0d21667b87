import type { Fields } from '../query.ts';
import { requireFields, requireObject } from './fields.ts';
import type { Findings } from './findings.ts';
import { checkValues } from './values.ts';

/** Checks a state's retriers and catchers. */
export function checkRecovery(state: Fields, location: string, findings: Findings): void {
  for (const field of ['Retry', 'Catch']) {
    const entries = state[field];
    if (entries === undefined) continue;
    if (!Array.isArray(entries)) {
      findings.schema('Expected value of type Array', `${location}/${field}`);
      continue;
    }
    for (const [at, entry] of entries.entries()) checkEntry(entry, field, at === entries.length - 1, `${location}/${field}[${at}]`, findings);
  }
}

function checkEntry(entry: unknown, field: string, last: boolean, location: string, findings: Findings): void {
  if (!requireObject(entry, location, findings)) return;
  requireFields(entry, field === 'Catch' ? ['ErrorEquals', 'Next'] : ['ErrorEquals'], location, findings);
  checkValues(entry, location, findings);
  const strategy = entry['JitterStrategy'];
  if (strategy !== undefined && strategy !== 'FULL' && strategy !== 'NONE') findings.schema('Value should be one of the following: [NONE, FULL]', `${location}/JitterStrategy`);
  const errors = entry['ErrorEquals'];
  if (errors === undefined) return;
  if (!Array.isArray(errors)) findings.schema('Expected value of type Array', `${location}/ErrorEquals`);
  else if (errors.length === 0) findings.schema('Value cannot be empty', `${location}/ErrorEquals`);
  else if (errors.includes('States.ALL') && (errors.length > 1 || !last)) findings.schema('States.ALL must appear alone and at end of list', `${location}/ErrorEquals`);
}
