import { setTimeout as sleep } from 'node:timers/promises';
import { Releasing, type Cargo } from '../../adapters/releasing.ts';
import { Repository } from '../../adapters/source/git.ts';
import { Fault, fault } from '../../core/fault.ts';
import { GIT } from '../../core/faults/git.ts';
import { summary } from '../../core/admission.ts';
import { inWaves, labelOf } from '../../core/release.ts';
import type { PlanFile, PlannedRelease } from '../../documents/index.ts';
import type { ExitCode } from '../command.ts';
import { connected, Connection } from '../connection.ts';
import type { Event } from '../event.ts';
import { failure } from '../failure.ts';
import { leavable } from '../leaving.ts';
import { loaded, placeOf, type Loaded } from '../loading.ts';
import type { Given } from '../option.ts';
import { origin } from '../origin.ts';
import { planGiven, releasesMeant } from '../planGiven.ts';
import { commitOf, epochOf, planFileOf, planned } from '../planning.ts';
import type { ReleaseReport } from '../report.ts';
import { nameOf } from '../spots.ts';
import { undeclared } from '../undeclared.ts';
import { admit } from '../admission.ts';

type Result = ReleaseReport['results'][number];

/** Releases a plan file, or what the project says now. */
export async function release(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const [path] = given.positionals;
  const leaving = leavable(tell);
  return await (path === undefined ? ofProject(given, leaving.tell) : ofFile(path, given, leaving.tell)).finally(leaving.stop);
}

async function ofProject(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const project = await loaded(given, tell);
  if (project === undefined) return 1;
  const replan = (): Promise<PlanFile | undefined> => planOf(project, given);
  const plan = await replan();
  // What is meant was picked when the project was loaded.
  return plan === undefined ? 1 : await play({ plan, replan: given.flag('queue') ? replan : undefined, repository: project.repository }, plan.releases, given, tell);
}

async function ofFile(path: string, given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const plan = await planGiven(path);
  return await play({ plan, replan: undefined, repository: await Repository.around('.') }, releasesMeant(plan, given.text('env')), given, tell);
}

/** What the project says now, over what is live now; nothing when invariants are broken, which has been told. */
async function planOf({ root, targets, repository, upheld }: Loaded, given: Given): Promise<PlanFile | undefined> {
  const { commit, dirty } = await commitOf(repository);
  if (!given.flag('uncommitted')) {
    if (commit === undefined) throw fault(GIT, 'SLUICE-GIT-6', { path: root });
    if (dirty) throw fault(GIT, 'SLUICE-GIT-7', { path: root });
  }
  const from = dirty ? undefined : commit;
  return await connected(targets.map(placeOf), async (connections) => {
    const all = await Promise.all(targets.map(async (target, at) => planned(target, await (connections[at] as Connection).standing(), from?.hash ?? null)));
    return upheld((target) => epochOf(all[targets.indexOf(target)]?.standing.bytes)) ? planFileOf(all, from) : undefined;
  });
}

/** A plan on its way. */
interface Journey {
  readonly plan: PlanFile;
  /** Makes it anew when another release came first; nothing for a plan that people have seen. */
  readonly replan: (() => Promise<PlanFile | undefined>) | undefined;
  readonly repository: Repository | undefined;
}

async function play(journey: Journey, releases: readonly PlannedRelease[], given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  const { plan } = journey;
  const results: Result[] = [];
  for (const wave of inWaves(releases)) {
    const failed = results.some(({ problem }) => problem !== undefined);
    if (failed) results.push(...wave.map((one) => ({ place: nameOf(one), state: 'not begun', problem: 'the wave before it did not complete' })));
    else results.push(...await Promise.all(wave.map((one) => single(journey, one, given, tell))));
  }
  tell({ kind: 'report', report: { kind: 'released', plan: plan.digest, results } });
  return results.some(({ problem }) => problem !== undefined) ? 1 : 0;
}

async function single(journey: Journey, release: PlannedRelease, given: Given, tell: (event: Event) => void): Promise<Result> {
  const place = nameOf(release);
  let connection: Connection | undefined;
  try {
    connection = await Connection.open(release, release.region);
    return await through(journey, release, connection, given, tell);
  } catch (error) {
    const { code, message } = failure(error);
    return { place, state: 'refused', code, problem: message };
  } finally {
    connection?.close();
  }
}

async function through({ plan, replan, repository }: Journey, release: PlannedRelease, connection: Connection, given: Given, tell: (event: Event) => void): Promise<Result> {
  const place = nameOf(release);
  const cargo = await cargoOf(plan, release, connection, repository, given);
  // What cannot be told from here the gate still knows.
  const { faults } = await undeclared(connection, cargo.bytes, null);
  if (faults.length > 0) throw summary(faults);
  const interval = Number(given.required('interval')) * 1000;
  try {
    const { number, version, state } = await new Releasing(connection.plane, connection.epochs).play(connection.place, cargo, {
      queue: given.flag('queue'), again: given.flag('again'), detach: given.flag('detach'),
      pause: () => sleep(interval), tell: (progress) => { tell({ kind: 'report', report: { kind: 'progress', place, progress, at: connection.plane.now } }); },
    });
    return { place, state, deployment: number, version };
  } catch (error) {
    const stale = error instanceof Fault && error.code === 'SLUICE-RELEASE-1';
    const next = stale ? await replan?.() : undefined;
    if (next === undefined) throw error;
    const again = next.releases.find((one) => nameOf(one) === place);
    return again === undefined ? { place, state: 'unchanged' } : await through({ plan: next, replan, repository }, again, connection, given, tell);
  }
}

async function cargoOf(plan: PlanFile, release: PlannedRelease, connection: Connection, repository: Repository | undefined, given: Given): Promise<Cargo> {
  const { signature, approvals } = await admit(release, connection, repository, { plan: plan.digest, behind: given.flag('behind') });
  const { application, environment, profile, base, digest, strategy, commit } = release;
  const encoder = new TextEncoder();
  return {
    release, bytes: encoder.encode(plan.epochs[digest]),
    schemas: new Map(Object.entries(plan.schemas).map(([name, text]) => [name as `sha256:${string}`, encoder.encode(text)])),
    description: origin(plan).slice(0, 1000),
    provenance: {
      sluice: 1, label: labelOf(release), plan: plan.digest, application, environment, profile, base, digest, strategy,
      commit, subject: plan.subject, author: plan.author, signature, approvals, ...(release.heal === undefined ? {} : { heal: release.heal }), createdAt: new Date(connection.plane.now).toISOString(),
    },
  };
}
