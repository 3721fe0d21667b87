import { ValidateConfigurationCommand } from '@aws-sdk/client-appconfig';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** The LAMBDA validator. */
export const validator: Probe = {
  name: 'validator',
  question: 'What is a LAMBDA validator told, and how does its no read?',
  minutes: 1,
  creates: 'an environment, a profile with two versions',
  async run(stage) {
    const profile = await stage.profile('checked', [{ Type: 'LAMBDA', Content: stage.lot.recorder.arn }]);
    const [good, bad] = [await stage.version(profile, 'agree'), await stage.version(profile, 'throw')];
    const environment = await stage.environment('checked');
    const validate = (version: number): Promise<unknown> => stage.target.clients.appconfig.send(new ValidateConfigurationCommand({
      ApplicationId: stage.applicationId, ConfigurationProfileId: profile, ConfigurationVersion: String(version),
    }));
    const accepted = await refused(validate(good));
    const thrown = await refused(validate(bad));
    const start = await refused(stage.start({ environment, profile }, AT_ONCE, bad));

    const told = await stage.lot.recorder.told((event) => JSON.stringify(event).includes(profile), 3);
    return { payload: told[0]?.event ?? null, accepted, thrown, start };
  },
};
