import type { House } from '../ports.ts';
import { WireFault } from '../wire/fault.ts';
import type { Functions, LambdaFunction } from './functions.ts';

/** What the groups of Lambda's operations share. */
export interface Kit {
  readonly house: House;
  readonly functions: Functions;
  /** Finds a function or refuses. */
  readonly find: (name: string) => LambdaFunction;
  /** Ends the sandboxes of a function, or of one version of it. */
  readonly retire: (name: string, version?: string) => void;
}

/** Lambda's refusal of a parameter. */
export function invalidParameter(message: string): WireFault {
  return new WireFault({ code: 'InvalidParameterValueException', status: 400, message, members: { Type: 'User' } });
}

/** Refuses a change that was meant for another revision. */
export function requireRevision(given: string | undefined, present: string): void {
  if (given === undefined || given === present) return;
  throw new WireFault({ code: 'PreconditionFailedException', status: 412, message: 'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id', members: { Type: 'User' } });
}

/** One page of a list; the marker is the index to go on from. */
export function pageOf<T>(all: readonly T[], marker: string | undefined, most: number | undefined): { items: T[]; marker?: string } {
  const start = Number(marker ?? 0);
  if (!Number.isSafeInteger(start) || start < 0) throw invalidParameter(`Invalid Marker: ${marker}; use the NextMarker of the page before`);
  const end = start + Math.min(most ?? 50, 50);
  return { items: all.slice(start, end), ...(end < all.length ? { marker: String(end) } : {}) };
}
