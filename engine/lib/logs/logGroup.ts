/** One line of a log. */
export interface LogEvent {
  /** Counts the group's lines; never reused. */
  readonly sequence: number;
  readonly stream: string;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly ingested: number;
  readonly message: string;
}

/** A log stream; when it was created, and what it last held. */
export interface LogStream {
  readonly name: string;
  readonly created: number;
  first?: number;
  last?: number;
  lastIngested?: number;
}

/** A group holds this many lines and this many characters at most; the oldest are dropped beyond that. */
export const MOST_EVENTS = 20_000;
export const MOST_CHARACTERS = 16_000_000;
const DAY = 86_400_000;

/** A log group with its streams and its newest lines. */
export class LogGroup {
  readonly name: string;
  readonly created: number;
  readonly logGroupClass: string;
  readonly streams: Map<string, LogStream> = new Map();
  retentionInDays: number | undefined;
  #events: LogEvent[] = [];
  /** How many of `#events`, from the oldest, are dropped already; they are cut off in large pieces. */
  #dropped = 0;
  #characters = 0;
  #sequence = 0;

  constructor(name: string, created: number, logGroupClass: string) {
    this.name = name;
    this.created = created;
    this.logGroupClass = logGroupClass;
  }

  /** Characters held; CloudWatch counts bytes, later. */
  get stored(): number {
    return this.#characters;
  }

  /** Adds lines to a stream, which is created if it is missing. */
  append(streamName: string, lines: readonly { readonly timestamp: number; readonly message: string }[], now: number): void {
    let stream = this.streams.get(streamName);
    if (!stream) this.streams.set(streamName, stream = { name: streamName, created: now });
    for (const { timestamp, message } of lines) {
      this.#events.push({ sequence: this.#sequence++, stream: streamName, timestamp, ingested: now, message });
      this.#characters += message.length;
      stream.first = Math.min(stream.first ?? timestamp, timestamp);
      stream.last = Math.max(stream.last ?? timestamp, timestamp);
      stream.lastIngested = now;
    }
    this.#trim(now);
  }

  /** The lines held that fit, by time and then as they came. */
  events(now: number, fits: (event: LogEvent) => boolean): LogEvent[] {
    this.#trim(now);
    return this.#events.slice(this.#dropped).filter(fits).sort((a, b) => a.timestamp - b.timestamp || a.sequence - b.sequence);
  }

  removeStream(name: string): void {
    this.streams.delete(name);
    this.#events = this.#events.slice(this.#dropped).filter(({ stream }) => stream !== name);
    this.#dropped = 0;
    this.#characters = this.#events.reduce((sum, { message }) => sum + message.length, 0);
  }

  #trim(now: number): void {
    const oldest = this.retentionInDays === undefined ? -Infinity : now - this.retentionInDays * DAY;
    for (let event = this.#events[this.#dropped]; event; event = this.#events[this.#dropped]) {
      const full = this.#events.length - this.#dropped > MOST_EVENTS || this.#characters > MOST_CHARACTERS;
      if (!full && event.timestamp >= oldest) break;
      this.#dropped += 1;
      this.#characters -= event.message.length;
    }
    if (this.#dropped < MOST_EVENTS / 2) return;
    this.#events = this.#events.slice(this.#dropped);
    this.#dropped = 0;
  }
}
