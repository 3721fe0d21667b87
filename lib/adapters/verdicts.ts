import type { CompleteRules } from '../core/judge/rules.ts';
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
  const last = recordIn(bytes, key);
  const now = await new EpochStore(store).environment(last).catch(() => undefined);
  return { last, ticks: keys.length, blind: keys.filter((one) => one.endsWith('.blind.json')).length, ...(now === undefined ? {} : { rulesNow: now.judge }) };
}

function recordIn(bytes: Uint8Array, key: string): JudgedRecord {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw fault(JUDGING, 'SLUICE-JUDGE-8', { problem: `${key} is not JSON (${(cause as Error).message})` }, cause);
  }
  const record = parseVerdictRecord(value);
  if (record instanceof Fault) throw record;
  return record as JudgedRecord;
}
