import type { Datum } from './datum.ts';
import type { Environment, Variables } from './environment.ts';
import { RuntimeFault, StateFault } from './fault.ts';
import type { LanePoint } from './point.ts';
import type { MapItem, Thread } from './thread.ts';

/** One visit of a thread to a state, retries included. */
export class Visit implements Environment {
  readonly thread: Thread;
  readonly name: string;
  readonly received: Datum;
  /** The id of the StateEntered event. */
  readonly entered: number;
  readonly #enteredAt: number;
  /** Retries so far; undefined for states that cannot be retried. */
  retryCount: number | undefined;
  #resumed: readonly (LanePoint | undefined)[] | undefined;

  /** @param resumed the lanes of a state that is redriven */
  constructor(thread: Thread, name: string, received: Datum, entered: number, resumed?: readonly (LanePoint | undefined)[]) {
    this.#resumed = resumed;
    this.thread = thread;
    this.name = name;
    this.received = received;
    this.entered = entered;
    this.#enteredAt = thread.run.port.now();
  }

  /** The lanes the first attempt goes on with; later attempts begin anew. */
  takeResumed(): readonly (LanePoint | undefined)[] | undefined {
    const resumed = this.#resumed;
    this.#resumed = undefined;
    return resumed;
  }

  get variables(): Variables {
    return this.thread.variables;
  }

  random(): number {
    return this.thread.run.port.random();
  }

  uuid(): string {
    return this.thread.run.port.uuid();
  }

  context(): unknown {
    return this.contextWith(this.thread.item);
  }

  /** The same environment with another item of a Map in its context. */
  withItem(item: MapItem): Environment {
    return {
      variables: this.variables,
      random: () => this.random(),
      uuid: () => this.uuid(),
      context: () => this.contextWith(item),
    };
  }

  /** What was thrown within the state as the fault its name and entering event go into; a defect of ours is thrown on. */
  faultOf(thrown: unknown): StateFault {
    if (thrown instanceof StateFault) return thrown;
    if (!(thrown instanceof RuntimeFault)) throw thrown;
    return new StateFault(thrown.error, `An error occurred while executing the state '${this.name}' (entered at the event id #${this.entered}). ${thrown.message}`);
  }

  private contextWith(item: MapItem | undefined): unknown {
    const { context, input } = this.thread.run;
    return {
      Execution: { ...context.Execution, Input: input() },
      StateMachine: context.StateMachine,
      State: {
        Name: this.name,
        EnteredTime: new Date(this.#enteredAt).toISOString(),
        ...(this.retryCount === undefined ? {} : { RetryCount: this.retryCount }),
      },
      ...(item ? { Map: { Item: item } } : {}),
    };
  }
}
