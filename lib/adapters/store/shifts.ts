import { Fault } from '../../core/fault.ts';
import { formatShift, parseShift, shiftingKey, SHIFTING_PREFIX, shiftKey, type ShiftRecord } from '../../core/shift/record.ts';
import type { Revision, Store } from './store.ts';

/** The newest shift of a workflow as it was read. */
export interface KnownShift {
  readonly record: ShiftRecord;
  readonly revision: Revision;
}

/** The records of shifts by their contract, docs/store.md, on any store of bytes. */
export class ShiftStore {
  readonly #store: Store;
  /** Shifts that are over for good, by key, as far as the last `since` went back: nobody writes them again. */
  #over: ReadonlyMap<string, ShiftRecord> = new Map();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The newest shift of a workflow, or nothing. @throws Fault `SLUICE-SHIFT-3` when it cannot be read. */
  newest(workflow: string): Promise<KnownShift | undefined> {
    return this.#read(shiftingKey(workflow));
  }

  /** The newest shift of each workflow. @throws Fault `SLUICE-SHIFT-3` when one cannot be read. */
  async all(): Promise<KnownShift[]> {
    const keys = await this.#store.list(SHIFTING_PREFIX);
    const found = await Promise.all(keys.map((key) => this.#read(key)));
    return found.filter((one) => one !== undefined);
  }

  /** The shifts of all workflows that were not over before an instant, epoch milliseconds. @throws Fault `SLUICE-SHIFT-3` when one cannot be read. */
  async since(moment: number): Promise<ShiftRecord[]> {
    const newest = await this.all();
    const over = new Map<string, ShiftRecord>();
    const found = (await Promise.all(newest.map(({ record }) => this.#back(record, moment, over)))).flat();
    this.#over = over;
    return found;
  }

  /** Keeps a record over the one that was read. @returns false, having kept nothing, when somebody else wrote since. */
  keep(record: ShiftRecord, over: Revision | undefined): Promise<boolean> {
    const key = shiftingKey(record.workflow);
    if (over === undefined) return this.#store.create(key, formatShift(record), 'application/json');
    return this.#store.replace(key, formatShift(record), 'application/json', over);
  }

  /** Keeps a shift that is over for good. Twice is as good as once. */
  async archive(record: ShiftRecord): Promise<void> {
    await this.#store.create(shiftKey(record), formatShift(record), 'application/json');
  }

  async #back(record: ShiftRecord, moment: number, over: Map<string, ShiftRecord>): Promise<ShiftRecord[]> {
    if (record.endedAt !== null && Date.parse(record.endedAt) < moment) return [];
    const earlier = record.shift > 1 ? await this.#archived(shiftKey({ workflow: record.workflow, shift: record.shift - 1 })) : undefined;
    if (earlier === undefined) return [record];
    over.set(shiftKey(earlier), earlier);
    return [record, ...await this.#back(earlier, moment, over)];
  }

  async #archived(key: string): Promise<ShiftRecord | undefined> {
    return this.#over.get(key) ?? (await this.#read(key))?.record;
  }

  async #read(key: string): Promise<KnownShift | undefined> {
    const revision = await this.#store.revision(key);
    if (revision === undefined) return undefined;
    const record = parseShift(revision.bytes, key);
    if (record instanceof Fault) throw record;
    return { record, revision };
  }
}
