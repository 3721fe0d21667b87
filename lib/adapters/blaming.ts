import { pastOf } from '../core/aftermath.ts';
import type { PlaceIds } from '../core/place.ts';
import type { Deployment } from '../core/rollout.ts';
import { shiftEnded, type ShiftRecord } from '../core/shift/record.ts';
import { isUnled, lastComplete, standsFor, takenBack } from '../core/shift/takeBack.ts';
import type { Aftermath } from './aftermath.ts';
import { within } from './deadline.ts';
import type { ShiftStore } from './store/shifts.ts';

/** Which of a deployment and a shift is to blame, and what is taken back for it. */
export interface Blamed {
  readonly blames: 'shift' | 'configuration' | 'undecided';
  readonly reason: string;
  /** The complete shift that is taken back in place of the deployment; nothing where it is not. */
  readonly shift?: ShiftRecord;
}

/** How long is asked who is to blame, milliseconds. Without an answer the configuration is. */
const ASKS_MS = 8000;

/** Blames a shift for what is bad after both a deployment and a shift were complete, and takes it back. */
export class Blaming {
  readonly #shifts: ShiftStore;
  readonly #aftermath: Aftermath;

  constructor(shifts: ShiftStore, aftermath: Aftermath) {
    this.#shifts = shifts;
    this.#aftermath = aftermath;
  }

  /** Which of a deployment and the last shift that was completed made it worse; nothing where there is none, or nothing is known in time. */
  async of(place: PlaceIds, deployment: Deployment | undefined, now: number): Promise<Blamed | undefined> {
    return deployment === undefined ? undefined : within(ASKS_MS, this.#of(place, deployment, now)).catch(() => undefined);
  }

  async #of(place: PlaceIds, deployment: Deployment, now: number): Promise<Blamed | undefined> {
    const records = await this.#shifts.since(pastOf({ began: deployment.startedAt }));
    const last = lastComplete(records);
    if (last === undefined) return undefined;
    const others = records.filter((one) => one !== last);
    const blame = await this.#aftermath.blame(place, deployment, last, others, now);
    if (blame === undefined || !blame.clear) return blame && { blames: blame.blames, reason: blame.reason };
    const problem = standsFor(last, others, deployment.startedAt);
    if (problem !== undefined) return { blames: 'shift', reason: `${blame.reason}; the configuration is taken back all the same: ${problem}` };
    return { blames: 'shift', reason: blame.reason, shift: last };
  }

  /** Sets a complete shift on its way back, and asks its controller to lead it. @returns false, having kept nothing, when somebody else wrote since. */
  async takeBack(shift: ShiftRecord, why: string, now: number): Promise<boolean> {
    const known = await this.#shifts.newest(shift.workflow);
    if (known === undefined || known.record.shift !== shift.shift || !shiftEnded(known.record)) return false;
    await this.#shifts.archive(known.record);
    const back = takenBack(known.record, why, now);
    if (!await this.#shifts.keep(back, known.revision)) return false;
    // What nobody heard is told again by the schedule.
    await this.#aftermath.askBack(back).catch(() => undefined);
    return true;
  }

  /** Asks again for shifts on their way back that nobody leads. */
  async askAgain(records: readonly ShiftRecord[]): Promise<void> {
    await Promise.all(records.filter(isUnled).map((record) => this.#aftermath.askBack(record)));
  }
}
