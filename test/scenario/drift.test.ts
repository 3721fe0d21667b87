import { AppConfigClient, CreateHostedConfigurationVersionCommand, GetHostedConfigurationVersionCommand, ListDeploymentsCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Session } from './session.ts';

const PRODUCTION = ['--env', 'production'] as const;
let session: Session;

beforeAll(async () => { session = await Session.begin({ guards: false }); }, 120_000);
afterAll(() => session.end());

interface Told {
  readonly state: string;
  readonly explanation: string;
  readonly takenBack?: number;
  readonly by?: { readonly by: string };
  readonly healing?: string;
}

async function drift(...options: string[]): Promise<Told> {
  const { stdout } = await session.run('drift', '--json', ...PRODUCTION, ...options);
  return (JSON.parse(stdout) as { environments: [Told] }).environments[0];
}

/** Deploys a version in the console, to everybody at once. */
async function deploy(version: number): Promise<void> {
  await session.client(AppConfigClient).send(new StartDeploymentCommand({ ...await session.places(), ConfigurationVersion: String(version), DeploymentStrategyId: 'AppConfig.AllAtOnce' }));
  await session.pass(11);
}

/** Edits a version in the console, which writes JSON in its own way. */
async function edit(version: number, limits: object): Promise<number> {
  const { ApplicationId, ConfigurationProfileId } = await session.places();
  const appconfig = session.client(AppConfigClient);
  const { Content = new Uint8Array() } = await appconfig.send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: version }));
  const epoch = JSON.parse(Buffer.from(Content).toString()) as { documents: { limits: { content: object } } };
  Object.assign(epoch.documents.limits.content, limits);
  const made = await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: Buffer.from(JSON.stringify(epoch, null, 2)), ContentType: 'application/json' }));
  return made.VersionNumber ?? 0;
}

async function release(): Promise<void> {
  await session.run('release', ...PRODUCTION, '--detach');
}

async function states(): Promise<(string | undefined)[]> {
  const { Items = [] } = await session.client(AppConfigClient).send(new ListDeploymentsCommand(await session.places()));
  return Items.map(({ State }) => State);
}

describe('an environment in which people deploy past git', () => {
  it('tells an older version that was put over the newest from a release', async () => {
    session.edit('sluice.yaml', '        plan: careful\n', '        plan: careful\n        heal: [edited]\n');
    session.unapproved();
    session.commit('Heal edits');
    await release();
    await session.pass(13);
    expect((await drift()).state).toBe('in-sync');

    await deploy(1);

    expect(await drift()).toMatchObject({ state: 'edited', explanation: 'deployment 3 put the older version 1 over what git says, version 2' });
  }, 120_000);

  it('is not healed with what was taken back, although edits may be healed', async () => {
    session.edit('config/orders/limits.yaml', 'retries: 3', 'retries: 9');
    session.commit('Try nine times');
    await release();
    await session.pass(4);
    await session.run('roll-back', 'production');
    expect(await drift()).toMatchObject({ state: 'rolled-back', takenBack: 4, by: { by: 'person', alarms: [] } });

    await deploy(await edit(2, { timeoutSeconds: 25 }));
    const { state, healing } = await drift('--heal');

    expect({ state, healing }).toEqual({ state: 'edited', healing: 'left alone: deployment 4 of what git says was taken back, and a person has to look at it first' });
    expect(await states()).toEqual(['COMPLETE', 'ROLLED_BACK', 'COMPLETE', 'COMPLETE', 'COMPLETE']);
  }, 120_000);

  it('comes into git on a branch of its own, beside drafts that nobody committed', async () => {
    const head = session.git('rev-parse', 'HEAD');
    session.edit('config/orders/limits.yaml', 'retries: 9', 'retries: 3');

    const { stdout } = await session.run('adopt', 'production', '--branch', '--json');

    expect(JSON.parse(stdout)).toMatchObject({ branch: 'sluice/adopt-orders-production-5', files: ['config/orders/production/limits.yaml'] });
    expect(session.git('show', '--format=%P', '--unified=0', 'sluice/adopt-orders-production-5')).toMatch(new RegExp(`^${head}[^]*-timeoutSeconds: 10\n\\+timeoutSeconds: 25\n\\+retries: 3\n$`));
    expect([session.git('rev-parse', 'HEAD'), session.git('status', '--porcelain', '--untracked-files=no')]).toEqual([head, ' M config/orders/limits.yaml\n']);
    session.git('checkout', '--quiet', '--', 'config');
  });

  it('comes back into git, and what is released over it can be reverted in git', async () => {
    const { stdout } = await session.run('adopt', '--json', 'production');
    expect(JSON.parse(stdout)).toMatchObject({ place: 'orders/production', files: ['config/orders/production/limits.yaml'] });
    expect(session.git('show', '--format=', '--unified=0', 'HEAD')).toMatch(/-timeoutSeconds: 10\n\+timeoutSeconds: 25\n\+retries: 3\n$/);
    expect((await drift()).state).toBe('in-sync');

    session.edit('config/orders/production/limits.yaml', 'retries: 3', 'retries: 5');
    session.commit('Try five times');
    await release();
    await session.pass(13);
    const reverted = await session.run('revert', '6', '--json', ...PRODUCTION);

    expect(JSON.parse(reverted.stdout)).toMatchObject({ deployment: 6, branch: 'sluice/revert-orders-production-6' });
    expect(session.git('show', '--format=', '--unified=0', 'sluice/revert-orders-production-6')).toContain('-retries: 5\n+retries: 3\n');
  }, 120_000);
});
