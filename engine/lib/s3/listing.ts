import { refusal } from './refusal.ts';
import type { Bucket } from './objects.ts';
import { byBytes, sortedKeys } from './objects.ts';

/** What a list is asked for. */
export interface ListRequest {
  readonly prefix: string;
  readonly delimiter: string;
  /** Keys and common prefixes up to this one are left out. */
  readonly after: string;
  readonly most: number;
}

/** A page of a list: keys and common prefixes, together at most as many as asked for, in order. */
export interface Listing {
  readonly keys: readonly string[];
  readonly prefixes: readonly string[];
  readonly truncated: boolean;
  /** The last key or common prefix of the page. */
  readonly last?: string;
}

/** One page of a bucket's keys; keys that share what stands before the delimiter are one common prefix. */
export function list(bucket: Bucket, { prefix, delimiter, after, most }: ListRequest): Listing {
  const sorted = sortedKeys(bucket);
  const keys: string[] = [];
  const prefixes: string[] = [];
  let last: string | undefined;
  for (let at = firstAfter(sorted, after, prefix); at < sorted.length; at += 1) {
    const key = sorted[at]!;
    if (!key.startsWith(prefix)) break;
    const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
    const common = cut < 0 ? undefined : key.slice(0, cut + delimiter.length);
    if (common !== undefined && (common === prefixes.at(-1) || common === after)) continue;
    if (keys.length + prefixes.length >= most) return { keys, prefixes, truncated: most > 0, ...(last !== undefined && { last }) };
    if (common === undefined) keys.push(key);
    else prefixes.push(common);
    last = common ?? key;
  }
  return { keys, prefixes, truncated: false, ...(last !== undefined && { last }) };
}

/** Where keys begin that come after one and are not before the prefix. */
function firstAfter(sorted: readonly string[], after: string, prefix: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const key = sorted[middle]!;
    const before = byBytes(key, prefix) < 0 || (after !== '' && byBytes(key, after) <= 0);
    if (before) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** How many a page may have: 1000 unless fewer are asked for. */
export function pageSize(asked: number = 1000): number {
  if (!Number.isInteger(asked) || asked < 0) throw refusal(400, 'InvalidArgument', 'Argument maxKeys must be an integer between 0 and 2147483647', { ArgumentName: 'maxKeys', ArgumentValue: asked });
  return Math.min(asked, 1000);
}
