import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** The one folder the engine writes to. */
export interface DataFolder {
  readonly path: string;
  /** Removes the folder, if the engine made it. */
  remove(): void;
}

/**
 * Opens the folder given, or makes one in the system's temporary folder that lasts as long as the engine, or the process if that ends first; a
 * process that lets a signal kill it takes leave of nothing, so who may be ended by one listens for it and closes the engine.
 */
export function dataFolder(given: string | undefined): DataFolder {
  if (given !== undefined) {
    const path = resolve(given);
    mkdirSync(path, { recursive: true });
    return { path, remove: () => undefined };
  }
  const path = mkdtempSync(join(tmpdir(), 'sluice-engine-'));
  if (leftovers.size === 0) process.on('exit', clear);
  leftovers.add(path);
  return { path, remove: () => { remove(path); } };
}

/** Folders of engines that still run: a process that ends in their midst leaves none behind. */
const leftovers: Set<string> = new Set();

function clear(): void {
  for (const path of leftovers) remove(path);
}

function remove(path: string): void {
  rmSync(path, { recursive: true, force: true });
  leftovers.delete(path);
  if (leftovers.size === 0) process.off('exit', clear);
}
