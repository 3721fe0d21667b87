import { readFileSync, statSync, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { EPOCH_LIMIT } from '../../core/epoch.ts';
import { fault } from '../../core/fault.ts';
import { PROJECTING } from '../../core/faults/projecting.ts';
import type { DirectoryFile } from './directory.ts';

const MANIFEST = 'sluice.yaml';

/** The directory of the project around a directory: the nearest one upwards that has `sluice.yaml`. Nothing when there is none. */
export async function projectAround(directory: string): Promise<string | undefined> {
  for (let path = resolve(directory); ; path = dirname(path)) {
    if (await holdsManifest(path)) return path;
    if (dirname(path) === path) return undefined;
  }
}

/** Whether a directory is one of a project: it has `sluice.yaml`. */
export async function holdsManifest(directory: string): Promise<boolean> {
  return await stat(join(directory, MANIFEST)).then((found) => found.isFile(), () => false);
}

/**
 * The files of a project: `sluice.yaml` and what is in `config/`, with paths that begin at the directory. A file too large for an
 * epoch is not read, only measured. Links are not followed: what is released lies in the project.
 * @throws Fault `SLUICE-PROJECT-8` for a link, a device or a socket.
 */
export async function readProject(directory: string): Promise<DirectoryFile[]> {
  const paths = [MANIFEST, ...await below(directory, 'config')];
  return paths.map((path) => read(directory, path));
}

/** Without promises: those of thousands of small files take longer than the files. */
function read(directory: string, path: string): DirectoryFile {
  const file = `${directory}/${path}`;
  const { size } = statSync(file);
  return size > EPOCH_LIMIT ? { path, bytes: new Uint8Array(), size } : { path, bytes: readFileSync(file) };
}

async function below(directory: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(directory, folder), { withFileTypes: true }).catch((cause: unknown): Dirent[] => {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw cause;
  });
  const found: string[] = [];
  for (const entry of entries.filter(({ name }) => !name.startsWith('.')).sort((one, other) => (one.name < other.name ? -1 : 1))) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) found.push(...await below(directory, path));
    else if (entry.isFile()) found.push(path);
    else throw fault(PROJECTING, 'SLUICE-PROJECT-8', { path, problem: entry.isSymbolicLink() ? 'it is a link' : 'it is no file' });
  }
  return found;
}
