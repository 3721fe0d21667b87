import type { EpochReference } from '../../core/record.ts';
import { UNNUMBERED, type Compared, type OutcomeKind } from '../../core/shadow/index.ts';
import type { ShadowedReport } from '../report.ts';
import { columns, count, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** How many executions are shown of each kind. */
const SHOWN = 3;

/** What a shadow came to: the verdict, the counts, and examples of each kind. */
export function shadowLines({ record, key }: ShadowedReport, style: Style): string[] {
  const { candidate, workflow, verdict, reason, counts, skipped, found, from, to, accepted } = record;
  const mark = { same: style.good, different: style.bad, inconclusive: style.warn }[verdict];
  const kinds = (Object.keys(counts) as OutcomeKind[]).filter((kind) => counts[kind] > 0);
  return [
    `${style.bold(candidate.kind === 'version' ? last(candidate.arn) : epochText(candidate))} beside ${last(workflow)}  ${mark(verdict)}`,
    ...wrap(reason, '  '),
    ...(from === null || to === null ? [] : [`  executions of ${from} to ${to}`]),
    '',
    ...columns([...kinds.map((kind): [string, string] => [kind, count(counts[kind])]), ...Object.entries(skipped).map(([why, many]): [string, string] => ['not played', `${count(many)}: ${why}`])]),
    ...kinds.filter((kind) => kind !== 'same').flatMap((kind) => examples(kind, found, style)),
    ...(accepted === undefined ? [] : ['', ...wrap(`accepted by ${accepted.by}: ${accepted.why}`, '  ')]),
    ...(key === undefined ? [] : ['', `  kept as ${key}`]),
  ];
}

function epochText({ version, digest }: EpochReference): string {
  return `${version === UNNUMBERED ? 'epoch' : `version ${version},`} ${digest.slice(0, 19)}`;
}

function examples(kind: OutcomeKind, found: readonly Compared[], style: Style): string[] {
  const shown = found.filter((one) => one.kind === kind).slice(0, SHOWN);
  return ['', `  ${style.bold(kind)}`, ...shown.flatMap(({ execution, explanation, differences }) => [
    ...wrap(`${last(execution)}: ${explanation}`, '    '),
    ...differences.slice(0, SHOWN).filter(({ before, after }) => before !== undefined || after !== undefined).flatMap(({ path, before, after }) => wrap(`${path}: ${told(before)} -> ${told(after)}`, '      ')),
  ])];
}

function told(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

function last(arn: string): string {
  return arn.split(':').slice(6).join(':');
}
