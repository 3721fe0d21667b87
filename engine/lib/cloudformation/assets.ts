import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { zip } from '../lambda/archive.ts';
import { AssemblyError } from './deployed.ts';
import type { EngineCaller } from './caller.ts';

interface FileAsset {
  readonly source: { readonly path?: string; readonly packaging?: string; readonly executable?: readonly string[] };
  readonly destinations: Readonly<Record<string, { readonly bucketName: string; readonly objectKey: string }>>;
}

/** Uploads the files that an asset manifest names, folders as zips; refuses container images. */
export async function publishAssets(caller: EngineCaller, manifest: string): Promise<void> {
  const { files = {}, dockerImages = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as { files?: Record<string, FileAsset>; dockerImages?: object };
  const [image] = Object.keys(dockerImages);
  if (image !== undefined) throw new AssemblyError('ENGINE-ASSEMBLY-5', image, `${manifest} names the container image ${image}; sluice-engine runs functions from zip archives only: package the code as a file`);
  for (const { source, destinations } of Object.values(files)) {
    const { path } = source;
    if (path === undefined) throw new AssemblyError('ENGINE-ASSEMBLY-6', manifest, `${manifest} has an asset that a command makes (${source.executable?.join(' ') ?? ''}); make it at synthesis, as a file`);
    const bytes = bytesOf(join(dirname(manifest), path), source.packaging === 'zip');
    for (const { bucketName, objectKey } of Object.values(destinations)) await caller.putObject(caller.placed(bucketName), caller.placed(objectKey), bytes);
  }
}

function bytesOf(path: string, packed: boolean): Uint8Array {
  return packed && statSync(path).isDirectory() ? zip(Object.fromEntries(filesUnder(path, '')), 'stored') : readFileSync(path);
}

function filesUnder(root: string, folder: string): [string, Uint8Array][] {
  return readdirSync(join(root, folder), { withFileTypes: true }).sort((one, other) => (one.name < other.name ? -1 : 1)).flatMap(({ name }) => {
    const path = folder === '' ? name : `${folder}/${name}`;
    return statSync(join(root, path)).isDirectory() ? filesUnder(root, path) : [[path, readFileSync(join(root, path))] as [string, Uint8Array]];
  });
}
