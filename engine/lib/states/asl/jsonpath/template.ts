import { isObject } from '../datum.ts';
import type { Environment } from '../environment.ts';
import { RuntimeFault } from '../fault.ts';
import { expression } from './expression.ts';

/** A compiled payload template: Parameters, ItemSelector, ResultSelector, Assign. */
export type Template = (data: unknown, environment: Environment) => unknown;

/** Compiles a template: values under keys that end in `.$` are read, everything else stays as it is (and is shared). */
export function compileTemplate(source: unknown): Template {
  return compileNode(source) ?? (() => source);
}

/** Undefined for a node without anything to read. */
function compileNode(source: unknown): Template | undefined {
  if (Array.isArray(source)) return compileArray(source);
  if (!isObject(source)) return undefined;
  const fields = Object.entries(source).map(([key, value]): readonly [string, Template | undefined, unknown] => {
    if (!key.endsWith('.$') || typeof value !== 'string') return [key, compileNode(value), value];
    return [key.slice(0, -2), compileReading(key, value), undefined];
  });
  if (fields.every(([, template]) => template === undefined)) return undefined;
  return (data, environment) => Object.fromEntries(fields.map(([key, template, constant]) => [key, template ? template(data, environment) : constant]));
}

function compileArray(source: readonly unknown[]): Template | undefined {
  const items = source.map((item) => compileNode(item));
  if (items.every((item) => item === undefined)) return undefined;
  return (data, environment) => items.map((item, at) => (item ? item(data, environment) : source[at]));
}

function compileReading(key: string, text: string): Template {
  const read = expression(text);
  return (data, environment) => {
    const found = read.read(data, environment);
    if (found.found) return found.value;
    throw new RuntimeFault(`The JSONPath '${text}' specified for the field '${key}' could not be found in the input '${JSON.stringify(data)}'`);
  };
}
