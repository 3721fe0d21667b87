import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { expect, it } from 'vitest';
import { sluice } from './sluice.ts';

it('the command line loads little before it knows what is asked: no package, at most 50 kB', async () => {
  const { metafile } = await build({ entryPoints: ['lib/cli/main.ts'], bundle: true, splitting: true, write: false, outdir: 'out', format: 'esm', platform: 'node', target: 'node20', packages: 'external', metafile: true });
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'lib/cli/main.ts') ?? [];
  const loaded = new Set<string>([entry ?? '']);
  const outside = new Set<string>();
  for (const chunk of loaded) {
    for (const { path, kind, external } of metafile.outputs[chunk]?.imports ?? []) {
      if (kind !== 'import-statement') continue;
      if (external === true) outside.add(path);
      else loaded.add(path);
    }
  }

  expect([...outside].filter((name) => !name.startsWith('node:'))).toEqual([]);
  expect([...loaded].reduce((sum, chunk) => sum + (metafile.outputs[chunk]?.bytes ?? 0), 0)).toBeLessThan(50_000);
});

it('the built command line answers --version from the one file that npm links to, and nothing else', async () => {
  const { bin: { sluice: path }, version } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: { sluice: string }; version: string };
  const folder = mkdtempSync(join(tmpdir(), 'sluice-startup-'));
  const alone = join(folder, 'start.cjs');
  copyFileSync(path, alone);

  const { stdout, status } = spawnSync(process.execPath, [alone, '--version'], { encoding: 'utf8' });
  rmSync(folder, { recursive: true });

  expect({ stdout, status }).toEqual({ stdout: `${version}\n`, status: 0 });
  expect((await sluice(['--version', '--json'])).stdout).toBe(`${JSON.stringify({ version })}\n`);
});
