import { Repository } from '../adapters/source/git.ts';
import { readProject } from '../adapters/source/project.ts';
import { fault } from '../core/fault.ts';
import { GIT } from '../core/faults/git.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import type { SourceFile } from '../documents/index.ts';
import type { Connection } from './connection.ts';
import { named, type NamedEpoch } from './epochs.ts';
import { placeOf, targetsOf } from './loading.ts';
import type { Given } from './option.ts';
import { PROJECT_PATHS } from './planning.ts';
import { nameOf, rootOf } from './spots.ts';

/**
 * The epoch that a word names: in AWS a deployment (7), a version (v5), a digest (sha256:…) or `live`; else a git revision of the project, or `.`
 * for the project as it is. @throws Fault `SLUICE-LOOK-1` when there is none, `SLUICE-GIT-1` for a word that git does not know.
 */
export async function epochNamed(connection: Connection, word: string, given: Given): Promise<NamedEpoch> {
  return await named(connection, word) ?? await inProject(connection, word, given);
}

async function inProject(connection: Connection, word: string, given: Given): Promise<NamedEpoch> {
  const root = await rootOf(given);
  const target = targetsOf(word === '.' ? await readProject(root) : await filesAt(root, word)).find((one) => nameOf(placeOf(one)) === connection.text);
  if (target === undefined) throw fault(RELEASING, 'SLUICE-LOOK-1', { epoch: word, place: connection.text });
  const { epoch, bytes } = target.composition;
  return { name: word === '.' ? 'the project' : word, epoch, bytes };
}

async function filesAt(root: string, revision: string): Promise<SourceFile[]> {
  const repository = await Repository.around(root);
  if (repository === undefined) throw fault(GIT, 'SLUICE-GIT-6', { path: root });
  return await repository.files((await repository.commit(revision)).hash, PROJECT_PATHS);
}
