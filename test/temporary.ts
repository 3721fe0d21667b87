import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What the product makes in the folder for temporary files. It removes that itself; what tests make there goes with the folder. */
const ITS_OWN = /^sluice-(engine|rehearsal|seed|adopt|revert)-/;

/** Gives a run of the tests a folder for temporary files of its own. @throws Error when the product has left something in it. */
export function setup(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-tests-'));
  process.env['TMPDIR'] = folder;
  // `cdk` and its apps, which are started again and again, are compiled once. Node.js 20 does not know this.
  process.env['NODE_COMPILE_CACHE'] = join(folder, 'compiled');
  return () => {
    const left = readdirSync(folder).filter((name) => ITS_OWN.test(name));
    rmSync(folder, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`what Sluice made in the folder for temporary files is still there: ${left.join(', ')}`);
  };
}
