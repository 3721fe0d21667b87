import { stripVTControlCharacters } from 'node:util';
import type { LeftBehind } from '../report.ts';

/** How wide everything shown is. */
export const WIDTH = 80;

/** Breaks a text into lines of at most 80 columns, each after `indent`: at spaces, and inside a word only where it is wider than a line. */
export function wrap(text: string, indent = '', width: number = WIDTH): string[] {
  const room = width - indent.length;
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const next = line === '' ? word : `${line} ${word}`;
    if (next.length > room && line !== '') lines.push(line);
    line = next.length > room ? word : next;
    for (; line.length > room; line = line.slice(room)) lines.push(line.slice(0, room));
  }
  return [...lines, line].map((one) => `${indent}${one}`);
}

/** How many cells of a terminal a text takes: marks of style none, wide characters (East Asian ones, emoji) two. */
export function cells(text: string): number {
  return Array.from(stripVTControlCharacters(text)).reduce((sum, one) => sum + (/\p{M}/u.test(one) ? 0 : WIDE.test(one) ? 2 : 1), 0);
}

/** Source: Unicode's UAX 11, the blocks of W and F. */
const WIDE = /\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]/u;

/** Two columns below each other, the second wrapped. */
export function columns(rows: readonly (readonly [string, string])[]): string[] {
  const left = Math.max(...rows.map(([name]) => name.length)) + 4;
  return rows.flatMap(([name, text]) => {
    const [first, ...more] = wrap(text, '', WIDTH - left);
    return [`${`  ${name}`.padEnd(left)}${first}`, ...more.map((line) => `${' '.repeat(left)}${line}`)];
  });
}

/** A count with its thousands apart: `4,440`. */
export function count(number: number): string {
  return String(number).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A duration as people say it: `45 s`, `7 min`, `1 h 05 min`. */
export function duration(seconds: number): string {
  if (seconds < 59.5) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}

/** The time of day of an instant, in UTC: `00:47:42`. */
export function clock(time: number): string {
  return new Date(time).toISOString().slice(11, 19);
}

/** What became of executions whose epoch was rolled back while they ran: `12 moved away, 3 failed`. */
export function goneText({ moved, recalled }: LeftBehind): string {
  return [...(moved === 0 ? [] : [`${count(moved)} moved away`]), ...(recalled === 0 ? [] : [`${count(recalled)} failed`])].join(', ');
}
