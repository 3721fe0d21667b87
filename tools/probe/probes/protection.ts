import { DeleteConfigurationProfileCommand, DeleteEnvironmentCommand, DeleteHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** Deletion protection. */
export const protection: Probe = {
  name: 'protection',
  question: 'How does deletion protection refuse what was read a moment ago?',
  minutes: 2,
  creates: 'an environment, a profile, a deployment that takes no time',
  async run(stage) {
    const { appconfig, data } = stage.target.clients;
    const place = await stage.place('read');
    await stage.start(place, AT_ONCE);
    await stage.target.clock.wait(10_000);
    const { InitialConfigurationToken: ConfigurationToken } = await data.send(new StartConfigurationSessionCommand({
      ApplicationIdentifier: stage.applicationId, EnvironmentIdentifier: place.environment, ConfigurationProfileIdentifier: place.profile,
    }));
    await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
    await stage.target.clock.wait(30_000);

    const ApplicationId = stage.applicationId;
    const environment = await refused(appconfig.send(new DeleteEnvironmentCommand({ ApplicationId, EnvironmentId: place.environment, DeletionProtectionCheck: 'APPLY' })));
    await appconfig.send(new DeleteHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId: place.profile, VersionNumber: 1 }));
    const profile = await refused(appconfig.send(new DeleteConfigurationProfileCommand({ ApplicationId, ConfigurationProfileId: place.profile, DeletionProtectionCheck: 'APPLY' })));
    return { environment, profile };
  },
};
