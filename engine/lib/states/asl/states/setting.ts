import { RuntimeFault } from '../fault.ts';
import type { Scalar } from '../query.ts';
import type { Visit } from '../visit.ts';

/** A whole number from a literal or a path; AWS takes numeric strings too. */
export function wholeNumber(scalar: Scalar, field: string, data: unknown, visit: Visit): number {
  const found = scalar.read(data, visit);
  if (!found.found) throw new RuntimeFault(`Invalid path '${scalar.source ?? ''}' : ${found.reason}`);
  const { value } = found;
  const parsed = typeof value === 'string' && /^[+-]?\d+$/.test(value) ? Number(value) : value;
  if (typeof parsed === 'number' && Number.isInteger(parsed)) {
    if (parsed < 0) throw new RuntimeFault(`${field.replace(/Path$/, '')} cannot be negative.`);
    return parsed;
  }
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  throw new RuntimeFault(`The ${field} field refers to value "${text}" which is not a valid integer: ${scalar.source ?? ''}`);
}
