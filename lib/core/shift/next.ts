import { fault } from '../fault.ts';
import { SHIFTING } from '../faults/shifting.ts';
import type { AlarmState } from '../rollout.ts';
import { shiftEnded, versionNumber, type ShiftRecord, type ShiftReturn, type ShiftState, type ShiftVerdict } from './record.ts';
import { routesOf, weightIn, type AliasRoute } from './route.ts';

/** What is seen at one look at a shift. */
export interface ShiftSight {
  /** Epoch milliseconds. */
  readonly now: number;
  /** The alias's routes as Step Functions tells them, which may be old for seconds after an update. */
  readonly routes: readonly AliasRoute[];
  /** Why Step Functions did not take the last update of the alias, if it did not. */
  readonly refused?: string;
  /** A configuration deployment of the environment that is in flight; asked for before anything moves. */
  readonly deployment?: number;
  /** The environment's alarm; nothing where none is watched. */
  readonly alarm?: { readonly name: string; readonly state: AlarmState; readonly actionsEnabled: boolean };
  readonly verdict?: ShiftVerdict;
  /** What else may be to blame where no comparison side by side speaks against the new version, in words. */
  readonly suspect?: string;
  /** Why no execution may start on the new version, in a fault's words: by what it declares to run with, or by what must be shown first. */
  readonly forbidden?: string;
}

/** What the controller does next. */
export type ShiftStep =
  | { readonly do: 'move'; readonly routes: readonly AliasRoute[]; readonly seconds: number }
  | { readonly do: 'wait'; readonly seconds: number }
  | { readonly do: 'end' };

/** How often a shift is looked at, seconds. */
export const LOOK_SECONDS = 30;
/** How long after an update some reads of an alias may still be old. */
export const STALE_MS = 60_000;
/** How long a claim stands before it counts: what a gate let pass before it is in AppConfig's list by then. */
export const CLAIM_MS = 30_000;

const MINUTE = 60_000;
const WAIT: ShiftStep = { do: 'wait', seconds: LOOK_SECONDS };
/** Between two looks while somebody must do something first, which may take days. */
const PATIENTLY: ShiftStep = { do: 'wait', seconds: 300 };

/** A record and what to do by it. The record must be kept before it is done: whoever takes over then goes on to the same end. */
export interface ShiftDecision {
  readonly record: ShiftRecord;
  readonly step: ShiftStep;
}

/**
 * Decides one look at a shift, from nothing but its record and what is seen. An update of the alias is decided, kept, and done; when it
 * was lost, or its effect cannot be seen yet, it is done again. An alias that somebody else moved stays as it is, and ends the shift.
 */
export function nextOfShift(before: ShiftRecord, sight: ShiftSight): ShiftDecision {
  if (shiftEnded(before)) return { record: before, step: { do: 'end' } };
  const seen = { ...before, lookedAt: rfc(sight.now), quiet: before.quiet || (sight.alarm !== undefined && sight.alarm.state !== 'ALARM'), ...(sight.verdict === undefined ? {} : { verdict: sight.verdict }) };
  const alias = lookedAt(seen, before, sight);
  if ('step' in alias) return alias;
  if (alias.record.ending !== null) return ended(alias.record, sight, alias.record.ending.state, alias.record.ending.reason);
  const record = heard(alias.record, sight);
  const back = reasonToReturn(record, sight);
  if (back !== undefined) return returning(record, sight, ...back);
  switch (record.state) {
    case 'waiting':
    case 'claimed': return begins(record, sight);
    case 'growing': return grows(record, sight);
    default: return bakes(record, sight);
  }
}

/** Compares the alias with what is meant. */
function lookedAt(record: ShiftRecord, before: ShiftRecord, sight: ShiftSight): ShiftDecision | { readonly record: ShiftRecord } {
  const weight = weightIn(sight.routes, record);
  const { moved } = record;
  const passed = Math.max(0, sight.now - Date.parse(before.lookedAt));
  if (weight === record.weight) {
    if (moved !== null && moved.seenAt === null) return { record: { ...record, moved: { ...moved, seenAt: rfc(sight.now) } } };
    return { record: record.paused || record.holds !== null || moved === null ? record : { ...record, heldMs: record.heldMs + passed } };
  }
  if (weight !== undefined && weight === moved?.before) {
    if (moved.seenAt === null) return again(record, sight);
    // An old answer after a new one: some of Step Functions still tells the alias as it was.
    if (sight.now - Date.parse(moved.seenAt) < STALE_MS) return { record, step: WAIT };
  }
  const is = weight === undefined ? 'another version' : `${weight} % of version ${versionNumber(record.to)}`;
  return ended(record, sight, 'overridden', `somebody else routed the alias to ${is} where ${record.weight} % was meant; it stays so`);
}

/** Updates the alias once more. What Step Functions refuses, of a version that was deleted say, it may refuse for good: then the shift goes back where it should. */
function again(record: ShiftRecord, sight: ShiftSight): ShiftDecision {
  const { now, refused } = sight;
  const back = refused === undefined || record.ending !== null ? undefined : reasonToReturn(record, sight);
  if (back !== undefined) return returning(record, sight, ...back);
  const reason = refused === undefined ? record.reason : fault(SHIFTING, 'SLUICE-SHIFT-14', { workflow: record.workflow, weight: record.weight, version: versionNumber(record.to), problem: refused }).message;
  return { record: reason === record.reason ? record : logged({ ...record, reason }, now), step: { do: 'move', routes: routesOf(record), seconds: LOOK_SECONDS } };
}

/** What a person asked for, except to abort. */
function heard(record: ShiftRecord, { now }: ShiftSight): ShiftRecord {
  const { asked } = record;
  if (asked === null || asked.kind === 'abort') return record;
  const by = `${asked.by}${asked.why === null ? '' : `: ${asked.why}`}`;
  switch (asked.kind) {
    case 'pause': return logged({ ...record, asked: null, paused: true, reason: `paused by ${by}` }, now);
    case 'resume': return logged({ ...record, asked: null, paused: false, holds: null, reason: `resumed by ${by}` }, now);
    case 'promote':
      if (record.state !== 'growing') return { ...record, asked: null };
      return logged({ ...record, asked: null, paused: false, holds: null, step: record.plan.steps.length, reason: `promoted by ${by}` }, now);
  }
}

function reasonToReturn(record: ShiftRecord, { alarm, verdict, suspect, forbidden }: ShiftSight): [ShiftReturn, string] | undefined {
  if (record.asked?.kind === 'abort') return ['aborted', `aborted by ${record.asked.by}${record.asked.why === null ? '' : `: ${record.asked.why}`}`];
  const exposed = record.state === 'growing' || record.state === 'baking';
  const also = suspect === undefined ? '' : `; ${suspect}`;
  if (exposed && forbidden !== undefined) return ['rolled-back', forbidden];
  if (exposed && verdict?.kind === 'roll-back') return ['rolled-back', `${verdict.reason}${also}`];
  if (exposed && record.quiet && alarm?.state === 'ALARM' && alarm.actionsEnabled) return ['rolled-back', `the alarm ${alarm.name} rings${also}`];
  if (record.wanted !== record.to && record.state !== 'baking') return ['superseded', `version ${versionNumber(record.wanted)} was deployed meanwhile`];
  return undefined;
}

function begins(record: ShiftRecord, { now, deployment, forbidden }: ShiftSight): ShiftDecision {
  if (record.paused) return { record, step: WAIT };
  if (deployment !== undefined) return waits(record, now, `waits for configuration deployment ${deployment} to end`, WAIT);
  if (forbidden !== undefined) return waits(record, now, `waits: ${forbidden}`, PATIENTLY);
  if (record.state === 'waiting') return { record: logged({ ...record, state: 'claimed', startedAt: rfc(now), reason: 'deployments of configuration are refused until it is over' }, now), step: { do: 'wait', seconds: CLAIM_MS / 1000 } };
  if (now - Date.parse(record.startedAt) < CLAIM_MS) return { record, step: WAIT };
  return onto({ ...record, startedAt: rfc(now) }, now, 0, 'begins');
}

function waits(record: ShiftRecord, now: number, reason: string, step: ShiftStep): ShiftDecision {
  return { record: record.state === 'waiting' && record.reason === reason ? record : logged({ ...record, state: 'waiting', reason }, now), step };
}

function grows(record: ShiftRecord, { now, verdict }: ShiftSight): ShiftDecision {
  const { plan, step } = record;
  if (step >= plan.steps.length) return onto(record, now, plan.steps.length, record.reason);
  if (record.paused || record.holds !== null) return { record, step: WAIT };
  const at = plan.steps[step]!;
  const proven = verdict?.kind === 'promote';
  if (proven && plan.promoteEarly) return onto(record, now, plan.steps.length, `proven safe: ${verdict.reason}`);
  const left = at.minutes * MINUTE - record.heldMs;
  if (left > 0) return { record, step: { do: 'wait', seconds: Math.max(1, Math.min(LOOK_SECONDS, Math.ceil(left / 1000))) } };
  if (step + 1 === plan.steps.length && at.weight > 0 && !proven && plan.onInconclusive !== 'go-on') {
    const reason = `neither harm nor safety was shown after the last step${verdict === undefined ? '' : ` (${verdict.reason})`}`;
    if (plan.onInconclusive === 'roll-back') return returning(record, { now }, 'rolled-back', reason);
    return { record: logged({ ...record, holds: reason, reason: `holds for a person to promote or abort: ${reason}` }, now), step: WAIT };
  }
  return onto(record, now, step + 1, `step ${step + 1} of ${plan.steps.length} is over`);
}

function bakes(record: ShiftRecord, { now }: ShiftSight): ShiftDecision {
  const left = record.plan.bakeMinutes * MINUTE - record.heldMs;
  if (record.paused) return { record, step: WAIT };
  if (left > 0) return { record, step: { do: 'wait', seconds: Math.max(1, Math.min(LOOK_SECONDS, Math.ceil(left / 1000))) } };
  return ended(record, { now }, 'complete', 'the bake is over, and nothing spoke against it');
}

/** Goes on to a step of the plan, or to 100 %. */
function onto(record: ShiftRecord, now: number, step: number, reason: string): ShiftDecision {
  const weight = record.plan.steps[step]?.weight ?? 100;
  const state: ShiftState = step >= record.plan.steps.length ? 'baking' : 'growing';
  return moved({ ...record, step, state, reason, holds: null, heldMs: 0 }, now, weight);
}

function returning(record: ShiftRecord, { now }: Pick<ShiftSight, 'now'>, state: ShiftReturn, reason: string): ShiftDecision {
  if (record.moved === null || record.weight === 0) return ended(record, { now }, state, reason);
  return moved({ ...record, state: 'returning', ending: { state, reason }, reason, asked: null, holds: null, heldMs: 0 }, now, 0);
}

function moved(record: ShiftRecord, now: number, weight: number): ShiftDecision {
  const next = { ...record, weight, moved: { at: rfc(now), before: record.weight, seenAt: weight === record.weight ? rfc(now) : null } };
  const kept = logged(next, now);
  return { record: kept, step: weight === record.weight ? WAIT : { do: 'move', routes: routesOf(kept), seconds: LOOK_SECONDS } };
}

function ended(record: ShiftRecord, { now }: Pick<ShiftSight, 'now'>, state: ShiftState, reason: string): ShiftDecision {
  return { record: logged({ ...record, state, reason, asked: null, endedAt: rfc(now) }, now), step: { do: 'end' } };
}

/** Entries that are kept; a shift of 100 steps makes fewer. */
const ENTRIES = 300;

function logged(record: ShiftRecord, now: number): ShiftRecord {
  const { state, weight, reason: text } = record;
  return { ...record, log: [...record.log, { at: rfc(now), state, weight, text }].slice(-ENTRIES) };
}

function rfc(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
