import { Repository } from '../../adapters/source/git.ts';
import { digestOf } from '../../core/digest.ts';
import { fault } from '../../core/fault.ts';
import { GIT } from '../../core/faults/git.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { canonical } from '../../documents/canonical.ts';
import type { SourceFile } from '../../documents/source.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import { cohortsOf } from '../epochs.ts';
import type { Event } from '../event.ts';
import { placeOf, targetsOf } from '../loading.ts';
import type { Given } from '../option.ts';
import { PROJECT_PATHS } from '../planning.ts';
import type { ShowReport } from '../report.ts';
import { nameOf, rootOf, spotOf } from '../spots.ts';
import { inWorktree } from '../worktree.ts';
import { shown } from './show.ts';

/** How many commits are looked through for the one an older epoch comes from. */
const COMMITS = 200;

/** Makes the commit that takes a deployment back. */
export async function revert(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const root = await rootOf(given);
  const repository = await Repository.around(root);
  if (repository === undefined) throw fault(GIT, 'SLUICE-GIT-6', { path: root });
  return await connected([await spotOf(given, given.text('env'))], async ([connection]): Promise<ExitCode> => {
    if (connection === undefined) return 1;
    const report = await shown(connection, given.positionals[0] ?? '');
    const { number } = report.deployment;
    const branch = given.text('branch') ?? `sluice/revert-${connection.names.application}-${connection.names.environment}-${number}`;
    const [from, to] = await rangeOf(connection, report, repository);
    const message = messageOf(report, from, to);
    const commit = await inWorktree('revert', (folder) => repository.revert({ branch, onto: 'HEAD', from, to, paths: PROJECT_PATHS, message, folder }));
    tell({ kind: 'report', report: { kind: 'revert-made', place: connection.text, deployment: number, branch, commit, message } });
    return 0;
  });
}

/** The commits between which the project changed from the epoch before the deployment to its own. */
async function rangeOf(connection: Connection, { provenance, deployment }: ShowReport, repository: Repository): Promise<[string, string]> {
  const unable = (problem: string): never => { throw fault(RELEASING, 'SLUICE-UNDO-2', { deployment: deployment.number, place: connection.text, problem }); };
  const to = provenance?.commit ?? unable('no commit is known for it: it was made in the console, or released uncommitted');
  const record = await connection.epochsIfAny?.deployment(connection.place, deployment.number);
  if (record?.control === undefined || record.control === null) return unable('nothing was live before it');
  // What was adopted from the console has the same values in a commit, in other bytes.
  const { before } = await cohortsOf(connection, record);
  const digests = [record.control.digest, ...(before === undefined ? [] : [digestOf(new TextEncoder().encode(canonical(before)))])];
  let files: SourceFile[] = [];
  for (const commit of await repository.history(to, PROJECT_PATHS, COMMITS)) {
    files = await repository.files(commit, PROJECT_PATHS, files);
    const target = targetsOf(files).find((one) => nameOf(placeOf(one)) === connection.text);
    if (target !== undefined && digests.includes(target.composition.digest)) return [commit, to];
  }
  return unable(`none of the ${COMMITS} commits before ${to.slice(0, 12)} has what was live before`);
}

/** What the commit says: what is taken back, what became of it, and on which evidence. */
function messageOf({ place, deployment, provenance, digest }: ShowReport, from: string, to: string): string {
  const { number, version, state, log } = deployment;
  return [
    `Revert "${provenance?.subject ?? `deployment ${number}`}" in ${place}`, '',
    `Deployment ${number} of ${place} (version ${version}) is ${state}.`,
    ...(digest === undefined ? [] : ['Its epoch was', `  ${digest}.`]), '',
    'What AppConfig logged:', '',
    ...log.filter(({ type }) => type !== 'PERCENTAGE_UPDATED').map(({ at, by, text }) => `  ${new Date(at).toISOString().slice(11, 19)} ${text === '' ? by : text}`), '',
    `This takes back ${from.slice(0, 12)}..${to.slice(0, 12)} in ${PROJECT_PATHS.join(' and ')}.`,
  ].join('\n');
}
