import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Contents by SHA-256: what fits stays in memory, the rest lies in files of the engine's folder. Equal contents are kept once. */
export class Blobs {
  readonly #folder: string;
  readonly #limit: number;
  #held = 0;
  readonly #entries: Map<string, { users: number; readonly size: number; readonly bytes?: Uint8Array }> = new Map();

  /** `limit` is the number of bytes kept in memory; the folder is made when it is first needed. */
  constructor(folder: string, limit: number) {
    this.#folder = folder;
    this.#limit = limit;
  }

  /** Keeps a content for one more user and answers its digest. */
  add(bytes: Uint8Array): string {
    const digest = createHash('sha256').update(bytes).digest('hex');
    const known = this.#entries.get(digest);
    if (known) {
      known.users += 1;
    } else if (this.#held + bytes.length <= this.#limit) {
      this.#held += bytes.length;
      this.#entries.set(digest, { users: 1, size: bytes.length, bytes: Uint8Array.from(bytes) });
    } else {
      mkdirSync(this.#folder, { recursive: true });
      writeFileSync(this.#file(digest), bytes);
      this.#entries.set(digest, { users: 1, size: bytes.length });
    }
    return digest;
  }

  /** A content that somebody still uses. */
  get(digest: string): Uint8Array {
    const entry = this.#entries.get(digest);
    if (!entry) throw new Error(`nobody keeps the content ${digest}`);
    return entry.bytes ?? readFileSync(this.#file(digest));
  }

  /** Lets go of a content; with its last user it is gone. */
  release(digest: string): void {
    const entry = this.#entries.get(digest);
    if (!entry) return;
    entry.users -= 1;
    if (entry.users > 0) return;
    this.#entries.delete(digest);
    if (entry.bytes) this.#held -= entry.size;
    else rmSync(this.#file(digest), { force: true });
  }

  #file(digest: string): string {
    return join(this.#folder, digest);
  }
}
