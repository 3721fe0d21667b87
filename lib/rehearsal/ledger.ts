import type { Engine } from 'sluice-engine';
import { versionNumber } from '../core/index.ts';
import { ask } from './ask.ts';

/** One execution as it ended. */
export interface Tallied {
  readonly status: string;
  /** The number of the workflow's version that it ran. */
  readonly version: string;
  /** The digest it was pinned to; absent when it failed before it was pinned. */
  readonly pinned?: string;
  /** The digests its tasks read. */
  readonly read: readonly string[];
}

interface HistoryEvent {
  readonly stateExitedEventDetails?: { readonly output?: string };
}

interface OrderOutput {
  readonly pin?: { readonly digest: string };
  readonly reserved?: { readonly read: string };
  readonly charged?: { readonly read: string };
  readonly shipped?: { readonly read: string };
}

/** Reads what became of one execution: from its output, or, if it has none, from its history. Without the SDK, as there are thousands. */
export async function tally(engine: Engine, executionArn: string): Promise<Tallied> {
  const { status, stateMachineVersionArn = '', output = await lastOutput(engine, executionArn) } = await ask<{ status: string; stateMachineVersionArn?: string; output?: string }>(engine, 'AWSStepFunctions.DescribeExecution', { executionArn });
  const order = JSON.parse(output ?? '{}') as OrderOutput;
  const read = [order.reserved, order.charged, order.shipped].flatMap((step) => (step ? [step.read] : []));
  return { status, version: versionNumber(stateMachineVersionArn), read, ...(order.pin ? { pinned: order.pin.digest } : {}) };
}

/** The newest output that a state left behind, as text. */
async function lastOutput(engine: Engine, executionArn: string): Promise<string | undefined> {
  const { events } = await ask<{ events: readonly HistoryEvent[] }>(engine, 'AWSStepFunctions.GetExecutionHistory', { executionArn, reverseOrder: true, maxResults: 1000 });
  return events.find((event) => event.stateExitedEventDetails)?.stateExitedEventDetails?.output;
}
