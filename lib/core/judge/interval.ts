import { lnBeta } from './gamma.ts';
import type { Interval } from './verdict.ts';

/** The number of executions for which the interval is narrowest. */
const BEST_AT = 1000;
const LEVEL = 0.95;

/**
 * A confidence sequence for the rate of bad ends: at level 0.95 it holds the rate at all times together, so that it may be
 * looked at each minute. Two-sided beta-binomial mixture of Howard, Ramdas, McAuliffe and Sekhon (2021, arXiv 1810.08240),
 * `bernoulli_confidence_interval` of confseq. `phi` shrinks the counts for clumped errors.
 */
export function rateInterval(bad: number, starts: number, phi = 1): Interval {
  const [low, high] = bernoulliSequence(bad / phi, starts / phi, 1 - LEVEL, BEST_AT);
  return { kind: 'confidence-sequence', level: LEVEL, low, high };
}

/** The bounds for `k` of `n`, at level 1 − alpha, narrowest at `best` trials. */
export function bernoulliSequence(k: number, n: number, alpha: number, best: number): [number, number] {
  return [k > 0 && n > 0 ? bisect(k / n, 0, tooUnlikely(k, n, alpha, best)) : 0, bernoulliMost(k, n, alpha, best)];
}

/** The upper one of these bounds. */
export function bernoulliMost(k: number, n: number, alpha: number, best: number): number {
  return n > 0 && k / n < 1 ? bisect(k / n, 1, tooUnlikely(k, n, alpha, best)) : 1;
}

function tooUnlikely(k: number, n: number, alpha: number, best: number): (p: number) => boolean {
  return (p) => lnMixture(k, n, p, best) >= -Math.log(alpha);
}

/** ln of the mixture supermartingale for the null that each trial fails with chance `p`; strongest at `best` trials. */
export function lnMixture(k: number, n: number, p: number, best: number): number {
  const ln20 = 2 * Math.log(1 / 0.05);
  const spread = Math.max(best / (ln20 + Math.log(1 + ln20)) - 1, 1e-3);
  const [a, b] = [p * spread, (1 - p) * spread];
  return lnBeta(a + k, b + n - k) - lnBeta(a, b) - k * Math.log(p) - (n - k) * Math.log1p(-p);
}

/** Where a condition begins to hold between `inside`, where it does not, and `outside`. */
function bisect(inside: number, outside: number, holds: (p: number) => boolean): number {
  let [near, far] = [inside, outside];
  for (let step = 0; step < 60; step++) {
    const middle = (near + far) / 2;
    if (holds(middle)) far = middle;
    else near = middle;
  }
  return (near + far) / 2;
}
