import type { Count } from '../window.ts';
import { LEAST_HISTORY } from './dispersion.ts';
import { bernoulliMost } from './interval.ts';

/** One epoch's counts over [start, end), epoch milliseconds. */
interface Span extends Count {
  readonly start: number;
  readonly end: number;
}

/** What one epoch's rate is known to be at most, by the hour of the day. */
interface Ceilings {
  /** How much more than chance its counts vary about the rate of their time of day, at least 1. */
  readonly phi: number;
  readonly ceilingAt: (span: Pick<Span, 'start' | 'end'>) => number;
}

const HOUR = 3_600_000;

/** Whether an epoch was seen about the time of day of a window: in the same hour of the day, in UTC, or one beside it. */
export function comparable(seen: readonly Pick<Span, 'start' | 'end'>[], window: Pick<Span, 'start' | 'end'>): boolean {
  return seen.some((span) => near(hourOf(span), hourOf(window)));
}

/**
 * The upper bounds of a rate, times a tolerance in odds: about each hour of the day of what was seen in it and the hours beside it, and of all that
 * was seen for hours in which nothing was. Each at level 1 − alpha divided by their number, so that all hold together with a chance of 1 − alpha.
 */
export function ceilings(seen: readonly Span[], alpha: number, tolerate: number): Ceilings {
  const hours = Array.from({ length: 24 }, (_, hour) => seen.filter((span) => near(hourOf(span), hour)));
  const pools = hours.map((like) => (like.length === 0 ? seen : like));
  const names = pools.map((pool) => pool.map(({ start }) => start).join());
  const level = alpha / new Set(names).size;
  const sums = pools.map(sumOf);
  const phi = wander(seen, sums);
  // A bound takes 60 steps, most hours of a short history have the same pool, and most hours are not asked for.
  const bounds = new Map<string, number>();
  const boundOf = (name: string, hour: number): number => {
    const bound = bounds.get(name) ?? ceilingOf(sums[hour] as Count, phi, level, tolerate);
    bounds.set(name, bound);
    return bound;
  };
  return { phi, ceilingAt: (span) => boundOf(names[hourOf(span)] as string, hourOf(span)) };
}

function ceilingOf({ starts, bad }: Count, phi: number, level: number, tolerate: number): number {
  const most = bernoulliMost(bad / phi, starts / phi, level, Math.max(1, starts / phi));
  const odds = (tolerate * most) / (1 - most);
  return most >= 1 ? 1 : odds / (1 + odds);
}

/** The mean of (bad − starts·p)² / (starts·p·(1 − p)), p being the rate about that time of day: a daily rhythm does not raise it, clumps do. */
function wander(seen: readonly Span[], sums: readonly Count[]): number {
  const terms = seen.flatMap((span) => {
    const like = sums[hourOf(span)] as Count;
    const rate = like.starts === 0 ? 0 : like.bad / like.starts;
    return span.starts === 0 || rate === 0 || rate === 1 ? [] : [(span.bad - span.starts * rate) ** 2 / (span.starts * rate * (1 - rate))];
  });
  return terms.length < LEAST_HISTORY ? 1 : Math.max(1, terms.reduce((sum, term) => sum + term, 0) / (terms.length - 1));
}

function hourOf({ start, end }: Pick<Span, 'start' | 'end'>): number {
  return Math.floor((start + end) / 2 / HOUR) % 24;
}

function near(one: number, other: number): boolean {
  return [0, 1, 23].includes((one - other + 24) % 24);
}

/** The counts of some spans together. */
export function sumOf(spans: readonly Count[]): Count {
  return spans.reduce((sum, { starts, bad }) => ({ starts: sum.starts + starts, bad: sum.bad + bad }), { starts: 0, bad: 0 });
}
