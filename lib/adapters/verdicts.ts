import type { Digest } from '../core/digest.ts';
import { partsNamed, together, type Apart } from '../core/judge/parts.ts';
import type { CompleteRules } from '../core/judge/rules.ts';
import { windowsKey } from '../core/layout.ts';
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
 * The verdicts on a deployment in the store of its environment.
 * @throws Fault `SLUICE-JUDGE-14` when there is none, `SLUICE-JUDGE-8` when the last one cannot be read.
 */
export async function verdictsOn(store: Store & { readonly bucket: string }, deployment: number): Promise<Verdicts> {
  const keys = (await store.list('verdicts/')).filter((key) => key.split('/')[3] === String(deployment));
  const key = keys.at(-1);
  const bytes = key === undefined ? undefined : await store.get(key);
  if (key === undefined || bytes === undefined) throw fault(JUDGING, 'SLUICE-JUDGE-14', { deployment, bucket: store.bucket });
  const last = await whole(store, recordIn(bytes, key));
  const now = await new EpochStore(store).environment(last).catch(() => undefined);
  return { last, ticks: keys.length, blind: keys.filter((one) => one.endsWith('.blind.json')).length, ...(now === undefined ? {} : { rulesNow: now.judge }) };
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
