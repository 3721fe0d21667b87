import { createHash } from 'node:crypto';
import {
  AppConfigClient, CreateDeploymentStrategyCommand, CreateHostedConfigurationVersionCommand, GetEnvironmentCommand, StartDeploymentCommand, StopDeploymentCommand, UpdateEnvironmentCommand, ValidateConfigurationCommand,
} from '@aws-sdk/client-appconfig';
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, DisableAlarmActionsCommand, EnableAlarmActionsCommand, GetMetricStatisticsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { Fault, labelOf, releaseKey, type Release, type RolledBackRecord } from '../../lib/core/index.ts';
import { approvalKey } from '../../lib/core/layout.ts';
import type { Rules } from '../../lib/core/rules.ts';
import { composition } from '../../lib/documents/composition.ts';
import { epochOf, type Deployed } from '../constructs/deployed.ts';
import type { Step } from './play.ts';

export const CONFIG = 'examples/orders/config';
export const RELEASE = 'examples/orders/releases/2-patient-bank';
const SHIFTING = { sluice: 1, workflow: 'orders', aliasArn: '', from: 'orders:1', to: 'orders:2', wanted: 'orders:2', state: 'growing', leader: '', startedAt: '', lookedAt: '', shift: 1, step: 0, weight: 10, heldMs: 0, plan: {}, endedAt: null, log: [] };
const SHIFTING_KEY = 'shifting/orders.json';
const ABSENT = `sha256:${'0'.repeat(64)}`;

/** The life of one environment, as short as it may be while every grant is needed once. */
export const ENVIRONMENT: readonly Step[] = [
  ['the first release', ['BAKING'], async (deployed) => (await deployed.deployments()).map(({ State }) => State)],
  ['a good order', 'SUCCEEDED', (deployed) => order(deployed, 'eu')],
  ['an order that fails', 'FAILED', (deployed) => order(deployed, 'nowhere')],
  ['executions are counted', [2, 2, 1], async (deployed) => {
    await deployed.sleep(1);
    return Promise.all(['ExecutionsStarted', 'ExecutionsSettled', 'ExecutionsFailed'].map((name) => counted(deployed, name)));
  }],
  ['a rollout is counted when AppConfig tells of it', 1, (deployed) => counted(deployed, 'RolloutsBegun')],
  // Stacks that are not updated have nothing to prune.
  ['functions write logs', [], (deployed) => silent(deployed, ['RollBack', 'SluicePruning'])],
  ['an unknown schema is named by the gate', true, async (deployed) => {
    await deployed.sleep(12);
    return refusal(deployed.createVersion(withUnknownSchema()), ABSENT);
  }],
  ['a deployment whose record is lost is the control', 'COMPLETE', async (deployed) => {
    await remove(deployed, 'deployments/');
    return release(deployed, 0);
  }],
  ['a lost schema is named by the validator', true, loseSchema],
  ['a deployment is refused while a workflow shifts', true, async (deployed) => {
    await shifts(deployed, SHIFTING);
    const refused = await refusal(release(deployed, 0), 'SLUICE-SHIFT-2');
    await deployed.client(S3Client).send(new DeleteObjectCommand({ Bucket: storeOf(deployed), Key: SHIFTING_KEY }));
    return refused;
  }],
  ['an override ends when its time is over', { enabled: true, entries: 2, notes: [] }, override],
  ['the judge takes a change back', 'ROLLED_BACK', async (deployed) => {
    await release(deployed, 10, { documents: [CONFIG] });
    await deployed.sleep(2);
    await worse(deployed);
    await deployed.sleep(2);
    return newest(deployed);
  }],
  ['what was taken back is kept', 'ROLLED_BACK', takenBack],
  ['the judge keeps its verdicts, counts the ticks that showed nothing, and tells of what it took back', { judged: true, troubles: [] }, troubles],
  ['a rollback is counted, and that it was the judge\'s', [1, 1], (deployed) => Promise.all(['RolloutsRolledBack', 'RollbacksJudged'].map((name) => counted(deployed, name)))],
  ['a change that somebody must approve is refused without, and starts with their approval', [true, 'DEPLOYING', 'ROLLED_BACK'], approved],
  ['the monitor takes a change back', 'ROLLED_BACK', async (deployed) => {
    await release(deployed, 10);
    await failing(deployed, 4);
    return newest(deployed);
  }],
  ['an alarm whose actions are disabled takes nothing back', 'COMPLETE', async (deployed) => {
    await deployed.sleep(8);
    await release(deployed, 0);
    await deployed.client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames: [alarmOf(deployed)] }));
    await failing(deployed, 4);
    return newest(deployed);
  }],
  ['an alarm that a shift explains takes no complete change back', ['COMPLETE', 'REVERTED'], async (deployed) => {
    await deployed.sleep(8);
    await deployed.client(CloudWatchClient).send(new EnableAlarmActionsCommand({ AlarmNames: [alarmOf(deployed)] }));
    const at = new Date(deployed.engine.clock.now()).toISOString();
    await shifts(deployed, { ...SHIFTING, shift: 2, log: [{ at, state: 'growing', weight: 10, text: '' }] });
    await failing(deployed, 4);
    const during = await newest(deployed);
    await shifts(deployed, { ...SHIFTING, state: 'rolled-back', endedAt: '2020-01-01T00:00:00.000Z' });
    await deployed.sleep(8);
    await failing(deployed, 4);
    return [during, await newest(deployed)];
  }],
  ['an alarm that rang too late for the monitor takes a change back when it is complete', 'REVERTED', async (deployed) => {
    await deployed.sleep(8);
    await unmonitored(deployed, async () => {
      await release(deployed, 0, { bake: 5 });
      await failing(deployed, 4);
      await deployed.sleep(2);
    });
    return newest(deployed);
  }],
  ['a complete change is taken back that is worse than what was before', { state: 'REVERTED', notes: [] }, async (deployed) => {
    await deployed.sleep(8);
    const now = deployed.engine.clock.now();
    await counts(deployed, [CONFIG, RELEASE], Array.from({ length: 6 }, (_, n) => now - (n + 3) * 300_000), 0);
    await release(deployed, 0, { documents: [CONFIG] });
    await counts(deployed, [CONFIG], [deployed.engine.clock.now() + 300_000], 60);
    await deployed.sleep(16);
    return { state: await newest(deployed), notes: await notes(deployed) };
  }],
  ['the roll-back writes logs', [], (deployed) => silent(deployed, ['SluicePruning'])],
];

/** A shift, as its controller would have kept it. */
async function shifts(deployed: Deployed, record: object): Promise<void> {
  await deployed.client(S3Client).send(new PutObjectCommand({ Bucket: storeOf(deployed), Key: SHIFTING_KEY, Body: JSON.stringify(record) }));
}

/** The end of an environment that was read within the hour and is rolled out to, and of `stores` buckets with it. */
export function sweeping(removed: number): readonly Step[] {
  return [['the sweep', { gone: true, removed }, async (deployed) => {
    // Deletion protection looks at the reads of the last hour.
    await deployed.sleep(61);
    await release(deployed, 10);
    return sweep(deployed);
  }]];
}

async function order(deployed: Deployed, region: string): Promise<string> {
  const [ended] = await deployed.run(deployed.stack.outputs['AliasArn']!, 0.1, (n) => ({ order: { id: `order-${n}`, items: 1, region, rest: 0 } }));
  return ended?.status ?? '';
}

/** Orders that fail, one a minute. */
async function failing(deployed: Deployed, minutes: number): Promise<void> {
  await deployed.run(deployed.stack.outputs['AliasArn']!, minutes, (n) => ({ order: { id: `order-${n}`, items: 1, region: 'nowhere', rest: 0 } }), 60);
}

/** Counts of a minute in which the new epoch's executions failed and the old one's did not. */
async function worse(deployed: Deployed): Promise<void> {
  await counts(deployed, [CONFIG], [deployed.engine.clock.now()], 60);
  await counts(deployed, [CONFIG, RELEASE], [deployed.engine.clock.now()], 0);
}

/** Counts of an epoch at some instants, as the handlers would have written them: 60 executions each. */
async function counts(deployed: Deployed, documents: readonly string[], instants: readonly number[], failed: number): Promise<void> {
  await deployed.client(CloudWatchClient).send(new PutMetricDataCommand({
    Namespace: 'Sluice',
    MetricData: instants.flatMap((at) => Object.entries({ ExecutionsStarted: 60, ExecutionsSettled: 60, ExecutionsFailed: failed }).map(([MetricName, Value]) => ({
      MetricName, Value, Unit: 'Count', Timestamp: new Date(at),
      Dimensions: [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'production' }, { Name: 'Epoch', Value: epochOf(documents).digest }],
    }))),
  }));
}

/** An override for three minutes; what became of it after twelve. */
async function override(deployed: Deployed): Promise<unknown> {
  const [s3, cloudwatch, now] = [deployed.client(S3Client), deployed.client(CloudWatchClient), deployed.engine.clock.now()];
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  const Prefix = `overrides/${ApplicationId}/${EnvironmentId}/`;
  const entry = { sluice: 1, kind: 'override', by: 'somebody', why: 'a story', at: new Date(now).toISOString(), until: new Date(now + 180_000).toISOString() };
  await s3.send(new PutObjectCommand({ Bucket: storeOf(deployed), Key: `${Prefix}000001.json`, Body: JSON.stringify(entry) }));
  await cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarmOf(deployed)] }));
  await deployed.sleep(12);
  const { CompositeAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [alarmOf(deployed)], AlarmTypes: ['CompositeAlarm'] }));
  return { enabled: CompositeAlarms[0]?.ActionsEnabled, entries: (await s3.send(new ListObjectsV2Command({ Bucket: storeOf(deployed), Prefix }))).KeyCount, notes: await notes(deployed) };
}

/** What the roll-back wrote of what it could not do. */
async function notes(deployed: Deployed): Promise<readonly string[]> {
  const { events = [] } = await deployed.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: deployed.resource('RollBackHandlerLogs'), filterPattern: '"note"' })).catch(() => ({ events: [] }));
  return events.map(({ message = '' }) => (JSON.parse(message) as { readonly note: string }).note);
}

/** A release by rules that ask for an approval: refused, approved, begun, and stopped, so that what is live asks for none. */
async function approved(deployed: Deployed): Promise<unknown[]> {
  const [appconfig, s3, ids] = [deployed.client(AppConfigClient), deployed.client(S3Client), await deployed.ids()];
  const keep = (Key: string, Body: Uint8Array | string): Promise<unknown> => s3.send(new PutObjectCommand({ Bucket: deployed.stack.outputs['StoreName']!, Key, Body }));
  const names = { application: 'orders', environment: 'production' };
  const { epoch, schemas } = epochOf([CONFIG]);
  const rules: Rules = { sluice: 1, ...names, invariants: [], allowed: [], approvals: { owners: [{ documents: '*', owners: ['ada'], approvals: 1 }], people: {} } };
  const made = composition(epoch.documents, schemas, rules);
  if (made instanceof Fault) throw made;
  const { bytes, digest: epochDigest } = made;
  for (const [digest, schema] of made.schemas) await keep(`schemas/${digest.slice('sha256:'.length)}.json`, schema);
  const base = { deployment: 2, version: '2', digest: epochOf([CONFIG, RELEASE]).digest, latest: 2 };
  const release: Release = { ...names, profile: 'orders-production', base, digest: epochDigest, strategy: { growthType: 'LINEAR', growthFactor: 10, durationMinutes: 20, bakeMinutes: 10 }, commit: null };
  const [label, place] = [labelOf(release), { applicationId: ids.ApplicationId, environmentId: ids.EnvironmentId }];
  await keep(releaseKey(place, label), JSON.stringify({ sluice: 1, ...release, label, plan: epochDigest, subject: null, author: null, signature: null, approvals: [], createdAt: '2026-01-01T00:00:00.000Z' }));
  const { VersionNumber } = await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId: ids.ApplicationId, ConfigurationProfileId: ids.ConfigurationProfileId, Content: bytes, ContentType: 'application/json', VersionLabel: label }));
  const refused = await refusal(deployed.start(VersionNumber!), 'SLUICE-GATE-8');
  await keep(approvalKey(place, label, 'AROAAPPROVER:ada'), JSON.stringify({ by: 'ada', at: '2026-01-01T00:00:00.000Z', plan: epochDigest, epoch: epochDigest }));
  await deployed.start(VersionNumber!);
  const [begun] = await deployed.deployments();
  const { State } = await appconfig.send(new StopDeploymentCommand({ ApplicationId: ids.ApplicationId, EnvironmentId: ids.EnvironmentId, DeploymentNumber: begun?.DeploymentNumber }));
  return [refused, begun?.State, State === 'ROLLING_BACK' ? await newest(deployed) : State];
}

/** What the judge wrote of anything that went wrong beside its verdicts. */
async function troubles(deployed: Deployed): Promise<{ readonly judged: boolean; readonly troubles: readonly string[] }> {
  const { events = [] } = await deployed.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: deployed.resource('JudgeHandlerLogs') }));
  const lines = events.flatMap(({ message = '' }) => (message.startsWith('{') ? [JSON.parse(message) as { verdict?: string; troubles?: string[] }] : []));
  return { judged: lines.some(({ verdict }) => verdict === 'roll-back'), troubles: lines.flatMap((line) => line.troubles ?? []) };
}

async function counted(deployed: Deployed, MetricName: string): Promise<number> {
  const now = deployed.engine.clock.now();
  const { Datapoints = [] } = await deployed.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
    Namespace: 'Sluice', MetricName, Dimensions: [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'production' }],
    StartTime: new Date(now - 3_600_000), EndTime: new Date(now), Period: 3600, Statistics: ['Sum'],
  }));
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}

/** The functions that wrote no logs, but for those that had nothing to do yet. */
export async function silent(deployed: Deployed, idle: readonly string[]): Promise<string[]> {
  const logs = deployed.client(CloudWatchLogsClient);
  const groups = Object.entries(deployed.stack.resources).flatMap(([id, name]) => (/Logs[0-9A-F]{8}$/.test(id) ? [[id, name]] : /^(Reserve|Charge|Ship)Function[0-9A-F]{8}$/.test(id) ? [[id, `/aws/lambda/${name}`]] : [])) as [string, string][];
  const found = await Promise.all(groups.map(async ([id, logGroupName]) => {
    const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName })).catch(() => ({ events: [] }));
    return events.length === 0 ? id : '';
  }));
  return found.filter((id) => id !== '' && !idle.some((part) => id.includes(part)));
}

function withUnknownSchema(): Uint8Array {
  return Buffer.from(Buffer.from(epochOf([CONFIG]).bytes).toString().replace(/sha256:[0-9a-f]{64}/, ABSENT));
}

/** Whether something is refused with a message that holds a text. */
async function refusal(attempt: Promise<unknown>, text: string): Promise<boolean | string> {
  return attempt.then(() => 'it was not refused', (error: unknown) => (error as Error).message.includes(text) || (error as Error).message);
}

/** Starts a release by a linear plan of some minutes, and waits for its end where that is at once. */
export async function release(deployed: Deployed, minutes: number, { bake = minutes, documents = [CONFIG, RELEASE] }: { readonly bake?: number; readonly documents?: readonly string[] } = {}): Promise<string | undefined> {
  const appconfig = deployed.client(AppConfigClient);
  const { Id } = await appconfig.send(new CreateDeploymentStrategyCommand({ Name: `plan-${deployed.engine.clock.now()}`, DeploymentDurationInMinutes: minutes, FinalBakeTimeInMinutes: bake, GrowthFactor: minutes === 0 ? 100 : 20, ReplicateTo: 'NONE' }));
  const version = await deployed.createVersion(epochOf(documents).bytes);
  await appconfig.send(new StartDeploymentCommand({ ...await deployed.ids(), ConfigurationVersion: String(version), DeploymentStrategyId: Id }));
  if (minutes + bake === 0) await deployed.sleep(1);
  return newest(deployed);
}

/** Does something while AppConfig watches no alarm. */
async function unmonitored(deployed: Deployed, act: () => Promise<void>): Promise<void> {
  const appconfig = deployed.client(AppConfigClient);
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  const { Monitors } = await appconfig.send(new GetEnvironmentCommand({ ApplicationId, EnvironmentId }));
  await appconfig.send(new UpdateEnvironmentCommand({ ApplicationId, EnvironmentId, Monitors: [] }));
  await act();
  await appconfig.send(new UpdateEnvironmentCommand({ ApplicationId, EnvironmentId, Monitors }));
}

async function newest(deployed: Deployed): Promise<string | undefined> {
  return (await deployed.deployments())[0]?.State;
}

/** Takes a schema away after a version by it was stored, and asks for the version's validation. */
async function loseSchema(deployed: Deployed): Promise<boolean | string> {
  const { ApplicationId, ConfigurationProfileId } = await deployed.ids();
  const { bytes, schemas } = epochOf([CONFIG]);
  const [known, text] = [...schemas][0]!;
  // Other bytes: a gate that has seen a schema knows it until it begins anew.
  const schema = Buffer.concat([text, Buffer.from('\n')]);
  const digest = createHash('sha256').update(schema).digest('hex');
  const s3 = deployed.client(S3Client);
  await s3.send(new PutObjectCommand({ Bucket: storeOf(deployed), Key: `schemas/${digest}.json`, Body: schema }));
  const version = await deployed.createVersion(Buffer.from(Buffer.from(bytes).toString().replace(known, `sha256:${digest}`)));
  await remove(deployed, `schemas/${digest}`);
  await beginAnew(deployed, 'GateHandler');
  return refusal(deployed.client(AppConfigClient).send(new ValidateConfigurationCommand({ ApplicationId, ConfigurationProfileId, ConfigurationVersion: String(version) })), digest);
}

/** Takes the warm sandboxes of a function away, as Lambda does whenever it likes: what they knew is gone. */
async function beginAnew(deployed: Deployed, part: string): Promise<void> {
  const [, FunctionName] = Object.entries(deployed.stack.resources).find(([id]) => id.includes(`${part}Function`))!;
  await deployed.client(LambdaClient).send(new UpdateFunctionConfigurationCommand({ FunctionName, Description: 'begun anew' }));
}

async function remove(deployed: Deployed, Prefix: string): Promise<void> {
  const s3 = deployed.client(S3Client);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: storeOf(deployed), Prefix }));
  for (const { Key } of Contents) await s3.send(new DeleteObjectCommand({ Bucket: storeOf(deployed), Key }));
}

async function sweep(deployed: Deployed): Promise<unknown> {
  const stacks = deployed.client(CloudFormationClient);
  const assets = async (): Promise<number> => (await deployed.client(S3Client).send(new ListObjectsV2Command({ Bucket: `cdk-hnb659fds-assets-${deployed.engine.account}-${deployed.engine.region}` }))).KeyCount ?? 0;
  const before = await assets();
  await stacks.send(new DeleteStackCommand({ StackName: deployed.stack.name }));
  await deployed.sleep(30);
  const { Stacks = [] } = await stacks.send(new DescribeStacksCommand({ StackName: deployed.stack.id }));
  return { gone: Stacks[0]?.StackStatus === 'DELETE_COMPLETE' || Stacks[0]?.StackStatusReason, removed: before - await assets() };
}

/** What became of the last epoch that the roll-back keeps as taken back. */
async function takenBack(deployed: Deployed): Promise<string | undefined> {
  const { Body } = await deployed.client(S3Client).send(new GetObjectCommand({ Bucket: storeOf(deployed), Key: 'rolled-back/orders-production.json' }));
  return (JSON.parse(await Body!.transformToString()) as RolledBackRecord).epochs.at(-1)?.state;
}

function storeOf(deployed: Deployed): string {
  return deployed.stack.outputs['StoreName']!;
}

function alarmOf(deployed: Deployed): string {
  return deployed.stack.outputs['AlarmName']!;
}
