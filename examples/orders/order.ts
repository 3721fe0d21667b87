import { at, current, pinOf, type Configuration } from 'sluice/runtime';

/** What each task of the workflow is given. */
export interface OrderEvent {
  readonly order: { readonly id: string; readonly items: number; readonly region: string };
}

/** What each task answers: its result, and the digest of the epoch it read. */
export interface Step {
  readonly step: string;
  readonly read: string;
  readonly result: unknown;
}

/** The epoch of the execution; with `UNPINNED=1`, for comparison, whatever the agent serves at this moment. */
export function configurationFor(event: unknown): Promise<Configuration> {
  return process.env['UNPINNED'] === '1' ? current() : at(pinOf(event));
}
