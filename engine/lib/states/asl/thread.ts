import { Cancellation } from './cancellation.ts';
import type { Datum } from './datum.ts';
import { Variables } from './environment.ts';
import { CalledOff, StateFault } from './fault.ts';
import type { EventDetails, EventDetailsKey, Journal } from './journal.ts';
import type { ExecutionContext, ExecutionPort } from './port.ts';

/** What all threads of one execution share. */
export interface Run {
  readonly port: ExecutionPort;
  readonly journal: Journal;
  readonly context: ExecutionContext;
  /** The execution's input, for `$$.Execution.Input`. */
  readonly input: () => unknown;
  readonly region: string;
}

/** The item an iteration of Map works on. */
export interface MapItem {
  readonly Index: number;
  readonly Value: unknown;
}

/** A branch or an iteration as the thread that forked it sees it: under way, or over with its output. */
export type Lane = { readonly thread: Thread } | { readonly output: Datum };

/** One line of control through states: the execution itself, a branch of Parallel, an iteration of Map. */
export class Thread {
  readonly run: Run;
  readonly signal: Cancellation;
  readonly variables: Variables;
  readonly item: MapItem | undefined;
  /** The event the next one of this thread follows. */
  previous: number;
  /** The type of the state being visited. */
  visiting: string | undefined;
  /** The name of the last state entered, what it received and the id of that event. */
  state: string | undefined;
  received: Datum | undefined;
  entered = 0;
  /** What that state forked, by index. */
  lanes: (Lane | undefined)[] | undefined;

  constructor(run: Run, signal: Cancellation, previous: number, parent?: Thread, item?: MapItem) {
    this.run = run;
    this.signal = signal;
    this.previous = previous;
    this.variables = new Variables(parent?.variables);
    this.item = item ?? parent?.item;
  }

  /** A branch or iteration below this thread. */
  fork(previous: number, item?: MapItem): Thread {
    return new Thread(this.run, new Cancellation(this.signal), previous, this, item);
  }

  /** Records an event that the next one of this thread follows. */
  write(type: string, key?: EventDetailsKey, details?: EventDetails): number {
    this.previous = this.run.journal.write(this.previous, type, key, details);
    return this.previous;
  }

  /** Records an event that nothing follows, as AWS does with MapStateSucceeded and the like. */
  note(type: string, key?: EventDetailsKey, details?: EventDetails): number {
    return this.run.journal.write(this.previous, type, key, details);
  }

  /** Waits; ends by CalledOff when the thread was called off meanwhile. */
  async sleep(ms: number): Promise<void> {
    await this.run.port.sleep(ms, this.signal);
    this.check();
  }

  /**
   * Ends what is called off, and what the port interrupts. AWS was recorded to interrupt as soon as a state has waited,
   * before it records that the state was left.
   */
  check(): void {
    if (this.signal.stop) throw new CalledOff('called off');
    const interruption = this.run.port.interrupted?.();
    if (interruption) throw new StateFault(interruption.error, interruption.cause);
  }
}
