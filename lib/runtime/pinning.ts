import { setTimeout as sleep } from 'node:timers/promises';
import { Fault, fault } from '../core/fault.ts';
import { READING } from '../core/faults/reading.ts';
import type { Pin } from '../core/pin.ts';
import type { PinRequest } from '../core/pinRequest.ts';
import type { Reader } from './reader.ts';

/** Pauses before asking again, milliseconds: right after a first deployment AppConfig may not know it for a second. */
const PAUSES = [100, 300, 800];

/**
 * The pin of an execution: the one it holds, unless that one's epoch was rolled back; else one drawn now.
 * @throws Fault `SLUICE-READ-2` when there is no configuration to pin, `SLUICE-PIN-4` when the agent serves one that was rolled back.
 */
export async function pinned(reader: Reader, { execution, held, onRolledBack }: PinRequest): Promise<Pin> {
  if (held !== undefined && await reader.rolledBack(held) === undefined) return held;
  const drawn = await draw(reader, execution, PAUSES);
  const taken = onRolledBack === undefined && held === undefined ? undefined : await reader.rolledBack(drawn);
  if (taken !== undefined) throw fault(READING, 'SLUICE-PIN-4', { version: taken.version, deployment: taken.deployment });
  const moved = held === undefined ? {} : { moved: [...(held.moved ?? []), { version: held.version, digest: held.digest }] };
  return { ...drawn, ...(onRolledBack === undefined ? {} : { onRolledBack }), ...moved };
}

async function draw(reader: Reader, execution: string, [pause, ...others]: readonly number[]): Promise<Pin> {
  try {
    return await reader.entity(execution);
  } catch (error) {
    if (pause === undefined || !(error instanceof Fault) || error.code !== 'SLUICE-READ-2') throw error;
  }
  await sleep(pause);
  return draw(reader, execution, others);
}
