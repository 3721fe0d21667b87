import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
const VECTORS = join(resolve(ROOT, process.env['SLUICE_SHARED'] ?? '../shared'), 'vectors/step-functions.json');

test.skipIf(!existsSync(VECTORS))('at least nine of ten rows that AWS recorded agree', () => {
  const run = spawnSync(process.execPath, [join(ROOT, 'engine/tools/conformance.mjs')], { encoding: 'utf8', env: process.env });

  expect(run.stdout).toMatch(/agree: \d+ of \d{3} /);
  expect(run.status, run.stdout).toBe(0);
});
