import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire as requireFrom } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';

/** The folder of this package: above these constructs, or, where they were bundled into an app, where that app has it installed. */
function packageRoot(): string | undefined {
  // A bundle in CommonJS knows no import.meta.url.
  const here = import.meta.url as string | undefined;
  return above(here === undefined ? process.cwd() : dirname(fileURLToPath(here))) ?? installed(process.argv[1]) ?? installed(join(process.cwd(), 'app'));
}

function above(start: string): string | undefined {
  for (let folder = start; ; folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest) && (JSON.parse(readFileSync(manifest, 'utf8')) as { name?: string }).name === 'sluice') return folder;
    if (folder === dirname(folder)) return undefined;
  }
}

/** Where a file would find the package. */
function installed(file: string | undefined): string | undefined {
  try {
    return file === undefined ? undefined : dirname(requireFrom(resolve(file)).resolve('sluice/package.json'));
  } catch {
    return undefined;
  }
}

/** A handler's built bundle. */
export interface HandlerBundle {
  /** Its folder, with nothing else in it. */
  readonly folder: string;
  /** Its SHA-256, hexadecimal: the CDK needs to walk no folder to know it. */
  readonly hash: string;
}

/** Those that an environment has asked for already: the package stays as it is while an app is synthesised. */
const bundles = new Map<string, HandlerBundle>();

/**
 * A handler's built bundle, as an asset: nobody needs esbuild or Docker to deploy it.
 * @throws Fault `SLUICE-CDK-3` when the package is neither around these constructs nor where the app would find it.
 */
export function handlerBundle(name: string): HandlerBundle {
  const folder = join(packageRoot() ?? 'sluice', 'dist', 'lambda', name);
  const path = join(folder, 'index.mjs');
  const known = bundles.get(path);
  if (known !== undefined) return known;
  if (!existsSync(path)) throw fault(BUILDING, 'SLUICE-CDK-3', { name, path: folder });
  const bundle = { folder, hash: createHash('sha256').update(readFileSync(path)).digest('hex') };
  bundles.set(path, bundle);
  return bundle;
}

/** A JSON Schema of the package, as text. @throws Fault `SLUICE-CDK-3` when it is not there. */
export function schemaText(name: string): string {
  const path = join(packageRoot() ?? 'sluice', 'schemas', name);
  if (!existsSync(path)) throw fault(BUILDING, 'SLUICE-CDK-3', { name, path });
  return readFileSync(path, 'utf8');
}
