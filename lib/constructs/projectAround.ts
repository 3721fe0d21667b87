import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MANIFEST } from '../documents/project/manifest.ts';

/** The directory of the project around an absolute path: the nearest one upwards that has `sluice.yaml`. Nothing when there is none. */
export function projectAround(path: string): string | undefined {
  if (existsSync(join(path, MANIFEST))) return path;
  return dirname(path) === path ? undefined : projectAround(dirname(path));
}
