import { AFTER_STEP_MS, hoursBefore, PAST_MS, windowsOf, type Evidence, type Sum } from './evidence.ts';
import { rolledBack, type JudgedRecord } from './judged.ts';
import { comparable } from './judge/ceiling.ts';
import type { EpochWindow } from './judge/overTime.ts';
import type { Override } from './override.ts';
import type { DeploymentRecord } from './record.ts';
import { blamedOn, newest, unfit, type AlarmState, type Deployment, type RollbackVerdict } from './rollout.ts';
import { apartFrom, type ShiftExposure } from './shift/explain.ts';

/** Whether an event is the schedule's, by which a complete deployment is looked at. */
export function isSchedule(event: unknown): boolean {
  return typeof event === 'object' && event !== null && (event as { readonly 'detail-type'?: unknown })['detail-type'] === 'Scheduled Event';
}

/** What is asked of the sums after completion. Times are epoch milliseconds. */
export interface AftermathQuestion {
  readonly cohorts: { readonly canary: string; readonly control: string };
  readonly metrics: readonly string[];
  /** When the deployment began, and when it was complete. */
  readonly began: number;
  readonly complete: number;
  readonly now: number;
  readonly settleWithinMs: number;
  /** When workflows shifted: what began then says nothing, because a new version may be to blame. */
  readonly shifts: readonly ShiftExposure[];
  /** What the old epoch was like, as an earlier look at the same deployment found it. @default what the sums tell */
  readonly before?: readonly EpochWindow[] | undefined;
}

/** From when on sums are asked for after completion. */
export function pastOf({ began }: Pick<AftermathQuestion, 'began'>): number {
  return stepOf(began - PAST_MS);
}

/** The same where what was before is known. */
export function presentOf({ complete }: Pick<AftermathQuestion, 'complete'>): number {
  return stepOf(complete);
}

function stepOf(moment: number): number {
  return Math.floor(moment / AFTER_STEP_MS) * AFTER_STEP_MS;
}

/**
 * What is known of a deployment after completion, by five minutes: the windows that no later count changes, each looking about a time of day about which the old
 * epoch was seen in the week before. What is like nothing that was seen says nothing.
 */
export function aftermathOf(sums: readonly Sum[], { began, complete, shifts, before: known, ...question }: AftermathQuestion): { readonly evidence: Evidence; readonly before: readonly EpochWindow[] } {
  const seen = windowsOf(sums, { ...question, since: complete, stepMs: AFTER_STEP_MS });
  const before = known ?? hoursBefore(sums, { ...question, since: began });
  return { evidence: { ...seen, history: [], windows: apartFrom(shifts, seen.windows).filter((window) => comparable(before, window)) }, before };
}

/** How often a verdict after completion is kept that is like the one before, milliseconds. */
const KEEP_EVERY_MS = 21_600_000;

/** Whether a verdict after completion is kept: one that takes back, the first one, and one each six hours. `last` is when the last one was kept. */
export function isKept(record: JudgedRecord, decided: RollbackVerdict, last: number | undefined): boolean {
  return record.overTime !== null && (decided.kind === 'revert' || last === undefined || Date.parse(record.judgedAt) - last >= KEEP_EVERY_MS);
}

/** The deployment that is compared after completion; or why none is. */
export function watched(deployments: readonly Deployment[], profile: string, now: number): Deployment | RollbackVerdict {
  const last = newest(deployments);
  if (last === undefined) return { kind: 'leave', because: 'nothing-deployed', reason: 'nothing was ever deployed here' };
  const unable = unfit(last, profile, now);
  return unable === undefined ? last : { kind: 'leave', deployment: last.number, because: unable[0], reason: unable[1] };
}

/**
 * Whether a comparison takes a complete deployment back. One that began while the alarm was not quiet may be the fix: what it is compared with was
 * no normal time. While a workflow shifts it takes nothing back: one change at a time.
 */
export function decideAftermath(deployment: number, record: JudgedRecord | undefined, known: { readonly whenBegan: AlarmState | 'unknown'; readonly override: Override | undefined; readonly shift?: string | undefined }): RollbackVerdict {
  const leave = (because: Extract<RollbackVerdict, { kind: 'leave' }>['because'], reason: string): RollbackVerdict => ({ kind: 'leave', deployment, because, reason });
  const found = record === undefined ? undefined : rolledBack(record);
  if (found === undefined) return leave('as-before', record?.overTime?.reason ?? 'there is nothing to compare over time');
  if (known.override !== undefined) return leave('overridden', overriddenBy(known.override));
  if (known.whenBegan === 'ALARM') return leave('alarm-was-not-quiet', `the alarm was ${known.whenBegan} when deployment ${deployment} began, so that may be the fix`);
  if (known.shift !== undefined) return leave('shifting', blamedOn(known.shift));
  return { kind: 'revert', deployment, reason: found.reason };
}

/** Why nothing is taken back, for a person. */
export function overriddenBy({ by, why, until }: Pick<Override, 'by' | 'why' | 'until'>): string {
  return `${by} overrode it until ${until}: ${why}`;
}

/** What a record needs to know of the deployment's own. */
export type Compared = DeploymentRecord & { readonly control: NonNullable<DeploymentRecord['control']> };
