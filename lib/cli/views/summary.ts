import type { Finished } from '../event.ts';
import { columns, count, duration, WIDTH, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** What became of each release, and what to try next. */
export function summaryLines(event: Finished, titles: ReadonlyMap<number, string>, style: Style): string[] {
  const { result, wallSeconds } = event;
  const { total, succeeded, failed, mixed } = result.executions;
  return [
    '',
    style.dim(style.glyphs.rule.repeat(WIDTH)),
    style.bold('What became of them'),
    '',
    style.dim(`  ${'release'.padEnd(40)}${'outcome'.padEnd(13)}${'decided by'.padEnd(11)} orders failed`),
    ...rows(event, titles),
    style.dim('  Counted to the end: orders under way at an outcome, and those after it, too.'),
    '',
    `  ${count(total)} orders: ${count(succeeded)} succeeded, ${count(failed)} failed.`,
    `  ${mixed === 0 ? style.good('None') : style.bad(count(mixed))} of them read more than one configuration.`,
    ...wrap(`${duration(result.virtualSeconds)} of virtual time, played in ${duration(wallSeconds)}. Seed ${result.seed}, history ${result.history.slice(0, 12)}.`, '  '),
    '',
    style.bold('Next'),
    ...columns(nextSteps(event)),
  ];
}

function rows({ result }: Finished, titles: ReadonlyMap<number, string>): string[] {
  const deciders = { 'AppConfig': 'AppConfig', 'judge': 'the judge', 'monitor': 'its alarm', 'roll-back': 'Sluice', 'controller': 'Sluice' } as const;
  const title = (number: number): string => `${number}  ${titles.get(number) ?? ''}`;
  const released = result.releases.map((release, index) => row(title(index + 1), release.state, deciders[release.decidedBy], [count(release.pinned), count(release.failed)]));
  const refused = result.refused.length === 0 ? [] : [row(title(result.releases.length + 1), 'refused', 'the gates', ['-', '-'])];
  const shifted = result.shifts.map((shift) => row(`-  version ${shift.to} of the workflow`, shift.state, deciders[shift.decidedBy], [count(shift.started), count(shift.failed)]));
  return [...released, ...refused, ...shifted];
}

function row(title: string, state: string, by: string, [orders, failed]: readonly [string, string]): string {
  return `  ${title.slice(0, 39).padEnd(40)}${state.padEnd(13)}${by.padEnd(11)}${orders.padStart(7)}${failed.padStart(7)}`;
}

function nextSteps({ again, unpinned }: Finished): [string, string][] {
  return [
    unpinned ? [again.replace(/ --$/, ''), 'the same with pins: no order reads two configurations'] : [`${again} --unpinned`, 'the same without pins: orders read two configurations'],
    [`${again} --seed 7`, 'other draws, another history'],
    [`${again} --json`, 'the same as one JSON object'],
    [again.startsWith('npm') ? 'npx sluice up' : 'sluice up', 'this local AWS in real time, for your own calls'],
  ];
}
