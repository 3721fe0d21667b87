import { lnMean } from './logarithm.ts';

/** The odds ratios against which the rollback test bets, with equal weights. */
export const GRID: readonly number[] = [1.25, 1.5, 2, 3, 5, 10, 30, 100];

/** Evidence that grows with each window: a non-negative supermartingale of expectation at most 1 when nothing is wrong. */
export interface Process {
  /**
   * Takes one window in: `k` bad of `n` canary executions, `l` bad of `m` control executions.
   * @param temper divides the window's evidence; 1 for counts without clumps
   */
  add(k: number, n: number, l: number, m: number, temper?: number): void;
  /** ln E after the windows so far. */
  lnE(): number;
  copy(): Process;
}

/**
 * The rollback test: is a bad end likelier in the canary, by more than the odds ratio `tolerate`?
 *
 * Given the K bad of a window, the canary's share of them is hypergeometric when both cohorts fail alike (Fisher's
 * noncentral one under an odds ratio), and E[psi^k] <= (1 + share·(psi − 1))^K (Hoeffding 1963): so each window multiplies E
 * by something of expectation at most 1, whatever the common rate is and however it drifts. By Ville's inequality the chance that
 * E ever reaches 1/alpha is at most alpha. Windows without a bad end, or with one cohort only, change nothing.
 */
export function rollbackProcess(tolerate = 1, grid: readonly number[] = GRID, ell: Float64Array = new Float64Array(grid.length)): Process {
  const logarithms = grid.map(Math.log);
  // Both are asked for again as they are: while the shares stay, and by each moment at which windows of other metrics end.
  const costs = new Float64Array(ell.length);
  let [costsOf, mean]: [number, number | undefined] = [NaN, undefined];
  return {
    add: (k, n, l, m, temper = 1) => {
      const bad = k + l;
      if (bad === 0 || n === 0 || m === 0) return;
      const share = n / (n + m);
      if (share !== costsOf) {
        const base = Math.log(1 + share * (tolerate - 1));
        for (let j = 0; j < costs.length; j++) costs[j] = Math.log(1 + share * ((grid[j] as number) * tolerate - 1)) - base;
        costsOf = share;
      }
      for (let j = 0; j < ell.length; j++) ell[j] = (ell[j] as number) + (k * (logarithms[j] as number) - bad * (costs[j] as number)) / temper;
      mean = undefined;
    },
    lnE: () => (mean ??= lnMean(ell)),
    copy: () => rollbackProcess(tolerate, grid, ell.slice()),
  };
}
