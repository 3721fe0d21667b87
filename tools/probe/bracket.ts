/** Where a deadline lies: between what was still answered and what no longer was. Null where the range did not reach. */
export interface Bracket {
  readonly longestAnsweredMs: number | null;
  readonly shortestRefusedMs: number | null;
}

/** The range of a search, in milliseconds; the answer is on its grid. */
export interface Range {
  readonly least: number;
  readonly most: number;
  readonly step: number;
}

/** Searches a deadline by halving: `answered` tries one delay. */
export async function bracket(range: Range, answered: (ms: number) => Promise<boolean>): Promise<Bracket> {
  if (!await answered(range.least)) return { longestAnsweredMs: null, shortestRefusedMs: range.least };
  if (await answered(range.most)) return { longestAnsweredMs: range.most, shortestRefusedMs: null };
  let [low, high] = [range.least, range.most];
  while (high - low > range.step) {
    const middle = low + Math.round((high - low) / 2 / range.step) * range.step;
    if (await answered(middle)) low = middle;
    else high = middle;
  }
  return { longestAnsweredMs: low, shortestRefusedMs: high };
}
