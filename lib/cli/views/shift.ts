import { isAbandoned } from '../../core/shift/ask.ts';
import { LOOK_SECONDS } from '../../core/shift/next.ts';
import { shiftEnded, versionNumber, type ShiftRecord } from '../../core/shift/record.ts';
import type { ShiftAskedReport, ShiftsReport } from '../report.ts';
import { count, duration, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

const BAR = 30;

/** How workflows shift, each with its weight, its counts and the judge's word. */
export function shiftsLines({ places, now }: ShiftsReport, style: Style): string[] {
  return places.flatMap(({ place, shifts }, at) => [
    ...(at === 0 ? [] : ['']),
    ...(shifts.length === 0 ? [`${style.bold(place)}  no workflow has shifted yet`] : [style.bold(place), ...shifts.flatMap((one) => oneLines(one, now, style))]),
  ]);
}

/** What came of asking something of a shift. */
export function askedLines({ action, place, shift }: ShiftAskedReport, style: Style): string[] {
  const named = `the shift of ${shift.workflow} in ${place} to version ${versionNumber(shift.to)}`;
  if (shiftEnded(shift)) return wrap(`${style.good('ended')} ${named}: ${shift.reason}`);
  // While it waits for somebody to do something the controller looks more seldom.
  return wrap(`${style.good('asked')} to ${action} ${named}; the controller hears of it within ${shift.state === 'waiting' ? 'five minutes' : `${LOOK_SECONDS} seconds`}`);
}

/** How a shift stands, in a few words. */
export function shiftStand({ state, weight, paused, holds }: ShiftRecord): string {
  return `${state} ${weight} %${paused ? ', paused' : holds === null ? '' : ', holds'}`;
}

function oneLines(shift: ShiftRecord, now: number, style: Style): string[] {
  const { workflow, state, from, to, weight, reason, verdict, asked } = shift;
  const mark = state === 'complete' || !shiftEnded(shift) ? style.good : style.warn;
  const full = Math.round((weight / 100) * BAR);
  const under = state === 'growing' || state === 'baking';
  return [
    ...wrap(`${workflow}, version ${versionNumber(from)} to ${versionNumber(to)}`, ' '.repeat(state.length + 4)).map((line, at) => (at === 0 ? `  ${mark(state)}${line.slice(state.length + 2)}` : line)),
    ...(under ? [`  ${style.glyphs.full.repeat(full)}${style.glyphs.empty.repeat(BAR - full)} ${String(weight).padStart(3)} %   ${progress(shift)}`] : []),
    ...(verdict === null ? [] : [countLine('new', to, 'canary', shift, style), countLine('old', from, 'control', shift, style)]),
    ...(under && verdict !== null ? wrap(`judge: ${verdict.kind}, ${verdict.reason}`, '  ') : []),
    ...(under && !shift.paused && shift.holds === null && shift.moved?.seenAt !== null ? [] : wrap(reason, '  ')),
    ...(isAbandoned(shift, now) ? wrap(`no controller has looked at it for ${duration((now - Date.parse(shift.lookedAt)) / 1000)}: \`sluice shift abort ${workflow}\` ends it, and leaves the alias as it is`, '  ').map(style.warn) : []),
    ...(asked === null ? [] : [`  asked to ${asked.kind} by ${asked.by}`]),
  ];
}

function progress({ plan, step, heldMs, paused, holds }: ShiftRecord): string {
  const at = plan.steps[step];
  const [what, minutes] = at === undefined ? ['bake', plan.bakeMinutes] : [`step ${step + 1} of ${plan.steps.length}`, at.minutes];
  const stands = paused ? ', paused' : holds === null ? '' : ', holds';
  return `${what}, ${duration(heldMs / 1000)} of ${duration(minutes * 60)}${stands}`;
}

function countLine(which: string, arn: string, cohort: 'canary' | 'control', { verdict }: ShiftRecord, style: Style): string {
  const counts = Object.values(verdict?.counts ?? {}).map((one) => one[cohort]);
  const starts = Math.max(0, ...counts.map((one) => one.starts));
  const bad = Math.max(0, ...counts.map((one) => one.bad));
  const told = `${count(bad)} bad`;
  return `  ${which}  ${`version ${versionNumber(arn)}`.padEnd(12)}  ${count(starts).padStart(9)} executions, ${bad > 0 ? style.bad(told) : told}`;
}
