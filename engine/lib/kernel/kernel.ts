import { Heap } from './heap.ts';

/** Real: the clock follows the machine's. Virtual: it moves only when told to, past idle time at once. */
export type ClockMode = 'real' | 'virtual';

/** What a kernel is made with. */
export interface KernelOptions {
  readonly mode: ClockMode;
  /** The first instant, in epoch milliseconds. @default the machine's time in real mode, 2026-01-01T00:00:00Z in virtual mode */
  readonly start?: number;
}

/** A pending timer; `cancel` is safe at any time and more than once. */
export interface Timer {
  readonly time: number;
  cancel(): void;
}

interface Entry extends Timer {
  readonly sequence: number;
  readonly turn: () => void;
  cancelled: boolean;
}

const VIRTUAL_START = Date.UTC(2026, 0, 1);

/**
 * The one loop everything in the engine runs on: a FIFO of ready turns and a heap of timers by (time, sequence).
 *
 * A turn is a function and every promise reaction it causes; the next turn starts when those are done, so engine code
 * may await only what the kernel resolves (`sleep`, an invocation) or what is settled already. An actor that works
 * outside the loop (a sandbox thread, an in-process driver) holds the loop with `hold()` until it is parked again.
 * The clock moves when nothing is ready and nobody holds the loop, and never past the horizon: the furthest instant
 * `advance` was told in virtual mode, the machine's clock in real mode.
 */
export class Kernel {
  readonly mode: ClockMode;
  readonly start: number;
  #now: number;
  #sequence = 0;
  #horizon: number;
  #holds = 0;
  #waiters = 0;
  #running = false;
  #failure: Error | undefined;
  readonly #mourners: Set<(failure: Error) => void> = new Set();
  #ready: (() => void)[] = [];
  #wake: (() => void) | undefined;
  readonly #timers: Heap<Entry> = new Heap((a, b) => a.time < b.time || (a.time === b.time && a.sequence < b.sequence));
  readonly #arrivals: { readonly time: number; readonly arrive: (failure?: Error) => void }[] = [];

  constructor(options: KernelOptions) {
    this.mode = options.mode;
    this.start = options.start ?? (options.mode === 'real' ? Date.now() : VIRTUAL_START);
    this.#now = this.start;
    this.#horizon = this.start;
  }

  /** The present instant in epoch milliseconds. */
  now(): number {
    return this.mode === 'real' ? Math.max(this.#now, Math.floor(Date.now())) : this.#now;
  }

  /** Makes a turn ready; it runs after those that are ready already. */
  turn(run: () => void): void {
    this.#ready.push(run);
    this.#nudge();
  }

  /** Makes a turn ready at an instant (at once if that is past). */
  at(time: number, run: () => void): Timer {
    const entry: Entry = {
      time,
      sequence: this.#sequence++,
      turn: run,
      cancelled: false,
      cancel() { entry.cancelled = true; },
    };
    this.#timers.push(entry);
    this.#nudge();
    return entry;
  }

  /** Resolves in a turn of its own `ms` milliseconds from now. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => { this.at(this.now() + Math.max(0, ms), resolve); });
  }

  /** Starts a task of the engine in a turn of its own; a task that throws stops the kernel, since it is our own defect. */
  spawn(name: string, task: () => Promise<void>): void {
    this.turn(() => {
      task().catch((cause: unknown) => { this.fail(new Error(`engine task ${name} failed`, { cause })); });
    });
  }

  /** Keeps the loop from taking turns and the clock from moving until the returned function is called (once). */
  hold(): () => void {
    this.#holds += 1;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds -= 1;
      this.#nudge();
    };
  }

  /** While somebody outside waits for an answer, virtual time may move as far as the answer needs. */
  awaitOutside(): () => void {
    this.#waiters += 1;
    let waiting = true;
    this.#nudge();
    return () => {
      if (!waiting) return;
      waiting = false;
      this.#waiters -= 1;
    };
  }

  /** Lets virtual time run to an instant; resolves when it is reached and nothing is left to do at it. */
  advanceTo(time: number): Promise<void> {
    if (this.mode === 'real') throw new Error('a real clock cannot be advanced');
    if (this.#failure) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#arrivals.push({ time, arrive: (failure) => { if (failure) reject(failure); else resolve(); } });
      this.#horizon = Math.max(this.#horizon, time);
      this.#nudge();
    });
  }

  /** Lets virtual time run for `ms` milliseconds. */
  advance(ms: number): Promise<void> {
    return this.advanceTo(this.#now + ms);
  }

  /** Stops the loop for good because of a defect; everybody who waits for an instant is told. */
  fail(failure: Error): void {
    this.#failure ??= failure;
    this.#running = false;
    for (const arrival of this.#arrivals.splice(0)) arrival.arrive(this.#failure);
    for (const tell of this.#mourners) tell(this.#failure);
    this.#mourners.clear();
    this.#nudge();
  }

  /** Tells a listener of the defect that stops the loop (at once, if one did already), so that it need not wait for ever; the returned function takes the listener back. */
  onFailure(listener: (failure: Error) => void): () => void {
    if (this.#failure) listener(this.#failure);
    else this.#mourners.add(listener);
    return () => { this.#mourners.delete(listener); };
  }

  /** The defect that stopped the kernel, if one did. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Runs the loop until `stop` or `fail`. */
  async run(): Promise<void> {
    this.#running = true;
    while (this.#running) {
      if (this.#holds === 0) {
        const turn = this.#ready.shift();
        if (turn) {
          this.#take(turn);
          await drained();
          continue;
        }
        if (this.#due()) continue;
      }
      await this.#rest();
    }
  }

  /** Ends the loop; what is pending stays undone. */
  stop(): void {
    this.#running = false;
    for (const arrival of this.#arrivals.splice(0)) arrival.arrive(new Error('the engine was stopped'));
    this.#nudge();
  }

  #take(turn: () => void): void {
    try {
      turn();
    } catch (cause) {
      this.fail(new Error('a turn of the engine threw', { cause }));
    }
  }

  /** Moves the clock to the next timer within the horizon and makes its turn ready; else settles who waits for an instant. */
  #due(): boolean {
    if (this.mode === 'real') this.#horizon = Date.now();
    let next = this.#timers.peek();
    while (next?.cancelled) {
      this.#timers.pop();
      next = this.#timers.peek();
    }
    const limit = this.#waiters > 0 && this.mode === 'virtual' ? Infinity : this.#horizon;
    if (next && next.time <= limit) {
      this.#timers.pop();
      this.#now = Math.max(this.#now, next.time);
      this.#ready.push(next.turn);
      return true;
    }
    this.#now = Math.max(this.#now, this.#horizon);
    this.#horizon = this.#now;
    let arrived = false;
    for (let at = this.#arrivals.length - 1; at >= 0; at -= 1) {
      const arrival = this.#arrivals[at]!;
      if (arrival.time > this.#now) continue;
      this.#arrivals.splice(at, 1);
      arrival.arrive();
      arrived = true;
    }
    return arrived;
  }

  /** Waits for a new turn, a released hold, a further horizon, or (real mode) the next timer. */
  #rest(): Promise<void> {
    return new Promise((resolve) => {
      const next = this.mode === 'real' && this.#holds === 0 ? this.#timers.peek() : undefined;
      // Longer waits than setTimeout takes are cut short and looked at again.
      const alarm = next && setTimeout(() => { this.#nudge(); }, Math.min(2 ** 31 - 1, Math.max(0, next.time - Date.now())));
      this.#wake = () => {
        clearTimeout(alarm);
        resolve();
      };
    });
  }

  #nudge(): void {
    const wake = this.#wake;
    this.#wake = undefined;
    wake?.();
  }
}

/** Resolves when all promise reactions and next ticks that are under way have run. */
function drained(): Promise<void> {
  return new Promise((resolve) => { setImmediate(resolve); });
}
