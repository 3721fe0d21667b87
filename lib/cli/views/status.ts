import { exposure } from '../../core/plan.ts';
import { origin } from '../origin.ts';
import type { Counted, Status, StatusReport } from '../report.ts';
import { cut } from './change.ts';
import { clock, count, duration, goneText, WIDTH, wrap } from './layout.ts';
import { inForceLines } from './override.ts';
import type { Style } from './terminal.ts';

const BAR = 30;

/** How environments stand: what is live, and what is under way or ended last. */
export function statusLines({ statuses, now }: StatusReport, style: Style): string[] {
  return statuses.flatMap((status, at) => [...(at === 0 ? [] : ['']), ...oneLines(status, now, style)]);
}

function oneLines(status: Status, now: number, style: Style): string[] {
  const { place, base, provenance, newest, override, judge, switchedOff = [], undeclared = [] } = status;
  const live = base.deployment === 0 ? 'nothing is live yet' : `live: version ${base.version ?? ''}, ${origin(provenance)}`;
  return [
    `${style.bold(place)}  ${cut(live, WIDTH - place.length - 2)}`,
    ...(override === undefined ? [] : inForceLines(override, style)),
    ...(switchedOff.length === 0 ? [] : wrap(`switched off: ${switchedOff.join(', ')} takes nothing back until its actions are enabled again`, '  ').map((line) => line.replace('switched off', style.warn))),
    ...(judge === undefined ? [] : wrap(judge === null ? 'no judge: guards alone take a release back' : `judged by ${judge.join('; ')}`, '  ').map((line) => line.replace('no judge', style.warn))),
    ...undeclared.flatMap((one) => wrap(`undeclared: ${one}`, '  ').map((line) => line.replace('undeclared', style.warn))),
    ...(newest === undefined || newest.number === base.deployment ? [] : deploymentLines(status, newest, now, style)),
  ];
}

function deploymentLines({ from, counts, uncounted, verdict }: Status, newest: NonNullable<Status['newest']>, now: number, style: Style): string[] {
  const mark = newest.state === 'ROLLED_BACK' || newest.state === 'REVERTED' || newest.state === 'ROLLING_BACK' ? style.warn : style.good;
  const what = `  ${mark(newest.state)}  deployment ${newest.number}, ${origin(from)}`;
  const under = newest.state === 'DEPLOYING' || newest.state === 'BAKING' || newest.state === 'VALIDATING';
  return [
    cut(what, WIDTH + what.length - `  ${newest.state}  deployment ${newest.number}, ${origin(from)}`.length),
    ...(under ? [`  ${bar(newest.percent ?? 0, style)} ${String(newest.percent ?? 0).padStart(5)} %   ${left(newest, now)}`] : []),
    ...(counts === undefined ? [] : [...countLines('new', counts.canary, style), ...(counts.control === undefined ? [] : countLines('old', counts.control, style))]),
    ...(uncounted === undefined ? [] : [cut(`  executions unknown: ${uncounted}`, WIDTH)]),
    ...(verdict === undefined ? [] : verdictLines(verdict, style)),
    ...(under ? [] : newest.log.slice(-2).flatMap(({ at, by, text }) => wrap(text === '' ? by : text, '', WIDTH - 12).map((line, index) => `  ${index === 0 ? clock(at) : '        '}  ${line}`))),
  ];
}

/** What the judge said last, and why. */
function verdictLines({ judgedAt, kind, reason, blind, overridden }: NonNullable<Status['verdict']>, style: Style): string[] {
  const mark = kind === 'roll-back' ? style.bad : style.good;
  const head = `judge  ${kind}${overridden ? ', overridden,' : ''} at ${clock(Date.parse(judgedAt))}: `;
  return wrap(`${head}${blind ?? reason}`, '', WIDTH - 9).map((line, at) => (at === 0 ? `  ${line.replace(kind, mark)}` : `         ${line}`));
}

function bar(percent: number, style: Style): string {
  const full = Math.round((percent / 100) * BAR);
  return `${style.glyphs.full.repeat(full)}${style.glyphs.empty.repeat(BAR - full)}`;
}

/** What comes next, and when it is over, by the strategy. */
function left({ strategy, startedAt, state }: NonNullable<Status['newest']>, now: number): string {
  const passed = (now - startedAt) / 60_000;
  const whole = strategy.durationMinutes + strategy.bakeMinutes;
  const next = exposure(strategy).find(({ atMinutes }) => atMinutes > passed);
  const over = `over in ${duration(Math.max(0, whole - passed) * 60)}`;
  return state === 'DEPLOYING' && next !== undefined ? `${next.percent} % in ${duration((next.atMinutes - passed) * 60)}, ${over}` : over;
}

/** Executions of a cohort, and what became of those that ran when its epoch was rolled back. */
function countLines(which: string, { digest, started, failed, moved = 0, recalled = 0 }: Counted, style: Style): string[] {
  const share = started === 0 ? '' : ` (${Number(((100 * failed) / started).toPrecision(2))} %)`;
  const bad = `${count(failed)} bad${share}`;
  const gone = goneText({ moved, recalled });
  const line = `  ${which}  ${style.dim(digest.slice(7, 19))}  ${count(started).padStart(9)} executions, ${failed > 0 ? style.bad(bad) : bad}`;
  return [line, ...(gone === '' ? [] : [`${' '.repeat(21)}since it was rolled back, ${gone}`])];
}
