import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of this package, whether it runs from its sources or as built. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** The built bundle of a handler: `lambda/gate`, `examples/orders/functions/charge`. */
export function bundle(name: string): Uint8Array {
  return readFileSync(join(packageRoot(), 'dist', name, 'index.mjs'));
}

/** A text of the package, such as a schema or an example's definition. */
export function text(path: string): string {
  return readFileSync(join(packageRoot(), path), 'utf8');
}
