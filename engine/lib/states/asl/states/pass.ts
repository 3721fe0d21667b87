import type { State } from '../branch.ts';
import { Datum } from '../datum.ts';
import type { Fields, QueryLanguage } from '../query.ts';

/** Pass: hands on its input, or its Result, which is data and no template. */
export function compilePass(fields: Fields, language: QueryLanguage): State['run'] {
  const intake = language.intake(fields, 'Parameters');
  const outlet = language.outlet(fields);
  const result = Object.hasOwn(fields, 'Result') ? Datum.of(fields['Result']) : undefined;
  const next = fields['Next'] as string | undefined;
  return (visit) => {
    const data = intake(visit.received, visit);
    return { ...outlet(visit.received, result ?? data, visit), next };
  };
}

/** Succeed: ends its branch with its input. */
export function compileSucceed(fields: Fields, language: QueryLanguage): State['run'] {
  return compilePass({ ...fields, Next: undefined }, language);
}
