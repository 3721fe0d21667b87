import { invalid } from './refusal.ts';

const SIZE = 100;

/** A page of 100, as SNS's lists have them; a token is the place it goes on at. */
export function pageOf<T>(all: readonly T[], token: string | undefined): { readonly items: readonly T[]; readonly next: { readonly NextToken?: string } } {
  const start = token === undefined ? 0 : Number(Buffer.from(token, 'base64url').toString());
  if (!Number.isInteger(start) || start < 0 || (token !== undefined && start === 0)) throw invalid('NextToken');
  const end = start + SIZE;
  return { items: all.slice(start, end), next: end < all.length ? { NextToken: Buffer.from(String(end)).toString('base64url') } : {} };
}
