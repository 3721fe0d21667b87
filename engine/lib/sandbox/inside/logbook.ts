import { createRequire } from 'node:module';

const { format } = createRequire(import.meta.url)('node:util') as typeof import('node:util');

/** Collects what code inside prints, line by line, as Lambda's log would have it. */
export class Logbook {
  readonly #now: () => number;
  #lines: { timestamp: number; message: string }[] = [];
  #partial = '';
  requestId: string | undefined;

  constructor(now: () => number) {
    this.#now = now;
  }

  add(message: string): void {
    this.#lines.push({ timestamp: this.#now(), message });
  }

  take(): { timestamp: number; message: string }[] {
    return this.#lines.splice(0);
  }

  /** Replaces console and the standard streams. */
  install(): void {
    const levels = { debug: 'DEBUG', info: 'INFO', log: 'INFO', warn: 'WARN', error: 'ERROR', trace: 'TRACE' } as const;
    for (const [method, level] of Object.entries(levels)) {
      (console as unknown as Record<string, unknown>)[method] = (...args: unknown[]): void => {
        this.add(`${new Date(this.#now()).toISOString()}\t${this.requestId ?? 'undefined'}\t${level}\t${format(...args)}`);
      };
    }
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      const lines = (this.#partial + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
      this.#partial = lines.pop() ?? '';
      for (const line of lines) this.add(line);
      const done = rest.find((arg) => typeof arg === 'function') as (() => void) | undefined;
      if (done) process.nextTick(done);
      return true;
    };
    process.stdout.write = write;
    process.stderr.write = write;
  }
}
