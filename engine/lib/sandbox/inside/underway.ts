import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
type AnyFunction = (this: unknown, ...args: unknown[]) => unknown;

/** Work in Node's thread pool that the event loop's list of active resources does not show: keys and signatures, and zlib's streams. */
export class Underway {
  #count = 0;

  /** Whether something is under way. */
  get any(): boolean {
    return this.#count > 0;
  }

  /** Counts what begins and ends from now on. Must run before code inside loads. */
  install(): void {
    const { subtle } = (require('node:crypto') as typeof import('node:crypto')).webcrypto;
    const prototype = Object.getPrototypeOf(subtle) as Record<string, AnyFunction>;
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const original = Object.getOwnPropertyDescriptor(prototype, name)?.value as AnyFunction | undefined;
      if (name === 'constructor' || name === 'digest' || typeof original !== 'function') continue;
      Object.defineProperty(subtle, name, { configurable: true, value: (...args: unknown[]) => this.#counted(original.apply(subtle, args) as Promise<unknown>) });
    }
    this.#countStreams();
  }

  #counted(work: Promise<unknown>): Promise<unknown> {
    this.#count += 1;
    return work.finally(() => { this.#count -= 1; });
  }

  /** A stream's native handle calls back when a chunk is done; the callback is its `init`'s last argument but one. */
  #countStreams(): void {
    const zlib = require('node:zlib') as typeof import('node:zlib');
    for (const stream of [zlib.createGzip(), zlib.createBrotliCompress()]) {
      const handle = (stream as unknown as { _handle: object })._handle;
      const prototype = Object.getPrototypeOf(handle) as Record<string, AnyFunction>;
      const { init, write } = prototype as { init: AnyFunction; write: AnyFunction };
      const end = (): void => { this.#count -= 1; };
      const begin = (): void => { this.#count += 1; };
      prototype['init'] = function (...args) {
        const at = args.findIndex((arg) => typeof arg === 'function');
        const callback = args[at] as AnyFunction;
        args[at] = function (this: unknown, ...answer: unknown[]): unknown {
          end();
          return callback.apply(this, answer);
        };
        return init.apply(this, args);
      };
      prototype['write'] = function (...args) {
        begin();
        return write.apply(this, args);
      };
      stream.destroy();
    }
  }
}
