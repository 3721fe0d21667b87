import { setTimeout as sleep } from 'node:timers/promises';
import { fault } from '../../core/fault.ts';
import { GUARDING } from '../../core/faults/guarding.ts';
import type { Alarms } from './alarms.ts';

/** How often alarms are looked at, milliseconds. */
const LOOK_MS = 5000;
/** How long they may take to become OK, milliseconds: what Lambda's 15 minutes leave. */
const PATIENCE_MS = 12 * 60_000;

/**
 * Resolves when all these alarms are OK. New ones begin in INSUFFICIENT_DATA, which AppConfig may take for a reason to roll back.
 * @throws Fault `SLUICE-SEED-3` when one is not within 12 minutes.
 */
export async function untilQuiet(alarms: Alarms, names: readonly string[]): Promise<void> {
  for (let waited = 0; ; waited += LOOK_MS) {
    const states = await Promise.all(names.map(async (name) => ({ name, ...await alarms.now(name) })));
    const loud = states.find(({ state }) => state !== 'OK');
    if (loud === undefined) return;
    if (waited >= PATIENCE_MS) throw fault(GUARDING, 'SLUICE-SEED-3', { alarm: loud.name, state: loud.state, minutes: PATIENCE_MS / 60_000 });
    await sleep(LOOK_MS);
  }
}
