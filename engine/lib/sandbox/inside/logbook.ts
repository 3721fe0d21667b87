import { createRequire } from 'node:module';

const { format } = createRequire(import.meta.url)('node:util') as typeof import('node:util');

const LEVELS = { trace: 'TRACE', debug: 'DEBUG', info: 'INFO', log: 'INFO', warn: 'WARN', error: 'ERROR', fatal: 'FATAL' } as const;
const ORDER: readonly string[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

/** CloudWatch's limit for one event, in bytes; longer texts are cut into pieces of it. */
const EVENT_LIMIT = 256 * 1024;

/** What one invocation may print, in bytes; the rest is counted and left out. */
const INVOCATION_LIMIT = 16 * 1024 * 1024;

/** Collects what code inside prints, line by line, as Lambda's log would have it. */
export class Logbook {
  readonly #now: () => number;
  /** Replaces this machine's paths. */
  readonly #shown: (text: string) => string;
  #lines: { timestamp: number; message: string }[] = [];
  #partial = '';
  #left = INVOCATION_LIMIT;
  #omitted = 0;
  #requestId: string | undefined;

  constructor(now: () => number, shown: (text: string) => string) {
    this.#now = now;
    this.#shown = shown;
  }

  /** From now on lines belong to this invocation. */
  begin(requestId: string): void {
    this.#requestId = requestId;
    this.#left = INVOCATION_LIMIT;
  }

  get requestId(): string | undefined {
    return this.#requestId;
  }

  /** Whether something was printed since it was last taken. */
  get speaks(): boolean {
    return this.#lines.length > 0 || this.#partial !== '' || this.#omitted > 0;
  }

  /** One line as the console writes it. */
  say(level: string, text: string): void {
    this.#add(`${new Date(this.#now()).toISOString()}\t${this.#requestId}\t${level}\t${text}`);
  }

  /** Text as a standard stream takes it: complete lines are lines of the log. */
  write(chunk: string | Uint8Array): void {
    const lines = (this.#partial + (typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString())).split('\n');
    this.#partial = lines.pop() ?? '';
    for (const line of lines) this.#add(line);
  }

  /** What was printed since the last call, a line that was not ended included. */
  take(): { timestamp: number; message: string }[] {
    if (this.#partial !== '') this.write('\n');
    if (this.#omitted > 0) this.#lines.push({ timestamp: this.#now(), message: `sluice-engine left out ${this.#omitted} bytes: one invocation may print ${INVOCATION_LIMIT}` });
    this.#omitted = 0;
    return this.#lines.splice(0);
  }

  /** Replaces console and the standard streams. `AWS_LAMBDA_LOG_LEVEL` silences what is below it. */
  install(): void {
    const least = Math.max(0, ORDER.indexOf(process.env['AWS_LAMBDA_LOG_LEVEL']?.toUpperCase() ?? 'TRACE'));
    for (const [method, level] of Object.entries(LEVELS)) {
      const silent = level !== 'FATAL' && ORDER.indexOf(level) < least;
      (console as unknown as Record<string, unknown>)[method] = silent ? () => undefined : (...args: unknown[]): void => { this.say(level, format(...args)); };
    }
    const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean => {
      this.write(chunk);
      const done = rest.find((arg) => typeof arg === 'function') as (() => void) | undefined;
      if (done) process.nextTick(done);
      return true;
    };
    process.stdout.write = write;
    process.stderr.write = write;
  }

  #add(text: string): void {
    if (text.length > this.#left) {
      this.#omitted += text.length;
      return;
    }
    this.#left -= text.length;
    const message = this.#shown(text);
    for (let at = 0; at < message.length || at === 0; at += EVENT_LIMIT) this.#lines.push({ timestamp: this.#now(), message: message.slice(at, at + EVENT_LIMIT) });
  }
}
