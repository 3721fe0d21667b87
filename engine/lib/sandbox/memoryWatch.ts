import { setFlagsFromString } from 'node:v8';

/** How often the memory of a thread at work is looked at, milliseconds of wall time. */
const LOOK_MS = 20;
/** What a thread may take beyond its function's memory within one turn before it is ended: garbage not yet collected, and the engine's own. */
const ALLOWANCE_MB = 128;
/**
 * How far V8's own limit lies above the function's memory. A thread that meets that limit with one large allocation takes the whole
 * process with it (nodejs/node#47224), so the limit is out of the way of what grows between two looks, and only ends slow leaks.
 */
const HEADROOM_MB = 1024;

// From V8 13.6 on, a loop whose inner loop is unrolled may lose its stack check, and its thread can't be ended any more.
if (Number(process.versions.node.split('.')[0]) >= 24) setFlagsFromString('--no-turboshaft-loop-unrolling');

/** The threads at work: with more than one of them nobody can say whose the memory is. */
let atWork = 0;

/** The process's memory as it was seen last, bytes: looking costs more than many a turn. */
let seen = { at: -Infinity, bytes: 0 };

function look(): number {
  seen = { at: performance.now(), bytes: process.memoryUsage.rss() };
  return seen.bytes;
}

/** V8's limit for the thread of a function with this memory, both in MB. */
export function heapLimitMb(memoryMb: number): number {
  return memoryMb + HEADROOM_MB;
}

/**
 * Watches from outside what a thread takes while it is at work, because a thread that allocates without end never comes to look itself.
 * Memory is the process's: so it is only judged while this thread is the only one at work. It does not grow where V8 has kept what
 * another thread gave back, so the thread's own heap is asked for too, where Node.js tells it (22.16, 24).
 */
export class MemoryWatch {
  readonly #allowed: number;
  readonly #heap: () => Promise<number>;
  readonly #outgrown: () => void;
  #asking = false;
  #timer: ReturnType<typeof setInterval> | undefined;
  #before = 0;

  /** @param memoryMb the function's memory, MB. @param heap the bytes of the thread's heap. @param outgrown is called once for each turn in which the thread takes more. */
  constructor(memoryMb: number, heap: () => Promise<number>, outgrown: () => void) {
    this.#heap = heap;
    this.#allowed = (memoryMb + ALLOWANCE_MB) * 1_000_000;
    this.#outgrown = outgrown;
  }

  begin(): void {
    if (this.#timer) return;
    atWork += 1;
    this.#before = performance.now() - seen.at < LOOK_MS ? seen.bytes : look();
    this.#timer = setInterval(() => { this.#look(); }, LOOK_MS).unref();
  }

  end(): void {
    if (!this.#timer) return;
    atWork -= 1;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #look(): void {
    const taken = look();
    if (atWork > 1) this.#before = taken;
    if (taken - this.#before > this.#allowed) return this.#end();
    if (this.#asking) return;
    this.#asking = true;
    void this.#heap().then((bytes) => {
      this.#asking = false;
      if (this.#timer && bytes > this.#allowed) this.#end();
    });
  }

  #end(): void {
    this.end();
    this.#outgrown();
  }
}
