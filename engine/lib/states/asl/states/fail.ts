import type { State } from '../branch.ts';
import { RuntimeFault, StateFault } from '../fault.ts';
import type { Fields, QueryLanguage, Scalar } from '../query.ts';
import type { Visit } from '../visit.ts';

/** Fail: ends the execution, or what runs inside a Map or Parallel, with an error and a cause, either of them optional. */
export function compileFail(fields: Fields, language: QueryLanguage): State['run'] {
  const error = language.scalar(fields, 'Error');
  const cause = language.scalar(fields, 'Cause');
  return (visit) => {
    throw new StateFault(read(error, 'ErrorPath', visit), read(cause, 'CausePath', visit));
  };
}

function read(scalar: Scalar | undefined, field: string, visit: Visit): string | undefined {
  if (!scalar) return undefined;
  const found = scalar.read(visit.received.value, visit);
  if (!found.found) throw new RuntimeFault(`The JSONPath '${scalar.source ?? ''}' specified for the field '${field}' could not be found in the input '${visit.received.text}'`);
  return typeof found.value === 'string' ? found.value : JSON.stringify(found.value);
}
