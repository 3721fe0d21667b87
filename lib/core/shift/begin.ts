import { STALE_MS } from './next.ts';
import { weightIn, type AliasRoute } from './route.ts';
import { shiftEnded, versionNumber, type ShiftRecord } from './record.ts';
import type { ShiftSteps } from './plan.ts';

/** A workflow that shifts, as the rule of its stack names it. */
export interface Shiftable {
  readonly workflow: string;
  readonly aliasArn: string;
  readonly application: string;
  readonly environment: string;
  readonly plan: ShiftSteps;
  /** How many of its newest versions are kept, whatever uses them. @default 50 */
  readonly retainedVersions?: number;
  readonly profile?: ShiftRecord['profile'];
}

/** What an execution of the controller has to do with the newest shift of its workflow. */
export type ShiftBeginning =
  /** It leads: the record, kept anew when it changed. */
  | { readonly kind: 'lead'; readonly record: ShiftRecord }
  /** Another execution leads; what it must know is in the record, if anything. */
  | { readonly kind: 'tell'; readonly record: ShiftRecord }
  /** The alias cannot be told for certain yet. */
  | { readonly kind: 'wait'; readonly reason: string }
  /** There is nothing to do. */
  | { readonly kind: 'nothing'; readonly reason: string };

/**
 * Finds what there is to do for an execution of the controller: a new shift, one whose leader is gone, or nothing. `leads` says whether
 * the record's leader still runs.
 */
export function beginningOfShift(input: {
  readonly of: Shiftable;
  readonly known: ShiftRecord | undefined;
  /** The version that the stack wants. */
  readonly wanted: string;
  readonly routes: readonly AliasRoute[];
  readonly execution: string;
  readonly leads: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}): ShiftBeginning {
  const { known, wanted, execution, leads, routes } = input;
  if (known !== undefined && !shiftEnded(known)) {
    if (known.leader === execution) return { kind: 'lead', record: known };
    if (!leads) return { kind: 'lead', record: { ...known, leader: execution, wanted } };
    return known.wanted === wanted ? { kind: 'nothing', reason: `${known.leader} leads the shift already` } : { kind: 'tell', record: { ...known, wanted, told: asked(input.of) } };
  }
  const used = routes.filter(({ Weight }) => Weight > 0);
  if (known !== undefined && isOldAnswer(known, routes, used.length, input.now)) return { kind: 'wait', reason: `shift ${known.shift} was over less than a minute ago, and the alias is told as it was before` };
  const [only] = used;
  if (only === undefined || used.length > 1) return { kind: 'nothing', reason: `the alias routes to ${used.length} versions; somebody else shifts it` };
  const from = only.StateMachineVersionArn;
  if (from === wanted) return { kind: 'nothing', reason: `the alias routes to version ${versionNumber(wanted)} already` };
  // A stack that is deployed again without a new version is no reason to try a version again that was taken back.
  if (known !== undefined && known.to === wanted && known.from === from) return { kind: 'nothing', reason: `version ${versionNumber(wanted)} is ${known.state}: ${known.reason}` };
  return { kind: 'lead', record: first(input, from) };
}

/** Whether routes may be those from before the last move of a shift that is just over: some of Step Functions tells them for a while, after others told the new ones. */
function isOldAnswer(known: ShiftRecord, routes: readonly AliasRoute[], used: number, now: number): boolean {
  if (known.moved === null || known.endedAt === null || now - Date.parse(known.endedAt) >= STALE_MS) return false;
  return known.state === 'overridden' ? used > 1 : weightIn(routes, known) !== known.weight;
}

function asked({ plan, profile }: Shiftable): Pick<ShiftRecord, 'plan' | 'profile'> {
  return { plan, ...(profile === undefined ? {} : { profile }) };
}

function first({ of, known, wanted, execution, now }: Parameters<typeof beginningOfShift>[0], from: string): ShiftRecord {
  const at = new Date(now).toISOString();
  const reason = `from version ${versionNumber(from)} to version ${versionNumber(wanted)}`;
  return {
    sluice: 1, application: of.application, environment: of.environment, workflow: of.workflow, aliasArn: of.aliasArn,
    shift: (known?.shift ?? 0) + 1, from, to: wanted, wanted, ...((known?.leader === execution ? known.told : undefined) ?? asked(of)), state: 'waiting', leader: execution, startedAt: at,
    step: 0, weight: 0, moved: null, heldMs: 0, lookedAt: at, paused: false, holds: null, quiet: false, asked: null, ending: null, endedAt: null,
    reason, verdict: null, log: [{ at, state: 'waiting', weight: 0, text: reason }],
  };
}
