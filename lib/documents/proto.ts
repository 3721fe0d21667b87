import { isObject } from '../core/epoch.ts';
import type { Path } from './source.ts';

/** The same name as a pattern, spelt as nobody else spells it. */
const PATTERN = '^__proto_{2}$';

/** Whether the name at the end of a path is a property's, which `heeding` can say otherwise. */
export function isProperty(path: Path): boolean {
  return path.at(-2) === 'properties' && path.at(-3) !== 'properties';
}

/** A schema that means the same and names no property `__proto__`: Ajv passes over that name, though not over a pattern for it. */
export function heeding(root: Readonly<Record<string, unknown>>, paths: readonly Path[]): Readonly<Record<string, unknown>> {
  if (paths.length === 0) return root;
  const copy = structuredClone(root) as Record<string, unknown>;
  // The deepest first: a path leads no longer where it did once one above it has moved.
  for (const path of paths.toSorted((one, other) => other.length - one.length)) {
    const schema = path.slice(0, -2).reduce<unknown>((value, step) => (value as Record<string | number, unknown>)[step], copy) as Record<string, unknown>;
    const properties = Object.entries(schema['properties'] as Record<string, unknown>);
    const patterns = isObject(schema['patternProperties']) ? schema['patternProperties'] : {};
    schema['patternProperties'] = { ...patterns, [PATTERN]: properties.find(([name]) => name === '__proto__')?.[1] };
    schema['properties'] = Object.fromEntries(properties.filter(([name]) => name !== '__proto__'));
  }
  return copy;
}
