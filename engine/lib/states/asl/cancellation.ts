/** Why work was called off; `timed-out` is for an execution past its TimeoutSeconds. */
export interface Stop {
  readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED';
  readonly error?: string;
  readonly cause?: string;
}

/** What a piece of work looks at, and listens to, to learn that it was called off. */
export interface CancelSignal {
  /** Set once, when the work is called off. */
  readonly stop: Stop | undefined;
  /** Calls back at once when already called off; the answer takes the listener away again. */
  listen(listener: (stop: Stop) => void): () => void;
}

/** The other end of a CancelSignal; a child is called off with its parent. */
export class Cancellation implements CancelSignal {
  #stop: Stop | undefined;
  readonly #listeners: Set<(stop: Stop) => void> = new Set();
  readonly #leave: (() => void) | undefined;

  constructor(parent?: CancelSignal) {
    this.#leave = parent?.listen((stop) => { this.cancel(stop); });
  }

  get stop(): Stop | undefined {
    return this.#stop;
  }

  /** Calls the work off; later calls change nothing. */
  cancel(stop: Stop): void {
    if (this.#stop) return;
    this.#stop = stop;
    for (const listener of this.#listeners) listener(stop);
    this.#listeners.clear();
  }

  /** Lets go of the parent when the work is done. */
  release(): void {
    this.#leave?.();
    this.#listeners.clear();
  }

  listen(listener: (stop: Stop) => void): () => void {
    if (this.#stop) {
      listener(this.#stop);
      return () => undefined;
    }
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }
}
