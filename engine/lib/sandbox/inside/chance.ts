import { createRequire } from 'node:module';

const crypto = createRequire(import.meta.url)('node:crypto') as typeof import('node:crypto');
const { createHash } = crypto;

/** A reproducible stream of bytes: SHA-256 of seed and counter, block after block. */
export class Chance {
  #seed: string;
  #counter = 0;
  #block: Buffer = Buffer.alloc(0);
  #at = 0;

  constructor(seed: string) {
    this.#seed = seed;
  }

  /** Begins a new stream, so that an invocation's draws do not depend on what its sandbox ran before. */
  reseed(seed: string): void {
    this.#seed = seed;
    this.#counter = 0;
    this.#block = Buffer.alloc(0);
    this.#at = 0;
  }

  fill(target: Uint8Array): void {
    for (let at = 0; at < target.length; at += 1) {
      if (this.#at === this.#block.length) {
        this.#block = createHash('sha256').update(`${this.#seed}\u0000${this.#counter++}`).digest();
        this.#at = 0;
      }
      target[at] = this.#block[this.#at++]!;
    }
  }

  bytes(length: number): Buffer {
    const bytes = Buffer.alloc(length);
    this.fill(bytes);
    return bytes;
  }

  /** Uniform in [0, 1). */
  number(): number {
    return this.bytes(6).readUIntBE(0, 6) / 2 ** 48;
  }

  uuid(): `${string}-${string}-${string}-${string}-${string}` {
    const bytes = this.bytes(16);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString('hex');
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }
}

type Callback<T> = (error: Error | null, value: T) => void;

/** Replaces every source of randomness that code inside can reach. Must run before that code loads. */
export function installChance(chance: Chance): void {
  Math.random = () => chance.number();
  const view = (buffer: NodeJS.ArrayBufferView | ArrayBuffer, offset = 0, size?: number): Uint8Array => {
    const all = buffer instanceof ArrayBuffer ? new Uint8Array(buffer) : new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength);
    return all.subarray(offset, size === undefined ? undefined : offset + size);
  };
  const fillSync = <T extends NodeJS.ArrayBufferView>(buffer: T, offset?: number, size?: number): T => {
    chance.fill(view(buffer, offset, size));
    return buffer;
  };
  const randomInt = (...args: unknown[]): number | undefined => {
    const callback = typeof args.at(-1) === 'function' ? args.pop() as Callback<number> : undefined;
    const [low, high] = (args.length > 1 ? args : [0, args[0]]) as [number, number];
    const value = low + Math.floor(chance.number() * (high - low));
    if (!callback) return value;
    process.nextTick(callback, null, value);
    return undefined;
  };
  replace(crypto, {
    randomBytes: (length: number, callback?: Callback<Buffer>) => {
      const bytes = chance.bytes(length);
      if (!callback) return bytes;
      process.nextTick(callback, null, bytes);
      return undefined;
    },
    randomFillSync: fillSync,
    randomFill: (buffer: Uint8Array, ...rest: unknown[]) => {
      const callback = rest.pop() as Callback<Uint8Array>;
      fillSync(buffer, ...rest as [number?, number?]);
      process.nextTick(callback, null, buffer);
    },
    randomUUID: () => chance.uuid(),
    randomInt,
  });
  const getRandomValues = <T extends NodeJS.ArrayBufferView>(buffer: T): T => fillSync(buffer);
  for (const web of [crypto.webcrypto, globalThis.crypto]) {
    replace(web, { getRandomValues, randomUUID: () => chance.uuid() });
  }
  // crypto.getRandomValues needs no replacement: it reads webcrypto's at each access.
}

/** Some of these are accessors without a setter, so they are defined anew. */
function replace(target: object, members: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(members)) Object.defineProperty(target, name, { value, configurable: true, writable: true, enumerable: true });
}
