/** CloudWatch keeps values in bins a tenth apart; its recorded percentiles are those of this grid. */
const LN_BIN = Math.log(1.1);
const ZERO = -Infinity;

/** What is known of the samples of one series in one span of time; as compact as its values are alike. */
export class Aggregate {
  count: number = 0;
  sum: number = 0;
  minimum: number = Infinity;
  maximum: number = -Infinity;
  /** How many samples are in each bin; undefined once samples came in whose values are unknown or negative. */
  #bins: Map<number, number> | undefined = new Map();

  /** Adds a value that occurred `count` times; one that occurred no time still counts as minimum and maximum, as recorded. */
  add(value: number, count: number): void {
    this.#total(count, value * count, value, value);
    this.#note(value, count);
  }

  /** Adds samples of which only the statistics are known; percentiles survive only where all are equal. */
  addSet(count: number, sum: number, minimum: number, maximum: number): void {
    this.#total(count, sum, minimum, maximum);
    if (minimum === maximum) this.#note(minimum, count);
    else this.#bins = undefined;
  }

  /** Adds all that another aggregate holds. */
  merge(other: Aggregate): void {
    this.#total(other.count, other.sum, other.minimum, other.maximum);
    if (other.#bins === undefined || this.#bins === undefined) {
      this.#bins = undefined;
      return;
    }
    for (const [bin, count] of other.#bins) this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count);
  }

  /**
   * The value below which `percent` of the samples lie, by geometric interpolation within its bin, as recorded: p50 of 2, 2, 10, 10,
   * 10 is 9.87. Undefined where values are unknown or negative, but for the 0th and the 100th.
   */
  percentile(percent: number): number | undefined {
    if (this.count === 0) return undefined;
    if (percent === 0) return this.minimum;
    if (percent === 100) return this.maximum;
    if (this.#bins === undefined) return undefined;
    const rank = (percent / 100) * this.count;
    let below = 0;
    for (const [bin, count] of [...this.#bins].sort(([a], [b]) => a - b)) {
      if (below + count >= rank - 1e-9) return this.#within(bin, (rank - below) / count);
      below += count;
    }
    return this.maximum;
  }

  #within(bin: number, fraction: number): number {
    if (bin === ZERO) return 0;
    const low = Math.max(this.minimum, Math.exp(bin * LN_BIN));
    const high = Math.min(this.maximum, Math.exp((bin + 1) * LN_BIN));
    return low < high ? low * (high / low) ** Math.min(1, fraction) : high;
  }

  #total(count: number, sum: number, minimum: number, maximum: number): void {
    this.count += count;
    this.sum += sum;
    this.minimum = Math.min(this.minimum, minimum);
    this.maximum = Math.max(this.maximum, maximum);
  }

  #note(value: number, count: number): void {
    if (value < 0) this.#bins = undefined;
    if (this.#bins === undefined) return;
    const bin = value === 0 ? ZERO : Math.floor(Math.log(value) / LN_BIN + 1e-9);
    this.#bins.set(bin, (this.#bins.get(bin) ?? 0) + count);
  }
}
