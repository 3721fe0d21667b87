import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import type { Composition } from '../documents/composition.ts';
import type { Configuration } from './configuration.ts';
import { documentsOf } from './documents.ts';
import { RolloutPlan } from './plan.ts';
import { ProjectSource } from './project.ts';

/** What an environment begins with. */
export interface Beginning {
  readonly composition: Composition;
  readonly plan: RolloutPlan;
  readonly profileName: string;
}

/** Projects by who asked: a configuration reads its own once, for all its environments. */
const projects = new WeakMap<Configuration, ProjectSource>();

/**
 * What an environment begins with: what the configuration's project says of it, or the documents of its own or the common directory.
 * @throws Fault `SLUICE-CDK-14` when these are both or neither, and what `ProjectSource` or `documentsOf` throws.
 */
export function beginningOf(configuration: Configuration, environmentName: string, own: string | undefined): Beginning {
  const { applicationName, project } = configuration;
  const directory = own ?? configuration.directory;
  if ((project === undefined) === (directory === undefined)) {
    throw fault(BUILDING, 'SLUICE-CDK-14', { environment: `${applicationName}/${environmentName}`, got: project === undefined ? 'nowhere' : 'both a project and a directory' });
  }
  if (directory !== undefined) return { composition: documentsOf(directory), plan: RolloutPlan.CANARY_10_PERCENT_20_MINUTES, profileName: `${applicationName}-${environmentName}` };
  const source = projects.get(configuration) ?? new ProjectSource(project ?? '.');
  projects.set(configuration, source);
  const { composition, environment } = source.target(applicationName, environmentName);
  return { composition, plan: RolloutPlan.of(environment.plan), profileName: environment.profile };
}
