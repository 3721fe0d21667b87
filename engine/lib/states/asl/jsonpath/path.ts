import { isObject } from '../datum.ts';
import type { Step } from './step.ts';

/** What a path found: a value, or why there is none in the words of the JSONPath library AWS uses (Jayway). */
export type Found = { readonly found: true; readonly value: unknown } | { readonly found: false; readonly reason: string };

/**
 * A compiled JSONPath. A definite path (names and single indexes only) finds one value or nothing; any other finds an
 * array, empty where nothing matches.
 */
export class Path {
  readonly text: string;
  readonly steps: readonly Step[];
  readonly definite: boolean;

  constructor(text: string, steps: readonly Step[]) {
    this.text = text;
    this.steps = steps;
    this.definite = steps.every((step) => (step.kind === 'names' && step.names.length === 1) || (step.kind === 'indexes' && step.indexes.length === 1));
  }

  /** Reads the path from a root value; `@` and `$` within filters are the item and this root. */
  read(root: unknown): Found {
    if (this.definite) return readDefinite(this.steps, root);
    let values: unknown[] = [root];
    for (const step of this.steps) values = values.flatMap((value) => select(step, value, root));
    return { found: true, value: values };
  }
}

/** The path as Jayway prints it: `$['a'][0]`. */
export function printSteps(steps: readonly Step[]): string {
  return `$${steps.map((step) => {
    if (step.kind === 'names') return `[${step.names.map((name) => `'${name}'`).join(',')}]`;
    return step.kind === 'indexes' ? `[${step.indexes.join(',')}]` : '[*]';
  }).join('')}`;
}

function readDefinite(steps: readonly Step[], root: unknown): Found {
  let value = root;
  for (const [at, step] of steps.entries()) {
    const leaf = at === steps.length - 1;
    if (step.kind === 'names') {
      const name = step.names[0]!;
      if (!isObject(value)) return { found: false, reason: notAnObject(name, steps.slice(0, at), value) };
      if (!Object.hasOwn(value, name)) {
        return { found: false, reason: leaf ? `No results for path: ${printSteps(steps)}` : `Missing property in path ${printSteps(steps.slice(0, at + 1))}` };
      }
      value = value[name];
    } else {
      const index = step.kind === 'indexes' ? step.indexes[0]! : 0;
      if (!Array.isArray(value)) return { found: false, reason: `Filter: [${index}] can only be applied to arrays. Current context is: ${JSON.stringify(value)}` };
      const position = index < 0 ? value.length + index : index;
      if (position < 0 || position >= value.length) return { found: false, reason: `No results for path: ${printSteps(steps)}` };
      value = value[position];
    }
  }
  return { found: true, value };
}

function notAnObject(name: string, before: readonly Step[], value: unknown): string {
  return `Expected to find an object with property ['${name}'] in path ${printSteps(before)} but found '${javaType(value)}'. This is not a json object according to the JsonProvider: 'com.jayway.jsonpath.spi.json.JacksonJsonNodeJsonProvider'.`;
}

function javaType(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'com.fasterxml.jackson.databind.node.ArrayNode';
  const node = { string: 'TextNode', boolean: 'BooleanNode', number: Number.isInteger(value) ? 'IntNode' : 'DoubleNode' }[typeof value as 'string'];
  return `com.fasterxml.jackson.databind.node.${node}`;
}

function select(step: Step, value: unknown, root: unknown): unknown[] {
  switch (step.kind) {
    case 'names':
      if (!isObject(value)) return [];
      if (step.names.length === 1) return Object.hasOwn(value, step.names[0]!) ? [value[step.names[0]!]] : [];
      return [Object.fromEntries(step.names.filter((name) => Object.hasOwn(value, name)).map((name) => [name, value[name]]))];
    case 'indexes':
      if (!Array.isArray(value)) return [];
      return step.indexes.map((index) => (index < 0 ? value.length + index : index)).filter((index) => index >= 0 && index < value.length).map((index) => value[index] as unknown);
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from ?? 0, step.to) : [];
    case 'wildcard':
      return children(value);
    case 'descend':
      return descendants(value);
    default:
      return (Array.isArray(value) ? value : [value]).filter((item) => step.filter(item, root));
  }
}

function children(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** The value and all below it, outermost first. */
function descendants(value: unknown): unknown[] {
  return typeof value === 'object' && value !== null ? [value, ...children(value).flatMap(descendants)] : [];
}
