import type { House } from '../ports.ts';
import { pathOf } from './arn.ts';
import { findApplication, findEnvironment, findProfile, findStrategy, findVersion } from './lookup.ts';
import { badRequest, notFound } from './refusal.ts';
import type { AppConfigState } from './state.ts';

/** Refuses an ARN that is not AppConfig's (BadRequestException) or whose resource does not exist (ResourceNotFoundException). */
export function refuseMissing(house: House, state: AppConfigState, arn: string): void {
  const [kind, id = '', ...rest] = pathOf(arn)?.split('/') ?? [];
  switch (kind) {
    case 'application': return refuseMissingPart(house, state, arn, id, rest);
    case 'deploymentstrategy': {
      findStrategy(state, id);
      return;
    }
    case 'extension': {
      const extension = state.extensions.get(id);
      if (extension && (rest[0] === undefined || extension.versions.has(Number(rest[0])))) return;
      throw notFound(`Extension could not be found for account ${house.account}.`);
    }
    case 'extensionassociation': {
      if (state.associations.has(id)) return;
      throw notFound(`Extension Association with Id ${id} could not be found for account ${house.account}.`);
    }
    default: throw badRequest(`Invalid resource ARN ${arn}; it must name an application, environment, configuration profile, deployment, deployment strategy, extension or extension association of AppConfig.`);
  }
}

function refuseMissingPart(house: House, state: AppConfigState, arn: string, id: string, rest: readonly string[]): void {
  const application = findApplication(house, state, id);
  const [kind, partId = '', leaf, leafId] = rest;
  if (kind === undefined) return;
  if (kind === 'configurationprofile') {
    const profile = findProfile(house, application, partId);
    if (leaf === 'hostedconfigurationversion') findVersion(house, profile, Number(leafId));
    return;
  }
  if (kind !== 'environment') throw badRequest(`Invalid resource ARN ${arn}; an application has environments and configuration profiles.`);
  const environment = findEnvironment(house, application, partId);
  if (leaf === 'deployment' && !environment.deployments.has(Number(leafId))) {
    throw notFound(`Deployment with Application Id ${application.id}, Environment Id ${environment.id}, and Deployment Number ${leafId} could not be found for account ${house.account}.`);
  }
}
