import { writeFile } from 'node:fs/promises';
import { fault } from '../../core/fault.ts';
import { GIT } from '../../core/faults/git.ts';
import { RELEASING } from '../../core/faults/releasing.ts';
import { exposure, strategyOf } from '../../core/plan.ts';
import { IN_FLIGHT } from '../../core/release.ts';
import { named } from '../../core/winner.ts';
import { formatPlan, outgrown, type Target } from '../../documents/index.ts';
import type { ExitCode } from '../command.ts';
import { connected, type Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import { foreseen } from '../foresight.ts';
import { loaded, placeOf, targetsOf, type Loaded } from '../loading.ts';
import type { Given } from '../option.ts';
import { origin } from '../origin.ts';
import { replaceable } from '../planGiven.ts';
import { commitOf, epochOf, planFileOf, planned, PROJECT_PATHS, type Planned } from '../planning.ts';
import type { PlanEntry } from '../report.ts';
import { nameOf } from '../spots.ts';
import { undeclared, undeclaredLines } from '../undeclared.ts';
import { unshownLine } from '../unshown.ts';

/** Makes and shows a plan. */
export async function plan(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const [base, out] = [given.text('base'), given.text('out')];
  if (base !== undefined && out !== undefined) throw fault(RELEASING, 'SLUICE-PLAN-6', { option: '--out', other: '--base' });
  const project = await loaded(given, tell);
  if (project === undefined) return 1;
  if (out !== undefined) await replaceable(out);
  return base === undefined ? await overLive(project, given, tell) : await overRevision(project, base, given, tell);
}

async function overLive({ targets, repository, upheld }: Loaded, given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const { commit, dirty } = await commitOf(repository);
  const from = dirty ? undefined : commit;
  return await connected(targets.map(placeOf), async (connections): Promise<ExitCode> => {
    const all = await Promise.all(targets.map(async (target, at) => planned(target, await (connections[at] as Connection).standing(), from?.hash ?? null)));
    if (!upheld((target) => epochOf(all[targets.indexOf(target)]?.standing.bytes))) return 1;
    const [file, out] = [planFileOf(all, from), given.text('out')];
    if (out !== undefined) await writeFile(out, formatPlan(file));
    const entries = await Promise.all(all.flatMap((one, at) => (one.release === undefined ? [] : [entryOf(one, given, connections[at] as Connection)])));
    tell({ kind: 'report', report: { kind: 'planned', plan: file, entries, unchanged: unchangedIn(all), dirty, markdown: given.flag('markdown'), ...(out === undefined ? {} : { out }) } });
    return entries.length === 0 ? 0 : 2;
  });
}

async function overRevision({ root, files, targets, repository, upheld }: Loaded, revision: string, given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  if (repository === undefined) throw fault(GIT, 'SLUICE-GIT-6', { path: root });
  if (!upheld()) return 1;
  await repository.commit(revision);
  const [earlier, { commit, dirty }] = await Promise.all([repository.files(revision, PROJECT_PATHS, files), commitOf(repository)]);
  const before = new Map(targetsOf(earlier).map((target) => [nameOf(placeOf(target)), target]));
  const all = targets.map((target) => overTarget(target, before.get(nameOf(placeOf(target)))));
  const entries = await Promise.all(all.flatMap((one) => (one.release === undefined ? [] : [entryOf(one, given)])));
  tell({ kind: 'report', report: { kind: 'planned', plan: planFileOf(all, dirty ? undefined : commit), entries, unchanged: unchangedIn(all), revision, dirty, markdown: given.flag('markdown') } });
  return entries.length === 0 ? 0 : 2;
}

function overTarget(target: Target, before: Target | undefined): Planned {
  const base = { deployment: 0, version: null, digest: before?.composition.digest ?? null, latest: 0 };
  return planned(target, { base, deployments: [], ...(before === undefined ? {} : { bytes: before.composition.bytes }) }, null, before?.composition.epoch);
}

function unchangedIn(all: readonly Planned[]): string[] {
  return all.filter(({ release }) => release === undefined).map(({ target }) => nameOf(placeOf(target)));
}

async function entryOf({ target, standing, changes, release }: Planned, given: Given, connection?: Connection): Promise<PlanEntry> {
  const strategy = strategyOf(target.environment.plan);
  const { live, newest, base, provenance } = standing;
  const foresight = await foreseen(strategy, given, connection);
  const others = connection === undefined ? [] : undeclaredLines(await undeclared(connection, target.composition.bytes, null));
  const missing = connection === undefined ? undefined : await unshownLine(connection, target.composition.digest, base.digest);
  const busy = newest !== undefined && IN_FLIGHT.has(newest.state) ? newest : undefined;
  return {
    place: nameOf(placeOf(target)), wave: target.environment.wave, changes,
    answerable: release?.answerable ?? [],
    exposure: exposure(strategy), endMinutes: strategy.durationMinutes + strategy.bakeMinutes,
    outgrown: outgrown(target.composition, epochOf(standing.bytes)),
    calls: connection === undefined ? [] : await callsOf(target, connection, base.latest),
    ...(connection === undefined ? {} : { base }),
    ...(foresight === undefined ? {} : { foresight }),
    ...(live === undefined ? {} : { live: origin(provenance) }),
    ...obstacleOf([...(busy === undefined ? [] : [`${named({ version: busy.version, deployment: busy.number, state: busy.state })} is under way`]), ...others, ...(missing === undefined ? [] : [missing])]),
  };
}

function obstacleOf(obstacles: readonly string[]): Pick<PlanEntry, 'obstacle'> {
  return obstacles.length === 0 ? {} : { obstacle: obstacles.join('; and ') };
}

async function callsOf({ composition }: Target, connection: Connection, latest: number): Promise<string[]> {
  const stored = await Promise.all([...composition.schemas.keys()].map(async (digest) => await connection.epochsIfAny?.schema(digest) !== undefined));
  const missing = stored.filter((there) => !there).length;
  return [
    `s3:PutObject, ${missing} new of ${stored.length} schema${stored.length === 1 ? '' : 's'}, and the release's record`,
    `appconfig:CreateHostedConfigurationVersion${latest === 0 ? '' : ` after version ${latest}`}`,
    `appconfig:StartDeployment in ${connection.names.environment}`,
  ];
}
