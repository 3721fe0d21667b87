import type { Digest } from '../core/digest.ts';
import { partsNamed, together, type Apart } from '../core/judge/parts.ts';
import type { CompleteRules } from '../core/judge/rules.ts';
import { VERDICTS, verdictPrefix, windowsKey } from '../core/layout.ts';
import type { PlaceIds } from '../core/place.ts';
import { Fault, fault } from '../core/fault.ts';
import { JUDGING } from '../core/faults/judging.ts';
import type { JudgedRecord } from '../core/judged.ts';
import { parseVerdictRecord } from '../core/judge/record.ts';
import { EpochStore } from './store/epochs.ts';
import type { Store } from './store/store.ts';

/** The verdicts on one deployment: the last one, and how many there are. */
export interface Verdicts {
  readonly last: JudgedRecord;
  readonly ticks: number;
  /** Ticks at which nothing could be seen. */
  readonly blind: number;
  /** The rules the environment judges by now, null where it has no judge; nothing when that is not known. */
  readonly rulesNow?: CompleteRules | null;
}

/**
 * The verdicts on a deployment in an epoch store, which may be shared by environments.
 * @param place the environment; without it the only one in the store that has a verdict on such a deployment
 * @throws Fault `SLUICE-JUDGE-14` when there is none, `SLUICE-JUDGE-16` when several environments have some, `SLUICE-JUDGE-8` when the last one cannot be read.
 */
export async function verdictsOn(store: Store & { readonly bucket: string }, deployment: number, place?: PlaceIds): Promise<Verdicts> {
  const keys = await store.list(place === undefined ? await onlyFolder(store, deployment) : verdictPrefix(place, deployment));
  const key = keys.at(-1);
  const bytes = key === undefined ? undefined : await store.get(key);
  if (key === undefined || bytes === undefined) throw fault(JUDGING, 'SLUICE-JUDGE-14', { deployment, bucket: store.bucket });
  const last = await whole(store, recordIn(bytes, key));
  const now = await new EpochStore(store).environment(last).catch(() => undefined);
  return { last, ticks: keys.length, blind: keys.filter((one) => one.endsWith('.blind.json')).length, ...(now === undefined ? {} : { rulesNow: now.judge }) };
}

/** Where the store keeps the verdicts on the one deployment of that number, found without reading what is kept of the others. */
async function onlyFolder(store: Store & { readonly bucket: string }, deployment: number): Promise<string> {
  const folder = (ids: string): string => `${ids}${deployment}/`;
  const places = (await Promise.all((await store.folders(VERDICTS)).map((application) => store.folders(application)))).flat();
  const held = (await Promise.all(places.map(async (ids) => ((await store.folders(folder(ids).slice(0, -1))).includes(folder(ids)) ? [ids] : [])))).flat();
  if (held.length > 1) throw fault(JUDGING, 'SLUICE-JUDGE-16', { deployment, bucket: store.bucket, places: held.map((ids) => ids.slice(VERDICTS.length, -1)).join(', ') });
  const [ids] = held;
  if (ids === undefined) throw fault(JUDGING, 'SLUICE-JUDGE-14', { deployment, bucket: store.bucket });
  return folder(ids);
}

/** The record of a verdict at a key with all its windows, those that lie beside it too. @throws Fault `SLUICE-JUDGE-8` when some of it cannot be read. */
export async function verdictAt(store: Pick<Store, 'get'>, key: string): Promise<JudgedRecord | undefined> {
  const bytes = await store.get(key);
  return bytes && whole(store, recordIn(bytes, key));
}

/** How many parts are read at once. */
const AT_ONCE = 16;

async function whole(store: Pick<Store, 'get'>, record: Apart<JudgedRecord>): Promise<JudgedRecord> {
  const [names, found] = [partsNamed(record), new Map<Digest, Uint8Array>()];
  for (let at = 0; at < names.length; at += AT_ONCE) {
    await Promise.all(names.slice(at, at + AT_ONCE).map(async (digest) => {
      const bytes = await store.get(windowsKey(record, record.deployment, digest));
      if (bytes !== undefined) found.set(digest, bytes);
    }));
  }
  return together(record, (digest) => found.get(digest));
}

function recordIn(bytes: Uint8Array, key: string): Apart<JudgedRecord> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw fault(JUDGING, 'SLUICE-JUDGE-8', { problem: `${key} is not JSON (${(cause as Error).message})` }, cause);
  }
  const record = parseVerdictRecord(value);
  if (record instanceof Fault) throw record;
  return record as Apart<JudgedRecord>;
}
