import { origin } from '../origin.ts';
import type { BlameReport, DiffReport, HistoryEntry, HistoryReport, ShowReport } from '../report.ts';
import { changeLines, cut, value } from './change.ts';
import { clock, goneText, WIDTH, wrap } from './layout.ts';
import { overridesLines } from './override.ts';
import type { Style } from './terminal.ts';

/** The deployments of an environment, newest first. */
export function historyLines({ places }: HistoryReport, style: Style): string[] {
  return places.flatMap(({ place, entries, overrides }, at) => [
    ...(at === 0 ? [] : ['']),
    ...(entries.length === 0 ? [`nothing was ever deployed to ${place}`] : [style.bold(place), ...entries.flatMap((entry) => rowsOf(entry, style)), ...overridesLines(overrides)]),
  ]);
}

function rowsOf({ deployment, provenance, leftBehind }: HistoryEntry, style: Style): string[] {
  const { number, state, version, startedAt } = deployment;
  const mark = state === 'COMPLETE' ? style.good : state === 'ROLLED_BACK' || state === 'REVERTED' ? style.warn : style.bold;
  const head = `  ${String(number).padStart(4)}  ${day(startedAt)}  ${state.padEnd(12)} v${version.padEnd(4)} `;
  const row = `${head}${cut(origin(provenance), WIDTH - head.length)}`.replace(state, mark);
  return leftBehind === undefined ? [row] : [row, `${' '.repeat(head.length)}${goneText(leftBehind)}`];
}

/** One deployment: where it came from, what it changed, and what became of it. */
export function showLines({ place, deployment, provenance, digest, leftBehind, changes }: ShowReport, style: Style): string[] {
  const { number, state, version, label, startedAt, description, strategy, log } = deployment;
  const rows: [string, string | undefined][] = [
    ['state', state], ['version', `${version}${label === undefined ? '' : ` (${label})`}`], ['digest', digest], ['started', day(startedAt)],
    ['strategy', `${strategy.growthType} ${strategy.growthFactor} %, ${strategy.durationMinutes} min, bake ${strategy.bakeMinutes} min`],
    ['commit', provenance === undefined ? origin(provenance) : provenance.commit ?? 'none'], ['subject', provenance?.subject ?? undefined], ['author', provenance?.author ?? undefined],
    ['signature', provenance?.signature ? `${provenance.signature.signer}, key ${provenance.signature.key}` : undefined],
    ['approved', provenance?.approvals.map(({ by }) => by).join(', ') || undefined],
    ['executions', leftBehind === undefined ? undefined : `since it was rolled back, ${goneText(leftBehind)}`],
    ['says', provenance === undefined ? description : undefined],
  ];
  return [
    `${style.bold(place)}  deployment ${number}`,
    ...rows.flatMap(([name, text]) => (text === undefined ? [] : [`  ${name.padEnd(10)} ${cut(text, WIDTH - 13)}`])),
    ...(changes.length === 0 ? [] : ['', ...changeLines(changes, style)]),
    '',
    ...log.flatMap(({ at, by, text }) => wrap(text, '', WIDTH - 29).map((line, index) => (index === 0 ? `  ${clock(at)}  ${by.padEnd(16)} ${line}` : `${' '.repeat(29)}${line}`))),
  ];
}

/** What differs between two epochs. */
export function diffLines({ place, from, to, changes }: DiffReport, style: Style): string[] {
  if (changes.length === 0) return [`${style.good('no difference')} between ${from} and ${to} of ${place}`];
  return [`${style.bold(place)}  ${from} -> ${to}`, ...changeLines(changes, style)];
}

/** Who a value comes from. */
export function blameLines({ place, document, path, value: now, entry, before }: BlameReport, style: Style): string[] {
  const head = `${style.bold(`${document} ${path}`)} is ${value(now, 60)} in ${place}`;
  if (entry === undefined) return [head, '  and was so in every deployment that is known'];
  const { deployment, provenance } = entry;
  return [
    head,
    `  since deployment ${deployment.number}, ${day(deployment.startedAt)}${before === undefined ? ', which added it' : `, before it was ${value(before, 30)}`}`,
    `  ${cut(origin(provenance), WIDTH - 2)}`,
    ...(provenance === undefined || provenance.approvals.length === 0 ? [] : [`  approved by ${provenance.approvals.map(({ by }) => by).join(', ')}`]),
  ];
}

/** Day and time in UTC: `2026-01-01 00:47`. */
function day(time: number): string {
  return new Date(time).toISOString().slice(0, 16).replace('T', ' ');
}
