import { describe, expect, it } from 'vitest';
import { MemoryStore } from '../../lib/adapters/store/index.ts';
import { ShiftStore } from '../../lib/adapters/store/shifts.ts';
import type { Revision } from '../../lib/adapters/store/store.ts';
import { beginningOfShift, canaryShift, type ShiftRecord } from '../../lib/core/index.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:orders';
const HOUR = 3_600_000;

/** A store that tells which keys were read. */
class Told extends MemoryStore {
  readonly reads: string[] = [];

  override revision(key: string): Promise<Revision | undefined> {
    this.reads.push(key);
    return super.revision(key);
  }
}

/** The shift that takes an alias to a version, begun at that hour; over half an hour later, or not yet. */
function shift(known: ShiftRecord | undefined, version: number, over: boolean): ShiftRecord {
  const of = { workflow: 'orders', aliasArn: `${MACHINE}:live`, application: 'orders', environment: 'production', plan: canaryShift(10, 20) };
  const routes = [{ StateMachineVersionArn: `${MACHINE}:${version - 1}`, Weight: 100 }];
  const beginning = beginningOfShift({ of, known, wanted: `${MACHINE}:${version}`, routes, execution: 'leader', leads: false, now: version * HOUR });
  if (beginning.kind !== 'lead') throw new Error('there is nothing to shift');
  return over ? { ...beginning.record, state: 'complete', endedAt: new Date((version + 0.5) * HOUR).toISOString() } : beginning.record;
}

describe('the shifts since an instant', () => {
  it('are those that were not over then, newest first; one that is over for good is read once', async () => {
    const store = new Told();
    const shifts = new ShiftStore(store);
    const records: ShiftRecord[] = [];
    for (const version of [2, 3, 4, 5]) {
      const record = shift(records.at(-1), version, version < 5);
      await shifts.keep(record, (await shifts.newest('orders'))?.revision);
      if (version < 5) await shifts.archive(record);
      records.push(record);
    }

    store.reads.length = 0;
    const first = await shifts.since(3 * HOUR);
    const [then, again] = [store.reads.splice(0), await shifts.since(4.5 * HOUR)];

    expect(first.map(({ shift: number }) => number)).toEqual([4, 3, 2]);
    expect(then).toEqual(['shifting/orders.json', 'shifts/orders/3.json', 'shifts/orders/2.json', 'shifts/orders/1.json']);
    expect(again).toEqual([records[3], records[2]]);
    expect(store.reads).toEqual(['shifting/orders.json']);
  });
});
