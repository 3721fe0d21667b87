import { isObject } from '../epoch.ts';
import { fault, shown, type Fault } from '../fault.ts';
import { GUARDING } from '../faults/guarding.ts';
import { SHIFTING } from '../faults/shifting.ts';
import { NAMESPACE } from '../metric.ts';
import { versionNumber } from './record.ts';

/** How many of a workflow's newest versions are kept, whatever uses them, when nobody says; Step Functions keeps 1000 in all. */
export const RETAINED_VERSIONS = 50;
/** The most that may be kept: room is left for versions that executions or aliases need. */
export const MOST_RETAINED_VERSIONS = 900;
/** How many versions of a workflow are deleted at one time, at most: each is three calls, and Step Functions throttles. A deployment brings one. */
export const PRUNED_AT_ONCE = 100;

/** Which versions stay, whatever else uses them. */
export interface Retention {
  /** How many of the newest. @default 50 */
  readonly retained?: number;
  /** Those that a shift needs, by their ARNs. @default none */
  readonly kept?: readonly string[];
  /** This one and all newer ones, by its ARN: what CloudFormation routed to when its stack was done, to which it may go back. @default none */
  readonly since?: string;
}

/** What became of a state machine's versions. */
export interface Pruned {
  /** The state machine's name. */
  readonly workflow: string;
  /** The numbers of those that were deleted, oldest first. */
  readonly pruned: readonly number[];
  /** Those that no retention needs, and an alias or a running execution does. */
  readonly needed: readonly number[];
  /** How many there are now. */
  readonly left: number;
  /** Why it was not all that could be deleted; nothing when it was, or was as many as are at one time. */
  readonly problem?: string;
}

/** How many versions are kept, if that many may be. @throws Fault `SLUICE-SHIFT-10` for another number. */
export function checkedRetention(retained: unknown = RETAINED_VERSIONS): number {
  if (typeof retained === 'number' && Number.isInteger(retained) && retained >= 1 && retained <= MOST_RETAINED_VERSIONS) return retained;
  throw fault(SHIFTING, 'SLUICE-SHIFT-10', { got: shown(retained), most: MOST_RETAINED_VERSIONS });
}

/** The versions of a workflow that no retention needs, by their ARNs, oldest first. Whether an alias routes to one, or executions run on it, is left to ask. */
export function outlived(versions: readonly string[], { retained = RETAINED_VERSIONS, kept = [], since }: Retention = {}): string[] {
  const ordered = versions.toSorted((one, other) => numberOf(one) - numberOf(other));
  const first = since === undefined ? Infinity : numberOf(since);
  return ordered.slice(0, Math.max(0, ordered.length - retained)).filter((arn) => numberOf(arn) < first && !kept.includes(arn));
}

/** The ARN of a version's state machine. */
export function machineOf(versionArn: string): string {
  return versionArn.slice(0, versionArn.lastIndexOf(':'));
}

/** The number of a version, by its ARN. */
export function numberOf(versionArn: string): number {
  return Number(versionNumber(versionArn));
}

/**
 * Reads what a stack that is done asks of the pruner: its versions of state machines, each with how many are retained. Answers by state machine what stays: of one that has
 * several aliases in the stack, what each of them needs. @returns Fault `SLUICE-HOOK-1` for another input.
 */
export function parsePruning(event: unknown): ReadonlyMap<string, Retention & { readonly retained: number; readonly since: string }> | Fault {
  const published = isObject(event) ? event['published'] : undefined;
  const wrong = (problem: string): Fault => fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'prune', problem });
  if (!Array.isArray(published)) return wrong(`"published" must be a list, got ${shown(event)}`);
  const machines = new Map<string, { readonly retained: number; readonly since: string }>();
  for (const one of published) {
    if (!isObject(one) || typeof one['version'] !== 'string' || !(numberOf(one['version']) >= 1)) return wrong(`"version" must be the ARN of one, got ${shown(one)}`);
    const { version, retained: given } = one as { readonly version: string; readonly retained: unknown };
    const [known, retained] = [machines.get(machineOf(version)), checkedRetention(given)];
    machines.set(machineOf(version), known === undefined ? { retained, since: version } : { retained: Math.max(retained, known.retained), since: numberOf(version) < numberOf(known.since) ? version : known.since });
  }
  return machines;
}

/** The log line of what became of a workflow's versions, which CloudWatch counts by workflow as `VersionsPruned`, and `VersionsLeft`. */
export function prunedLine(handler: string, pruned: Pruned, at: number): string {
  return JSON.stringify({
    handler, ...pruned,
    _aws: { Timestamp: at, CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [['Workflow']], Metrics: ['VersionsPruned', 'VersionsLeft'].map((Name) => ({ Name, Unit: 'Count' })) }] },
    Workflow: pruned.workflow, VersionsPruned: pruned.pruned.length, VersionsLeft: pruned.left,
  });
}
