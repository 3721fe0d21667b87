import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { configurationOf } from './configuration.ts';
import { findApplication, findProfile } from './lookup.ts';
import type { AppConfigState } from './state.ts';
import { validate } from './validators.ts';

interface ValidationInput {
  readonly ApplicationId: string;
  readonly ConfigurationProfileId: string;
  readonly ConfigurationVersion: string;
}

/** ValidateConfiguration: a dry run of a profile's validators. */
export function validation(house: House, state: AppConfigState): Service['operations'] {
  return {
    async ValidateConfiguration(input: ValidationInput): Promise<void> {
      const profile = findProfile(house, findApplication(house, state, input.ApplicationId), input.ConfigurationProfileId);
      await validate(house, profile, configurationOf(house, profile, input.ConfigurationVersion));
    },
  };
}
