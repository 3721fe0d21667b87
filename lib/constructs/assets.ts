import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';

/** The folder of this package, whether these constructs run from sources, as built, or from the CommonJS bundle. */
function packageRoot(): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'sluice') return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/**
 * The folder of a handler's built bundle, as an asset: nobody needs esbuild or Docker to deploy it.
 * @throws Fault `SLUICE-CDK-3` when it is not beside these constructs, as when they were bundled into an app.
 */
export function handlerFolder(name: string): string {
  const folder = join(packageRoot() ?? 'sluice', 'dist', 'lambda', name);
  if (!existsSync(join(folder, 'index.mjs'))) throw fault(BUILDING, 'SLUICE-CDK-3', { name, path: folder });
  return folder;
}

/** A JSON Schema of the package, as text. @throws Fault `SLUICE-CDK-3` when it is not there. */
export function schemaText(name: string): string {
  const path = join(packageRoot() ?? 'sluice', 'schemas', name);
  if (!existsSync(path)) throw fault(BUILDING, 'SLUICE-CDK-3', { name, path });
  return readFileSync(path, 'utf8');
}
