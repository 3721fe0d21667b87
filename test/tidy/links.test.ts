import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { files, ROOT } from './tree.ts';

/** A heading as the fragment that leads to it. */
function fragment(heading: string): string {
  return heading.toLowerCase().replaceAll(/[^\p{L}\p{N}_\- ]/gu, '').replaceAll(' ', '-');
}

it('every link of a page leads to a file that is there, and to a heading in it', () => {
  const pages = new Map(files().filter(({ path }) => path.endsWith('.md')).map(({ path, text }) => [path, text]));
  const links = [...pages].flatMap(([page, text]) => Array.from(text.matchAll(/\]\(([^)\s]+)\)/g), ([, target]) => ({ page, target: target! })))
    .filter(({ target }) => !/^https?:/.test(target));

  const broken = links.filter(({ page, target }) => {
    const [file = '', heading] = target.split('#');
    const path = file === '' ? page : posix.join(posix.dirname(page), file);
    if (!existsSync(`${ROOT}/${path}`)) return true;
    return heading !== undefined && !Array.from(pages.get(path)?.matchAll(/^#+ (.*)$/gm) ?? [], ([, text]) => fragment(text!)).includes(heading);
  });

  expect(links.length).toBeGreaterThan(20);
  expect(broken.map(({ page, target }) => `${page}: ${target}`)).toEqual([]);
});
