import { Repository } from '../adapters/source/git.ts';
import { readProject } from '../adapters/source/project.ts';
import type { Epoch } from '../core/epoch.ts';
import { assemble, type Refusal, type SourceFile, type Target } from '../documents/index.ts';
import { upheld } from '../documents/project/breaches.ts';
import type { Event } from './event.ts';
import { findingsOf } from './finding.ts';
import type { Given } from './option.ts';
import { namesIn, pick, rootOf } from './spots.ts';

/** A project without a fault, and the environments that are meant. */
export interface Loaded {
  readonly root: string;
  readonly files: readonly SourceFile[];
  readonly targets: readonly Target[];
  readonly repository: Repository | undefined;
  /** Whether the invariants hold over what is live; those that do not are told. */
  readonly upheld: (live?: (target: Target) => Epoch | undefined) => boolean;
}

/** Reads the project of a command. One that is wrong is told with all its faults, and nothing is answered. */
export async function loaded(given: Given, tell: (event: Event) => void): Promise<Loaded | undefined> {
  const root = await rootOf(given);
  const files = await readProject(root);
  const made = assemble(files);
  const refused = (refusal: Refusal): void => { tell({ kind: 'faulty', directory: root, faults: findingsOf(refusal, files, root) }); };
  if ('faults' in made) {
    refused(made);
    return undefined;
  }
  const targets = meant(made.targets, given);
  const holds = (live?: (target: Target) => Epoch | undefined): boolean => {
    const judged = upheld({ ...made, targets }, live);
    if ('faults' in judged) refused(judged);
    return !('faults' in judged);
  };
  return { root, files, targets, repository: await Repository.around(root), upheld: holds };
}

/** The environments of other files, such as those of a revision; none when they are no project. */
export function targetsOf(files: readonly SourceFile[]): readonly Target[] {
  const made = assemble(files);
  return 'faults' in made ? [] : made.targets;
}

/** What an environment of a target is called. */
export function placeOf({ application, environment }: Target): { readonly application: string; readonly environment: string; readonly profile: string; readonly region: string | null } {
  return { application: application.name, environment: environment.name, profile: environment.profile, region: environment.region ?? null };
}

function meant(targets: readonly Target[], given: Given): readonly Target[] {
  const names = namesIn(given.text('env'));
  const chosen = new Set(pick(targets.map((target) => ({ ...placeOf(target), target })), names).map(({ target }) => target));
  return targets.filter((target) => chosen.has(target));
}
