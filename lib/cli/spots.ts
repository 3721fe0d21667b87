import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { projectAround } from '../adapters/source/project.ts';
import { fault, type Fault } from '../core/fault.ts';
import { PROJECTING } from '../core/faults/projecting.ts';
import { RELEASING } from '../core/faults/releasing.ts';
import { PLANS } from '../core/plan.ts';
import type { Project, ProjectApplication, ProjectEnvironment } from '../core/project.ts';
import type { PlaceNames } from '../core/place.ts';
import { closest } from '../documents/likeness.ts';
import { acceptedManifest, MANIFEST } from '../documents/project/manifest.ts';
import type { Given } from './option.ts';

/** Where a command acts: one environment of a project. */
export interface Spot extends PlaceNames {
  readonly region?: string;
  readonly owner: ProjectApplication;
  readonly settings: ProjectEnvironment;
}

/** The directory of the project. @throws Fault `SLUICE-PROJECT-1` when there is none. */
export async function rootOf(given: Given): Promise<string> {
  const directory = given.text('project') ?? '.';
  const root = await projectAround(directory);
  if (root === undefined) throw fault(PROJECTING, 'SLUICE-PROJECT-1', { path: resolve(directory) });
  return root;
}

/**
 * The environments a command acts on, by sluice.yaml alone: documents that are wrong at the moment are in nobody's way. Without a
 * project, `application/environment` names one as the constructs do.
 */
export async function spotsOf(given: Given, names: string | undefined = given.text('env')): Promise<Spot[]> {
  const wanted = namesIn(names);
  const root = await projectAround(given.text('project') ?? '.');
  const bare = root === undefined ? wanted?.map(bareSpot) : undefined;
  if (bare?.every((spot) => spot !== undefined)) return bare;
  return pick(spotsIn(await manifestIn(root ?? await rootOf(given))), wanted);
}

/** The one environment a command acts on. @throws Fault `SLUICE-RELEASE-9` when there are several. */
export async function spotOf(given: Given, name: string | undefined): Promise<Spot> {
  const spots = await spotsOf(given, name);
  const [spot, another] = spots;
  if (spot === undefined || another !== undefined) throw fault(RELEASING, 'SLUICE-RELEASE-9', { names: spots.map(nameOf).join(', ') });
  return spot;
}

/** `application/environment`. */
export function nameOf({ application, environment }: PlaceNames): string {
  return `${application}/${environment}`;
}

/** Every environment of a project, in the order of sluice.yaml. */
export function spotsIn({ applications }: Project): Spot[] {
  return applications.flatMap((owner) => owner.environments.map((settings): Spot => ({
    application: owner.name, environment: settings.name, profile: settings.profile, owner, settings, ...(settings.region === undefined ? {} : { region: settings.region }),
  })));
}

/** The names of a list with commas between; nothing without a list. */
export function namesIn(list: string | undefined): string[] | undefined {
  return list?.split(',').map((name) => name.trim()).filter((name) => name !== '');
}

/** Those among some places that names mean; all without names. @throws Fault `SLUICE-PROJECT-12` for a name that means none. */
export function pick<Named extends PlaceNames>(all: readonly Named[], wanted: readonly string[] | undefined): Named[] {
  if (wanted === undefined) return [...all];
  for (const got of wanted) {
    if (all.some((one) => one.environment === got || nameOf(one) === got)) continue;
    const names = [...new Set(all.flatMap((one) => [one.environment, nameOf(one)]))];
    const meant = closest(got, names);
    throw fault(PROJECTING, 'SLUICE-PROJECT-12', { got, names: all.map(nameOf).join(', '), remedy: meant === undefined ? 'use one of them, or add it to sluice.yaml' : `did you mean ${meant}?` });
  }
  return all.filter((one) => wanted.includes(one.environment) || wanted.includes(nameOf(one)));
}

async function manifestIn(root: string): Promise<Project> {
  const file = { path: MANIFEST, bytes: await readFile(join(root, MANIFEST)) };
  // Why a schema refuses is told by a library that takes longer to load than most commands take.
  const manifest = acceptedManifest(file) ?? (await import('../documents/project/refusal.ts')).parseManifest(file);
  if ('project' in manifest) return manifest.project;
  throw manifest[0] as Fault;
}

function bareSpot(name: string): Spot | undefined {
  const [, application, environment] = /^([^/]+)\/([^/]+)$/.exec(name) ?? [];
  if (application === undefined || environment === undefined) return undefined;
  const profile = `${application}-${environment}`;
  const settings: ProjectEnvironment = { name: environment, profile, wave: 1, plan: PLANS.canary, guards: [], signed: false, approved: false, heal: [] };
  return { application, environment, profile, settings, owner: { name: application, environments: [settings], owners: [], people: {}, schemas: [], invariants: [] } };
}
