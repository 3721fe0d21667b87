import type { House } from '../ports.ts';

/** An event as EventBridge delivers it. */
export interface EventEnvelope {
  readonly version: '0';
  readonly id: string;
  readonly 'detail-type': string;
  readonly source: string;
  readonly account: string;
  /** To the second, as `2026-01-01T00:00:00Z`. */
  readonly time: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
}

/** What an event is made from. */
export interface EventParts {
  readonly source: string;
  readonly detailType: string;
  readonly resources: readonly string[];
  readonly detail: unknown;
  /** Epoch milliseconds. @default now */
  readonly time?: number;
}

/** Puts an event into its envelope, with an id of its own. */
export function envelope(house: House, { source, detailType, resources, detail, time }: EventParts): EventEnvelope {
  return {
    version: '0',
    id: house.draws.uuid('events:event'),
    'detail-type': detailType,
    source,
    account: house.account,
    time: new Date(time ?? house.kernel.now()).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: house.region,
    resources: [...resources],
    detail,
  };
}
