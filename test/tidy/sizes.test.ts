import { describe, expect, it } from 'vitest';
import { tokens } from './lexer.ts';
import { files, sources, type File } from './tree.ts';

const MOST_LINES = 400;
/** A handler takes an event apart, asks an adapter and lets core decide: more than this is a decision in the wrong room. */
const MOST_HANDLER_LINES = 40;
/** A page: what one reads without scrolling back. */
const PAGE = { lines: 60, characters: 4500 };

describe('sizes', () => {
  it(`keeps every source file within ${MOST_LINES} lines`, () => {
    const long = sources().filter((file) => lines(file) > MOST_LINES)
      .map((file) => `${file.path}:${MOST_LINES + 1}: ${lines(file)} lines; give a second noun a file of its own`);

    expect(long, long.join('\n')).toEqual([]);
  });

  it(`keeps every handler within ${MOST_HANDLER_LINES} lines`, () => {
    const long = sources().filter((file) => file.path.startsWith('lambda/') && lines(file) > MOST_HANDLER_LINES)
      .map((file) => `${file.path}:${MOST_HANDLER_LINES + 1}: ${lines(file)} lines; move the decision to lib/core or the call to lib/adapters`);

    expect(long, long.join('\n')).toEqual([]);
  });

  it('prints the median file and the share of comments', () => {
    const all = sources();
    const sorted = all.map(lines).sort((one, other) => one - other);
    const total = sorted.reduce((sum, count) => sum + count, 0);
    const comments = all.reduce((sum, file) => sum + commentLines(file), 0);

    console.log(`${all.length} source files, ${total} lines; median ${sorted[sorted.length >> 1] ?? 0}, longest ${sorted.at(-1) ?? 0}; comments ${((100 * comments) / Math.max(total, 1)).toFixed(0)} %`);
    expect(comments).toBeLessThanOrEqual(total);
  });

  it('keeps each decision to a page', () => {
    const long = files('docs/decisions').filter((file) => lines(file) > PAGE.lines || file.text.length > PAGE.characters)
      .map((file) => `${file.path}:1: ${lines(file)} lines and ${file.text.length} characters; a decision is at most ${PAGE.lines} and ${PAGE.characters}`);

    expect(long, long.join('\n')).toEqual([]);
  });

  it('lists each decision in docs/decisions/README.md', () => {
    const decisions = files('docs/decisions');
    const index = decisions.find(({ path }) => path.endsWith('README.md'))?.text ?? '';

    const unlisted = decisions.map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
      .filter((name) => name !== 'README.md' && !index.includes(`(${name})`));

    expect(unlisted, unlisted.join('\n')).toEqual([]);
  });
});

function lines(file: File): number {
  return file.text.split('\n').length - 1;
}

function commentLines(file: File): number {
  const commented = tokens(file.text).filter((token) => token.kind === 'comment');
  return new Set(commented.flatMap((token) => Array.from({ length: token.end - token.line + 1 }, (_, offset) => token.line + offset))).size;
}
