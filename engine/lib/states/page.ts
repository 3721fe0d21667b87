import { createHash } from 'node:crypto';
import { refusal, violation } from './refusal.ts';

/** What a caller says of the page it wants. */
export interface PageRequest {
  /** 0 is the default. @default 100 */
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** One page of a list, and the token the next one is asked for with. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

const DEFAULT = 100;
const MOST = 1000;
const LONGEST_TOKEN = 3096;

/**
 * Cuts a page out of a list whose keys rise strictly. A page goes on after the last key of the one before it, so that
 * what comes into being meanwhile shifts nothing; its token is good for the list of that name only. Throws
 * ValidationException and InvalidToken.
 */
export function pageOf<T>(list: string, items: readonly T[], { maxResults = 0, nextToken }: PageRequest, key: (item: T) => string | number): Page<T> {
  if (maxResults > MOST) throw violation(String(maxResults), 'maxResults', `Member must have value less than or equal to ${MOST}`);
  if (maxResults < 0) throw violation(String(maxResults), 'maxResults', 'Member must have value greater than or equal to 0');
  const size = maxResults || DEFAULT;
  const start = nextToken === undefined ? 0 : startAfter(items, lastKey(list, nextToken), key);
  const page = items.slice(start, start + size);
  const last = start + size < items.length ? page.at(-1) : undefined;
  return { items: page, ...(last !== undefined && { nextToken: Buffer.from(JSON.stringify({ list: digestOf(list), after: key(last) })).toString('base64url') }) };
}

function lastKey(list: string, token: string): unknown {
  if (token === '') throw violation('', 'nextToken', 'Member must have length greater than or equal to 1');
  if (token.length > LONGEST_TOKEN) throw violation(token, 'nextToken', `Member must have length less than or equal to ${LONGEST_TOKEN}`);
  try {
    const said = JSON.parse(Buffer.from(token, 'base64url').toString()) as { list?: unknown; after?: unknown } | null;
    return said?.list === digestOf(list) ? said.after : undefined;
  } catch {
    return undefined;
  }
}

function digestOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 12);
}

function startAfter<T>(items: readonly T[], last: unknown, key: (item: T) => string | number): number {
  if (typeof last !== 'string' && typeof last !== 'number') throw refusal('InvalidToken', 'Invalid Token: \'Invalid token\'');
  const start = items.findIndex((item) => key(item) > last);
  return start < 0 ? items.length : start;
}
