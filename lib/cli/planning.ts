import type { Repository } from '../adapters/source/git.ts';
import type { Standing } from '../adapters/standing.ts';
import { parseEpoch, type Epoch } from '../core/epoch.ts';
import { Fault } from '../core/fault.ts';
import { ownershipOf } from '../core/project.ts';
import { strategyOf } from '../core/plan.ts';
import type { Commit } from '../adapters/source/git.ts';
import { changesOf, planDigest, type Answerable, type DocumentChange, type PlanFile, type PlannedRelease } from '../documents/planFile.ts';
import type { Target } from '../documents/project/assembly.ts';

/** What the paths of a project are, for git. */
export const PROJECT_PATHS = ['sluice.yaml', 'config'] as const;

/** One environment with what it is to have, and how it stands. */
export interface Planned {
  readonly target: Target;
  readonly standing: Standing;
  readonly changes: readonly DocumentChange[];
  /** Nothing when it has it already. */
  readonly release?: PlannedRelease;
}

/** Compares what an environment is to have with what is live there. */
export function planned(target: Target, standing: Standing, commit: string | null, live: Epoch | undefined = epochOf(standing.bytes)): Planned {
  const { application, environment, composition } = target;
  const changes = changesOf(live, composition.epoch);
  // The console may have written the same content in another form.
  if (standing.base.digest === composition.digest || (standing.bytes !== undefined && changes.length === 0)) return { target, standing, changes };
  return {
    target, standing, changes,
    release: {
      application: application.name, environment: environment.name, profile: environment.profile,
      base: standing.base, digest: composition.digest, strategy: strategyOf(environment.plan), commit,
      wave: environment.wave, region: environment.region ?? null, guards: environment.guards, signed: environment.signed, ...(environment.heal.length === 0 ? {} : { heal: environment.heal }), changes, answerable: answerableFor(target, changes), ...(environment.approved ? { people: application.people } : {}),
    },
  };
}

/** The plan of those that change. */
export function planFileOf(all: readonly Planned[], commit: Commit | undefined): PlanFile {
  const changing = all.flatMap(({ target, release }) => (release === undefined ? [] : [{ target, release }]));
  const text = (bytes: Uint8Array): string => new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  const releases = changing.map(({ release }) => release);
  return {
    sluice: 1, digest: planDigest(releases), commit: commit?.hash ?? null, subject: commit?.subject ?? null, author: commit?.author ?? null, releases,
    epochs: Object.fromEntries(changing.map(({ target }) => [target.composition.digest, text(target.composition.bytes)])),
    schemas: Object.fromEntries(changing.flatMap(({ target }) => [...target.composition.schemas].map(([digest, bytes]) => [digest, text(bytes)]))),
  };
}

/** The epoch behind some bytes; nothing for bytes that are none, which the console may have made before the gate was there. */
export function epochOf(bytes: Uint8Array | undefined): Epoch | undefined {
  if (bytes === undefined) return undefined;
  const epoch = parseEpoch(bytes);
  return epoch instanceof Fault ? undefined : epoch;
}

/** The commit that a project's files are in, and whether they are all in it. */
export async function commitOf(repository: Repository | undefined): Promise<{ readonly commit?: Commit; readonly dirty: boolean }> {
  if (repository === undefined) return { dirty: false };
  const commit = await repository.commit('HEAD').catch(() => undefined);
  return { dirty: await repository.dirty(PROJECT_PATHS), ...(commit === undefined ? {} : { commit }) };
}

function answerableFor({ application }: Target, changes: readonly DocumentChange[]): Answerable[] {
  return changes.flatMap(({ name }): Answerable[] => {
    const ownership = ownershipOf(application, name);
    return ownership === undefined ? [] : [{ document: name, owners: ownership.owners, approvals: ownership.approvals }];
  });
}
