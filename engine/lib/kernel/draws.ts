import { createHash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Identifiers and random draws: each is SHA-256 of (seed, stream, ordinal in the stream), so what one stream draws never
 * depends on what happens in another. Name a stream after the thing that draws (an alias, an execution).
 */
export class Draws {
  readonly seed: string;
  readonly #ordinals: Map<string, number> = new Map();

  constructor(seed: string) {
    this.seed = seed;
  }

  /** The next number of a stream, uniform in [0, 1). */
  number(stream: string): number {
    return this.#next(stream).readUIntBE(0, 6) / 2 ** 48;
  }

  /** The next identifier of a stream: `length` characters of a-z and 0-9, as AppConfig's (7). */
  id(stream: string, length: number = 7): string {
    const bytes = this.#next(stream);
    let id = '';
    for (let at = 0; at < length; at += 1) id += ALPHABET[bytes[at % 32]! % 36];
    return id;
  }

  /** The next UUID (version 4 in form) of a stream. */
  uuid(stream: string): string {
    const bytes = this.#next(stream);
    bytes[6] = (bytes[6]! & 0x0f) | 0x40;
    bytes[8] = (bytes[8]! & 0x3f) | 0x80;
    const hex = bytes.toString('hex', 0, 16);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
  }

  /** A number in [0, 1) that depends on the seed and the key alone: the same key always gives the same number. */
  bucket(key: string): number {
    return digest(this.seed, 'bucket', key).readUIntBE(0, 6) / 2 ** 48;
  }

  #next(stream: string): Buffer {
    const ordinal = this.#ordinals.get(stream) ?? 0;
    this.#ordinals.set(stream, ordinal + 1);
    return digest(this.seed, stream, String(ordinal));
  }
}

function digest(...parts: readonly string[]): Buffer {
  return createHash('sha256').update(parts.join('\u0000')).digest();
}
