import type { Fault } from '../core/fault.ts';

/**
 * A fault as a compiler shows it: the message, and the line it is about with a mark under the column.
 * `texts` are the files by the path that the fault's message begins with.
 */
export function excerpt(fault: Fault, texts: ReadonlyMap<string, string>): string {
  const place = /^[\w-]+: ([^:\s]+):(\d+):(\d+): /.exec(fault.message);
  const text = place?.[1] === undefined ? undefined : texts.get(place[1]);
  if (place === null || text === undefined) return fault.message;
  const [line, column] = [Number(place[2]), Number(place[3])];
  const source = text.split(/\r?\n/)[line - 1] ?? '';
  // A line of a generated file can be as long as the file; what matters is around the column.
  const from = Math.max(0, column - 61);
  const shown = source.slice(from, from + 100).replaceAll('\t', ' ');
  const gutter = String(line).length;
  return [
    fault.message,
    `${' '.repeat(gutter)} |`,
    `${line} | ${shown}`,
    `${' '.repeat(gutter)} | ${' '.repeat(Math.max(0, column - 1 - from))}^`,
  ].join('\n');
}
