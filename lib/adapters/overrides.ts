import { Fault } from '../core/fault.ts';
import { overrideKey, overridePrefix } from '../core/layout.ts';
import { formatOverride, parseOverride, type OverrideEntry } from '../core/override.ts';
import type { PlaceIds } from '../core/place.ts';
import type { Store } from './store/store.ts';

/** The last entry of an environment's overrides, by its number. */
export interface LastOverride {
  /** 0 when there was never one. */
  readonly number: number;
  readonly entry?: OverrideEntry;
}

/** The overrides of environments, as the store keeps them. */
export class Overrides {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The last entry. @throws Fault `SLUICE-STORE-5` when it cannot be read. */
  async last(place: PlaceIds): Promise<LastOverride> {
    const key = (await this.#store.list(overridePrefix(place))).at(-1);
    const bytes = key === undefined ? undefined : await this.#store.get(key);
    if (key === undefined || bytes === undefined) return { number: 0 };
    return { number: Number(/(\d+)\.json$/.exec(key)?.[1]), entry: entryIn(bytes, key) };
  }

  /** Every entry, oldest first. @throws Fault `SLUICE-STORE-5` when one cannot be read. */
  async all(place: PlaceIds): Promise<OverrideEntry[]> {
    const keys = await this.#store.list(overridePrefix(place));
    const found = await Promise.all(keys.map(async (key) => ({ key, bytes: await this.#store.get(key) })));
    return found.flatMap(({ key, bytes }) => (bytes === undefined ? [] : [entryIn(bytes, key)]));
  }

  /** Writes the entry after the last one that was seen. @returns false, having written nothing, when somebody else was faster. */
  add(place: PlaceIds, after: LastOverride, entry: OverrideEntry): Promise<boolean> {
    return this.#store.create(overrideKey(place, after.number + 1), formatOverride(entry), 'application/json');
  }
}

function entryIn(bytes: Uint8Array, key: string): OverrideEntry {
  const entry = parseOverride(bytes, key);
  if (entry instanceof Fault) throw entry;
  return entry;
}
