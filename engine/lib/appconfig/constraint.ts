import { violated } from './refusal.ts';

/** Looks at one value; answers the constraints it breaks, in AWS's words. */
export type Check = (value: unknown, path: string) => readonly string[];

/** Text of so many characters. */
export function length(least: number, most: number): Check {
  return (value, path) => bounded('length', String(value).length, least, most, value, path);
}

/** A list or map of so many items. */
export function size(least: number, most: number): Check {
  return (value, path) => bounded('length', Object.keys(value as object).length, least, most, value, path);
}

/** A number between two bounds, both included. */
export function range(least: number, most: number): Check {
  return (value, path) => bounded('value', Number(value), least, most, value, path);
}

/** Text that matches a pattern as a whole. */
export function pattern(source: string): Check {
  const expression = new RegExp(`^(?:${source})$`);
  return (value, path) => (expression.test(String(value)) ? [] : [violated(quoted(value), path, `Member must satisfy regular expression pattern: ${source}`)]);
}

/** One of some words. */
export function oneOf(...words: readonly string[]): Check {
  return (value, path) => (words.includes(String(value)) ? [] : [violated(quoted(value), path, `Member must satisfy enum value set: [${words.join(', ')}]`)]);
}

/** Several checks of one value. */
export function all(...checks: readonly Check[]): Check {
  return (value, path) => checks.flatMap((check) => check(value, path));
}

/** A check of every item of a list. */
export function each(check: Check): Check {
  return (value, path) => (value as readonly unknown[]).flatMap((item, index) => check(item, `${path}.${index + 1}.member`));
}

/** Checks of every key and every value of a map. */
export function entries(key: Check, item: Check): Check {
  return (value, path) => Object.entries(value as object).flatMap(([name, own]) => [...key(name, path), ...item(own, `${path}.${name}.member`)]);
}

/** Checks of a structure's members; absent ones pass. */
export function members(checks: Readonly<Record<string, Check>>): Check {
  return (value, path) => Object.entries(value as object).flatMap(([name, own]) => checks[name]?.(own, `${path}.${camel(name)}`) ?? []);
}

/** A member's name as AWS's messages write it. */
export function camel(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function bounded(of: 'length' | 'value', actual: number, least: number, most: number, value: unknown, path: string): readonly string[] {
  if (actual >= least && actual <= most) return [];
  const bound = actual < least ? `greater than or equal to ${least}` : `less than or equal to ${most}`;
  return [violated(quoted(value), path, `Member must have ${of} ${bound}`)];
}

/** A value as Java prints it, in quotes. */
function quoted(value: unknown): string {
  return `'${printed(value)}'`;
}

function printed(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(printed).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return String(value);
  return `{${Object.entries(value).map(([name, item]) => `${name}=${printed(item)}`).join(', ')}}`;
}
