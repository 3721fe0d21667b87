import type { Event } from '../event.ts';
import type { Report } from '../report.ts';
import { endpointLines } from './endpoint.ts';
import { explainedLines } from './explanation.ts';
import { PlainView, type View } from './plain.ts';
import { Storyboard } from './storyboard.ts';
import { reportLines } from './reports.ts';
import { leftLines } from './releasing.ts';
import { summaryLines } from './summary.ts';
import { harmless, type Size, type Terminal } from './terminal.ts';
import { Watch } from './watch.ts';
import { assembledLines, begunLines, composedLines, faultyLines } from './validation.ts';

const BOUNDLESS: Size = { columns: Infinity, rows: Infinity };

/** For people: text of at most 80 columns, readable without colour. */
export class HumanView implements View {
  readonly #terminal: Terminal;
  readonly #plain: PlainView;
  readonly #storyboard: Storyboard;
  readonly #watch = new Watch();

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#plain = new PlainView(terminal);
    this.#storyboard = new Storyboard(terminal.style);
  }

  show(event: Event): void {
    const { err, style } = this.#terminal;
    switch (event.kind) {
      case 'help':
      case 'version':
      case 'failed':
        return this.#plain.show(event);
      case 'opening': return this.#print(this.#storyboard.opening(event.unpinned));
      case 'scene': return this.#print(this.#storyboard.lines(event.scene));
      case 'finished': return this.#print(summaryLines(event, this.#storyboard.titles, style));
      case 'listening': return this.#print(endpointLines(event, style));
      case 'again': return err(`\n${style.dim(`${event.path} changed`)}`);
      case 'ending': return err('\nEnding.');
      case 'left': return err(`\n${leftLines(event).join('\n')}`);
      case 'begun': return this.#print(begunLines(event));
      case 'typed': return this.#print([event.file === undefined ? event.text.trimEnd() : `${event.file} ${event.changed === true ? 'is written' : 'is up to date'}`]);
      case 'composed': return this.#print(composedLines(event, style));
      case 'assembled': return this.#print(assembledLines(event, style));
      case 'explained': return this.#print(explainedLines(event, style));
      case 'faulty': return this.#print(faultyLines(event.faults, style));
      case 'report': return this.#report(event.report);
    }
  }

  #report(report: Report): void {
    const { style, inPlace, size, out } = this.#terminal;
    if ((report.kind !== 'status' && report.kind !== 'shifts') || !report.watched) return this.#print(reportLines(report, style));
    const text = this.#watch.next(report, style, inPlace === true ? size?.() ?? BOUNDLESS : undefined);
    if (text !== undefined) out(text);
  }

  #print(lines: readonly string[]): void {
    if (lines.length > 0) this.#terminal.out(harmless(lines.join('\n')));
  }
}
