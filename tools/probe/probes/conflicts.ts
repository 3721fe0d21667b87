import { DeleteConfigurationProfileCommand, DeleteEnvironmentCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** What a running deployment forbids. */
export const conflicts: Probe = {
  name: 'conflicts',
  question: 'How do a second deployment, a deletion beside a running one and a stale LatestDeploymentNumber read?',
  minutes: 1,
  creates: 'an environment, a profile, a few deployments that are stopped at once',
  async run(stage) {
    const { appconfig } = stage.target.clients;
    const place = await stage.place('busy');
    await stage.start(place, AT_ONCE);
    await stage.start(place, AT_ONCE);
    const staleNumber = await refused(stage.start(place, AT_ONCE, 1, { LatestDeploymentNumber: 1 }));
    const wrongNumber = await refused(stage.start(place, AT_ONCE, 1, { LatestDeploymentNumber: 99 }));

    const running = await stage.start(place, { type: 'LINEAR', factor: 50, minutes: 10, bakeMinutes: 0 });
    const secondStart = await refused(stage.start(place, AT_ONCE));
    const ApplicationId = stage.applicationId;
    const deleteEnvironment = await refused(appconfig.send(new DeleteEnvironmentCommand({ ApplicationId, EnvironmentId: place.environment, DeletionProtectionCheck: 'BYPASS' })));
    const deleteProfile = await refused(appconfig.send(new DeleteConfigurationProfileCommand({ ApplicationId, ConfigurationProfileId: place.profile, DeletionProtectionCheck: 'BYPASS' })));
    if (deleteEnvironment !== null) await appconfig.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId: place.environment, DeploymentNumber: running }));
    return { secondStart, staleNumber, wrongNumber, deleteEnvironment, deleteProfile };
  },
};
