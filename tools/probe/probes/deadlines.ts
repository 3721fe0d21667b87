import { ValidateConfigurationCommand } from '@aws-sdk/client-appconfig';
import { bracket, type Bracket, type Range } from '../bracket.ts';
import { AT_ONCE } from '../growth.ts';
import type { Probe } from '../probe.ts';
import { refused } from '../refusal.ts';
import type { Stage } from '../stage.ts';

const HOOKS: Range = { least: 1000, most: 10_000, step: 100 };
const VALIDATORS: Range = { least: 5000, most: 30_000, step: 500 };

/** How long AppConfig waits for a function. */
export const deadlines: Probe = {
  name: 'deadlines',
  question: 'How long may extensions and LAMBDA validators take?',
  minutes: 8,
  creates: 'three profiles with about 25 versions, an environment, two extensions, deployments that take no time',
  run: async (stage) => ({ preCreate: await ofCreate(stage), preStart: await ofStart(stage), validator: await ofValidator(stage) }),
};

async function ofCreate(stage: Stage): Promise<Bracket> {
  const profile = await stage.profile('slow-create');
  await stage.associate(await stage.extension('create', ['PRE_CREATE_HOSTED_CONFIGURATION_VERSION']), { profile });
  await stage.version(profile);
  return search(stage, HOOKS, async (act) => () => stage.version(profile, act));
}

async function ofStart(stage: Stage): Promise<Bracket> {
  const place = await stage.place('slow-start');
  await stage.associate(await stage.extension('start', ['PRE_START_DEPLOYMENT']), { profile: place.profile });
  await stage.start(place, AT_ONCE);
  return search(stage, HOOKS, async (act) => {
    const version = await stage.version(place.profile, act);
    return () => stage.start(place, AT_ONCE, version);
  });
}

async function ofValidator(stage: Stage): Promise<Bracket> {
  const profile = await stage.profile('slow-check', [{ Type: 'LAMBDA', Content: stage.lot.recorder.arn }]);
  return search(stage, VALIDATORS, async (act) => {
    const ConfigurationVersion = String(await stage.version(profile, act));
    return () => stage.target.clients.appconfig.send(new ValidateConfigurationCommand({ ApplicationId: stage.applicationId, ConfigurationProfileId: profile, ConfigurationVersion }));
  });
}

/** Tries delays one after the other. After a refusal the sandbox still sleeps: it is waited for, so that the next call finds it warm. */
async function search(stage: Stage, range: Range, prepare: (act: string) => Promise<() => Promise<unknown>>): Promise<Bracket> {
  return bracket(range, async (ms) => {
    const call = await prepare(`sleep:${ms}`);
    const refusal = await refused(call());
    if (refusal !== null) await stage.target.clock.wait(ms);
    return refusal === null;
  });
}
