import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, CreateDeploymentStrategyCommand, GetDeploymentCommand, StartDeploymentCommand, type Deployment } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DescribeAlarmHistoryCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { buildSync } from 'esbuild';
import { Configuration, PinnedTask, Workflow, type EnvironmentOptions } from '../../lib/constructs/index.ts';
import { verdictAt } from '../../lib/adapters/verdicts.ts';
import type { JudgedRecord } from '../../lib/core/index.ts';
import { compose, type Composition } from 'sluice/documents';
import { draws } from '../../bench/judge/draws.ts';
import type { Deployed } from '../constructs/deployed.ts';

/** What executions do, by chance, 0 to 1. */
export interface Behaviour {
  readonly fails?: number;
  readonly slow?: number;
  readonly hangs?: number;
}

const SCHEMA = JSON.stringify({ type: 'object', additionalProperties: { type: 'number', minimum: 0, maximum: 1 } });

/** The epoch of a behaviour; `note` makes it another one of the same behaviour. */
export function epochOf(behaviour: Behaviour & { readonly note?: number }): Composition {
  const composed = compose([{ path: 'behaviour.json', bytes: Buffer.from(JSON.stringify(behaviour)) }, { path: 'behaviour.schema.json', bytes: Buffer.from(SCHEMA) }]);
  if ('faults' in composed) throw composed.faults[0]!;
  return composed;
}

const code = mkdtempSync(join(tmpdir(), 'sluice-works-'));
buildSync({ entryPoints: [join(import.meta.dirname, 'works.ts')], outfile: join(code, 'index.mjs'), conditions: ['source'], bundle: true, format: 'esm', platform: 'node', minify: true });

/** A stack of one workflow with one task, whose first release behaves as told; answers the assembly's folder. */
export function plant(first: Behaviour, options: EnvironmentOptions = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-judge-'));
  writeFileSync(join(folder, 'behaviour.json'), JSON.stringify(first));
  writeFileSync(join(folder, 'behaviour.schema.json'), SCHEMA);
  const app = new App({ outdir: mkdtempSync(join(tmpdir(), 'sluice-plant-')), treeMetadata: false, analyticsReporting: false });
  const stack = new Stack(app, 'Plant');
  const topic = new Topic(stack, 'Pager');
  const environment = new Configuration(stack, 'orders', { directory: folder }).addEnvironment('production', options.judge === false ? options : { ...options, judge: { ...options.judge, topic } });
  const lambdaFunction = new LambdaFunction(stack, 'Works', { code: Code.fromAsset(code), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, timeout: Duration.seconds(60) });
  environment.addReader(lambdaFunction, { sources: ['store'] });
  const workflow = new Workflow(stack, 'Workflow', { environment, definition: new PinnedTask(stack, 'Work', { lambdaFunction }), timeout: Duration.seconds(30) });
  const hears = new LambdaFunction(stack, 'HearsFunction', { code: Code.fromInline('exports.handler = async (event) => { console.log(JSON.stringify(event.Records ? { published: event.Records[0].Sns.Message } : event.detail)); };'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  new Rule(stack, 'Told', { eventPattern: { source: ['sluice'], detailType: ['Sluice Rollback'] }, targets: [new LambdaTarget(hears)] });
  topic.addSubscription(new LambdaSubscription(hears));
  new CfnOutput(stack, 'Hears', { value: hears.functionName });
  new CfnOutput(stack, 'Alarm', { value: environment.alarm.alarmName });
  new CfnOutput(stack, 'AliasArn', { value: workflow.aliasArn });
  new CfnOutput(stack, 'Store', { value: environment.store.bucketName });
  return app.synth().directory;
}

/** Releases a behaviour by a plan that doubles from `percent` over some minutes; answers the deployment's number. */
export async function release(deployed: Deployed, behaviour: Behaviour & { readonly note?: number }, plan: { readonly percent: number; readonly minutes: number; readonly bake: number }): Promise<number> {
  const { bytes, schemas } = epochOf(behaviour);
  const s3 = deployed.client(S3Client);
  for (const [digest, body] of schemas) await s3.send(new PutObjectCommand({ Bucket: deployed.stack.outputs['Store']!, Key: `schemas/${digest.slice(7)}.json`, Body: body }));
  const appconfig = deployed.client(AppConfigClient);
  const { Id } = await appconfig.send(new CreateDeploymentStrategyCommand({
    Name: 'plan', GrowthType: 'EXPONENTIAL', GrowthFactor: plan.percent, DeploymentDurationInMinutes: plan.minutes, FinalBakeTimeInMinutes: plan.bake, ReplicateTo: 'NONE',
  }));
  const { DeploymentNumber } = await appconfig.send(new StartDeploymentCommand({ ...await deployed.ids(), ConfigurationVersion: String(await deployed.createVersion(bytes)), DeploymentStrategyId: Id }));
  return DeploymentNumber!;
}

/** Executions, evenly, from some minutes on until a deployment has ended. */
export async function runUntilEnd(deployed: Deployed, deployment: number, perSecond: number, afterMinutes = 0): Promise<Deployment> {
  const state = async (): Promise<Deployment> => deployed.client(AppConfigClient).send(new GetDeploymentCommand({ ...await deployed.ids(), DeploymentNumber: deployment }));
  await deployed.sleep(afterMinutes);
  let now = await state();
  while (now.State === 'DEPLOYING' || now.State === 'BAKING' || now.State === 'ROLLING_BACK') {
    for (let n = 0; n < 15 * perSecond; n += 1) {
      await start(deployed);
      await deployed.sleep(1 / perSecond / 60);
    }
    now = await state();
  }
  return now;
}

/**
 * Counts a minute of 3000 executions, of which so many percent are on the canary, and lets it pass. One in a hundred fails, with noise of a squared coefficient of
 * variation 0.5 of its own for each side and minute.
 */
export function clumpsOf(deployed: Deployed, cohorts: { readonly canary: string; readonly control: string }): (percent: number) => Promise<void> {
  const [chance, cloudwatch] = [draws(CLUMPS_SEED), deployed.client(CloudWatchClient)];
  return async (percent) => {
    const Timestamp = new Date(deployed.engine.clock.now());
    const canary = 30 * percent;
    const data = ([[cohorts.canary, canary], [cohorts.control, 3000 - canary]] as const).flatMap(([Epoch, starts]) => {
      const bad = chance.binomial(starts, 0.01 * chance.noise(0.5));
      const Dimensions = [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'production' }, { Name: 'Epoch', Value: Epoch }];
      return Object.entries({ ExecutionsStarted: starts, ExecutionsSettled: starts, ExecutionsFailed: bad }).map(([MetricName, Value]) => ({ MetricName, Value, Timestamp, Unit: 'Count' as const, Dimensions }));
    });
    await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: data }));
    await deployed.sleep(1);
  };
}

/** A seed at which failures would look like harm to who knows nothing of their clumps. */
const CLUMPS_SEED = 23;

/** Who ended a deployment that was rolled back. */
export function endedBy({ EventLog = [] }: Deployment): string | undefined {
  return EventLog.find(({ EventType }) => EventType === 'ROLLBACK_STARTED')?.TriggeredBy;
}

async function start(deployed: Deployed): Promise<void> {
  await deployed.park(() => deployed.engine.dispatch({
    method: 'POST', path: '/', query: new URLSearchParams(), headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AWSStepFunctions.StartExecution' },
    body: Buffer.from(JSON.stringify({ stateMachineArn: deployed.stack.outputs['AliasArn'], input: '{}' })),
  }));
}

/** What was told of rollbacks on the default bus. */
export function told(deployed: Deployed): Promise<Record<string, unknown>[]> {
  return heard(deployed, 'decidedBy');
}

/** The messages that reach a subscriber of the topic. */
export async function published(deployed: Deployed): Promise<unknown[]> {
  return (await heard(deployed, 'published')).map((line) => line['published']);
}

async function heard(deployed: Deployed, word: string): Promise<Record<string, unknown>[]> {
  const { events = [] } = await deployed.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${deployed.stack.outputs['Hears']!}`, filterPattern: `"${word}"` })).catch(() => ({ events: [] }));
  return events.map(({ message = '' }) => JSON.parse(message.slice(message.indexOf('{'))) as Record<string, unknown>);
}

/** How often the environment's alarm rang. */
export async function rang(deployed: Deployed): Promise<number> {
  const { AlarmHistoryItems = [] } = await deployed.client(CloudWatchClient).send(new DescribeAlarmHistoryCommand({ AlarmName: deployed.stack.outputs['Alarm']!, AlarmTypes: ['CompositeAlarm'], HistoryItemType: 'StateUpdate' }));
  return AlarmHistoryItems.filter(({ HistorySummary }) => HistorySummary?.endsWith('to ALARM')).length;
}

/** The environment's record. */
export async function environmentRecord(deployed: Deployed): Promise<unknown> {
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  const { Body } = await deployed.client(S3Client).send(new GetObjectCommand({ Bucket: deployed.stack.outputs['Store']!, Key: `environments/${ApplicationId}/${EnvironmentId}.json` }));
  return JSON.parse(await Body!.transformToString());
}

/** The verdicts on a deployment, oldest first. */
export async function verdicts(deployed: Deployed, deployment: number): Promise<JudgedRecord[]> {
  const s3 = deployed.client(S3Client);
  const Bucket = deployed.stack.outputs['Store']!;
  const { ApplicationId, EnvironmentId } = await deployed.ids();
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: `verdicts/${ApplicationId}/${EnvironmentId}/${deployment}/` }));
  const records: JudgedRecord[] = [];
  const store = { get: async (Key: string): Promise<Uint8Array> => (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToByteArray() };
  for (const { Key } of Contents) records.push((await verdictAt(store, Key!))!);
  return records;
}
