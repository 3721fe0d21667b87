import { historyOf } from './judge/history.ts';
import type { EpochWindow } from './judge/overTime.ts';
import type { MetricWindow } from './judge/window.ts';
import type { Cohort } from './window.ts';

/** One sum of one metric for one cohort in one minute, as CloudWatch answers it. */
export interface Sum {
  /** Whose: the digest of an epoch, or the number of a workflow's version. */
  readonly of: string;
  readonly metric: string;
  /** The beginning of the minute, epoch milliseconds. */
  readonly at: number;
  readonly sum: number;
}

/** What is asked of the sums. Times are epoch milliseconds. */
export interface EvidenceQuestion {
  /** As the sums name them. */
  readonly cohorts: Readonly<Record<Cohort, string>>;
  /** The metrics that say what is bad, by name. */
  readonly metrics: readonly string[];
  /** When the deployment began: what happened in that minute or before is no evidence, but history. */
  readonly since: number;
  readonly now: number;
  /** How long after its start an execution's end is waited for. */
  readonly settleWithinMs: number;
  /** How long a window is, milliseconds: the sums' period. @default a minute */
  readonly stepMs?: number;
}

/** What is known for good of a deployment so far. */
export interface Evidence {
  /** The windows that no later count changes, in the order of time. */
  readonly windows: readonly MetricWindow[];
  /** A/A windows of the old epoch from before the deployment: the same at each tick. */
  readonly history: readonly MetricWindow[];
  /** Minutes after them in which something began, and of which not every end is known. */
  readonly pending: number;
  /** Executions of those windows whose end came after it was waited for, or has not come yet. */
  readonly late: Readonly<Record<Cohort, number>>;
  /** Bad ends beyond the starts of their minute, left out: ends that were told twice, or starts that were lost. */
  readonly surplus: number;
}

const MINUTE = 60_000;
/** How long after a minute is over its counts may still be on their way into CloudWatch. */
export const ARRIVAL_MS = 15_000;

/** The minutes of the old epoch that serve as history: two hours, so that 20 pairs of them tell something where bad ends are rare. */
export const HISTORY_MS = 7_200_000;

/** From when on sums are asked for: as long before the deployment as its history reaches, epoch milliseconds. */
export function earliest({ since, settleWithinMs }: Pick<EvidenceQuestion, 'since' | 'settleWithinMs'>): number {
  return Math.floor((since - MINUTE - ARRIVAL_MS - settleWithinMs - HISTORY_MS) / MINUTE) * MINUTE;
}

/** What a minute holds by metric. */
type Minute = Readonly<Record<Cohort, Map<string, number>>>;

/**
 * Folds sums into windows of a minute, by metric. Every count of an execution is stamped with its start, and ends are counted within
 * `settleWithinMs` of it only: so a minute is final as soon as everything that began in it has ended, and at the latest that long after
 * it. What has not ended by then is slow. The windows are the minutes before the first that is not final: each tick sees a longer beginning of one
 * and the same sequence, which the judge's guarantee asks for.
 */
export function evidenceOf(sums: readonly Sum[], question: EvidenceQuestion): Evidence {
  return { ...windowsOf(sums, question), history: historyIn(sums, question) };
}

/** The same without a history. */
export function windowsOf(sums: readonly Sum[], question: EvidenceQuestion): Omit<Evidence, 'history'> {
  const { stepMs = MINUTE } = question;
  const minutes = minutesOf(sums, question.cohorts, question.since, stepMs);
  const windows: MetricWindow[] = [];
  const late = { canary: 0, control: 0 };
  let surplus = 0;
  for (const [index, [start, minute]] of minutes.entries()) {
    const over = start + stepMs + ARRIVAL_MS;
    const open = { canary: unsettled(minute.canary), control: unsettled(minute.control) };
    const final = open.canary + open.control === 0 ? over : over + question.settleWithinMs;
    if (question.now < final) return { windows, pending: minutes.length - index, late, surplus };
    for (const metric of question.metrics) {
      const [canary, control] = [countOf(minute.canary, metric, open.canary), countOf(minute.control, metric, open.control)];
      surplus += canary.surplus + control.surplus;
      windows.push({ metric, start, end: start + stepMs, canary: canary.count, control: control.count });
    }
    late.canary += open.canary;
    late.control += open.control;
  }
  return { windows, pending: 0, late, surplus };
}

/**
 * The old epoch's minutes whose every end had been told or given up when the deployment began, in pairs. What ended between then and a
 * later tick changes none of them, so each tick divides its evidence by the same.
 */
function historyIn(sums: readonly Sum[], question: EvidenceQuestion): MetricWindow[] {
  const { cohorts, metrics, since, settleWithinMs } = question;
  const last = since - MINUTE - ARRIVAL_MS - settleWithinMs;
  const before = minutesOf(sums, cohorts, earliest(question)).filter(([start]) => start <= last);
  return historyOf(before.flatMap(([start, { control }]) => metrics.map((metric): EpochWindow => ({
    metric, start, end: start + MINUTE, ...countOf(control, metric, unsettled(control)).count,
  }))));
}

/** How far back the old epoch's minutes before a deployment are asked for, milliseconds. */
export const BEFORE_MS = 3_600_000;

/** The old epoch's minutes before a deployment, by metric, as far as they are final: what its errors were like without the new one. */
export function beforeOf(sums: readonly Sum[], question: EvidenceQuestion): EpochWindow[] {
  const { metrics, since, now, settleWithinMs } = question;
  const minutes = minutesOf(sums, question.cohorts, since - BEFORE_MS).filter(([start, minute]) => start + MINUTE <= since && (minute.control.get('ExecutionsStarted') ?? 0) > 0);
  return minutes.flatMap(([start, { control: counts }]) => {
    const open = unsettled(counts);
    if (open > 0 && now < start + MINUTE + ARRIVAL_MS + settleWithinMs) return [];
    return metrics.map((metric): EpochWindow => ({ metric, start, end: start + MINUTE, ...countOf(counts, metric, open).count }));
  });
}

/** How far back the old epoch is asked for that a complete deployment is compared with, milliseconds: a week, so that nights and days are in it. */
export const PAST_MS = 604_800_000;
/** How long a window after completion is, milliseconds. */
export const AFTER_STEP_MS = 300_000;
const HOUR = 3_600_000;

/**
 * The old epoch's hours before a deployment, by metric: of each hour what began in it and had ended, or was given up, when the deployment began. So
 * they are the same whenever one looks.
 */
export function hoursBefore(sums: readonly Sum[], { cohorts, metrics, since, settleWithinMs, stepMs = AFTER_STEP_MS }: EvidenceQuestion): EpochWindow[] {
  const last = since - stepMs - ARRIVAL_MS - settleWithinMs;
  const steps = minutesOf(sums, cohorts, since - PAST_MS, stepMs).filter(([start, { control }]) => start <= last && (control.get('ExecutionsStarted') ?? 0) > 0);
  const hours: { metric: string; start: number; end: number; starts: number; bad: number }[] = [];
  for (const [start, { control }] of steps) {
    // Steps come in the order of time: those of an hour follow each other, and its metrics are the last ones.
    const same = hours.length > 0 && Math.floor(hours.at(-1)!.start / HOUR) === Math.floor(start / HOUR);
    if (!same) hours.push(...metrics.map((metric) => ({ metric, start, end: start, starts: 0, bad: 0 })));
    for (const [index, metric] of metrics.entries()) {
      const { starts, bad } = countOf(control, metric, unsettled(control)).count;
      const hour = hours[hours.length - metrics.length + index]!;
      hour.end = start + stepMs;
      hour.starts += starts;
      hour.bad += bad;
    }
  }
  return hours;
}

/** The new epoch's windows in which nothing ran on the old one any more: what only a comparison over time can judge. */
export function aloneOf(windows: readonly MetricWindow[]): EpochWindow[] {
  return windows.filter(({ canary, control }) => canary.starts > 0 && control.starts === 0)
    .map(({ metric, start, end, canary: { starts, bad } }) => ({ metric, start, end, starts, bad }));
}

/** Minutes in which something began, oldest first. A third epoch's stragglers are nobody's cohort. */
function minutesOf(sums: readonly Sum[], cohorts: EvidenceQuestion['cohorts'], since: number, stepMs: number = MINUTE): [number, Minute][] {
  const minutes = new Map<number, Minute>();
  for (const { of, metric, at, sum } of sums) {
    const cohort = of === cohorts.canary ? 'canary' : of === cohorts.control ? 'control' : undefined;
    const start = Math.floor(at / stepMs) * stepMs;
    if (cohort === undefined || start < since) continue;
    let minute = minutes.get(start);
    if (minute === undefined) minutes.set(start, minute = { canary: new Map<string, number>(), control: new Map<string, number>() });
    const counts = minute[cohort];
    counts.set(metric, (counts.get(metric) ?? 0) + Math.round(sum));
  }
  return [...minutes].sort(([one], [other]) => one - other);
}

function unsettled(counts: ReadonlyMap<string, number>): number {
  return Math.max(0, (counts.get('ExecutionsStarted') ?? 0) - (counts.get('ExecutionsSettled') ?? 0));
}

/** The count of one cohort by one metric; an execution whose end has not come in time is slow, whatever the SLO's threshold. */
function countOf(counts: ReadonlyMap<string, number>, metric: string, open: number): { readonly count: { readonly starts: number; readonly bad: number }; readonly surplus: number } {
  const starts = counts.get('ExecutionsStarted') ?? 0;
  const seen = (counts.get(metric) ?? 0) + (metric === 'ExecutionsSlow' ? open : 0);
  const bad = Math.min(starts, seen);
  return { count: { starts, bad }, surplus: seen - bad };
}
