import type { DriftEntry, DriftReport, Report } from '../report.ts';
import { changeLines } from './change.ts';
import { wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** How git and each environment differ, why, and what to do. */
export function driftLines({ environments }: DriftReport, style: Style): string[] {
  return environments.flatMap((entry, at) => [...(at === 0 ? [] : ['']), ...entryLines(entry, style)]);
}

function entryLines({ place, state, explanation, evidence, changes, next, healing }: DriftEntry, style: Style): string[] {
  const mark = state === 'in-sync' || state === 'rolling-out' ? style.good : state === 'unknown' || state === 'missing' ? style.bad : style.warn;
  return [
    `${style.bold(place)}  ${mark(state)}`,
    ...wrap(explanation, '  '),
    ...evidence.flatMap((line) => wrap(line, '    ')),
    ...(changes.length === 0 ? [] : ['', '  From what is live to what git says:', ...changeLines(changes, style)]),
    ...(healing === undefined ? [] : wrap(healing, '  ')),
    ...(next === undefined || healing?.startsWith('healed') === true ? [] : [`  next: ${next}`]),
  ];
}

/** What was taken into git. */
export function adoptedLines({ place, files, commit, branch, message }: Extract<Report, { readonly kind: 'adopted' }>, style: Style): string[] {
  if (files.length === 0) return [`${style.good('nothing to adopt')}: the project says what is live in ${place}`];
  if (commit === null) return [`${style.good('adopted')} from ${place}, not committed:`, ...files.map((file) => `  ${file}`)];
  return [`${style.good('adopted')} from ${place} in commit ${commit.slice(0, 12)}${branch === null ? '' : ` on the branch ${branch}`}`, '', ...message.split('\n').map((line) => (line === '' ? '' : `  ${line}`))];
}
