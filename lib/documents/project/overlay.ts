import { isObject } from '../../core/epoch.ts';
import { onceOfBoth } from '../once.ts';
import type { Path } from '../source.ts';
import type { Parsed, Placed } from '../text.ts';

/**
 * A value changed by a patch, which says only what differs: members are merged, null removes one, and everything else is replaced,
 * arrays as a whole. Source: RFC 7396, JSON Merge Patch.
 */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [key, change] of Object.entries(patch)) {
    if (change === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], change);
  }
  return merged;
}

/** A document as one environment has it: its base, changed by the environment's overlay. Each value stands where it was written. */
export const overlaid: (base: Parsed, overlay: Parsed) => Placed = onceOfBoth(merged);

function merged(base: Parsed, overlay: Parsed): Placed {
  return {
    value: mergePatch(base.value, overlay.value),
    place: (path, of) => (writes(overlay.value, path) ? overlay : base).place(path, of),
  };
}

/** Whether a patch writes the value at a path, or something around it other than an object. */
function writes(patch: unknown, path: Path): boolean {
  let value = patch;
  for (const key of path) {
    if (!isObject(value)) return true;
    if (!Object.hasOwn(value, key)) return false;
    value = value[key];
  }
  return !isObject(value);
}
