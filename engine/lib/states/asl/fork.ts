import { walk, type Branch } from './branch.ts';
import type { Datum } from './datum.ts';
import { CalledOff } from './fault.ts';
import type { EventDetailsKey } from './journal.ts';
import type { LanePoint } from './point.ts';
import type { Lane, MapItem, Thread } from './thread.ts';

/** A branch of Parallel or an iteration of Map that is to run. */
export interface LanePlan {
  readonly branch: Branch;
  readonly item?: MapItem;
  /** Made when the lane starts. */
  input(): Datum;
}

/** How lanes run. */
export interface Running {
  /** How many at once. */
  readonly concurrency: number;
  /** The Map state, whose iterations have events; Parallel's branches have none. */
  readonly iterationsOf?: string;
  /** Where lanes of a redriven state stood. */
  readonly resumed?: readonly (LanePoint | undefined)[] | undefined;
}

/**
 * Runs lanes and gives their outputs in order; those of a redriven state that were over keep them. The first failure ends the others and is
 * thrown; `thread.previous` is left at the event AWS lets the next one follow.
 */
export async function runLanes(thread: Thread, lanes: readonly LanePlan[], running: Running): Promise<Datum[]> {
  const group = new Group(thread, lanes, running);
  const workers = Array.from({ length: Math.min(running.concurrency, lanes.length) }, () => group.work());
  await Promise.all(workers);
  return group.outputs;
}

class Group {
  readonly outputs: Datum[] = [];
  readonly #thread: Thread;
  readonly #lanes: readonly LanePlan[];
  readonly #running: Running;
  readonly #seen: (Lane | undefined)[];
  readonly #first: number;
  readonly #active: Map<number, Thread> = new Map();
  #started = 0;

  constructor(thread: Thread, lanes: readonly LanePlan[], running: Running) {
    this.#thread = thread;
    this.#lanes = lanes;
    this.#running = running;
    this.#seen = lanes.map(() => undefined);
    thread.lanes = this.#seen;
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
    const before = this.#running.resumed?.[index];
    if (before && 'output' in before) {
      this.#over(index, before.output);
      return previous;
    }
    const thread = this.#thread.fork(previous, lane.item);
    if (before) thread.variables.assign(Object.fromEntries(before.point.variables));
    this.#seen[index] = { thread };
    this.#active.set(index, thread);
    this.#event(thread, 'MapIterationStarted', 'mapIterationStartedEventDetails', index, true);
    try {
      this.#over(index, await walk(lane.branch, thread, before?.point.received ?? lane.input(), before?.point));
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

  #over(index: number, output: Datum): void {
    this.outputs[index] = output;
    this.#seen[index] = { output };
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
    const name = this.#running.iterationsOf;
    if (name === undefined) return undefined;
    const details = { index, name };
    return followed ? thread.write(type, key, details) : thread.note(type, key, details);
  }
}
