import { refusal, unbuilt, unmet } from './refusal.ts';
import type { StoredObject } from './objects.ts';

/** The conditions of a request. Dates are epoch milliseconds. */
export interface Conditions {
  readonly IfMatch?: string;
  readonly IfNoneMatch?: string;
  readonly IfModifiedSince?: number;
  readonly IfUnmodifiedSince?: number;
}

/** Refuses a read whose conditions do not hold: 412, or 304 when the caller has it already. */
export function checkRead(object: StoredObject, { IfMatch, IfNoneMatch, IfModifiedSince, IfUnmodifiedSince }: Conditions): void {
  if (IfMatch !== undefined) {
    if (!names(IfMatch, object)) throw unmet('If-Match');
  } else if (IfUnmodifiedSince !== undefined && seconds(object.modified) > seconds(IfUnmodifiedSince)) {
    throw unmet('If-Unmodified-Since');
  }
  const had = IfNoneMatch === undefined ? IfModifiedSince !== undefined && seconds(object.modified) <= seconds(IfModifiedSince) : names(IfNoneMatch, object);
  if (had) throw refusal(304, 'NotModified', 'Not Modified');
}

/** Refuses a write whose conditions do not hold; `missing` is the refusal when there is nothing to match. */
export function checkWrite(object: StoredObject | undefined, { IfMatch, IfNoneMatch }: Conditions, missing: () => Error): void {
  if (IfNoneMatch !== undefined) {
    if (IfNoneMatch !== '*') throw unbuilt('If-None-Match with anything but * in a write');
    if (object) throw unmet('If-None-Match');
  }
  if (IfMatch !== undefined) {
    if (!object) throw missing();
    if (!names(IfMatch, object)) throw unmet('If-Match');
  }
}

function names(list: string, { etag }: StoredObject): boolean {
  return list.split(',').map((tag) => tag.trim().replace(/^W\//, '')).some((tag) => tag === '*' || tag === etag || `"${tag}"` === etag);
}

/** HTTP dates have no parts of a second. */
function seconds(time: number): number {
  return Math.floor(time / 1000);
}
