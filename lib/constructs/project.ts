import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { EPOCH_LIMIT } from '../core/epoch.ts';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import { PROJECTING } from '../core/faults/projecting.ts';
import { assemble, type Assembly, type Target } from '../documents/project/assembly.ts';
import { upheld } from '../documents/project/breaches.ts';
import { FOLDER, meant } from '../documents/project/folders.ts';
import { MANIFEST } from '../documents/project/manifest.ts';
import type { SourceFile } from '../documents/source.ts';
import { whole } from './documents.ts';
import { projectAround } from './projectAround.ts';

/** The project that people release from, as it is at synth: read and judged as `sluice release` does it, once for all its environments. */
export class ProjectSource {
  readonly #directory: string;
  #assembly: Assembly | undefined;

  /** `directory` is that of `sluice.yaml`, or one below it. @throws Fault `SLUICE-PROJECT-1` when there is none. */
  constructor(directory: string) {
    const path = resolve(directory);
    const found = projectAround(path);
    if (found === undefined) throw fault(PROJECTING, 'SLUICE-PROJECT-1', { path });
    this.#directory = found;
  }

  /**
   * What `sluice.yaml` says of one environment, and the epoch it makes.
   * @throws Fault `SLUICE-PROJECT-13` for an unknown application, `SLUICE-CDK-15` for an unknown environment, and what is wrong with the
   * project: the fault itself, or `SLUICE-CDK-4` with all of them.
   */
  target(application: string, environment: string): Target {
    this.#assembly ??= whole(upheld(assemble(filesOf(this.#directory))), this.#directory);
    const { project, targets } = this.#assembly;
    const found = targets.find((target) => target.application.name === application && target.environment.name === environment);
    if (found !== undefined) return found;
    const names = project.applications.map(({ name }) => name);
    const known = project.applications.find(({ name }) => name === application)?.environments.map(({ name }) => name);
    if (known === undefined) throw fault(PROJECTING, 'SLUICE-PROJECT-13', { names: names.join(', '), got: application, remedy: meant(application, names, 'add it to sluice.yaml, or set applicationName') });
    throw fault(BUILDING, 'SLUICE-CDK-15', { application, got: environment, names: known.join(', '), remedy: meant(environment, known, 'use one of them, or add it to sluice.yaml') });
  }
}

function filesOf(directory: string): SourceFile[] {
  return [MANIFEST, ...existsSync(join(directory, FOLDER)) ? below(directory, FOLDER) : []].map((path) => {
    const { size } = statSync(join(directory, path));
    return size > EPOCH_LIMIT ? { path, bytes: new Uint8Array(), size } : { path, bytes: readFileSync(join(directory, path)) };
  });
}

function below(directory: string, folder: string): string[] {
  const entries = readdirSync(join(directory, folder), { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
  return entries.sort((one, other) => (one.name < other.name ? -1 : 1)).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return below(directory, path);
    if (entry.isFile()) return [path];
    throw fault(PROJECTING, 'SLUICE-PROJECT-8', { path, problem: entry.isSymbolicLink() ? 'it is a link' : 'it is no file' });
  });
}
