import { Aggregate } from './aggregate.ts';

const HOUR = 3600;
const DAY = 24 * HOUR;
/** CloudWatch's retention, in seconds: one-second data three hours, minutes 15 days, five minutes 63 days. */
const KEEP_SECONDS = 3 * HOUR;
const KEEP_MINUTES = 15 * DAY;
const KEEP_FIVES = 63 * DAY;
const FIVE = 300;

/** Adds samples to the aggregate of their span. */
export type Contribution = (aggregate: Aggregate) => void;

/**
 * The samples of one metric in one unit, kept as aggregates: by minute, for three hours by second too (data of standard
 * resolution at the second its minute begins), and by five minutes what is older than 15 days. All times are epoch seconds.
 */
export class Stream {
  readonly #seconds: Map<number, Aggregate> = new Map();
  readonly #minutes: Map<number, Aggregate> = new Map();
  readonly #fives: Map<number, Aggregate> = new Map();
  #first = Infinity;
  #last = -Infinity;
  #pruned = 0;

  /** The start of the newest minute with data; -Infinity without any. */
  get last(): number {
    return this.#last;
  }

  /** The start of the oldest minute with data; Infinity without any. */
  get first(): number {
    return this.#first;
  }

  add(time: number, highResolution: boolean, contribute: Contribution): void {
    const minute = time - (time % 60);
    contribute(bucket(this.#minutes, minute));
    contribute(bucket(this.#seconds, highResolution ? Math.floor(time) : minute));
    this.#first = Math.min(this.#first, minute);
    this.#last = Math.max(this.#last, minute);
    if (this.#last - this.#pruned >= HOUR) this.#prune();
  }

  /** Collects into an aggregate what is in [start, end); spans that are no whole minutes reach back three hours only. */
  collect(start: number, end: number, into: Aggregate): void {
    if (start % 60 !== 0 || end % 60 !== 0) {
      take(this.#seconds, start, end, 1, into);
      return;
    }
    take(this.#minutes, start, end, 60, into);
    if (this.#fives.size > 0) take(this.#fives, start - (start % FIVE), end, FIVE, into);
  }

  /** Folds or forgets what is older than its retention, once for each hour of data. */
  #prune(): void {
    const now = this.#last;
    this.#pruned = now;
    for (const second of this.#seconds.keys()) if (second < now - KEEP_SECONDS) this.#seconds.delete(second);
    for (const [minute, aggregate] of this.#minutes) {
      if (minute >= now - KEEP_MINUTES) continue;
      bucket(this.#fives, minute - (minute % FIVE)).merge(aggregate);
      this.#minutes.delete(minute);
    }
    for (const five of this.#fives.keys()) if (five < now - KEEP_FIVES) this.#fives.delete(five);
  }
}

function bucket(tier: Map<number, Aggregate>, start: number): Aggregate {
  let found = tier.get(start);
  if (!found) {
    found = new Aggregate();
    tier.set(start, found);
  }
  return found;
}

/** Looks buckets up by time, or walks them all where that is less work. */
function take(tier: ReadonlyMap<number, Aggregate>, start: number, end: number, width: number, into: Aggregate): void {
  if ((end - start) / width > tier.size) {
    for (const [at, aggregate] of tier) if (at >= start && at < end) into.merge(aggregate);
    return;
  }
  for (let at = start; at < end; at += width) {
    const found = tier.get(at);
    if (found) into.merge(found);
  }
}
