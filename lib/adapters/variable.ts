import { fault } from '../core/fault.ts';
import { GUARDING } from '../core/faults/guarding.ts';

/** An environment variable that a handler cannot do without. @throws Fault `SLUICE-ENV-1` when it is not set. */
export function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw fault(GUARDING, 'SLUICE-ENV-1', { variable: name });
  return value;
}
