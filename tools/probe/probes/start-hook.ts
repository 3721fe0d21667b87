import { StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** PRE_START_DEPLOYMENT. */
export const startHook: Probe = {
  name: 'start-hook',
  question: 'What is a PRE_START extension told, what does its no look like, and does a refused deployment use up a number?',
  minutes: 2,
  creates: 'an environment, a profile with a few versions, an extension, deployments that take no time',
  async run(stage) {
    const place = await stage.place('hooked');
    await stage.associate(await stage.extension('start', ['PRE_START_DEPLOYMENT']), { profile: place.profile });
    const number = await stage.start(place, AT_ONCE);
    const refuse = await refused(stage.start(place, AT_ONCE, await stage.version(place.profile, 'refuse')));
    const thrown = await refused(stage.start(place, AT_ONCE, await stage.version(place.profile, 'throw')));
    const next = await stage.start(place, AT_ONCE, await stage.version(place.profile, 'rewrite'));

    // A session asked for at once may not see the deployment yet.
    await stage.target.clock.wait(10_000);
    const { data, appconfig } = stage.target.clients;
    const { InitialConfigurationToken: ConfigurationToken } = await data.send(new StartConfigurationSessionCommand({
      ApplicationIdentifier: stage.applicationId, EnvironmentIdentifier: place.environment, ConfigurationProfileIdentifier: place.profile,
    }));
    const served = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken }));
    await refused(appconfig.send(new StopDeploymentCommand({ ApplicationId: stage.applicationId, EnvironmentId: place.environment, DeploymentNumber: next, AllowRevert: true })));

    const told = await stage.lot.recorder.told(({ Environment: on }) => (on as { Id?: string } | undefined)?.Id === place.environment, 4);
    return {
      payload: told[0]?.event ?? null, refuse, thrown, refusedUseNumbers: next - number > 1,
      rewritten: Buffer.from(served.Configuration ?? []).toString().includes('rewritten'),
    };
  },
};
