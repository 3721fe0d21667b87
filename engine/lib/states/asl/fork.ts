import { walk, type Branch } from './branch.ts';
import type { Datum } from './datum.ts';
import { CalledOff } from './fault.ts';
import type { EventDetailsKey } from './journal.ts';
import type { MapItem, Thread } from './thread.ts';

/** A branch of Parallel or an iteration of Map that is to run. */
export interface Lane {
  readonly branch: Branch;
  readonly item?: MapItem;
  /** Made when the lane starts. */
  input(): Datum;
}

/** The name of the Map state and the events of its iterations; Parallel has none. */
export interface Iterations {
  readonly name: string;
}

/**
 * Runs lanes, at most `concurrency` at once, and gives their outputs in order. The first failure ends the others and is
 * thrown; `thread.previous` is left at the event AWS lets the next one follow.
 */
export async function runLanes(thread: Thread, lanes: readonly Lane[], concurrency: number, iterations?: Iterations): Promise<Datum[]> {
  const group = new Group(thread, lanes, iterations);
  const workers = Array.from({ length: Math.min(concurrency, lanes.length) }, () => group.work());
  await Promise.all(workers);
  return group.outputs;
}

class Group {
  readonly outputs: Datum[] = [];
  readonly #thread: Thread;
  readonly #lanes: readonly Lane[];
  readonly #iterations: Iterations | undefined;
  readonly #first: number;
  readonly #active: Map<number, Thread> = new Map();
  #started = 0;

  constructor(thread: Thread, lanes: readonly Lane[], iterations: Iterations | undefined) {
    this.#thread = thread;
    this.#lanes = lanes;
    this.#iterations = iterations;
    this.#first = thread.previous;
  }

  /** Takes lanes one after the other; an iteration follows the last event inside the one before it. */
  async work(): Promise<void> {
    let previous = this.#first;
    while (this.#started < this.#lanes.length) {
      const index = this.#started;
      this.#started += 1;
      previous = await this.#runLane(index, previous);
    }
  }

  async #runLane(index: number, previous: number): Promise<number> {
    const lane = this.#lanes[index]!;
    const thread = this.#thread.fork(previous, lane.item);
    this.#active.set(index, thread);
    this.#event(thread, 'MapIterationStarted', 'mapIterationStartedEventDetails', index, true);
    try {
      this.outputs[index] = await walk(lane.branch, thread, lane.input());
    } catch (thrown) {
      if (!(thrown instanceof CalledOff)) this.#fail(index, thread);
      throw thrown;
    }
    this.#active.delete(index);
    thread.signal.release();
    this.#thread.previous = thread.previous;
    const succeeded = this.#event(thread, 'MapIterationSucceeded', 'mapIterationSucceededEventDetails', index, false);
    if (succeeded) this.#thread.previous = succeeded;
    return thread.previous;
  }

  /** Records the failure, calls the other lanes off and leaves the parent behind the last event of the failed one. */
  #fail(index: number, failed: Thread): void {
    this.#active.delete(index);
    this.#started = this.#lanes.length;
    this.#event(failed, 'MapIterationFailed', 'mapIterationFailedEventDetails', index, false);
    for (const [at, thread] of this.#active) {
      if (thread.visiting && ['Task', 'Wait', 'Map', 'Parallel'].includes(thread.visiting)) thread.write(`${thread.visiting}StateAborted`);
      this.#event(thread, 'MapIterationAborted', 'mapIterationAbortedEventDetails', at, false);
      thread.signal.cancel({ status: 'ABORTED' });
    }
    failed.signal.cancel({ status: 'ABORTED' });
    this.#active.clear();
    this.#thread.previous = failed.previous;
  }

  #event(thread: Thread, type: string, key: EventDetailsKey, index: number, followed: boolean): number | undefined {
    if (!this.#iterations) return undefined;
    const details = { index, name: this.#iterations.name };
    return followed ? thread.write(type, key, details) : thread.note(type, key, details);
  }
}
