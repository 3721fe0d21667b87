import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { ROOT } from '../tidy/tree.ts';

const { forgetBuilt, isBuilt, keepBuilt } = await import(join(ROOT, 'tools/built.mjs')) as Record<'forgetBuilt' | 'keepBuilt', (root: string) => void> & { isBuilt: (root: string) => boolean };

let root: string;

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

describe('a build', () => {
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sluice-built-'));
    for (const [path, text] of [['lib/core/a.ts', 'a'], ['engine/lib/b.ts', 'b'], ['package.json', '{}'], ['dist/a.js', 'a'], ['engine/dist/b.js', 'b']] as const) write(path, text);
    keepBuilt(root);
    return () => { rmSync(root, { recursive: true }); };
  });

  it('is not made again while nothing changed that it reads or made', () => {
    write('README.md', 'new');
    write('test/a.test.ts', 'new');
    write('examples/orders/cdk.out/tree.json', 'new');

    expect(isBuilt(root)).toBe(true);
  });

  it.each([
    ['a source', () => { write('lib/core/a.ts', 'A'); }],
    ['a source of the engine', () => { write('engine/lib/b.ts', 'B'); }],
    ['a setting', () => { write('package.json', '{"version":"2"}'); }],
    ['what is installed', () => { write('node_modules/.package-lock.json', '{}'); }],
    ['a new source', () => { write('bin/new.ts', ''); }],
    ['a source that is gone', () => { rmSync(join(root, 'lib/core/a.ts')); }],
    ['a source under another name', () => { rmSync(join(root, 'lib/core/a.ts')); write('lib/core/b.ts', 'a'); }],
    ['what it made', () => { write('dist/a.js', 'A'); }],
    ['what it made and is gone', () => { rmSync(join(root, 'engine/dist'), { recursive: true }); }],
    ['a build that was begun', () => { forgetBuilt(root); }],
  ])('is made again after %s', (_what, change) => {
    change();

    expect(isBuilt(root)).toBe(false);
  });
});
