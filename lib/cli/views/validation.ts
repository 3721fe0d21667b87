import type { Assembled, Composed, Event, Finding } from '../event.ts';
import { count, wrap } from './layout.ts';
import type { Style } from './terminal.ts';

/** The documents of a directory, and the epoch they make. */
export function composedLines({ documents, digest, bytes, most }: Composed, style: Style): string[] {
  const widest = Math.max(...documents.map(({ name }) => name.length));
  return [
    ...documents.map((one) => `  ${one.name.padEnd(widest)}  ${count(one.bytes).padStart(9)} bytes`),
    '',
    `${style.good('valid')}: ${plural(documents.length, 'document')}, an epoch of ${count(bytes)} bytes (at most ${count(most)})`,
    digest,
  ];
}

/** The files of a new project, and what to do with them. */
export function begunLines({ directory, files }: Extract<Event, { readonly kind: 'begun' }>): string[] {
  const within = directory === '.' ? [] : [`  cd ${directory}`];
  return [...files.map((file) => `  ${file}`), '', 'A project to begin with. Next:', '', ...within, '  npm install --save-dev sluice', '  npx sluice validate'];
}

/** What each environment of a project is to have. */
export function assembledLines({ targets }: Assembled, style: Style): string[] {
  const widest = Math.max(...targets.map(({ environment }) => environment.length));
  const applications = [...new Set(targets.map(({ application }) => application))];
  const lines = applications.flatMap((name) => [
    style.bold(name),
    ...targets.filter(({ application }) => application === name).map((one) => (
      `  ${one.environment.padEnd(widest)}  ${plural(one.documents.length, 'document').padStart(15)}  ${count(one.bytes).padStart(9)} bytes  ${style.dim(one.digest.slice(0, 19))}`)),
  ]);
  return [...lines, '', `${style.good('valid')}: ${plural(applications.length, 'application')}, ${plural(targets.length, 'environment')}`];
}

/** Every fault, as a compiler shows it. */
export function faultyLines(faults: readonly Finding[], style: Style): string[] {
  return [...faults.flatMap((one) => [...findingLines(one, style), '']), `${style.bad('refused')}: ${plural(faults.length, 'fault')}`];
}

function findingLines({ code, place, file, problem, source, remedy }: Finding, style: Style): string[] {
  const at = place === undefined ? file : `${place.path}:${place.line}:${place.column}`;
  const where = at === undefined ? [] : [`${style.bad(code)} ${style.bold(at)}`];
  const [first = '', ...more] = at === undefined ? wrap(`${code} ${problem}`) : wrap(problem);
  return [
    ...where,
    at === undefined ? first.replace(code, style.bad) : first,
    ...more,
    ...source.map((line, index) => (index === 2 ? line.replace(/\^+/, style.bad) : line)),
    ...wrap(`help: ${remedy}`),
  ];
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
