import type { ShiftsReport, StatusReport } from '../report.ts';
import { clock } from './layout.ts';
import { shiftsLines, shiftStand } from './shift.ts';
import { statusLines } from './status.ts';
import type { Style } from './terminal.ts';

/** What is shown again and again: in place where a terminal can, else as a line for each change. */
export class Watch {
  #drawn = 0;
  readonly #known = new Map<string, string>();

  /** The text of the next look, or nothing when there is nothing new to say. */
  next(report: StatusReport | ShiftsReport, style: Style, inPlace = false): string | undefined {
    const lines = report.kind === 'status' ? statusLines(report, style) : shiftsLines(report, style);
    if (inPlace) {
      // Up to where the last look began, and everything below it away (ECMA-48: CUU, ED).
      const back = this.#drawn === 0 ? '' : `\u001B[${this.#drawn}A\u001B[0J`;
      this.#drawn = lines.length;
      return `${back}${lines.join('\n')}`;
    }
    const changed = standsOf(report).flatMap(([place, now]) => {
      if (this.#known.get(place) === now) return [];
      this.#known.set(place, now);
      return [`${style.dim(clock(report.now))}  ${place}  ${now}`];
    });
    const shown = report.last ? [...changed, '', ...lines] : changed;
    return shown.length === 0 ? undefined : shown.join('\n');
  }
}

function standsOf(report: StatusReport | ShiftsReport): [string, string][] {
  if (report.kind === 'shifts') return report.places.flatMap(({ place, shifts }) => shifts.map((one): [string, string] => [`${place}  ${one.workflow}`, shiftStand(one)]));
  return report.statuses.map(({ place, newest, verdict }) => {
    const judged = verdict === undefined ? '' : `, judge: ${verdict.kind}`;
    return [place, newest === undefined ? 'nothing deployed' : `deployment ${newest.number} ${newest.state} ${newest.percent ?? 0} %${judged}`];
  });
}
