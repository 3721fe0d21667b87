import { createRequire } from 'node:module';
import type { Alarm, Timetable } from './timetable.ts';

const require = createRequire(import.meta.url);
const promisified: symbol = (require('node:util') as typeof import('node:util')).promisify.custom;

type Task = (...args: unknown[]) => void;

/** Replaces every clock and timer that code inside can reach by a timetable's. Must run before that code loads. */
export function installTime(timetable: Timetable): void {
  replaceDate(timetable);
  replaceMonotonic(timetable);
  replaceTimers(timetable);
}

function replaceDate(timetable: Timetable): void {
  const RealDate = Date;
  const now = (): number => timetable.now;
  const VirtualDate: DateConstructor = new Proxy(RealDate, {
    construct: (target, args: unknown[], newTarget) => Reflect.construct(target, args.length === 0 ? [timetable.now] : args, newTarget) as object,
    apply: () => new RealDate(timetable.now).toString(),
    get: (target, key) => (key === 'now' ? now : Reflect.get(target, key)) as unknown,
  });
  RealDate.prototype.constructor = VirtualDate;
  globalThis.Date = VirtualDate;
}

function replaceMonotonic(timetable: Timetable): void {
  const origin = timetable.now;
  const elapsed = (): number => timetable.now - origin;
  Object.defineProperty(performance, 'now', { value: elapsed, configurable: true, writable: true });
  Object.defineProperty(performance, 'timeOrigin', { value: origin, configurable: true });
  const hrtime = (since?: [number, number]): [number, number] => {
    const ms = elapsed() - (since ? since[0] * 1000 + since[1] / 1e6 : 0);
    const seconds = Math.floor(ms / 1000);
    return [seconds, Math.round((ms - seconds * 1000) * 1e6)];
  };
  process.hrtime = Object.assign(hrtime, { bigint: () => BigInt(elapsed()) * 1_000_000n });
  process.uptime = () => elapsed() / 1000;
}

/** What setTimeout returns inside: as much of Node's Timeout as code uses. */
class VirtualTimeout {
  readonly #timetable: Timetable;
  readonly #task: () => void;
  readonly #delay: number;
  readonly #repeats: boolean;
  #alarm: Alarm;
  #referenced = true;
  static #known: Map<number, VirtualTimeout> = new Map();

  constructor(timetable: Timetable, task: () => void, delay: number, repeats: boolean) {
    this.#timetable = timetable;
    this.#task = task;
    // Node's rule: a delay that is not a number from 1 to 2^31-1 becomes 1.
    this.#delay = delay >= 1 && delay <= 2 ** 31 - 1 ? Math.trunc(delay) : 1;
    this.#repeats = repeats;
    this.#alarm = this.#arm();
    VirtualTimeout.#known.set(this.#alarm.id, this);
  }

  #arm(): Alarm {
    return this.#timetable.set(this.#timetable.now + this.#delay, () => {
      if (this.#repeats) this.refresh();
      else VirtualTimeout.#known.delete(this.#alarm.id);
      this.#task();
    }, this.#referenced);
  }

  refresh(): this {
    VirtualTimeout.#known.delete(this.#alarm.id);
    this.#timetable.clear(this.#alarm);
    this.#alarm = this.#arm();
    VirtualTimeout.#known.set(this.#alarm.id, this);
    return this;
  }

  close(): this {
    VirtualTimeout.#known.delete(this.#alarm.id);
    this.#timetable.clear(this.#alarm);
    return this;
  }

  ref(): this {
    this.#referenced = true;
    this.#timetable.reference(this.#alarm, true);
    return this;
  }

  unref(): this {
    this.#referenced = false;
    this.#timetable.reference(this.#alarm, false);
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }

  [Symbol.toPrimitive](): number {
    return this.#alarm.id;
  }

  static clear(timeout: unknown): boolean {
    const found = timeout instanceof VirtualTimeout ? timeout : VirtualTimeout.#known.get(Number(timeout));
    found?.close();
    return found !== undefined;
  }
}

function replaceTimers(timetable: Timetable): void {
  const timers = require('node:timers') as Record<string, unknown>;
  const promises = require('node:timers/promises') as Record<string, unknown>;
  const start = (repeats: boolean) => (task: Task, delay?: number, ...args: unknown[]): VirtualTimeout => {
    if (typeof task !== 'function') throw new TypeError('The "callback" argument must be of type function.');
    return new VirtualTimeout(timetable, () => { task(...args); }, Number(delay ?? 1), repeats);
  };
  const setTimeout = start(false);
  const setInterval = start(true);
  const clear = (timeout: unknown): void => { if (timeout !== undefined && timeout !== null) VirtualTimeout.clear(timeout); };
  const wait = async (delay?: number, value?: unknown, options?: { signal?: AbortSignal }): Promise<unknown> => {
    options?.signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const timeout = setTimeout(() => { resolve(value); }, delay);
      options?.signal?.addEventListener('abort', () => {
        timeout.close();
        reject(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR', cause: options.signal?.reason as unknown }));
      }, { once: true });
    });
  };
  Object.defineProperty(setTimeout, promisified, { value: wait });
  const everywhere = { setTimeout, setInterval, clearTimeout: clear, clearInterval: clear };
  Object.assign(timers, everywhere);
  Object.assign(globalThis, everywhere);
  Object.assign(promises, {
    setTimeout: wait,
    async *setInterval(delay?: number, value?: unknown, options?: { signal?: AbortSignal }) {
      for (;;) yield await wait(delay, value, options);
    },
    scheduler: { wait: (delay: number, options?: { signal?: AbortSignal }) => wait(delay, undefined, options), yield: promises['setImmediate'] },
  });
  const asNode = AbortSignal.timeout.bind(AbortSignal);
  AbortSignal.timeout = (delay: number): AbortSignal => {
    // Node takes whole milliseconds only, and says so best itself.
    if (!Number.isInteger(delay) || delay < 0 || delay >= 2 ** 32) return asNode(delay);
    const controller = new AbortController();
    setTimeout(() => { controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')); }, delay).unref();
    return controller.signal;
  };
}
