import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Repository } from '../../adapters/source/git.ts';
import { readProject } from '../../adapters/source/project.ts';
import { fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import { GIT } from '../../core/faults/git.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { assemble, changesOf, type SourceFile } from '../../documents/index.ts';
import { adopted } from '../../documents/project/adoption.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import { findingsOf } from '../finding.ts';
import { placeOf } from '../loading.ts';
import type { Given } from '../option.ts';
import { epochOf, PROJECT_PATHS } from '../planning.ts';
import { nameOf, rootOf, spotOf } from '../spots.ts';
import { inWorktree } from '../worktree.ts';

/** Edits and commits the project so that it says what is live in one environment: in the work tree, or as a branch on top of HEAD. */
export async function adopt(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const aside = given.flag('branch') || given.text('branch') !== undefined;
  if (aside && given.flag('no-commit')) throw fault(COMMANDING, 'SLUICE-CLI-3', { option: '--branch', expected: 'given without --no-commit', got: 'both', command: 'sluice adopt' });
  const root = await rootOf(given);
  const repository = given.flag('no-commit') ? undefined : await repositoryOf(root);
  return await connected([await spotOf(given, given.positionals[0])], async ([connection]): Promise<ExitCode> => {
    if (connection === undefined) return 1;
    const files = aside && repository !== undefined ? await repository.files((await repository.commit('HEAD')).hash, PROJECT_PATHS) : await readProject(root);
    const written = await changedFiles(connection, files, { everywhere: given.flag('everywhere'), said: aside ? 'the project of HEAD' : 'the project' });
    const after = [...files.filter(({ path }) => !written.some((one) => one.path === path)), ...written];
    const made = assemble(after);
    if ('faults' in made) {
      tell({ kind: 'faulty', directory: root, faults: findingsOf(made, after, root) });
      return 1;
    }
    const message = await messageOf(connection, written);
    const branch = aside && written.length > 0 ? given.text('branch') ?? await branchOf(connection) : null;
    const commit = written.length === 0 ? null : await kept(root, written, repository, { message, branch });
    tell({ kind: 'report', report: { kind: 'adopted', place: connection.text, files: written.map(({ path }) => path), commit, branch, message } });
    return 0;
  });
}

async function repositoryOf(root: string): Promise<Repository> {
  const repository = await Repository.around(root);
  if (repository === undefined) throw fault(GIT, 'SLUICE-GIT-6', { path: root });
  return repository;
}

async function branchOf(connection: Connection): Promise<string> {
  const { live } = await connection.standing();
  return `sluice/adopt-${connection.names.application}-${connection.names.environment}-${live?.number ?? 0}`;
}

async function changedFiles(connection: Connection, files: readonly SourceFile[], { everywhere, said }: { readonly everywhere: boolean; readonly said: string }): Promise<SourceFile[]> {
  const unable = (problem: string): never => { throw fault(RELEASING, 'SLUICE-ADOPT-1', { place: connection.text, problem }); };
  const made = assemble(files);
  const target = 'faults' in made ? unable(`${said} has faults; see \`sluice validate\``) : made.targets.find((one) => nameOf(placeOf(one)) === connection.text);
  const live = epochOf((await connection.standing()).bytes);
  if (target === undefined || live === undefined) return unable('nothing is live that can be read');
  const changes = changesOf(target.composition.epoch, live);
  const foreign = changes.find(({ kind }) => kind !== 'changed');
  if (foreign !== undefined) return unable(`the document ${foreign.name} was ${foreign.kind} there, and a document needs its schema`);
  return changes.flatMap(({ name, differences }) => {
    if (differences.length === 0) return [];
    const file = adopted(files, target, name, live.documents[name]?.content ?? {}, everywhere);
    return [typeof file === 'string' ? unable(file) : file];
  });
}

/** Writes the files, and commits them where there is a repository to commit to. Answers the commit. */
async function kept(root: string, written: readonly SourceFile[], repository: Repository | undefined, { message, branch }: { readonly message: string; readonly branch: string | null }): Promise<string | null> {
  if (repository !== undefined && branch !== null) return await committedAside(repository, written, message, branch);
  const paths = written.map(({ path }) => path);
  if (repository !== undefined && await repository.dirty(paths)) throw fault(GIT, 'SLUICE-GIT-7', { path: paths.join(', ') });
  for (const { path, bytes } of written) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), bytes);
  }
  return repository === undefined ? null : await repository.commitPaths(paths, message);
}

async function committedAside(repository: Repository, files: readonly SourceFile[], message: string, branch: string): Promise<string> {
  return await inWorktree('adopt', (folder) => repository.commitFiles({ branch, onto: 'HEAD', files, message, folder }));
}

async function messageOf(connection: Connection, written: readonly SourceFile[]): Promise<string> {
  const { live } = await connection.standing();
  const detail = live === undefined ? undefined : await connection.sight.deployment(connection.place, live.number);
  return [
    `Adopt deployment ${live?.number ?? 0} of ${connection.text}`, '',
    `Version ${live?.version ?? ''} was made outside of git, and is live since ${new Date(detail?.completedAt ?? detail?.startedAt ?? 0).toISOString().slice(0, 16).replace('T', ' ')} UTC.`,
    ...(detail?.description === undefined ? [] : [`Its description says: ${detail.description}`]), '',
    ...written.map(({ path }) => `  ${path}`),
  ].join('\n');
}
