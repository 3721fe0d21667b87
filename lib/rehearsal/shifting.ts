import type { Driver, Engine } from 'sluice-engine';
import type { ShiftStore } from '../adapters/store/shifts.ts';
import { shiftEnded, versionNumber, type ShiftEntry, type ShiftRecord } from '../core/index.ts';
import type { Clients } from './clients.ts';
import { countsOfVersions } from './counts.ts';
import type { Scene, ShiftResult } from './scene.ts';
import { SHIFTED } from './story.ts';

const MINUTE = 60_000;
/** How often the shift is looked at. */
const LOOK_MS = 15_000;
/** How long a shift is waited for. */
const LONGEST_MS = 120 * MINUTE;

/** A shift as it ended. Times are epoch milliseconds. */
export interface Shifted extends Pick<ShiftResult, 'from' | 'to' | 'state' | 'decidedBy'> {
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What the chapter is played with. */
export interface ShiftingCast {
  readonly engine: Engine;
  readonly driver: Driver;
  readonly clients: Clients;
  readonly shifts: ShiftStore;
  readonly workflow: string;
  /** Updates the stack to the app's next version. */
  readonly update: () => Promise<unknown>;
  /** What alarms did since they were last asked for. */
  readonly alarms: () => readonly Scene[];
  readonly tell: (scene: Scene) => void;
}

/**
 * Updates the stack to a new version of the workflow, and follows the shift that begins by itself when the stack is done, to its end.
 * @returns nothing when no shift ended within two hours.
 */
export async function playShift(cast: ShiftingCast): Promise<Shifted | undefined> {
  const { engine, driver, shifts, workflow, update, alarms, tell } = cast;
  const startedAt = engine.clock.now();
  tell({ kind: 'shift', time: startedAt, shift: 1, title: SHIFTED.title, change: SHIFTED.change });
  await driver.park(update);
  for (let told = 0; engine.clock.now() - startedAt < LONGEST_MS;) {
    const record = (await shifts.newest(workflow))?.record;
    const fresh = record?.log.slice(told) ?? [];
    told += fresh.length;
    const scenes = [...alarms(), ...await Promise.all(fresh.map((entry) => sceneOf(cast, record!, entry)))];
    for (const scene of scenes.toSorted((one, other) => one.time - other.time)) tell(scene);
    if (record !== undefined && shiftEnded(record)) {
      const { from, to, state, endedAt } = record;
      return { from: versionNumber(from), to: versionNumber(to), state, decidedBy: deciderOf(record), startedAt, endedAt: Date.parse(endedAt!) };
    }
    await driver.sleep(LOOK_MS);
  }
  return undefined;
}

async function sceneOf({ engine, clients, workflow }: ShiftingCast, record: ShiftRecord, { at, state, weight, text }: ShiftEntry): Promise<Scene> {
  const versions = [record.to, record.from].map(versionNumber);
  const [canary, control] = await countsOfVersions(clients, { workflow, versions }, Date.parse(record.startedAt), engine.clock.now());
  return { kind: 'shifting', time: Date.parse(at), state, percent: weight, by: text === record.verdict?.reason ? 'judge' : 'controller', text, canary: canary!, control: control! };
}

/** A shift that goes back by itself does so by the judge's word or by the alarm. */
function deciderOf({ ending, verdict }: ShiftRecord): ShiftResult['decidedBy'] {
  if (ending?.state !== 'rolled-back') return 'controller';
  return ending.reason === verdict?.reason ? 'judge' : 'monitor';
}
