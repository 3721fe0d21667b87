import type { JudgedRecord } from '../core/judged.ts';
import { apart, type Part } from '../core/judge/parts.ts';
import { windowsKey, windowsPrefix } from '../core/layout.ts';
import type { Store } from './store/store.ts';

/**
 * Keeps a verdict: first those parts of its windows that the store has not, then the record that names them. Where they cannot be kept the record holds
 * them itself. `known` are the names of the parts that are there; `note` hears what went wrong.
 */
export async function keepVerdict(store: Store, key: string, record: JudgedRecord, { known, note }: { readonly known: Promise<readonly string[]>; readonly note: (error: unknown) => void }): Promise<void> {
  const { record: small, parts } = apart(record);
  const kept = await keepParts(store, record, parts, known).then(() => small, (error: unknown) => { note(error); return record; });
  await store.put(key, new TextEncoder().encode(`${JSON.stringify(kept)}\n`), 'application/json');
}

/** The names of a deployment's parts that the store has. */
export function knownParts(store: Store, record: Pick<JudgedRecord, 'applicationId' | 'environmentId' | 'deployment'>): Promise<readonly string[]> {
  return store.list(windowsPrefix(record, record.deployment));
}

async function keepParts(store: Store, record: JudgedRecord, parts: readonly Part[], known: Promise<readonly string[]>): Promise<void> {
  if (parts.length === 0) return;
  const there = new Set(await known);
  const keyed = parts.map(({ digest, bytes }) => ({ key: windowsKey(record, record.deployment, digest), bytes }));
  await Promise.all(keyed.filter(({ key }) => !there.has(key)).map(({ key, bytes }) => store.put(key, bytes, 'application/json')));
}
