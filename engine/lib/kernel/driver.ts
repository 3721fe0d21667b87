import type { Kernel } from './kernel.ts';

/**
 * An actor in the engine's own process, such as a scenario or a source of traffic. It holds the loop while it runs and
 * lets go while it sleeps or waits for an answer, so that what it does is ordered like everything else. It may wait for
 * several answers at once; then each resumes it for as long as its promise reactions last.
 */
export class Driver {
  readonly #kernel: Kernel;
  #release: () => void = nothing;
  #waits = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Runs a task as this actor; virtual time moves as far as the task needs. */
  run<T>(task: (driver: Driver) => Promise<T>): Promise<T> {
    const arrived = this.#kernel.awaitOutside();
    return new Promise<T>((resolve, reject) => {
      const ended = this.#kernel.onFailure(reject);
      this.#kernel.turn(() => {
        this.#release = this.#kernel.hold();
        task(this).then(resolve, reject).finally(() => {
          this.#release();
          arrived();
          ended();
        });
      });
    });
  }

  /** Waits for virtual (or real) milliseconds. */
  sleep(ms: number): Promise<void> {
    this.#waits += 1;
    return new Promise((resolve) => {
      this.#kernel.at(this.#kernel.now() + Math.max(0, ms), () => { this.#resume(resolve); });
      this.#release();
    });
  }

  /** Starts work of the engine in a turn and waits for it; the actor runs on in a turn of its own. */
  park<T>(work: () => Promise<T>): Promise<T> {
    this.#waits += 1;
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
    const release = this.#kernel.hold();
    this.#release = release;
    this.#waits -= 1;
    go();
    if (this.#waits > 0) setImmediate(release);
  }
}

function nothing(): void {
  // Before the first turn there is nothing to let go.
}
