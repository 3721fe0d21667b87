import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hexOf, isDigest, type Digest } from '../core/digest.ts';

/** How many epochs stay on disk; the oldest go first. */
const KEPT = 16;

/** The reader's epochs on disk. A disk that fails or lies costs a request, never an answer: whoever reads checks the digest. */
export class Shelf {
  readonly #directory: string;

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** The bytes kept for a digest, unchecked; nothing when there are none. */
  read(digest: Digest): Uint8Array | undefined {
    return this.#try(() => readFileSync(join(this.#directory, hexOf(digest))));
  }

  /** Keeps the bytes of an epoch. Written beside and renamed, so that no other process reads half of them. */
  write(digest: Digest, bytes: Uint8Array): void {
    this.#put(hexOf(digest), bytes);
    this.#try(() => this.#prune());
  }

  /** Remembers which epoch was the newest good one of a place. */
  remember(place: string, digest: Digest, version: string): void {
    this.#put(`newest-${place}`, `${digest} ${version}`);
  }

  /** The newest good epoch of a place, as an earlier process left it. */
  recall(place: string): { readonly digest: Digest; readonly version: string } | undefined {
    const text = this.#try(() => readFileSync(join(this.#directory, `newest-${place}`), 'utf8'));
    const [digest, version = ''] = text?.split(' ') ?? [];
    return isDigest(digest) ? { digest, version } : undefined;
  }

  #put(name: string, content: Uint8Array | string): void {
    this.#try(() => {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      const path = join(this.#directory, name);
      const beside = `${path}.${process.pid}`;
      writeFileSync(beside, content, { mode: 0o600 });
      renameSync(beside, path);
    });
  }

  #prune(): void {
    const aged = readdirSync(this.#directory)
      .filter((name) => /^[0-9a-f]{64}$/.test(name))
      .map((name) => ({ path: join(this.#directory, name), at: statSync(join(this.#directory, name)).mtimeMs }))
      .sort((one, other) => other.at - one.at);
    for (const { path } of aged.slice(KEPT)) rmSync(path, { force: true });
  }

  #try<Result>(act: () => Result): Result | undefined {
    try {
      return act();
    } catch {
      return undefined;
    }
  }
}
