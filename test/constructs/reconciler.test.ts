import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, CreateHostedConfigurationVersionCommand, StartDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { afterAll, expect, it } from 'vitest';
import { labelOf, verdictKey, type Release } from '../../lib/core/index.ts';
import type { DriftRecord } from '../../lib/core/reconciled.ts';
import { Configuration, Reconciler, RolloutPlan } from '../../lib/constructs/index.ts';
import { Deployed, epochOf } from './deployed.ts';

const CONFIG = 'examples/orders/config';
const RELEASE = 'examples/orders/releases/2-patient-bank';
const folder = mkdtempSync(join(tmpdir(), 'sluice-reconciler-'));
afterAll(() => { rmSync(folder, { recursive: true, force: true }); });

function synthesise(): void {
  const stack = new Stack(new App({ outdir: folder }), 'Watched');
  const configuration = new Configuration(stack, 'orders', { directory: CONFIG, encryptionKey: new Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }) });
  const environment = configuration.addEnvironment('production', { plan: RolloutPlan.ALL_AT_ONCE, removalPolicy: RemovalPolicy.DESTROY });
  new Reconciler(stack, 'Watch', { environment, every: Duration.minutes(30) });
  (stack.node.root as App).synth();
}

/** What the reconciler keeps. */
async function kept(deployed: Deployed): Promise<DriftRecord> {
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  const { Body } = await deployed.client(S3Client).send(new GetObjectCommand({ Bucket: deployed.resource('productionStore'), Key: `drift/${ApplicationId}/${EnvironmentId}.json` }));
  return JSON.parse(await Body!.transformToString()) as DriftRecord;
}

/** A version that a release from git made, as the command line leaves it. */
async function released(deployed: Deployed, base: Release['base'], documents: readonly string[]): Promise<number> {
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await deployed.ids();
  const { bytes, digest } = epochOf(documents);
  const release: Release = { application: 'orders', environment: 'production', profile: 'orders-production', base, digest, strategy: { growthType: 'LINEAR', growthFactor: 100, durationMinutes: 0, bakeMinutes: 10 }, commit: 'c0ffee' };
  const label = labelOf(release);
  await deployed.client(S3Client).send(new PutObjectCommand({
    Bucket: deployed.resource('productionStore'), Key: `releases/${ApplicationId}/${EnvironmentId}/${label}.json`,
    Body: JSON.stringify({ sluice: 1, ...release, label, plan: digest, subject: null, author: null, signature: null, approvals: [], heal: ['edited'], createdAt: '2026-01-01T00:00:00.000Z' }),
  }));
  const made = await deployed.client(AppConfigClient).send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: bytes, ContentType: 'application/json', VersionLabel: label }));
  return made.VersionNumber!;
}

async function start(deployed: Deployed, version: number): Promise<void> {
  await deployed.client(AppConfigClient).send(new StartDeploymentCommand({ ...await deployed.ids(), ConfigurationVersion: String(version), DeploymentStrategyId: 'AppConfig.AllAtOnce' }));
}

it('watches an environment by AppConfig\'s events and a schedule, heals an edit, leaves what was taken back, and needs every grant it has', { timeout: 60_000 }, async () => {
  synthesise();

  const { seen, denials, unused } = await Deployed.play(folder, async (deployed) => {
    const { ApplicationId, EnvironmentId } = await deployed.ids();
    const seen: Pick<DriftRecord, 'state' | 'deployment' | 'healing' | 'by'>[] = [];
    const note = async (): Promise<void> => {
      const { state, deployment, healing, by } = await kept(deployed);
      seen.push({ state, deployment, healing, by });
    };
    await deployed.sleep(12);
    await note();
    const nothing = { deployment: 1, version: '1', digest: epochOf([CONFIG]).digest, latest: 1 };
    await start(deployed, await released(deployed, nothing, [CONFIG, RELEASE]));
    await deployed.sleep(12);
    await note();
    await start(deployed, await deployed.createVersion(epochOf([CONFIG]).bytes));
    await deployed.sleep(11);
    await note();
    await deployed.sleep(12);
    await note();
    await start(deployed, await released(deployed, { ...nothing, deployment: 4 }, [CONFIG]));
    await deployed.client(S3Client).send(new PutObjectCommand({
      Bucket: deployed.resource('productionStore'), Key: verdictKey({ applicationId: ApplicationId, environmentId: EnvironmentId }, 5, '2026-01-01T00:00:00.000Z', false), Body: '{"verdict":{"kind":"continue"}}',
    }));
    await deployed.client(AppConfigClient).send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: 5 }));
    await deployed.sleep(31);
    await note();
    const { denials, grants } = await deployed.grants();
    return { seen, denials, unused: grants.filter(({ holder, uses }) => holder.includes('WatchHandler') && uses === 0).map(({ action, resource }) => `${action} on ${resource}`) };
  });

  expect(seen).toEqual([
    { state: 'in-sync', deployment: 1, healing: null, by: null },
    { state: 'in-sync', deployment: 2, healing: null, by: null },
    { state: 'rolling-out', deployment: 4, healing: null, by: null },
    { state: 'in-sync', deployment: 4, healing: null, by: null },
    { state: 'rolled-back', deployment: 5, healing: expect.stringMatching(/^left alone: .* was taken back/) as string, by: expect.objectContaining({ by: 'person', alarms: [] }) as DriftRecord['by'] },
  ]);
  expect(denials).toEqual([]);
  expect(unused).toEqual([]);
});

it('without healing may start nothing', () => {
  const stack = new Stack(new App(), 'Watched');
  const environment = new Configuration(stack, 'orders', { directory: CONFIG }).addEnvironment('production');
  new Reconciler(stack, 'Watch', { environment, heal: false });

  const template = JSON.stringify((stack.node.root as App).synth().getStackByName('Watched').template);

  expect(template).toContain('rate(15 minutes)');
  expect(template.match(/appconfig:StartDeployment/g)).toHaveLength(1);
  expect(template).not.toContain('SLUICE_STRATEGY');
});
