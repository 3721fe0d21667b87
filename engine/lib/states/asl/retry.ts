import type { StateFault } from './fault.ts';
import type { Fields } from './query.ts';

/** A retrier with its defaults filled in. */
export interface Retrier {
  readonly errors: readonly string[];
  /** Seconds before the first retry. @default 1 */
  readonly interval: number;
  /** @default 3 */
  readonly attempts: number;
  /** By which each delay is longer than the one before. @default 2 */
  readonly backoff: number;
  /** Seconds no delay exceeds. @default none */
  readonly longest: number;
  /** Whether a delay is drawn from 0 to its full length (JitterStrategy FULL). @default false */
  readonly jitter: boolean;
}

/** Fills in a retrier's defaults. */
export function compileRetrier(source: Fields): Retrier {
  return {
    errors: source['ErrorEquals'] as readonly string[],
    interval: numberOr(source['IntervalSeconds'], 1),
    attempts: numberOr(source['MaxAttempts'], 3),
    backoff: numberOr(source['BackoffRate'], 2),
    longest: numberOr(source['MaxDelaySeconds'], Number.POSITIVE_INFINITY),
    jitter: source['JitterStrategy'] === 'FULL',
  };
}

/** Milliseconds before the retry that follows `done` retries by this retrier. */
export function retryDelay(retrier: Retrier, done: number, random: () => number): number {
  const seconds = Math.min(retrier.interval * retrier.backoff ** done, retrier.longest);
  return Math.round((retrier.jitter ? seconds * random() : seconds) * 1000);
}

/**
 * Whether an error is among those of a retrier or catcher. States.ALL is every error, States.TaskFailed every one but
 * States.Timeout; States.Runtime is never among them, whatever they say (recorded: a Catch naming it does not catch it).
 */
export function matchesError(fault: StateFault, errors: readonly string[]): boolean {
  if (fault.error === 'States.Runtime') return false;
  return errors.some((name) => {
    if (name === 'States.ALL') return true;
    if (name === 'States.TaskFailed' && fault.error !== 'States.Timeout') return true;
    return name === fault.error || (name === fault.alias && fault.alias !== undefined);
  });
}

/** How often each retrier of one visit to a state was used. */
export class Retries {
  readonly #retriers: readonly Retrier[];
  readonly #used: number[];
  /** Retries so far, by any retrier: the context object's RetryCount. */
  count = 0;

  constructor(retriers: readonly Retrier[]) {
    this.#retriers = retriers;
    this.#used = retriers.map(() => 0);
  }

  /** Milliseconds to wait before another attempt; undefined when the first retrier that matches is used up, or none matches. */
  next(fault: StateFault, random: () => number): number | undefined {
    const at = this.#retriers.findIndex((retrier) => matchesError(fault, retrier.errors));
    const retrier = this.#retriers[at];
    const used = this.#used[at];
    if (!retrier || used === undefined || used >= retrier.attempts) return undefined;
    this.#used[at] = used + 1;
    this.count += 1;
    return retryDelay(retrier, used, random);
  }
}

function numberOr(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
