import type { ShiftsReport, StatusReport } from '../report.ts';
import { cut } from './change.ts';
import { cells, clock } from './layout.ts';
import { shiftsLines, shiftStand } from './shift.ts';
import { statusLines } from './status.ts';
import { harmless, type Size, type Style } from './terminal.ts';

/** What is shown again and again: in place where a terminal can, else as a line for each change. */
export class Watch {
  #drawn: readonly string[] = [];
  readonly #known = new Map<string, string>();

  /** The text of the next look, or nothing when there is nothing new to say. @param screen where one look can be drawn over the other */
  next(report: StatusReport | ShiftsReport, style: Style, screen?: Size): string | undefined {
    const lines = (report.kind === 'status' ? statusLines(report, style) : shiftsLines(report, style)).map(harmless);
    if (screen !== undefined) {
      // Up to where the last look began, and everything below it away (ECMA-48: CUU, ED). It is as high as the terminal breaks it now.
      const rows = heightOf(this.#drawn, screen);
      const back = rows === 0 ? '' : `\u001B[${rows}A\u001B[0J`;
      this.#drawn = report.last ? lines : fitting(lines, screen, style);
      return `${back}${this.#drawn.join('\n')}`;
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

/** How many rows lines take on a terminal that breaks those that are wider. */
function heightOf(lines: readonly string[], { columns }: Size): number {
  return lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(cells(line) / columns)), 0);
}

/** As many lines as a terminal can show at once, and what is left out: of what has left it at the top nothing can be drawn over. */
function fitting(lines: readonly string[], screen: Size, style: Style): readonly string[] {
  // The cursor stands below the last line.
  if (heightOf(lines, screen) < screen.rows) return lines;
  let shown = lines.length - 1;
  while (shown > 0 && heightOf(lines.slice(0, shown), screen) > screen.rows - 2) shown -= 1;
  return [...lines.slice(0, shown), style.dim(cut(`${lines.length - shown} more lines; fewer with --env`, screen.columns))];
}

function standsOf(report: StatusReport | ShiftsReport): [string, string][] {
  if (report.kind === 'shifts') return report.places.flatMap(({ place, shifts }) => shifts.map((one): [string, string] => [`${place}  ${one.workflow}`, shiftStand(one)]));
  return report.statuses.map(({ place, newest, verdict }) => {
    const judged = verdict === undefined ? '' : `, judge: ${verdict.kind}`;
    return [place, newest === undefined ? 'nothing deployed' : `deployment ${newest.number} ${newest.state} ${newest.percent ?? 0} %${judged}`];
  });
}
