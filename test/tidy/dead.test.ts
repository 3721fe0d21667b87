import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { files } from './tree.ts';

/** What is started, imported by a public name, or tried by itself: what these name is alive, and what that names. */
const ENTRIES = [
  /^(bin|lambda)\/[^/]+\.ts$/, /^lib\/[^/]+\/index\.ts$/, /^lib\/constructs\/entry\.ts$/, /^engine\/lib\/index\.ts$/, /^engine\/lib\/sandbox\/inside\/main\.ts$/,
  /^examples\//, /^bench\/judge\/(main|peers)\.ts$/, /\.test\.ts$/, /\.mjs$/, /\.config\.ts$/,
];

// Of dependencies, and of files by what is imported and not only named, knip says so: npm run lint.
it('keeps no dead file', () => {
  const sources = new Map(files().filter(({ path }) => /(?<!\.d)\.(ts|mts|mjs)$/.test(path)).map(({ path, text }) => [path, text]));
  const reached = new Set([...sources.keys()].filter((path) => ENTRIES.some((entry) => entry.test(path))));
  for (const path of reached) for (const other of named(path, sources.get(path)!)) if (sources.has(other)) reached.add(other);

  const dead = [...sources.keys()].filter((path) => !reached.has(path));

  expect(dead, `${dead.join('\n')}\nDelete what nobody reaches.`).toEqual([]);
});

/** The files that a file names in quotes, from where it is itself or from the root. */
function named(path: string, text: string): string[] {
  return [...text.matchAll(/['"`]([\w./-]+\.(?:ts|mts|mjs))['"`]/g)].flatMap(([, name = '']) => [posix.join(posix.dirname(path), name), name]);
}
