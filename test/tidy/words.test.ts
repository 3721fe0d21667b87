import { describe, expect, it } from 'vitest';
import { BANS, LEFT_BEHIND, VAGUE_NAMES, type Ban } from './bans.ts';
import { tokens } from './lexer.ts';
import { files, type File } from './tree.ts';

describe('words', () => {
  it('says nothing the project does not write', () => {
    const offences = files().flatMap((file) => BANS.flatMap((ban) => offencesIn(file, ban)));

    expect(offences, offences.join('\n')).toEqual([]);
  });

  it('names each file and folder after what is inside', () => {
    const vague = files().filter(({ path }) => /^(lib|lambda|bin|engine\/lib|test|engine\/test)\//.test(path))
      .filter(({ path }) => path.split('/').some((part) => VAGUE_NAMES.test(part)))
      .map(({ path }) => `${path}:1: a file is one noun; name it after what is in it`);

    expect(vague, vague.join('\n')).toEqual([]);
  });

  it('leaves no scratch file behind', () => {
    const left = files().filter(({ path }) => path.split('/').some((part) => LEFT_BEHIND.test(part)))
      .map(({ path }) => `${path}:1: delete it, or name it after what is in it`);

    expect(left, left.join('\n')).toEqual([]);
  });

  it('finds a clock in code, and leaves alone the one in a string or a comment', () => {
    const text = "const at = Date.now();\n// Date.now()\nconst code = 'Date.now()';\nconst handler = `Date.now()`;\n";

    expect(BANS.flatMap((ban) => offencesIn({ path: 'lib/core/plan.ts', text }, ban))).toEqual([
      'lib/core/plan.ts:1: Date.now: take time and randomness as arguments',
    ]);
  });
});

function offencesIn(file: File, ban: Ban): string[] {
  if (ban.where?.test(file.path) === false || ban.except?.test(file.path) === true) return [];
  const text = ban.looksAt === 'code' ? code(file.text) : file.text;
  const pattern = new RegExp(ban.pattern, `${ban.pattern.flags}g`);
  return Array.from(text.matchAll(pattern), (match) => {
    const line = text.slice(0, match.index).split('\n').length;
    return `${file.path}:${line}: ${match[0].replaceAll(/\s+/g, ' ')}: ${ban.remedy}`;
  });
}

/** The source with comments, strings, templates and regular expressions blanked; lines stay where they are. */
function code(text: string): string {
  const lines: string[] = [];
  for (const token of tokens(text)) {
    const shown = token.kind === 'word' || token.kind === 'mark' ? token.text : token.kind === 'comment' ? '/**/' : "''";
    const before = lines[token.line] ?? '';
    const glue = /[\w$]$/.test(before) && /^[\w$]/.test(shown) ? ' ' : '';
    lines[token.line] = `${before}${glue}${shown}`;
  }
  return Array.from({ length: lines.length }, (_, line) => lines[line] ?? '').slice(1).join('\n');
}
