import type { Diagnostic } from '../port.ts';

/** Gathers what is wrong with a definition, in the order it is found. */
export class Findings {
  readonly list: Diagnostic[] = [];
  /** Whether the machine is to be an express one, which cannot wait for others. */
  readonly express: boolean;

  constructor(express: boolean) {
    this.express = express;
  }

  /** A fault of the schema at a location such as `/States/A/Next`. */
  schema(message: string, location: string): void {
    this.add('SCHEMA_VALIDATION_FAILED', message, location);
  }

  /** A fault of another kind; some have no location. */
  add(code: string, message: string, location?: string): void {
    this.list.push({ severity: 'ERROR', code, message, ...(location === undefined ? {} : { location }) });
  }
}
