import { Duplex } from 'node:stream';
import type { SocketWrite } from '../messages.ts';

/** All sockets of one sandbox: what is written is collected, what arrives is pushed; none reaches the machine's network. */
export class Switchboard {
  readonly #doors: ReadonlySet<string>;
  readonly #sockets: Map<number, EngineSocket> = new Map();
  readonly #waiting: Set<number> = new Set();
  #writes: SocketWrite[] = [];
  #closed: number[] = [];
  #next = 0;
  readonly changed: () => void;

  constructor(doors: readonly string[], changed: () => void) {
    this.#doors = new Set(doors);
    this.changed = changed;
  }

  /** Opens a connection; one that leads nowhere is refused as by a machine that nobody listens on. */
  open(host: string, port: number): EngineSocket {
    const door = `${host}:${port}`;
    const socket = new EngineSocket(this, this.#next++, door);
    if (this.#doors.has(door)) {
      this.#sockets.set(socket.number, socket);
      process.nextTick(() => { socket.connected(); });
    } else {
      const error = Object.assign(new Error(`connect ECONNREFUSED ${door}: functions on the engine reach the engine only (${[...this.#doors].join(', ')})`), {
        code: 'ECONNREFUSED', errno: -111, syscall: 'connect', address: host, port,
      });
      process.nextTick(() => { socket.destroy(error); });
    }
    return socket;
  }

  write(socket: EngineSocket, bytes: Uint8Array): void {
    this.#waiting.add(socket.number);
    this.#writes.push({ socket: socket.number, door: socket.door, bytes: new Uint8Array(bytes) });
    this.changed();
  }

  closed(socket: EngineSocket): void {
    if (this.#sockets.delete(socket.number)) this.#closed.push(socket.number);
    this.#waiting.delete(socket.number);
  }

  receive(number: number, bytes: Uint8Array): void {
    this.#waiting.delete(number);
    this.#sockets.get(number)?.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  }

  /** Whether code inside waits for an answer from the engine. */
  get waiting(): boolean {
    return this.#waiting.size > 0;
  }

  /** Whether something was written that is not taken yet: by a socket that may be closed by now. */
  get speaks(): boolean {
    return this.#writes.length > 0;
  }

  /** What was written since the last call. */
  take(): SocketWrite[] {
    return this.#writes.splice(0);
  }

  /** Sockets closed since the last call. */
  takeClosed(): number[] {
    return this.#closed.splice(0);
  }
}

/** What `net.connect` gives inside: as much of a Socket as http, fetch and the SDK use. */
export class EngineSocket extends Duplex {
  readonly number: number;
  readonly door: string;
  connecting = true;
  readonly remoteAddress = '127.0.0.1';
  readonly remoteFamily = 'IPv4';
  readonly localAddress = '127.0.0.1';
  readonly remotePort: number;
  timeout: number | undefined;
  readonly #board: Switchboard;
  #alarm: ReturnType<typeof setTimeout> | undefined;

  constructor(board: Switchboard, number: number, door: string) {
    super();
    this.#board = board;
    this.number = number;
    this.door = door;
    this.remotePort = Number(door.slice(door.lastIndexOf(':') + 1));
  }

  connected(): void {
    if (this.destroyed) return;
    this.connecting = false;
    this.emit('connect');
    this.emit('ready');
    // Who asked for TLS waits for this; between the sandbox and the engine there is nothing to encrypt.
    this.emit('secureConnect');
  }

  override _read(): void {
    // Bytes are pushed as the engine sends them.
  }

  override _write(chunk: Uint8Array, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#touch();
    this.#board.write(this, chunk);
    done();
  }

  override _final(done: (error?: Error | null) => void): void {
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    clearTimeout(this.#alarm);
    this.#board.closed(this);
    done(error);
  }

  setTimeout(ms: number, listener?: () => void): this {
    this.timeout = ms;
    if (listener) this.once('timeout', listener);
    this.#touch();
    return this;
  }

  #touch(): void {
    clearTimeout(this.#alarm);
    this.#alarm = this.timeout ? setTimeout(() => { this.emit('timeout'); }, this.timeout).unref() : undefined;
  }

  setNoDelay(): this { return this; }
  setKeepAlive(): this { return this; }
  ref(): this { return this; }
  unref(): this { return this; }
  address(): object { return { address: this.localAddress, family: 'IPv4', port: 0 }; }
  destroySoon(): void { this.destroy(); }
}
