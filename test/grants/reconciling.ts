import { AppConfigClient, CreateHostedConfigurationVersionCommand, StartDeploymentCommand, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Key } from 'aws-cdk-lib/aws-kms';
import { labelOf, verdictKey, type Release } from '../../lib/core/index.ts';
import type { DriftRecord } from '../../lib/core/reconciled.ts';
import { Configuration, Reconciler, RolloutPlan } from '../../lib/constructs/index.ts';
import { epochOf, type Deployed } from '../constructs/deployed.ts';
import { silent } from './environment.ts';
import type { Step } from './play.ts';

const CONFIG = 'examples/orders/config';
const RELEASE = 'examples/orders/releases/2-patient-bank';

/** A stack whose environment is watched and healed. */
export function watched(outdir: string): void {
  const stack = new Stack(new App({ outdir, treeMetadata: false, analyticsReporting: false }), 'Healed');
  const configuration = new Configuration(stack, 'orders', { directory: CONFIG, encryptionKey: new Key(stack, 'Key', { removalPolicy: RemovalPolicy.DESTROY }) });
  const environment = configuration.addEnvironment('production', { plan: RolloutPlan.LINEAR_50_PERCENT_EVERY_30_SECONDS, removalPolicy: RemovalPolicy.DESTROY });
  const { node } = new Reconciler(stack, 'Watch', { environment, every: Duration.minutes(5) });
  (node.root as App).synth();
}

/** After every verdict of the judge's own: the last one counts. */
const LATE = '2036-01-01T00:00:00.000Z';

const nothing = { deployment: 1, version: '1', digest: epochOf([CONFIG]).digest, latest: 1 };

/** What the reconciler says of an environment whose configuration is released, edited, healed, and taken back by a person and by the roll-back handler. */
export const RECONCILING: readonly Step[] = [
  ['what the stack seeded is in sync', { state: 'in-sync', deployment: 1, healing: null, by: null }, async (deployed) => {
    await deployed.sleep(12);
    return kept(deployed);
  }],
  ['a release comes to be in sync', { state: 'in-sync', deployment: 2, healing: null, by: null }, async (deployed) => {
    await start(deployed, await released(deployed, nothing, [CONFIG, RELEASE]));
    await deployed.sleep(3);
    return kept(deployed);
  }],
  ['an edit is healed', { state: 'rolling-out', deployment: 4, healing: null, by: null }, async (deployed) => {
    await start(deployed, await deployed.createVersion(epochOf([CONFIG]).bytes));
    await deployed.sleep(3);
    return kept(deployed);
  }],
  ['and in sync', { state: 'in-sync', deployment: 4, healing: null, by: null }, async (deployed) => {
    await deployed.sleep(3);
    return kept(deployed);
  }],
  ['what a person takes back stays so', { state: 'rolled-back', deployment: 5, healing: left(5), by: { by: 'person', alarms: [] } }, async (deployed) => {
    await start(deployed, await released(deployed, { ...nothing, deployment: 4 }, [CONFIG]));
    await verdict(deployed, 5, 'continue');
    await back(deployed, 5);
    await deployed.sleep(6);
    return kept(deployed);
  }],
  ['so does what a person reverts', { state: 'rolled-back', deployment: 6, healing: left(6), by: { by: 'person', alarms: [] } }, async (deployed) => {
    await start(deployed, await released(deployed, { ...nothing, deployment: 5 }, [CONFIG]));
    await deployed.sleep(3);
    await back(deployed, 6, true);
    await deployed.sleep(6);
    return kept(deployed);
  }],
  ['and what the roll-back handler reverts', { state: 'rolled-back', deployment: 7, healing: left(7), by: { by: 'roll-back', alarms: [] } }, async (deployed) => {
    await start(deployed, await released(deployed, { ...nothing, deployment: 6 }, [CONFIG]));
    await deployed.sleep(3);
    await verdict(deployed, 7, 'roll-back');
    await back(deployed, 7, true);
    await deployed.sleep(6);
    return kept(deployed);
  }],
  ['the handler writes logs', [], async (deployed) => (await silent(deployed, [])).filter((id) => id.includes('Watch'))],
];

function left(deployment: number): string {
  return `left alone: deployment ${deployment} was taken back, and a person has to look at it first`;
}

async function verdict(deployed: Deployed, deployment: number, kind: string): Promise<void> {
  const { ApplicationId: applicationId, EnvironmentId: environmentId } = await deployed.ids();
  await deployed.client(S3Client).send(new PutObjectCommand({
    Bucket: deployed.resource('productionStore'), Key: verdictKey({ applicationId, environmentId }, deployment, LATE, false), Body: JSON.stringify({ verdict: { kind, reason: 'it fails' } }),
  }));
}

async function back(deployed: Deployed, DeploymentNumber: number, AllowRevert = false): Promise<void> {
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  await deployed.client(AppConfigClient).send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber, AllowRevert }));
}

/** What the reconciler keeps. */
async function kept(deployed: Deployed): Promise<unknown> {
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  const { Body } = await deployed.client(S3Client).send(new GetObjectCommand({ Bucket: deployed.resource('productionStore'), Key: `drift/${ApplicationId}/${EnvironmentId}.json` }));
  const { state, deployment, healing, by } = JSON.parse(await Body!.transformToString()) as DriftRecord;
  return { state, deployment, healing, by: by && { by: by.by, alarms: by.alarms } };
}

/** A version that a release from git made, as the command line leaves it. */
async function released(deployed: Deployed, base: Release['base'], documents: readonly string[]): Promise<number> {
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await deployed.ids();
  const { bytes, digest } = epochOf(documents);
  const release: Release = { application: 'orders', environment: 'production', profile: 'orders-production', base, digest, strategy: { growthType: 'LINEAR', growthFactor: 50, durationMinutes: 1, bakeMinutes: 1 }, commit: 'c0ffee' };
  const label = labelOf(release);
  await deployed.client(S3Client).send(new PutObjectCommand({
    Bucket: deployed.resource('productionStore'), Key: `releases/${ApplicationId}/${EnvironmentId}/${label}.json`,
    Body: JSON.stringify({ sluice: 1, ...release, label, plan: digest, subject: null, author: null, signature: null, approvals: [], heal: ['edited'], createdAt: '2026-01-01T00:00:00.000Z' }),
  }));
  const made = await deployed.client(AppConfigClient).send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: bytes, ContentType: 'application/json', VersionLabel: label }));
  return made.VersionNumber!;
}

async function start(deployed: Deployed, version: number): Promise<void> {
  await deployed.client(AppConfigClient).send(new StartDeploymentCommand({ ...await deployed.ids(), ConfigurationVersion: String(version), DeploymentStrategyId: 'AppConfig.Linear50PercentEvery30Seconds' }));
}
