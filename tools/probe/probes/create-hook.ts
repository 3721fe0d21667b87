import { GetHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';

/** PRE_CREATE_HOSTED_CONFIGURATION_VERSION. */
export const createHook: Probe = {
  name: 'create-hook',
  question: 'What is a PRE_CREATE extension told, and what does its no look like?',
  minutes: 2,
  creates: 'a profile with a few versions, an extension',
  async run(stage) {
    const profile = await stage.profile('hooked');
    await stage.associate(await stage.extension('create', ['PRE_CREATE_HOSTED_CONFIGURATION_VERSION']), { profile });
    const first = await stage.version(profile, 'agree');
    await stage.version(profile, `agree:${first}`);
    const refuse = await refused(stage.version(profile, 'refuse'));
    const thrown = await refused(stage.version(profile, 'throw'));
    const VersionNumber = await stage.version(profile, 'rewrite');
    const stored = await stage.target.clients.appconfig.send(new GetHostedConfigurationVersionCommand({ ApplicationId: stage.applicationId, ConfigurationProfileId: profile, VersionNumber }));

    const told = await stage.lot.recorder.told(({ ConfigurationProfile: on }) => (on as { Id?: string } | undefined)?.Id === profile, 5);
    return { payload: told[0]?.event ?? null, nextPayload: told[1]?.event ?? null, refuse, thrown, rewritten: Buffer.from(stored.Content ?? []).toString().includes('rewritten') };
  },
};
