import { GetLatestConfigurationCommand, StartConfigurationSessionCommand, type GetLatestConfigurationCommandOutput } from '@aws-sdk/client-appconfigdata';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** Tokens of configuration sessions. */
export const tokens: Probe = {
  name: 'tokens',
  question: 'Is a token refused when it is used a second time?',
  minutes: 1,
  creates: 'an environment, a profile, a deployment that takes no time',
  async run(stage) {
    const { data } = stage.target.clients;
    const place = await stage.place('read');
    await stage.start(place, AT_ONCE);
    await stage.target.clock.wait(10_000);
    const { InitialConfigurationToken: initial = '' } = await data.send(new StartConfigurationSessionCommand({
      ApplicationIdentifier: stage.applicationId, EnvironmentIdentifier: place.environment, ConfigurationProfileIdentifier: place.profile, RequiredMinimumPollIntervalInSeconds: 15,
    }));
    const get = (ConfigurationToken: string): Promise<GetLatestConfigurationCommandOutput> => data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
    const { NextPollConfigurationToken: next = '', NextPollIntervalInSeconds: intervalSeconds = null } = await get(initial);
    const tooEarly = await refused(get(next));
    const initialTwice = await refused(get(initial));
    await stage.target.clock.wait(20_000);
    const later = await refused(get(next));
    const laterTwice = await refused(get(next));
    return { intervalSeconds, tooEarly, initialTwice, later, laterTwice };
  },
};
