import { isObject } from '../epoch.ts';
import { isDigest } from '../digest.ts';

/** One place where two JSON values differ; what is missing is undefined. */
export interface Difference {
  /** Such as `items[2].price`; empty for the value itself. */
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** How many differences of one execution are told. */
export const TOLD = 10;

/** Where two JSON values differ, in the order of their keys; the order of keys means nothing. Which epoch a pin names is no difference. */
export function differencesOf(before: unknown, after: unknown, path: string = ''): Difference[] {
  if (before === after) return [];
  if (Array.isArray(before) && Array.isArray(after)) return Array.from({ length: Math.max(before.length, after.length) }, (_, at) => differencesOf(before[at], after[at], `${path}[${at}]`)).flat();
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
    const pins = isPin(before) && isPin(after);
    return keys.filter((key) => !pins || (key !== 'digest' && key !== 'version')).flatMap((key) => differencesOf(before[key], after[key], path === '' ? key : `${path}.${key}`));
  }
  return [{ path, ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) }];
}

/** A JSON text's value; a text that is none stays one. */
export function valueOf(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function isPin(value: Readonly<Record<string, unknown>>): boolean {
  return value['sluice'] === 1 && isDigest(value['digest']);
}
