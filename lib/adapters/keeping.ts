import type { JudgedRecord } from '../core/judged.ts';
import { apart, type Part } from '../core/judge/parts.ts';
import { windowsKey, windowsPrefix } from '../core/layout.ts';
import type { Store } from './store/store.ts';

/** The names of the parts that the store has of one deployment. */
type Names = Set<string>;

/** Keeps verdicts, and what they share once. */
export class Keeping {
  readonly #store: Store;
  #last: { readonly prefix: string; readonly names: Names } | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The names of a deployment's parts that the store has. They are asked for once, and kept in memory as long as that deployment is judged: a part stays where
   * it is, and one that another process added meanwhile is written again with the same bytes.
   */
  async parts(of: Pick<JudgedRecord, 'applicationId' | 'environmentId' | 'deployment'>): Promise<Names> {
    const prefix = windowsPrefix(of, of.deployment);
    if (this.#last?.prefix === prefix) return this.#last.names;
    const names = new Set(await this.#store.list(prefix));
    this.#last = { prefix, names };
    return names;
  }

  /**
   * Keeps a verdict: first those parts of its windows that the store has not, then the record that names them. Where they cannot be kept the record holds
   * them itself. `known` are the names of the parts that are there; `note` hears what went wrong.
   */
  async verdict(key: string, record: JudgedRecord, { known, note }: { readonly known: Promise<Names>; readonly note: (error: unknown) => void }): Promise<void> {
    const { record: small, parts } = apart(record);
    const kept = await this.#keep(record, parts, known).then(() => small, (error: unknown) => { note(error); return record; });
    await this.#store.put(key, new TextEncoder().encode(`${JSON.stringify(kept)}\n`), 'application/json');
  }

  async #keep(record: JudgedRecord, parts: readonly Part[], known: Promise<Names>): Promise<void> {
    if (parts.length === 0) return;
    const names = await known;
    const keyed = parts.map(({ digest, bytes }) => ({ key: windowsKey(record, record.deployment, digest), bytes }));
    await Promise.all(keyed.filter(({ key }) => !names.has(key)).map(async ({ key, bytes }) => {
      await this.#store.put(key, bytes, 'application/json');
      names.add(key);
    }));
  }
}
