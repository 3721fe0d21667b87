import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The one folder the engine writes to. */
export interface DataFolder {
  readonly path: string;
  /** Removes the folder, if the engine made it. */
  remove(): void;
}

/** Opens the folder given, or makes one in the system's temporary folder that lasts as long as the engine. */
export function dataFolder(given: string | undefined): DataFolder {
  if (given !== undefined) {
    const path = resolve(given);
    mkdirSync(path, { recursive: true });
    return { path, remove: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  return { path, remove: () => { rmSync(path, { recursive: true, force: true }); } };
}
