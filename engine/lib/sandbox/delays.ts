/** Random real delays between an engine and one of its threads: they must change nothing. */
export class Delays {
  readonly #most: number;
  /** What is held back, oldest first. */
  readonly #held: (() => void)[] = [];

  /** @param most milliseconds; 0 for none. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Runs at once where there are no delays. */
  pass(run: () => void): void {
    if (this.#most === 0) return run();
    // Each delay passes on the oldest, so that they never change the order in which a thread speaks.
    this.#held.push(run);
    const next = (): void => { this.#held.shift()!(); };
    // Most messages are passed on after a few rounds of the event loop, some after a longer while.
    if (Math.random() < 0.02) setTimeout(next, Math.random() * this.#most);
    else afterRounds(Math.floor(Math.random() * 4), next);
  }
}

function afterRounds(rounds: number, run: () => void): void {
  if (rounds === 0) run();
  else setImmediate(() => { afterRounds(rounds - 1, run); });
}
