import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const DIST = new URL('../dist/', import.meta.url);

it('the engine is built into one file of at most 1.2 MB that loads no package at its start, and one for its sandboxes', () => {
  const code = readFileSync(new URL('index.js', DIST), 'utf8');

  const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).filter((name) => /\.c?js$/.test(name)).sort();
  const imported = [...code.matchAll(/^import\b[^;]*?['"]([^'"]+)['"];/gm)].map(([, name]) => name ?? '');

  expect(files).toEqual(['index.js', 'sandbox/inside/main.cjs']);
  expect(imported.length).toBeGreaterThan(0);
  expect(imported.filter((name) => !name.startsWith('node:'))).toEqual([]);
  expect(code.length).toBeLessThan(1_200_000);
});
