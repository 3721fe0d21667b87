import type { Kernel } from './kernel.ts';

/**
 * An actor in the engine's own process, such as a scenario or a source of traffic. It holds the loop while it runs and
 * lets go while it sleeps or waits for an answer, so that what it does is ordered like everything else.
 */
export class Driver {
  readonly #kernel: Kernel;
  #release: () => void = nothing;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Runs a task as this actor; virtual time moves as far as the task needs. */
  run<T>(task: (driver: Driver) => Promise<T>): Promise<T> {
    const arrived = this.#kernel.awaitOutside();
    return new Promise<T>((resolve, reject) => {
      this.#kernel.turn(() => {
        this.#release = this.#kernel.hold();
        task(this).then(resolve, reject).finally(() => {
          this.#release();
          arrived();
        });
      });
    });
  }

  /** Waits for virtual (or real) milliseconds. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#kernel.at(this.#kernel.now() + Math.max(0, ms), () => { this.#resume(resolve); });
      this.#release();
    });
  }

  /** Starts work of the engine in a turn and waits for it; the actor runs on in a turn of its own. */
  park<T>(work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#kernel.turn(() => {
        work().then(
          (value) => { this.#kernel.turn(() => { this.#resume(() => { resolve(value); }); }); },
          (cause: unknown) => {
            const error = cause instanceof Error ? cause : new Error(String(cause));
            this.#kernel.turn(() => { this.#resume(() => { reject(error); }); });
          },
        );
      });
      this.#release();
    });
  }

  #resume(go: () => void): void {
    this.#release = this.#kernel.hold();
    go();
  }
}

function nothing(): void {
  // Before the first turn there is nothing to let go.
}
