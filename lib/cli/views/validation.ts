import type { Composed, Finding } from '../event.ts';
import { count } from './layout.ts';
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

/** Every fault of a directory, as a compiler shows it. */
export function faultyLines(faults: readonly Finding[], style: Style): string[] {
  return [...faults.flatMap(({ excerpt }) => [excerpt, '']), `${style.bad('refused')}: ${plural(faults.length, 'fault')}`];
}

function plural(number: number, noun: string): string {
  return `${count(number)} ${noun}${number === 1 ? '' : 's'}`;
}
