import { createHash, type Hash } from 'node:crypto';
import type { Kernel } from './kernel.ts';

/** One thing that happened in the engine and that a person might ask about. */
export interface HistoryEntry {
  /** Epoch milliseconds on the engine's clock. */
  readonly time: number;
  readonly sequence: number;
  /** `service:what`, such as `appconfig:deployment`, `cloudwatch:alarm`, `states:execution`, `lambda:invocation`. */
  readonly kind: string;
  /** What it happened to: an ARN or a path. */
  readonly subject: string;
  /** JSON data without wall times, request ids or anything else that two equal runs would not share. */
  readonly detail: Readonly<Record<string, unknown>>;
}

/**
 * State changes, invocation results and decisions in the order (virtual time, sequence), folded into one SHA-256.
 * Same seed, scenario and versions: same digest. Reads are not recorded.
 */
export class History {
  readonly #kernel: Kernel;
  #hash: Hash = createHash('sha256');
  readonly #listeners: ((entry: HistoryEntry) => void)[] = [];
  #sequence = 0;

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Appends one entry at the present instant. */
  record(kind: string, subject: string, detail: Readonly<Record<string, unknown>>): void {
    const entry: HistoryEntry = { time: this.#kernel.now(), sequence: this.#sequence++, kind, subject, detail };
    this.#hash.update(`${entry.time - this.#kernel.start}\u0000${kind}\u0000${subject}\u0000${JSON.stringify(detail)}\n`);
    for (const listen of this.#listeners) listen(entry);
  }

  /** Calls a listener with each entry from now on, in the turn that records it. */
  listen(listener: (entry: HistoryEntry) => void): void {
    this.#listeners.push(listener);
  }

  /**
   * Forgets what was folded in so far: what comes after a deployment by another process, whose calls arrive in no fixed
   * order, is the same for the same seed all the same.
   */
  restart(): void {
    this.#hash = createHash('sha256');
  }

  /** The SHA-256, in hexadecimal, of everything recorded so far (since `restart`). */
  digest(): string {
    return this.#hash.copy().digest('hex');
  }
}
