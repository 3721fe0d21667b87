import type { Diagnostic } from '../port.ts';

/** Gathers what is wrong with a definition, in the order it is found. */
export class Findings {
  readonly list: Diagnostic[] = [];

  /** A fault of the schema at a location such as `/States/A/Next`. */
  schema(message: string, location: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', message, location);
  }

  /** A fault of another kind; some have no location. */
  add(code: string, message: string, location?: string): void {
    this.list.push({ severity: 'ERROR', code, message, ...(location === undefined ? {} : { location }) });
  }
}
