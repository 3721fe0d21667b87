import { digestOf } from '../../core/digest.ts';
import type { Revision, Store } from './store.ts';

/** A store that forgets: for tests and rehearsals without S3. */
export class MemoryStore implements Store {
  readonly #objects = new Map<string, Uint8Array>();

  get(key: string): Promise<Uint8Array | undefined> {
    const bytes = this.#objects.get(key);
    return Promise.resolve(bytes && Uint8Array.from(bytes));
  }

  async create(key: string, bytes: Uint8Array): Promise<boolean> {
    if (this.#objects.has(key)) return false;
    await this.put(key, bytes);
    return true;
  }

  put(key: string, bytes: Uint8Array): Promise<void> {
    this.#objects.set(key, Uint8Array.from(bytes));
    return Promise.resolve();
  }

  revision(key: string): Promise<Revision | undefined> {
    const bytes = this.#objects.get(key);
    return Promise.resolve(bytes && { bytes: Uint8Array.from(bytes), tag: digestOf(bytes) });
  }

  async replace(key: string, bytes: Uint8Array, _contentType: string, { tag }: Revision): Promise<boolean> {
    const there = this.#objects.get(key);
    if (there === undefined || digestOf(there) !== tag) return false;
    await this.put(key, bytes);
    return true;
  }

  list(prefix: string): Promise<string[]> {
    const keys = [...this.#objects.keys()].filter((key) => key.startsWith(prefix));
    return Promise.resolve(keys.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other))));
  }

  async folders(folder: string): Promise<string[]> {
    const below = (await this.list(folder)).map((key) => key.slice(folder.length)).filter((rest) => rest.includes('/'));
    return [...new Set(below.map((rest) => `${folder}${rest.slice(0, rest.indexOf('/') + 1)}`))];
  }
}
