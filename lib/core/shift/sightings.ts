import type { Sighting } from '../sighting.ts';
import type { ShiftRecord } from './record.ts';

/** Which share was meant when, by a shift's log: each share from its move to the next, the last one until now. Epoch milliseconds. */
export function sightingsOf({ log }: Pick<ShiftRecord, 'log'>, now: number): Sighting[] {
  return log.flatMap(({ at, weight }, index) => {
    const until = log[index + 1] === undefined ? now : Date.parse(log[index + 1]!.at) - 1;
    return [{ at: Date.parse(at), percent: weight }, { at: until, percent: weight }];
  });
}
