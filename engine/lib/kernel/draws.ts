import { hash } from 'node:crypto';

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';
/** The digits that a UUID's variant may begin with. */
const VARIANTS = '89ab';

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
    return fraction(this.#next(stream));
  }

  /** The next identifier of a stream: `length` characters of a-z and 0-9, as AppConfig's (7). */
  id(stream: string, length: number = 7): string {
    const bytes = Buffer.from(this.#next(stream), 'hex');
    let id = '';
    for (let at = 0; at < length; at += 1) id += ALPHABET[bytes[at % 32]! % 36];
    return id;
  }

  /** The next UUID (version 4 in form) of a stream. */
  uuid(stream: string): string {
    const hex = this.#next(stream);
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${VARIANTS[Number.parseInt(hex.slice(16, 17), 16) % 4]}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }

  /** A number in [0, 1) that depends on the seed and the key alone: the same key always gives the same number. */
  bucket(key: string): number {
    return fraction(hash('sha256', `${this.seed}\u0000bucket\u0000${key}`));
  }

  /** SHA-256 in hexadecimal. */
  #next(stream: string): string {
    const ordinal = this.#ordinals.get(stream) ?? 0;
    this.#ordinals.set(stream, ordinal + 1);
    return hash('sha256', `${this.seed}\u0000${stream}\u0000${ordinal}`);
  }
}

/** The first 48 bits of a digest as a number in [0, 1). */
function fraction(hex: string): number {
  return Number.parseInt(hex.slice(0, 12), 16) / 2 ** 48;
}
