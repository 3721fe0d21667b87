import { readFileSync } from 'node:fs';
import { AppConfigClient, CreateHostedConfigurationVersionCommand, GetDeploymentCommand, GetHostedConfigurationVersionCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Session } from './session.ts';

const PRODUCTION = ['--env', 'production'] as const;
let session: Session;

beforeAll(async () => { session = await Session.begin(); }, 120_000);
afterAll(() => session.end());

/** Edits what is live in the console: another version, deployed to everybody at once. */
async function editInConsole(from: string, to: string): Promise<void> {
  const appconfig = session.client(AppConfigClient);
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await session.places();
  const { Content } = await appconfig.send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: 3 }));
  const edited = Buffer.from(Content ?? []).toString().replace(from, to);
  const { VersionNumber } = await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: Buffer.from(edited), ContentType: 'application/json' }));
  await appconfig.send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: String(VersionNumber), DeploymentStrategyId: 'AppConfig.AllAtOnce', Description: 'the bank is slow today' }));
}

/** Whether a deployment to production is complete; one that has not begun is not. */
async function complete(DeploymentNumber: number): Promise<boolean> {
  const { ApplicationId, EnvironmentId } = await session.places();
  const { State } = await session.client(AppConfigClient).send(new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber })).catch(() => ({ State: undefined }));
  return State === 'COMPLETE';
}

/** The state of a deployment to production, as `sluice history` tells it. */
async function deployed(number: number): Promise<string | undefined> {
  const { stdout } = await session.run('history', ...PRODUCTION, '--json');
  const { places: [place] } = JSON.parse(stdout) as { places: { entries: { deployment: { number: number; state: string } }[] }[] };
  return place?.entries.find(({ deployment }) => deployment.number === number)?.deployment.state;
}

/** Makes a guard of production ring. */
async function ring(): Promise<void> {
  const cloudwatch = session.client(CloudWatchClient);
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm'] }));
  const AlarmName = MetricAlarms.find(({ AlarmName: name = '' }) => name.includes('production'))?.AlarmName;
  await cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue: 'ALARM', StateReason: 'executions fail' }));
  await session.pass(1);
}

it('README shows what a session shows', () => {
  const shown = /```\n(\$ sluice plan [\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1];

  expect(readFileSync('test/scenario/session.txt', 'utf8')).toContain(shown ?? 'an excerpt of the session');
});

describe('a session with a project in git', () => {
  it('reads as it should, at 80 columns', async () => {
    session.says('The stack has seeded the first configuration. Git has an overlay for production, which is released first.');
    await session.types('validate');
    await session.types('status');
    await session.types('plan', '--out', 'plan.json');
    await session.types('release', 'plan.json');
    await session.types('approve', 'plan.json');
    await session.types('release', 'plan.json', '--detach');
    await session.pass(13);

    session.says('A change: four tries in place of three. What would a rollout of an hour see, and when?');
    session.edit('config/orders/limits.yaml', 'retries: 3', 'retries: 4');
    session.paced('minutes: 40, bakeMinutes: 20');
    await session.types('plan', ...PRODUCTION, '--traffic', '600:0.5');

    session.says('It stays at twelve minutes.');
    session.paced('minutes: 8, bakeMinutes: 4');
    session.commit('Try four times');
    await session.types('plan', '--base', 'HEAD~1', '--markdown');
    await session.run('plan', '--out', 'plan.json', ...PRODUCTION);
    await session.types('approve', 'plan.json', '--note', 'as discussed');
    await session.types('release', 'plan.json', '--detach');
    await session.pass(3);
    await session.types('release', 'plan.json', '--detach');
    await session.types('status', ...PRODUCTION);
    await session.types('drift');
    await session.pass(10);

    session.says('Somebody edits in the console, past git.');
    await editInConsole('"timeoutSeconds":10', '"timeoutSeconds":25');
    await session.pass(11);
    await session.types('drift', ...PRODUCTION, '--heal');
    await session.types('adopt', 'production');
    await session.types('drift', ...PRODUCTION);

    session.says('A change that harms: its guard rings, and AppConfig takes it back.');
    session.edit('config/orders/production/limits.yaml', 'timeoutSeconds: 25', 'timeoutSeconds: 1');
    session.commit('Fail faster');
    await session.run('plan', '--out', 'plan.json', ...PRODUCTION);
    await session.run('approve', 'plan.json');
    await session.types('release', 'plan.json', '--detach');
    await session.pass(3);
    await ring();
    await session.types('status', ...PRODUCTION);
    await session.types('drift', ...PRODUCTION, '--heal');
    await session.types('release', 'plan.json');
    await session.types('show', '5', ...PRODUCTION);
    await session.types('revert', '5', ...PRODUCTION);
    session.git('merge', '--quiet', 'sluice/revert-orders-production-5');
    await session.types('drift', ...PRODUCTION);
    await session.types('history', ...PRODUCTION);
    await session.types('diff', '3', 'live', ...PRODUCTION);
    await session.types('blame', 'limits', 'timeoutSeconds', ...PRODUCTION);
    await session.types('roll-back', 'production');

    await expect(session.transcript).toMatchFileSnapshot('session.txt');
    expect(session.transcript.split('\n').filter((line) => line.length > 80 && !/^(\||#|\*\*|error: )/.test(line))).toEqual([]);
    expect(session.git('show', '--format=%s', '--unified=0', 'HEAD')).toContain('-timeoutSeconds: 1\n+timeoutSeconds: 25\n');
    expect(session.git('status', '--porcelain', '--untracked-files=no')).toBe('');
  }, 240_000);

  it('goes on with a release whose process was killed, and queues one behind another and plans it again', async () => {
    session.unapproved();
    session.edit('config/orders/limits.yaml', 'retries: 4', 'retries: 5');
    session.commit('Try five times');
    const release = ['release', ...PRODUCTION, '--interval', '0.2'] as const;

    {
      await using killed = session.start(...release);
      await killed.says(/deployment 6 started/);
    }
    session.edit('config/orders/limits.yaml', 'retries: 5', 'retries: 6');
    session.commit('Try six times');
    // No time passes before it waits: else a slow machine finds deployment 6 further on.
    await using waiting = session.start(...release, '--queue');
    await waiting.says(/waiting for deployment 6/);
    await session.passUntil(() => complete(6));
    await waiting.says(/deployment 7 started/);
    await session.passUntil(() => complete(7));
    const queued = await waiting.ended;
    const statusNow = JSON.parse((await session.run('status', ...PRODUCTION, '--json')).stdout) as { environments: { base: { deployment: number; version: string; latest: number }; provenance: { subject: string } }[] };

    expect({ code: queued.code, stderr: queued.stderr }).toEqual({ code: 0, stderr: '' });
    expect(queued.stdout).toMatch(/waiting for deployment 6 of version 6 \(DEPLOYING\)\n[^]*COMPLETE orders\/production: deployment 7 of version 7\n$/);
    expect(statusNow.environments).toMatchObject([{ base: { deployment: 7, version: '7', latest: 7 }, provenance: { subject: 'Try six times' } }]);
    expect(await deployed(6)).toBe('COMPLETE');
  }, 120_000);

  it('refuses what it must: uncommitted work, commits that lack what is live, and plans that others overtook', async () => {
    session.edit('config/orders/limits.yaml', 'retries: 6', 'retries: 7');
    const dirty = await session.run('release', ...PRODUCTION);
    session.commit('Try seven times');
    session.git('checkout', '--quiet', 'HEAD~2');
    const behind = await session.run('release', ...PRODUCTION);
    session.git('checkout', '--quiet', 'main');
    await session.run('release', ...PRODUCTION, '--uncommitted', '--detach');
    await session.pass(13);
    session.git('commit', '--quiet', '--allow-empty', '--message', 'Nothing');
    session.edit('config/orders/limits.yaml', 'retries: 7', 'retries: 8');
    session.commit('Try eight times');
    await session.run('plan', '--out', 'stale.json', ...PRODUCTION);
    await editInConsole('"timeoutSeconds":10', '"timeoutSeconds":11');
    await session.pass(11);
    const stale = await session.run('release', 'stale.json');

    expect([dirty.code, dirty.stderr]).toEqual([1, expect.stringContaining('SLUICE-GIT-7: there are changes in ')]);
    expect([behind.code, behind.stdout]).toEqual([1, expect.stringMatching(/SLUICE-RELEASE-8: orders\/production is ahead/)]);
    expect([stale.code, stale.stdout.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringMatching(/SLUICE-RELEASE-1: the plan for orders\/production is stale: deployment 9 of version 9 \(COMPLETE\) came first/)]);
  }, 120_000);

  it('overrides the taking back of changes for who says why and until when, and for no longer', async () => {
    const at = ['override', 'production'] as const;
    const actions = async (): Promise<boolean[]> => {
      const { CompositeAlarms = [] } = await session.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmTypes: ['CompositeAlarm'] }));
      return CompositeAlarms.map(({ ActionsEnabled = false }) => ActionsEnabled);
    };
    const refused = await Promise.all([[...at, '--until', '2h'], [...at, '--why', 'a test'], [...at, '--why', 'a test', '--until', '25h'], [...at, '--end']].map((args) => session.run(...args)));
    const before = await actions();

    const made = await session.run(...at, '--why', 'a load test', '--until', '2h', '--as', 'Alice');
    const [during, shown, other] = [await actions(), await session.run('status', ...PRODUCTION), await session.run('override', 'production', '--end', '--as', 'Bob', '--json')];
    const past = await session.run('history', ...PRODUCTION);

    expect(refused.map(({ code, stderr }) => [code, /SLUICE-[A-Z]+-\d+: .*?(?=,|;)/.exec(stderr.replaceAll(/\s+/g, ' '))?.[0]])).toEqual([
      [2, 'SLUICE-CLI-3: --why must be given: what for'], [2, 'SLUICE-CLI-3: --until must be given: until when'], [2, 'SLUICE-CLI-3: --until must be a time to come'],
      [1, 'SLUICE-OVERRIDE-3: no override of orders/production is in force'],
    ]);
    expect({ code: made.code, stderr: made.stderr }).toEqual({ code: 0, stderr: '' });
    expect(made.stdout).toMatch(/^overridden: nothing in orders\/production is taken back until .* UTC\n {2}by Alice: a load test\n/);
    expect([before.every(Boolean), during.filter((enabled) => !enabled).length, (await actions()).every(Boolean)]).toEqual([true, 1, true]);
    expect(shown.stdout.replaceAll(/\s+/g, ' ')).toMatch(/OVERRIDDEN nothing is taken back until .* UTC: Alice, a load test/);
    expect(JSON.parse(other.stdout)).toMatchObject({ place: 'orders/production', alarm: 'orders-production', entry: { kind: 'end', by: 'Bob' } });
    expect(past.stdout.replaceAll(/\s+/g, ' ')).toMatch(/override ended by Bob [\d: -]+ overridden until .* UTC by Alice: a load test/);
  }, 60_000);
});
