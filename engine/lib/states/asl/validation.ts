import type { Diagnostic } from './port.ts';

/** What is wrong with a definition, in AWS's codes and texts; without an ERROR it can be created. */
export function validateDefinition(definition: string): Diagnostic[] {
  try {
    JSON.parse(definition);
  } catch (fault) {
    return [{ severity: 'ERROR', code: 'INVALID_JSON_DESCRIPTION', message: (fault as Error).message }];
  }
  return [];
}
