import { versionIn } from './beginning.ts';
import { isObject } from './epoch.ts';
import { fault, shown, type Fault } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';
import type { Counted, ExecutionMetric } from './metric.ts';
import { findPin, type Pin } from './pin.ts';
import { EPOCH_ROLLED_BACK } from './rolledBack.ts';

/** An execution that came to its end, as Step Functions' status-change event tells it. */
export interface Settled {
  readonly execution: string;
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  /** When it began and when it ended, epoch milliseconds. */
  readonly startedAt: number;
  readonly at: number;
  /** The workflow it ran and that one's version; nothing where it was started on none. */
  readonly workflow?: string;
  readonly workflowVersion?: string;
  /** Parsed input and output; nothing where the event left them out or they are not JSON. */
  readonly input: unknown;
  readonly output: unknown;
  /** How often it was redriven; only the first end counts. */
  readonly redrives: number;
  /** Whether it failed since its epoch was rolled back, by its own choice. @default false */
  readonly recalled?: boolean;
}

/** What is counted for an execution that was settled. */
export type Settlement =
  | { readonly kind: 'count'; readonly pin?: Pin; readonly failed: boolean }
  | { readonly kind: 'skip'; readonly reason: string };

/** Reads a status-change event; nothing while the execution still runs. `now` stands in for a missing end. */
export function parseSettled(event: unknown, now: number): Settled | undefined | Fault {
  const detail = isObject(event) ? event['detail'] : undefined;
  const wrong = (problem: string): Fault => fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'settle', problem });
  if (!isObject(detail)) return wrong(`it has no detail: ${shown(event)}`);
  const { executionArn, status, startDate, stopDate, redriveCount } = detail;
  const at = typeof stopDate === 'number' ? stopDate : now;
  if (typeof executionArn !== 'string') return wrong(`detail.executionArn must be text, got ${shown(executionArn)}`);
  switch (status) {
    case 'RUNNING':
    case 'PENDING_REDRIVE':
      return undefined;
    case 'SUCCEEDED':
    case 'FAILED':
    case 'TIMED_OUT':
    case 'ABORTED':
      return {
        execution: executionArn, status, at, startedAt: typeof startDate === 'number' ? startDate : at,
        ...versionIn(detail['stateMachineVersionArn']),
        input: parsed(detail['input']), output: parsed(detail['output']), redrives: typeof redriveCount === 'number' ? redriveCount : 0,
        ...(status === 'FAILED' && isRecalled(detail) ? { recalled: true } : {}),
      };
    default:
      return wrong(`detail.status is ${shown(status)}`);
  }
}

/**
 * What an end counts as, without asking anybody; nothing when the history must be read first.
 * An execution counts under the pin that was drawn for it. One that carries another's pin is a child, and its parent counts.
 */
export function settle(settled: Settled): Settlement | undefined {
  if (settled.redrives > 0) return { kind: 'skip', reason: 'it was redriven, and its first end has been counted' };
  const pin = findPin(settled.output);
  if (pin === undefined) return undefined;
  return pin.entity === settled.execution ? counted(settled, pin) : { kind: 'skip', reason: `it carries the pin of ${pin.entity}, which is counted itself` };
}

/** What an end counts as once the events of its history are known that tell its pin: the last one it had. */
export function settleByHistory(settled: Settled, outputs: readonly unknown[]): Settlement {
  const own = outputs.map((output) => findPin(output)).findLast((pin) => pin?.entity === settled.execution);
  if (own !== undefined) return counted(settled, own);
  const carried = findPin(settled.input);
  if (carried !== undefined) return { kind: 'skip', reason: `it carries the pin of ${carried.entity}, which is counted itself` };
  return counted(settled, undefined);
}

/** What is counted as slow, and until when an end is waited for, milliseconds after the start. */
export interface Promptness {
  /** The SLO's threshold; without it nothing that ends is slow. */
  readonly slowMs?: number;
  readonly settleWithinMs: number;
}

/** How long an execution's end is waited for when nobody says, milliseconds. */
export const SETTLE_WITHIN_MS = 300_000;

/** Reads SLUICE_SLOW_MS and SLUICE_SETTLE_WITHIN_MS. */
export function promptnessOf(variables: Readonly<Record<string, string | undefined>>): Promptness {
  const { SLUICE_SLOW_MS: slow, SLUICE_SETTLE_WITHIN_MS: within } = variables;
  return { ...(slow === undefined ? {} : { slowMs: Number(slow) }), settleWithinMs: within === undefined ? SETTLE_WITHIN_MS : Number(within) };
}

/** The counts of one end in its environment. What a person aborted, or a rollback recalled, was not slow. */
export function countsOf(settled: Settled, failed: boolean, slowMs?: number): Partial<Record<ExecutionMetric, number>> {
  const slow = settled.status !== 'ABORTED' && settled.recalled !== true && settled.at - settled.startedAt > (slowMs ?? Infinity);
  return {
    ...(settled.recalled === true ? { ExecutionsRecalled: 1 } : {}),
    ExecutionsSettled: 1, ExecutionsFailed: failed ? 1 : 0, ExecutionsTimedOut: settled.status === 'TIMED_OUT' ? 1 : 0,
    ...(slowMs === undefined ? {} : { ExecutionsSlow: slow ? 1 : 0 }),
  };
}

/** The counts of one end for its epoch: an end that comes too late is counted as that alone, since its minute has been judged by then. */
export function cohortCountsOf(settled: Settled, failed: boolean, { slowMs, settleWithinMs }: Promptness): Partial<Record<ExecutionMetric, number>> {
  return settled.at - settled.startedAt > settleWithinMs ? { ExecutionsLate: 1 } : countsOf(settled, failed, slowMs);
}

/** By what ends are counted. */
export interface Counting extends Promptness {
  /** Where an end counts whose execution was never pinned. */
  readonly place: Pick<Pin, 'application' | 'environment'>;
  /** The workflows that are counted by version. */
  readonly shifting: readonly string[];
}

/**
 * The lines that count an end: for its environment, stamped with the end; and for its epoch and version, stamped with the start. An end
 * that is skipped counts for its version all the same, if it was a child's: that one shifts by itself. One that moved from an epoch to another is neither's
 * evidence, and one that was recalled is its epoch's neither: it ended since that was rolled back.
 */
export function linesOf(settled: Settled, settlement: Settlement, { place, shifting, ...promptness }: Counting): Omit<Counted, 'also'>[] {
  const { workflow, workflowVersion, at, startedAt } = settled;
  const failed = hasFailed(settled);
  const of = workflow !== undefined && workflowVersion !== undefined && shifting.includes(workflow) && settled.redrives === 0 ? { of: { workflow, workflowVersion } } : {};
  const pin = settlement.kind === 'count' ? settlement.pin : undefined;
  const { application, environment } = pin ?? place;
  const environments = settlement.kind === 'count' ? [{ application, environment, at, counts: countsOf(settled, failed, promptness.slowMs) }] : [];
  const epoch = pin === undefined || (pin.moved ?? []).length > 0 ? {} : { epoch: pin.digest };
  const line = { application, environment, cohortOnly: true, at: startedAt };
  const ended = cohortCountsOf(settled, failed, promptness);
  if (settled.recalled !== true) return [...environments, ...('epoch' in epoch || 'of' in of ? [{ ...line, ...epoch, ...of, counts: ended }] : [])];
  return [...environments, ...('epoch' in epoch ? [{ ...line, ...epoch, counts: { ExecutionsRecalled: 1 } }] : []), ...('of' in of ? [{ ...line, ...of, counts: ended }] : [])];
}

/** What tasks and states got and gave in a history of Step Functions, in order; what is not JSON is left out. */
export function outputsOf(events: readonly unknown[]): unknown[] {
  const outputs: unknown[] = [];
  for (const event of events) {
    if (!isObject(event)) continue;
    for (const details of ['lambdaFunctionSucceededEventDetails', 'taskSucceededEventDetails', 'stateEnteredEventDetails', 'stateExitedEventDetails']) {
      const found = event[details];
      const output = isObject(found) ? parsed(found['output'] ?? found['input']) : undefined;
      if (output !== undefined) outputs.push(output);
    }
  }
  return outputs;
}

/** An abort is a person's decision and no failure of the configuration. */
function counted(settled: Settled, pin: Pin | undefined): Settlement {
  return { kind: 'count', failed: hasFailed(settled), ...(pin === undefined ? {} : { pin }) };
}

/** What was recalled is no failure either: its configuration had been taken back already, and an alarm must not blame the next one. */
function hasFailed({ status, recalled }: Settled): boolean {
  return recalled !== true && (status === 'FAILED' || status === 'TIMED_OUT');
}

/** Whether an execution ended by the error of a rollback: its own, or its child's, which Step Functions hands on in the cause. */
function isRecalled({ error, cause }: Readonly<Record<string, unknown>>): boolean {
  const child = parsed(cause);
  return error === EPOCH_ROLLED_BACK || (isObject(child) && child['Error'] === EPOCH_ROLLED_BACK);
}

/** Whether the last events of an execution's history are worth reading: one that may have moved since its first ones. */
export function mayHaveMoved(outputs: readonly unknown[], execution: string): boolean {
  return outputs.some((output) => {
    const pin = findPin(output);
    return pin?.entity === execution && pin.onRolledBack !== undefined;
  });
}

function parsed(text: unknown): unknown {
  if (typeof text !== 'string') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
