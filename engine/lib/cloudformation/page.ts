import { invalid } from './refusal.ts';

const PAGE = 100;

/** One page of a list, with the token of the next. */
export function pageOf<T>(all: readonly T[], token: string | undefined, size: number = PAGE): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0) throw invalid('Token does not exist');
  const end = start + size;
  return { items: all.slice(start, end), next: end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {} };
}
