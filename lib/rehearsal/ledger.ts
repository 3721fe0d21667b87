import type { Clients } from './clients.ts';

/** One execution as it ended. */
export interface Tallied {
  readonly status: string;
  /** The digest it was pinned to; absent when it failed before it was pinned. */
  readonly pinned?: string;
  /** The digests its tasks read. */
  readonly read: readonly string[];
}

interface OrderOutput {
  readonly pin?: { readonly digest: string };
  readonly reserved?: { readonly read: string };
  readonly charged?: { readonly read: string };
  readonly shipped?: { readonly read: string };
}

/** Reads what became of one execution: from its output, or, if it has none, from its history. */
export async function tally({ states, sdk }: Clients, executionArn: string): Promise<Tallied> {
  const described = await states.send(new sdk.states.DescribeExecutionCommand({ executionArn }));
  const status = described.status ?? 'RUNNING';
  const output = described.output ?? await lastOutput({ states, sdk }, executionArn);
  const order = JSON.parse(output ?? '{}') as OrderOutput;
  const read = [order.reserved, order.charged, order.shipped].flatMap((step) => (step ? [step.read] : []));
  return { status, read, ...(order.pin ? { pinned: order.pin.digest } : {}) };
}

/** The newest output that a state left behind, as text. */
async function lastOutput({ states, sdk }: Pick<Clients, 'states' | 'sdk'>, executionArn: string): Promise<string | undefined> {
  const { events = [] } = await states.send(new sdk.states.GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 1000 }));
  return events.find((event) => event.stateExitedEventDetails)?.stateExitedEventDetails?.output;
}
