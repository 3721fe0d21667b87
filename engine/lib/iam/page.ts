import { WireFault } from '../wire/index.ts';

/** Where a list is to go on, and how much of it is wanted. */
export interface PageInput {
  readonly Marker?: string;
  readonly MaxItems?: number;
}

/** One page of a list, `key` being the name its answer has; the marker is the index to go on from. @default 100 items */
export function pageOf(key: string, all: readonly unknown[], { Marker: marker = '0', MaxItems: most = 100 }: PageInput): Record<string, unknown> {
  if (!/^\d{1,9}$/.test(marker)) throw new WireFault({ code: 'ValidationError', status: 400, message: 'Invalid Marker' });
  const start = Number(marker);
  const end = start + most;
  return { [key]: all.slice(start, end), IsTruncated: end < all.length, ...(end < all.length && { Marker: String(end) }) };
}
