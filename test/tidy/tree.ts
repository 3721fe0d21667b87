import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The project's root folder. */
export const ROOT: string = fileURLToPath(new URL('../..', import.meta.url));

/** A text file of the project: its path from the root with forward slashes, and its text. */
export interface File {
  path: string;
  text: string;
}

const LEFT_OUT = new Set(['node_modules', 'dist', 'cdk.out', '.git', '.sluice', 'coverage']);
const TEXT = /\.(ts|mts|mjs|js|json|jsonc|md|yml|yaml|txt|sh)$|^\.ci\/run$|(^|\/)(LICENSE|NOTICE|\.gitignore|\.npmrc)$/;
/** What users and other authors import or run: held to every rule. */
const SOURCE = /^(lib|lambda|bin|engine\/lib)\/.*\.ts$/;

/** Every text file of the project, in a fixed order; built and installed files are left out. */
export function files(folder = ''): File[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !LEFT_OUT.has(entry.name))
    .sort((one, other) => (one.name < other.name ? -1 : 1))
    .flatMap((entry) => {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) return files(path);
      return TEXT.test(path) ? [{ path, text: readFileSync(join(ROOT, path), 'utf8') }] : [];
    });
}

/** The files that ship: lib, lambda, bin and engine/lib. */
export function sources(): File[] {
  return files().filter((file) => SOURCE.test(file.path));
}
