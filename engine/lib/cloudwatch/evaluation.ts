import type { AlarmState } from '../ports.ts';
import { reasonDataOf, reasonOf } from './reason.ts';
import type { Evidence, Point, Rule } from './rule.ts';

/** What an evaluation comes to. `keep` leaves the alarm as it is. */
export type Verdict =
  | { readonly kind: 'state'; readonly state: AlarmState; readonly reason: string; readonly reasonData: string }
  | { readonly kind: 'keep'; readonly because: 'missing data are ignored' | 'too few samples' | 'too early to tell' | 'it is in that state' };

/** The periods an evaluation looks at: `count` of them, the newest starting at `newest` (epoch milliseconds). */
export interface Range {
  readonly newest: number;
  readonly count: number;
}

/** How much more than N periods is looked at: recorded as 9 for N = 3 below a minute; 5 for N = 3 in the user guide's tables. */
const MORE_BELOW_A_MINUTE = 6;
const MORE = 2;

/**
 * The periods an evaluation at `now` looks at. Periods slide: they end at the last full minute, or at the last full ten
 * seconds for shorter ones, where a plain metric (not an expression) was recorded to lag ten seconds more.
 */
export function rangeOf(rule: Rule, now: number): Range {
  const short = rule.period < 60;
  const step = short ? 10_000 : 60_000;
  const end = now - (now % step) - (short && !rule.expression ? step : 0);
  return { newest: end - rule.period * 1000, count: rule.evaluationPeriods + (short ? MORE_BELOW_A_MINUTE : MORE) };
}

/** How often an alarm is evaluated, in milliseconds. */
export function intervalOf(rule: Rule): number {
  return rule.period < 60 ? 10_000 : 60_000;
}

/**
 * Decides an alarm's state. The N newest real points in range count; only if there are fewer, missing ones are made up and
 * treated as the rule says. ALARM needs M breaching points. Treated as `missing`, breaching points alone that are fewer than M
 * become ALARM once the oldest is M periods old, so that neither a late point nor a silence decides too early. An alarm that is in
 * the state found is kept, without a reason made for nobody.
 */
export function evaluate(points: readonly Point[], rule: Rule, now: number, standing?: AlarmState): Verdict {
  const { newest, count } = rangeOf(rule, now);
  const oldest = newest - (count - 1) * rule.period * 1000;
  const inRange = points.filter(({ time }) => time >= oldest && time <= newest).sort((a, b) => b.time - a.time);
  const real = inRange.slice(0, rule.evaluationPeriods);
  if (tooFewSamples(real, rule)) return { kind: 'keep', because: 'too few samples' };
  const decided = decide(real, rule, newest);
  if (decided === 'ignored') return { kind: 'keep', because: 'missing data are ignored' };
  if (decided === 'early') return { kind: 'keep', because: 'too early to tell' };
  if (decided === standing) return { kind: 'keep', because: 'it is in that state' };
  const filled = rule.evaluationPeriods - real.length;
  const evidence: Evidence = { rule, now, real, filled, evaluated: carriers(decided, real, inRange, rule, { newest, count }) };
  return { kind: 'state', state: decided, reason: reasonOf(decided, evidence), reasonData: reasonDataOf(evidence) };
}

function decide(real: readonly Point[], rule: Rule, newest: number): AlarmState | 'ignored' | 'early' {
  const missing = rule.evaluationPeriods - real.length;
  const bad = real.filter(({ value }) => breaches(value, rule)).length;
  if (bad >= rule.datapointsToAlarm) return 'ALARM';
  if (rule.missing === 'notBreaching') return 'OK';
  if (rule.missing === 'breaching') return bad + missing >= rule.datapointsToAlarm ? 'ALARM' : 'OK';
  if (bad < real.length) return 'OK';
  if (rule.missing === 'ignore') return 'ignored';
  const first = real.at(-1);
  if (!first) return 'INSUFFICIENT_DATA';
  const age = (newest - first.time) / (rule.period * 1000) + 1;
  return age >= rule.datapointsToAlarm ? 'ALARM' : 'early';
}

/** Whether a value is on the wrong side of the threshold. */
export function breaches(value: number, rule: Pick<Rule, 'comparison' | 'threshold'>): boolean {
  switch (rule.comparison) {
    case 'GreaterThanThreshold': return value > rule.threshold;
    case 'GreaterThanOrEqualToThreshold': return value >= rule.threshold;
    case 'LessThanThreshold': return value < rule.threshold;
    case 'LessThanOrEqualToThreshold': return value <= rule.threshold;
  }
}

/** A percentile p wants 10/(1-p) samples, or 10/p below the median (user guide, percentile-based alarms and low data samples). */
function tooFewSamples(real: readonly Point[], rule: Rule): boolean {
  if (rule.percentile?.lowSamples !== 'ignore' || real.length === 0) return false;
  const { percent } = rule.percentile;
  const samples = real.reduce((sum, point) => sum + (point.sampleCount ?? 0), 0);
  const tail = percent >= 50 ? 100 - percent : percent;
  return samples * tail < 1000 - 1e-6;
}

/** As many data points as the verdict needs: real ones on its side first, then the newest missing ones. */
function carriers(state: AlarmState, real: readonly Point[], inRange: readonly Point[], rule: Rule, range: Range): Evidence['evaluated'] {
  const needed = state === 'OK' ? rule.evaluationPeriods - rule.datapointsToAlarm + 1 : rule.datapointsToAlarm;
  const side = real.filter(({ value }) => breaches(value, rule) === (state === 'ALARM')).slice(0, needed);
  const taken = new Set(inRange.map(({ time }) => time));
  const gaps: { time: number }[] = [];
  for (let slot = 0; slot < range.count && side.length + gaps.length < needed; slot += 1) {
    const time = range.newest - slot * rule.period * 1000;
    if (!taken.has(time)) gaps.push({ time });
  }
  return [...side, ...gaps].sort((a, b) => b.time - a.time);
}
