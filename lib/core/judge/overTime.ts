import { fault } from '../fault.ts';
import { JUDGING } from '../faults/judging.ts';
import type { Count } from '../window.ts';
import { ceilings, sumOf } from './ceiling.ts';
import { rateInterval } from './interval.ts';
import { lnAdd, lnMean, lnSum } from './logarithm.ts';
import { GRID } from './rollback.ts';
import { completeRules, type CompleteRules, type JudgeRules } from './rules.ts';
import type { CohortVerdict } from './verdict.ts';
import { checkCount, stretch } from './window.ts';

/** Counts of one epoch by one metric over [start, end), epoch milliseconds. */
export interface EpochWindow extends Count {
  readonly metric: string;
  readonly start: number;
  readonly end: number;
}

/** What a comparison over time says. It is weaker than the judge: whatever else changed meanwhile counts against the release. */
export interface OverTimeVerdict {
  readonly kind: 'continue' | 'roll-back';
  readonly because: 'evidence' | 'not-enough-evidence' | 'no-data';
  readonly weaker: true;
  readonly reason: string;
  readonly lnE: number;
  readonly peakLnE: number;
  /** ln(2/alpha): the other half of alpha is spent on what the old epoch's rate was. */
  readonly lnThreshold: number;
  /** min(1, 2/max E so far). */
  readonly p: number;
  readonly crossedAt: number | null;
  readonly metrics: Readonly<Record<string, OverTimeMetric>>;
}

/** One metric before and after. */
export interface OverTimeMetric {
  readonly before: CohortVerdict;
  readonly after: CohortVerdict;
  /** The rate that is put up with about the time of day of the last window: the upper bound of the old epoch's rate, times the tolerance in odds. */
  readonly ceiling: number;
  /** How much more than chance the old epoch's counts vary from window to window; divides all evidence. */
  readonly phi: number;
  readonly lnE: number;
}

/**
 * Compares the new epoch at 100 %, when there is no control, with the old one before the rollout, about the same time of day where that was seen; rules
 * `after.alpha`, `after.tolerate`, of which `part` is spent. Null, for each metric: the rate is at most the ceiling. For any rate below it
 * E[psi^k] <= (1 + ceiling·(psi − 1))^n, so the mean over the grid is a supermartingale, from whichever window on one bets. A release may turn bad late: so the
 * bet is spread over all windows, 1/(s·(s + 1)) of it from the s-th on, which is a supermartingale again. With the chance that a ceiling was too low, a harmless
 * release is rolled back with a chance of at most alpha·part, however long and often one looks, if rates change by the time of day alone.
 * @throws Fault `SLUICE-JUDGE-2`, `-4`, `-5` for windows, `-6` and `-7` for rules that cannot be judged by.
 */
export function judgeOverTime(before: readonly EpochWindow[], after: readonly EpochWindow[], rules: JudgeRules = {}, part = 1): OverTimeVerdict {
  const complete = completeRules(rules);
  const alpha = complete.after.alpha * part;
  const [earlier, later] = [ordered(before, 'before', complete), ordered(after, 'after', complete)];
  const trials = Object.keys(complete.metrics).map((metric) => trialOf(metric, complete, earlier, alpha));
  const lnThreshold = Math.log(2 / alpha);
  let [peakLnE, lnE, crossedAt]: [number, number, number | null] = [0, 0, null];
  later.forEach((window, index) => {
    trials.find(({ metric }) => metric === window.metric)?.add(window);
    if (later[index + 1]?.end === window.end) return;
    lnE = lnSum(trials.map((trial) => Math.log(trial.weight) + trial.lnE()));
    peakLnE = Math.max(peakLnE, lnE);
    if (crossedAt === null && lnE >= lnThreshold) crossedAt = window.end;
  });
  const metrics = Object.fromEntries(trials.map((trial) => [trial.metric, trial.verdict()]));
  const because = crossedAt !== null ? 'evidence' : trials.every(({ known }) => !known) || later.length === 0 ? 'no-data' : 'not-enough-evidence';
  const kind = because === 'evidence' ? 'roll-back' : 'continue';
  return { kind, because, weaker: true, reason: reason(because, metrics, peakLnE, lnThreshold), lnE, peakLnE, lnThreshold, p: Math.min(1, 2 * Math.exp(-peakLnE)), crossedAt, metrics };
}

function ordered(windows: readonly EpochWindow[], at: string, rules: CompleteRules): EpochWindow[] {
  windows.forEach((window, index) => {
    if (!Object.hasOwn(rules.metrics, window.metric)) {
      throw fault(JUDGING, 'SLUICE-JUDGE-2', { at: `${at}[${index}]`, got: JSON.stringify(window.metric), metrics: Object.keys(rules.metrics).join(', ') });
    }
    checkCount({ starts: window.starts, bad: window.bad }, `${at}[${index}]`);
  });
  const sorted = [...windows].sort((one, other) => one.end - other.end || one.start - other.start);
  const last = new Map<string, EpochWindow>();
  for (const window of sorted) {
    const one = last.get(window.metric);
    if (one !== undefined && one.end > window.start) throw fault(JUDGING, 'SLUICE-JUDGE-5', { metric: window.metric, one: stretch(one), other: stretch(window) });
    last.set(window.metric, window);
  }
  return sorted;
}

interface OverTimeTrial {
  readonly metric: string;
  readonly weight: number;
  /** Whether anything of the old epoch was counted; without it the metric says nothing. */
  readonly known: boolean;
  add(window: EpochWindow): void;
  lnE(): number;
  verdict(): OverTimeMetric;
}

function trialOf(metric: string, rules: CompleteRules, windows: readonly EpochWindow[], alpha: number): OverTimeTrial {
  const { weight } = rules.metrics[metric] as CompleteRules['metrics'][string];
  const own = windows.filter((window) => window.metric === metric);
  const before = sumOf(own);
  const { phi, ceilingAt } = ceilings(own, (weight * alpha) / 2, rules.after.tolerate);
  const ell = new Float64Array(GRID.length).fill(-Infinity);
  const after = { starts: 0, bad: 0 };
  let heard = 0;
  // What is bet on a turn for the worse that is still to come: 1 less the sum of what was bet so far.
  const lnE = (): number => lnAdd(lnMean(ell), -Math.log(heard + 1));
  let ceiling = ceilingAt(own.at(-1) ?? { start: 0, end: 0 });
  return {
    metric, weight, known: before.starts > 0,
    add: (window) => {
      const { starts, bad } = window;
      ceiling = ceilingAt(window);
      after.starts += starts;
      after.bad += bad;
      heard += 1;
      const start = -Math.log(heard * (heard + 1));
      GRID.forEach((psi, j) => { ell[j] = lnAdd(ell[j] as number, start) + (bad * Math.log(psi) - starts * Math.log(1 + ceiling * (psi - 1))) / phi; });
    },
    lnE,
    verdict: () => ({ before: cohort(before, phi), after: cohort(after, phi), ceiling, phi, lnE: lnE() }),
  };
}

function cohort({ starts, bad }: Count, phi: number): CohortVerdict {
  return { starts, bad, rate: starts === 0 ? null : bad / starts, interval: rateInterval(bad, starts, phi) };
}

function reason(because: OverTimeVerdict['because'], metrics: OverTimeVerdict['metrics'], peakLnE: number, lnThreshold: number): string {
  if (because === 'no-data') return 'there is nothing to compare over time: nothing was counted before, or nothing since';
  const failing = ({ before, after }: OverTimeMetric): number => Math.min(1, before.bad + after.bad);
  const [name, { before, after }] = Object.entries(metrics).sort(([, one], [, other]) => failing(other) - failing(one) || other.lnE - one.lnE)[0] as [string, OverTimeMetric];
  const seen = `${name}: ${after.bad} bad of ${after.starts} since, ${before.bad} of ${before.starts} before`;
  const marked = 'compared over time, which is weaker than with a control';
  if (because === 'evidence') return `${seen}; ${marked}, but too much for chance`;
  return `${seen}; ${marked}: the evidence against the new epoch is ${Math.exp(peakLnE).toPrecision(2)}, a rollback needs ${Math.round(Math.exp(lnThreshold))}`;
}
