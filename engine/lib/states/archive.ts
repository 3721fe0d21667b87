import type { HistoryEvent } from './asl/index.ts';
import type { Execution } from './execution.ts';

/** What an event costs beside its texts, in bytes. */
const EVENT_BYTES = 200;

/** The histories of executions that have ended: bounded, the oldest dropped first. */
export class Archive {
  readonly #limit: number;
  /** What each history kept weighs, the one that ended first in front. */
  readonly #weights: Map<Execution, number> = new Map();
  #bytes = 0;

  /** @param limit bytes of histories kept */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes in an execution that has just ended; its own history is dropped only when it alone is too large. */
  add(execution: Execution): void {
    const weight = weigh(execution.events ?? []);
    this.#weights.set(execution, weight);
    this.#bytes += weight;
    for (const oldest of this.#weights.keys()) {
      if (this.#bytes <= this.#limit) break;
      this.forget(oldest);
    }
  }

  /** Drops the history of an execution that has ended. */
  forget(execution: Execution): void {
    this.release(execution);
    execution.events = undefined;
    execution.point = undefined;
  }

  /** Gives back the history of an execution that goes on. */
  release(execution: Execution): void {
    this.#bytes -= this.#weights.get(execution) ?? 0;
    this.#weights.delete(execution);
  }
}

/** The bytes of a history: a text is mostly the same string as in the event before, and then costs nothing. */
function weigh(events: readonly HistoryEvent[]): number {
  let bytes = events.length * EVENT_BYTES;
  let before: unknown;
  for (const event of events) {
    for (const key in event) {
      if (!key.endsWith('EventDetails')) continue;
      const { input, output, cause } = event[key as `${string}EventDetails`]!;
      for (const text of [input, output, cause]) {
        if (typeof text !== 'string' || text === before) continue;
        bytes += text.length;
        before = text;
      }
    }
  }
  return bytes;
}
