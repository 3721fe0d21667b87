import { invalid } from './refusal.ts';

/** One page of a list, and where the next begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next?: string;
}

/** What a caller says of the page it wants. */
export interface PageRequest {
  /** @default 100 */
  readonly Limit?: number;
  readonly NextToken?: string;
}

/** Cuts a page out of a list; a token is the place it goes on at. */
export function pageOf<T>(all: readonly T[], { Limit = 100, NextToken }: PageRequest): Page<T> {
  if (Limit < 1 || Limit > 100) throw invalid(`1 validation error detected: Value '${Limit}' at 'limit' failed to satisfy constraint: Member must have value ${Limit < 1 ? 'greater than or equal to 1' : 'less than or equal to 100'}`);
  const start = NextToken === undefined ? 0 : Number(Buffer.from(NextToken, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0 || (NextToken !== undefined && start === 0)) throw invalid('NextToken is invalid.');
  const end = start + Limit;
  return { items: all.slice(start, end), ...(end < all.length && { next: Buffer.from(String(end)).toString('base64url') }) };
}
