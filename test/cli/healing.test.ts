import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateDeploymentStrategyCommand, CreateEnvironmentCommand, CreateHostedConfigurationVersionCommand, GetHostedConfigurationVersionCommand,
  ListDeploymentsCommand, StartDeploymentCommand, StopDeploymentCommand,
} from '@aws-sdk/client-appconfig';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readProject } from '../../lib/adapters/source/project.ts';
import { assemble } from '../../lib/documents/index.ts';
import { inShell } from './shell.ts';

const PLACES = ['new', 'behind', 'bad', 'watched'] as const;
type Name = (typeof PLACES)[number];

/** A project in git whose environments may be healed of everything, but for one. */
const PROJECT = {
  'sluice.yaml': `sluice: 1
applications:
  orders:
    environments:
      new: { plan: swift, wave: 1, heal: [missing] }
      behind: { plan: swift, wave: 1, heal: [queued] }
      bad: { plan: swift, wave: 1, heal: [queued, edited, missing] }
      watched: { plan: swift, wave: 1 }
plans:
  swift: { kind: all-at-once, bakeMinutes: 0 }
`,
  'config/orders/limits.yaml': 'retries: 3\n',
  'config/orders/limits.schema.json': '{ "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "properties": { "retries": { "type": "integer" } }, "required": ["retries"], "additionalProperties": false }\n',
};

const root = mkdtempSync(join(tmpdir(), 'sluice-healing-'));
let engine: Engine;
let appconfig: AppConfigClient;
let ApplicationId: string | undefined;
const ids = {} as Record<Name, { readonly ApplicationId: string | undefined; readonly EnvironmentId: string | undefined; readonly ConfigurationProfileId: string | undefined }>;
/** What git says in every environment. */
let wanted: Uint8Array;

beforeAll(async () => {
  for (const [path, text] of Object.entries(PROJECT)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const git = (...args: string[]): string => execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.org', ...args], { cwd: root, encoding: 'utf8' });
  git('init', '--quiet', '--initial-branch', 'main');
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message', 'Begin');
  const made = assemble(await readProject(root));
  if ('faults' in made) throw made.faults[0]!;
  wanted = made.targets[0]!.composition.bytes;

  engine = await startEngine({ clock: 'virtual' });
  const options = { region: engine.region, endpoint: engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } };
  await new S3Client({ ...options, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'epochs' }));
  appconfig = new AppConfigClient(options);
  ApplicationId = (await appconfig.send(new CreateApplicationCommand({ Name: 'orders' }))).Id;
  await new CloudWatchClient(options).send(new PutMetricAlarmCommand({ AlarmName: 'failing', Namespace: 'Orders', MetricName: 'Failures', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' }));
  const Monitors = [{ AlarmArn: `arn:aws:cloudwatch:${engine.region}:${engine.account}:alarm:failing`, AlarmRoleArn: `arn:aws:iam::${engine.account}:role/monitor` }];
  for (const Name of PLACES) {
    const { Id: EnvironmentId } = await appconfig.send(new CreateEnvironmentCommand({ ApplicationId, Name, Monitors }));
    const { Id: ConfigurationProfileId } = await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: `orders-${Name}`, LocationUri: 'hosted', Tags: { 'sluice:store': 'epochs' } }));
    ids[Name] = { ApplicationId, EnvironmentId, ConfigurationProfileId };
  }
  const older = Buffer.from(Buffer.from(wanted).toString().replace('"retries":3', '"retries":2'));
  const strategy = async (Name: string, DeploymentDurationInMinutes: number, GrowthFactor: number): Promise<string | undefined> =>
    (await appconfig.send(new CreateDeploymentStrategyCommand({ Name, DeploymentDurationInMinutes, FinalBakeTimeInMinutes: 0, GrowthFactor, ReplicateTo: 'NONE' }))).Id;
  const [swiftly, slowly] = [await strategy('swiftly', 0, 100), await strategy('slowly', 60, 10)];
  for (const name of ['behind', 'bad', 'watched'] as const) await deploy(name, older, swiftly);
  await engine.clock.advance(60_000);
  await deploy('bad', wanted, slowly);
  await engine.clock.advance(1000);
  await appconfig.send(new StopDeploymentCommand({ ...ids.bad, DeploymentNumber: 2 }));
  await engine.clock.advance(60_000);
  // From now on a deployment that somebody starts has the time it needs.
  engine.history.listen(({ kind, detail }) => {
    if (kind === 'appconfig:deployment' && detail['state'] !== 'COMPLETE') void engine.clock.advance(20 * 60_000);
  });
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

async function deploy(name: Name, Content: Uint8Array, DeploymentStrategyId: string | undefined): Promise<void> {
  const { VersionNumber } = await appconfig.send(new CreateHostedConfigurationVersionCommand({ ...ids[name], Content, ContentType: 'application/json' }));
  await appconfig.send(new StartDeploymentCommand({ ...ids[name], ConfigurationVersion: String(VersionNumber), DeploymentStrategyId }));
}

interface Told {
  readonly place: string;
  readonly state: string;
  readonly healing?: string;
}

/** Runs `sluice drift` in the project. */
async function drift(...options: string[]): Promise<{ readonly code: number | null; readonly told: readonly [string, string, string | undefined][] }> {
  const { code, stdout } = await inShell(['drift', '--json', '--interval', '0.05', ...options], { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test' }, root);
  return { code, told: (JSON.parse(stdout) as { environments: Told[] }).environments.map(({ place, state, healing }) => [place, state, healing]) };
}

/** The states of all deployments, newest first, and what the newest version says. */
async function standing(name: Name): Promise<unknown[]> {
  const { Items = [] } = await appconfig.send(new ListDeploymentsCommand(ids[name]));
  const version = Items.find(({ State }) => State === 'COMPLETE')?.ConfigurationVersion;
  const { Content = new Uint8Array() } = await appconfig.send(new GetHostedConfigurationVersionCommand({ ...ids[name], VersionNumber: Number(version) }));
  return [...Items.map(({ State }) => State), Buffer.from(Content).equals(wanted)];
}

describe('sluice drift --heal', () => {
  it('reports all drift where the work tree keeps it from healing', async () => {
    writeFileSync(join(root, 'config/orders/limits.yaml'), 'retries: 3 # enough\n');

    const kept = await drift('--heal');

    writeFileSync(join(root, 'config/orders/limits.yaml'), PROJECT['config/orders/limits.yaml']);
    expect(kept.told.map(([place, state]) => [place, state])).toEqual([['orders/new', 'missing'], ['orders/behind', 'queued'], ['orders/bad', 'rolled-back'], ['orders/watched', 'queued']]);
    expect(kept.told.slice(0, 2).map(([, , healing]) => healing)).toEqual([expect.stringMatching(/^not healed: SLUICE-GIT-7: /), expect.stringMatching(/^not healed: SLUICE-GIT-7: /)]);
    expect(kept.code).toBe(2);
  });

  it('releases over what is missing or queued where the project lets it, and leaves what was rolled back', async () => {
    const healed = await drift('--heal');

    expect(healed).toEqual({ code: 2, told: [
      ['orders/new', 'in-sync', 'healed: COMPLETE, deployment 1'],
      ['orders/behind', 'in-sync', 'healed: COMPLETE, deployment 2'],
      ['orders/bad', 'rolled-back', 'left alone: deployment 2 was taken back, and a person has to look at it first'],
      ['orders/watched', 'queued', 'left alone: the project does not let queued be healed'],
    ] });
    expect(await Promise.all(PLACES.map(standing))).toEqual([['COMPLETE', true], ['COMPLETE', 'COMPLETE', true], ['ROLLED_BACK', 'COMPLETE', false], ['COMPLETE', false]]);
  });

  it('finds nothing more to heal when it is run again, as a schedule does', async () => {
    const again = await drift('--heal');

    expect(again.told.map(([, state, healing]) => [state, healing])).toEqual([
      ['in-sync', 'left alone: there is nothing to heal'],
      ['in-sync', 'left alone: there is nothing to heal'],
      ['rolled-back', 'left alone: deployment 2 was taken back, and a person has to look at it first'],
      ['queued', 'left alone: the project does not let queued be healed'],
    ]);
  });
});
