import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Lets something happen with a folder for temporary files, which goes when it is over, however that ends; and with the process, where that ends first. */
export async function inFolder<Result>(name: string, act: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), `sluice-${name}-`));
  const remove = (): void => { rmSync(folder, { recursive: true, force: true, maxRetries: 5 }); };
  process.once('exit', remove);
  try {
    return await act(folder);
  } finally {
    process.off('exit', remove);
    remove();
  }
}
