import type { House } from '../ports.ts';
import { isUnderWay } from './deployment.ts';
import { conflict, notFound } from './refusal.ts';
import { PREDEFINED } from './predefined.ts';
import type { AppConfigState, Application, Environment, HostedVersion, Profile, Strategy } from './state.ts';

/** The application of an id or a name; throws ResourceNotFoundException. */
export function findApplication(house: House, state: AppConfigState, identifier: string): Application {
  const found = byIdOrName(state.applications, identifier);
  if (found) return found;
  throw notFound(`Application with Id ${identifier} could not be found for account ${house.account}.`);
}

/** The environment of an id or a name; throws ResourceNotFoundException. */
export function findEnvironment(house: House, application: Application, identifier: string): Environment {
  const found = byIdOrName(application.environments, identifier);
  if (found) return found;
  throw notFound(`Environment with Application Id ${application.id} and Environment Id ${identifier} could not be found for account ${house.account}.`);
}

/** The configuration profile of an id or a name; throws ResourceNotFoundException. */
export function findProfile(house: House, application: Application, identifier: string): Profile {
  const found = byIdOrName(application.profiles, identifier);
  if (found) return found;
  throw notFound(`Configuration Profile with Application Id ${application.id} and Configuration Profile Id ${identifier} could not be found for account ${house.account}.`);
}

/** The hosted version of a number; throws ResourceNotFoundException. */
export function findVersion(house: House, profile: Profile, number: number): HostedVersion {
  const found = profile.versions.get(number);
  if (found) return found;
  throw notFound(`Hosted Configuration Version with Application Id ${profile.applicationId}, Configuration Profile Id ${profile.id}, and Version ${number} could not be found for account ${house.account}`);
}

/** The deployment strategy, custom or predefined, of an id or a name; throws ResourceNotFoundException. */
export function findStrategy(state: AppConfigState, identifier: string): Strategy {
  const found = PREDEFINED.get(identifier) ?? byIdOrName(state.strategies, identifier);
  if (found) return found;
  throw notFound(`DeploymentStrategy with Id ${identifier} could not be found.`);
}

/** Refuses with ConflictException while a deployment that a predicate picks is under way. The wording is the engine's. */
export function refuseWhileDeploying(environments: Iterable<Environment>, what: string, profileId?: string): void {
  for (const environment of environments) {
    for (const deployment of environment.deployments.values()) {
      if (isUnderWay(deployment.state) && (profileId === undefined || deployment.profileId === profileId)) {
        throw conflict(`Cannot delete ${what} because deployment ${deployment.number} in environment ${environment.id} is in progress.`);
      }
    }
  }
}

/** Ids win over names, so that a name in the form of an id cannot hide a thing. */
function byIdOrName<T extends { readonly name: string }>(things: ReadonlyMap<string, T>, identifier: string): T | undefined {
  const byId = things.get(identifier);
  if (byId) return byId;
  for (const thing of things.values()) if (thing.name === identifier) return thing;
  return undefined;
}
