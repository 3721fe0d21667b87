import { badRequest } from './refusal.ts';

/** What every List operation takes. */
export interface PageInput {
  readonly MaxResults?: number;
  readonly NextToken?: string;
}

/** What every List operation answers. */
export interface Page<T> {
  readonly Items: readonly T[];
  readonly NextToken?: string;
}

/** Items of a page at most, and when nothing else is asked for. */
const MOST = 50;

/**
 * One page of a list. A token belongs to the list it came from (`scope` names it) and says how many items were given already;
 * any other text is refused with BadRequestException.
 */
export function pageOf<T>(scope: string, items: readonly T[], input: PageInput): Page<T> {
  const from = input.NextToken === undefined ? 0 : offsetOf(scope, input.NextToken);
  const to = from + (input.MaxResults ?? MOST);
  return { Items: items.slice(from, to), ...(to < items.length && { NextToken: tokenOf(scope, to) }) };
}

function tokenOf(scope: string, offset: number): string {
  return Buffer.from(`${offset} ${scope}`).toString('base64url');
}

function offsetOf(scope: string, token: string): number {
  const offset = Number.parseInt(Buffer.from(token, 'base64url').toString('utf8'), 10);
  if (!Number.isSafeInteger(offset) || offset < 0 || tokenOf(scope, offset) !== token) throw badRequest(`Invalid nextToken parameter ${token}.`);
  return offset;
}
