import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, type Metafile } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { sluice } from './sluice.ts';

describe('the command line', () => {
  let outputs: Metafile['outputs'];

  beforeAll(async () => {
    outputs = (await build({ entryPoints: ['lib/cli/main.ts'], bundle: true, splitting: true, write: false, outdir: 'out', format: 'esm', platform: 'node', target: 'node20', packages: 'external', metafile: true })).metafile.outputs;
  });

  /** What is loaded with a module before any of it runs: bytes of its chunks, and packages. */
  function loadedWith(module: string): { readonly bytes: number; readonly packages: string[] } {
    const [entry] = Object.entries(outputs).find(([, { entryPoint }]) => entryPoint === module) ?? [];
    const loaded = new Set<string>([entry ?? '']);
    const outside = new Set<string>();
    for (const chunk of loaded) {
      for (const { path, kind, external } of outputs[chunk]?.imports ?? []) {
        if (kind !== 'import-statement') continue;
        if (external === true) outside.add(path);
        else loaded.add(path);
      }
    }
    return { bytes: [...loaded].reduce((sum, chunk) => sum + (outputs[chunk]?.bytes ?? Number.NaN), 0), packages: [...outside].filter((name) => !name.startsWith('node:')) };
  }

  it('loads little before it knows what is asked: no package, at most 50 kB', () => {
    const { bytes, packages } = loadedWith('lib/cli/main.ts');

    expect(packages).toEqual([]);
    expect(bytes).toBeLessThan(50_000);
  });

  it.each(['status', 'history', 'explain', 'doctor', 'override', 'approve', 'rollBack'])('%s loads no library for schemas, patterns and rules: it reads sluice.yaml, and no document', (command) => {
    expect(loadedWith(`lib/cli/acts/${command}.ts`).packages).toEqual(['yaml']);
  });
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
