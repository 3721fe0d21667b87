import { isObject } from '../datum.ts';
import { RuntimeFault } from '../fault.ts';
import { parsePath } from './parser.ts';
import type { Step } from './step.ts';

/** A reference path, as ResultPath is one: names and single indexes only. */
export type Reference = readonly (string | number)[];

/** Parses a reference path; a text that is none gives its fault. */
export function parseReference(text: string): Reference | string {
  const path = parsePath(text);
  if (typeof path === 'string') return path;
  if (!path.definite) return 'a reference path may only use names and indexes';
  return path.steps.map((step: Step) => (step.kind === 'names' ? step.names[0]! : step.kind === 'indexes' ? step.indexes[0]! : ''));
}

/**
 * The root with a value put where the reference points; what is on the way is copied, what is beside it is shared.
 * Missing objects are made; a scalar or an index out of bounds on the way is States.ResultPathMatchFailure.
 */
export function putReference(root: unknown, reference: Reference, value: unknown): unknown {
  return put(root, root, reference, 0, value);
}

function put(root: unknown, at: unknown, reference: Reference, depth: number, value: unknown): unknown {
  if (depth === reference.length) return value;
  const step = reference[depth]!;
  if (typeof step === 'string') {
    if (at !== undefined && !isObject(at)) throw mismatch(root, step);
    const own = at !== undefined && Object.hasOwn(at, step) ? at[step] : undefined;
    return { ...at, [step]: put(root, own, reference, depth + 1, value) };
  }
  if (!Array.isArray(at) || step < 0 || step >= at.length) throw mismatch(root, step);
  const items: readonly unknown[] = at;
  return items.with(step, put(root, items[step], reference, depth + 1, value));
}

function mismatch(root: unknown, step: string | number): RuntimeFault {
  return new RuntimeFault(`Unable to apply step "${step}" to input ${JSON.stringify(root)}`, 'States.ResultPathMatchFailure');
}
