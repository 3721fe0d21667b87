import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { ROOT } from './tree.ts';

const KNIP = join(ROOT, 'node_modules', 'knip', 'bin', 'knip.js');

it('keeps no dead file, no unused dependency and no undeclared one', async () => {
  const report = await new Promise<string>((resolve) => {
    execFile(process.execPath, [KNIP, '--no-progress', '--no-config-hints'], { cwd: ROOT }, (failure, stdout, stderr) => {
      resolve(failure === null ? '' : `${stdout}${stderr}`);
    });
  });

  expect(report, `${report}\nDelete what nobody reaches, or name its entry in knip.json.`).toBe('');
}, 60_000);
