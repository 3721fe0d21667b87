import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { findApplication, findEnvironment, findProfile } from './lookup.ts';
import { badRequest, notFound } from './refusal.ts';
import type { AppConfigState } from './state.ts';

interface ReadingInput {
  readonly Application: string;
  readonly Environment: string;
  readonly Configuration: string;
  readonly ClientId: string;
  readonly ClientConfigurationVersion?: string;
}

interface ReadingOutput {
  readonly Content?: Uint8Array;
  readonly ConfigurationVersion: string;
  readonly ContentType: string;
}

/** GetConfiguration, the old way to read: whom a growing deployment reaches depends on the ClientId. */
export function reading(house: House, state: AppConfigState): Service['operations'] {
  return {
    GetConfiguration(input: ReadingInput): ReadingOutput {
      const application = findApplication(house, state, input.Application);
      const profile = findProfile(house, application, input.Configuration);
      const environment = findEnvironment(house, application, input.Environment);
      if (profile.type === 'AWS.AppConfig.FeatureFlags') throw badRequest("Feature flag configurations must be accessed via AWS AppConfig Data's GetLatestConfiguration API.");
      const exposure = house.ports.configuration.exposure(application.id, environment.id, profile.id);
      house.ports.configuration.touch(application.id, environment.id, profile.id);
      const reached = exposure && house.draws.bucket(exposure.key + input.ClientId) * 100 < exposure.percentage;
      const served = reached ? exposure.canary : exposure?.control;
      if (!served) throw notFound('Configuration not found', { ResourceName: profile.name });
      return {
        ConfigurationVersion: served.versionNumber,
        ContentType: served.contentType,
        ...(served.versionNumber !== input.ClientConfigurationVersion && { Content: served.content }),
      };
    },
  };
}
