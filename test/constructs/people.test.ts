import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, CreateHostedConfigurationVersionCommand, GetHostedConfigurationVersionCommand, ListDeploymentsCommand, StartDeploymentCommand, StopDeploymentCommand, UpdateEnvironmentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DisableAlarmActionsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient, type AssumeRoleCommandOutput } from '@aws-sdk/client-sts';
import { CfnOutput, Stack, type App } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { deployAssembly, startEngine, type DeployedStack, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Configuration, PermissionSets } from '../../lib/constructs/index.ts';
import { inShell } from '../cli/shell.ts';
import type { Ran } from '../cli/sluice.ts';
import { quietApp } from './bench.ts';

const SETS = ['reader', 'releaser', 'approver', 'operator'] as const;
type Person = (typeof SETS)[number];
const ROOT = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
const ENV = ['--env', 'production'] as const;

const root = mkdtempSync(join(tmpdir(), 'sluice-people-'));
const project = join(root, 'orders');
let engine: Engine;
let stack: DeployedStack;
const people = new Map<Person, AssumeRoleCommandOutput>();

function credentialsOf(person: Person): { accessKeyId: string; secretAccessKey: string; sessionToken: string } {
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = people.get(person)?.Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

/** A command line in somebody's name. */
function run(person: Person, ...args: string[]): Promise<Ran> {
  const { accessKeyId, secretAccessKey, sessionToken } = credentialsOf(person);
  return inShell(args, {
    AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: sessionToken,
    HOME: root, GIT_CONFIG_NOSYSTEM: '1',
  }, project);
}

function git(...args: string[]): void {
  execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: project, env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' } });
}

function synthesised(): string {
  const made = new Stack(quietApp(join(root, 'cdk.out')), 'People');
  const environment = new Configuration(made, 'orders', { project }).addEnvironment('production', { judge: { alpha: 0.02 } });
  const sets = new PermissionSets(made, 'Sets', { environment });
  for (const name of SETS) {
    const role = new Role(made, name, { assumedBy: new AccountPrincipal(made.account) });
    role.addManagedPolicy(sets[name]);
    new CfnOutput(made, `${name}Arn`, { value: role.roleArn });
  }
  return (made.node.root as App).synth().directory;
}

function pass(minutes: number): Promise<void> {
  return engine.clock.advance(minutes * 60_000);
}

beforeAll(async () => {
  await inShell(['init', 'orders'], {}, root);
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Begin');
  engine = await startEngine({ clock: 'virtual', seed: 'people' });
  const folder = synthesised();
  [stack] = await engine.drive((driver) => driver.park(() => deployAssembly(engine, folder))) as [DeployedStack];
  await pass(30);
  const sts = new STSClient({ region: engine.region, endpoint: engine.endpoint, credentials: ROOT });
  for (const name of SETS) people.set(name, await sts.send(new AssumeRoleCommand({ RoleArn: stack.outputs[`${name}Arn`], RoleSessionName: name })));
}, 120_000);

afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

describe('the permission sets, by the commands of those who have them', () => {
  it('let a reader see that the stack began with what git says', async () => {
    const seen = await Promise.all([['plan', '--json'], ['status'], ['history'], ['show', '1'], ['diff', 'live', '.'], ['blame', 'limits', 'timeoutSeconds'], ['drift']].map((args) => run('reader', ...args, ...ENV)));

    expect(seen.map(({ code, stderr }) => [code, stderr])).toEqual(seen.map(() => [0, '']));
    expect(JSON.parse(seen[0]!.stdout)).toMatchObject({ releases: [] });
    expect(seen[1]!.stdout).toContain('judged by alpha 0.02');
  }, 60_000);

  it('let an approver approve, a releaser release, an operator roll back, and everybody see why', async () => {
    writeFileSync(join(project, 'config/orders/limits.yaml'), readFileSync(join(project, 'config/orders/limits.yaml'), 'utf8').replace('retries: 3', 'retries: 4'));
    git('commit', '--quiet', '--all', '--message', 'Try four times');
    const planned = await run('releaser', 'plan', '--out', 'plan.json', '--traffic', '600:0.5', ...ENV);
    const comment = await run('releaser', 'plan', '--markdown', '--traffic', '600:0.5', ...ENV);
    const release = ['release', 'plan.json', '--detach'] as const;
    const approve = ['approve', 'plan.json', '--as', 'ada'] as const;

    const refused = [await run('releaser', ...release), await run('releaser', ...approve)];
    const approved = await run('approver', ...approve);
    refused.push(await run('approver', ...release));
    const released = await run('releaser', ...release);
    await pass(20);
    const explained = await run('reader', 'explain', '2', ...ENV);
    refused.push(await run('releaser', 'roll-back', 'production'));
    const rolledBack = await run('operator', 'roll-back', 'production');
    const history = await run('approver', 'history', ...ENV);

    expect(planned.stdout).toContain("judge     by the environment's alpha 0.02\n");
    expect(comment.stdout).toMatch(/^- Traffic: 600 executions a minute, 0\.5 % end badly \(as given\)\n- Judge: by the environment's `alpha 0\.02`\n- Harm: 2 times as many: .+; 5 times as many: .+ harmed$/m);
    // A plan with changes ends with 2.
    expect([planned, approved, released, explained, rolledBack, history].map(({ code, stderr }) => `${code} ${stderr}`)).toEqual(['2 ', ...Array.from({ length: 5 }, () => '0 ')]);
    // Not approved yet; then what the store and AppConfig deny.
    expect(refused.map(({ code, stdout, stderr }) => `${code} ${/SLUICE-\w+-\d+/.exec(stdout + stderr)?.[0]}`)).toEqual(['1 SLUICE-RELEASE-7', '1 SLUICE-AWS-3', '1 SLUICE-AWS-3', '1 SLUICE-AWS-3']);
    expect(rolledBack.stdout).toContain('ROLLED_BACK');
    expect(history.stdout).toContain('ROLLED_BACK');
  }, 120_000);

  it('do their own and nothing of another\'s, and nobody may touch a guard', async () => {
    const theirs = (person?: Person) => ({ region: engine.region, endpoint: engine.endpoint, forcePathStyle: true, maxAttempts: 1, credentials: person === undefined ? ROOT : credentialsOf(person) });
    const resource = (part: string): string => Object.entries(stack.resources).find(([id]) => id.includes(part))?.[1] ?? '';
    const [ApplicationId = '', EnvironmentId = ''] = resource('productionEnvironment').split('|');
    const [, ConfigurationProfileId = ''] = resource('productionProfile').split('|');
    const [bucket, alarm] = [resource('productionStore'), 'orders-production'];
    const root = new AppConfigClient(theirs());
    const { Content } = await root.send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: 1 }));
    const DeploymentNumber = (await root.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }))).Items!.length + 1;
    const outcome = async (act: Promise<unknown>): Promise<string> => act.then(() => 'yes', (error: unknown) => (/AccessDenied/.test((error as Error).name) ? 'no' : (error as Error).name));
    const answers: Record<string, Record<string, string>> = {};
    for (const name of SETS) {
      const [appconfig, s3, cloudwatch] = [new AppConfigClient(theirs(name)), new S3Client(theirs(name)), new CloudWatchClient(theirs(name))];
      const put = (Key: string): Promise<unknown> => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: '{}' }));
      const deploy = (DeploymentStrategyId: string): Promise<unknown> =>
        appconfig.send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: '1', DeploymentStrategyId }));
      answers[name] = {
        see: await outcome(appconfig.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }))),
        schema: await outcome(put('schemas/x.json')),
        provenance: await outcome(put('releases/x.json')),
        version: await outcome(appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: Content!, ContentType: 'application/json' }))),
        atOnce: await outcome(deploy('AppConfig.AllAtOnce')),
        deploy: await outcome(deploy(resource('SluiceStrategy'))),
        approve: await outcome(put(`approvals/app/env/label/${people.get(name)?.AssumedRoleUser?.AssumedRoleId}.json`)),
        approveAsAnother: await outcome(put('approvals/app/env/label/AROAOTHER:ada@example.org.json')),
        stop: await outcome(appconfig.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber }))),
        override: await outcome(cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarm] }))),
        unguard: await outcome(appconfig.send(new UpdateEnvironmentCommand({ ApplicationId, EnvironmentId, Monitors: [] }))),
        silence: await outcome(cloudwatch.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'OK', StateReason: 'no' }))),
      };
    }

    const none = { see: 'yes', schema: 'no', provenance: 'no', version: 'no', atOnce: 'no', deploy: 'no', approve: 'no', approveAsAnother: 'no', stop: 'no', override: 'no', unguard: 'no', silence: 'no' };
    expect(answers).toEqual({
      reader: none,
      releaser: { ...none, schema: 'yes', provenance: 'yes', version: 'yes', deploy: 'yes' },
      approver: { ...none, approve: 'yes' },
      operator: { ...none, stop: 'yes', override: 'yes' },
    });
  });
});
