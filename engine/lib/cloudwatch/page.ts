/** Part of a list, and the token that asks for the next part. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextToken?: string;
}

/** Cuts a page out of a list; `refuse` makes the refusal of a token that no page gave. */
export function pageOf<T>(items: readonly T[], size: number, token: string | undefined, refuse: (token: string) => Error): Page<T> {
  const start = token === undefined ? 0 : startOf(token, refuse);
  const end = start + size;
  return { items: items.slice(start, end), ...(end < items.length && { nextToken: Buffer.from(`from:${end}`).toString('base64url') }) };
}

function startOf(token: string, refuse: (token: string) => Error): number {
  const [, start] = /^from:(\d{1,12})$/.exec(Buffer.from(token, 'base64url').toString('latin1')) ?? [];
  if (start === undefined) throw refuse(token);
  return Number(start);
}
