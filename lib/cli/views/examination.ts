import type { CheckFinding, Level } from '../../core/checkup/finding.ts';
import type { ExaminedReport } from '../report.ts';
import { WIDTH, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** Where the text of a finding begins: after its level and what was looked at. */
const TEXT = 22;
/** What is before each line of a fault. */
const BELOW = ' '.repeat(8);

/** What was looked at and what was found, with the remedy of each fault. */
export function examinedLines({ sections }: ExaminedReport, style: Style): string[] {
  const levels = sections.flatMap(({ findings }) => findings.map(({ level }) => level));
  const count = (level: Level): number => levels.filter((one) => one === level).length;
  const [bad, doubtful] = [count('fail'), count('warn')];
  return [
    ...sections.flatMap(({ place, findings }) => [...(place === undefined ? [] : ['', style.bold(place)]), ...findings.flatMap((one) => findingLines(one, style))]),
    '',
    `${count('ok')} in order, ${number(doubtful, 'warning', style.warn)}, ${number(bad, 'failure', style.bad)}`,
  ];
}

function findingLines({ level, check, text, code, remedy }: CheckFinding, style: Style): string[] {
  const mark = { ok: style.good, warn: style.warn, fail: style.bad }[level];
  const head = `  ${mark(level)}${' '.repeat(6 - level.length)}${check}`;
  if (code === undefined) return wrap(text, '', WIDTH - TEXT).map((line, at) => `${at === 0 ? `${head}${' '.repeat(TEXT - 8 - check.length)}` : ' '.repeat(TEXT)}${line}`);
  return [head, ...wrap(`${code}: ${text}`, BELOW), ...(remedy === undefined ? [] : wrap(`help: ${remedy}`, BELOW))];
}

function number(amount: number, noun: string, mark: (text: string) => string): string {
  const text = `${amount} ${noun}${amount === 1 ? '' : 's'}`;
  return amount === 0 ? text : mark(text);
}
