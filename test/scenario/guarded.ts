import { readFileSync } from 'node:fs';
import {
  AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateDeploymentStrategyCommand, CreateEnvironmentCommand, CreateExtensionAssociationCommand, CreateExtensionCommand,
  CreateHostedConfigurationVersionCommand, GetDeploymentCommand, StartDeploymentCommand, type ActionPoint, type Deployment,
} from '@aws-sdk/client-appconfig';
import { AppConfigDataClient, GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateFunctionCommand, LambdaClient, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { compose } from 'sluice/documents';
import { zip } from 'sluice-engine';
import { startRig, type Rig } from '../../engine/test/rig.ts';

const ROLE = 'arn:aws:iam::000000000000:role/test';
const STORE = 'epochs';
const SCHEMA = { type: 'object', properties: { perMinute: { type: 'integer', minimum: 1 } }, required: ['perMinute'], additionalProperties: false };
export const MINUTE = 60_000;

/** An application with Sluice's gate and validator and an alarm as its monitor, set up with official clients alone. */
export class Guarded {
  readonly rig: Rig;
  applicationId = '';
  environmentId = '';
  profileId = '';
  strategyId = '';

  private constructor(rig: Rig) {
    this.rig = rig;
  }

  get appconfig(): AppConfigClient {
    return this.rig.client(AppConfigClient);
  }

  /** Growth 25 % a step over 8 minutes, 5 minutes of bake. */
  static async start(): Promise<Guarded> {
    const guarded = new Guarded(await startRig());
    const { rig } = guarded;
    const s3 = rig.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: STORE }));
    const composed = compose([{ path: 'limits.yaml', bytes: Buffer.from('perMinute: 1\n') }, { path: 'limits.schema.json', bytes: Buffer.from(JSON.stringify(SCHEMA)) }]);
    if ('faults' in composed) throw composed.faults[0]!;
    for (const [digest, bytes] of composed.schemas) await s3.send(new PutObjectCommand({ Bucket: STORE, Key: `schemas/${digest.slice(7)}.json`, Body: bytes }));
    guarded.#schema = [...composed.schemas.keys()][0]!;
    await guarded.#configure();
    return guarded;
  }

  #schema = '';

  async #configure(): Promise<void> {
    const { appconfig, rig } = this;
    const gate = await this.#function('gate', readFileSync(new URL('../../dist/lambda/gate/index.mjs', import.meta.url)));
    const validate = await this.#function('validate', readFileSync(new URL('../../dist/lambda/validate/index.mjs', import.meta.url)));
    const cloudwatch = rig.client(CloudWatchClient);
    await cloudwatch.send(new PutMetricAlarmCommand({
      AlarmName: 'bad', Namespace: 'Test', MetricName: 'Bad', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 0, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching',
    }));
    await rig.advance(2 * MINUTE);
    const [alarm] = (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: ['bad'] }))).MetricAlarms!;
    this.applicationId = (await appconfig.send(new CreateApplicationCommand({ Name: 'shop' }))).Id!;
    this.environmentId = (await appconfig.send(new CreateEnvironmentCommand({ ApplicationId: this.applicationId, Name: 'production', Monitors: [{ AlarmArn: alarm!.AlarmArn!, AlarmRoleArn: ROLE }] }))).Id!;
    this.profileId = (await appconfig.send(new CreateConfigurationProfileCommand({
      ApplicationId: this.applicationId, Name: 'shop-production', LocationUri: 'hosted',
      Validators: [{ Type: 'JSON_SCHEMA', Content: readFileSync(new URL('../../schemas/epoch.schema.json', import.meta.url), 'utf8') }, { Type: 'LAMBDA', Content: validate }],
    }))).Id!;
    await this.#extend('gate', { PRE_CREATE_HOSTED_CONFIGURATION_VERSION: gate, PRE_START_DEPLOYMENT: gate });
    this.strategyId = (await appconfig.send(new CreateDeploymentStrategyCommand({ Name: 'steps', DeploymentDurationInMinutes: 8, GrowthFactor: 25, FinalBakeTimeInMinutes: 5, ReplicateTo: 'NONE' }))).Id!;
  }

  async #function(name: string, code: Uint8Array): Promise<string> {
    const made = await this.rig.client(LambdaClient).send(new CreateFunctionCommand({
      FunctionName: name, Runtime: 'nodejs22.x', Handler: 'index.handler', Role: ROLE, Timeout: 15, MemorySize: 512, Code: { ZipFile: zip({ 'index.mjs': code }, 'stored') },
      Environment: { Variables: { SLUICE_STORE: STORE, SLUICE_GATE: 'gate', SLUICE_APPLICATION: 'shop', SLUICE_ENVIRONMENT: 'production', SLUICE_PROFILE: 'shop-production' } },
    }));
    return made.FunctionArn!;
  }

  async #extend(Name: string, points: Partial<Record<ActionPoint, string>>): Promise<void> {
    const Actions = Object.fromEntries(Object.entries(points).map(([point, Uri]) => [point, [{ Name: point.toLowerCase(), Uri, RoleArn: ROLE }]]));
    const extension = await this.appconfig.send(new CreateExtensionCommand({ Name, Actions }));
    await this.appconfig.send(new CreateExtensionAssociationCommand({
      ExtensionIdentifier: extension.Id, ResourceIdentifier: `arn:aws:appconfig:us-east-1:000000000000:application/${this.applicationId}/configurationprofile/${this.profileId}`,
    }));
  }

  #ticked = false;

  /** From now on a function with this code is asked at each tick of a deployment. */
  async askAtTicks(code: string): Promise<void> {
    if (this.#ticked) await this.rig.client(LambdaClient).send(new UpdateFunctionCodeCommand({ FunctionName: 'tick', ZipFile: zip({ 'index.mjs': Buffer.from(code) }) }));
    else await this.#extend('judge', { AT_DEPLOYMENT_TICK: await this.#function('tick', Buffer.from(code)) });
    this.#ticked = true;
    await this.rig.advance(MINUTE);
  }

  /** Stores an epoch with one document, as the console would: the bytes as they are. */
  async create(perMinute: unknown): Promise<string> {
    const made = await this.appconfig.send(new CreateHostedConfigurationVersionCommand({
      ApplicationId: this.applicationId, ConfigurationProfileId: this.profileId, ContentType: 'application/json',
      Content: Buffer.from(JSON.stringify({ sluice: 1, documents: { limits: { schema: this.#schema, content: { perMinute } } } })),
    }));
    return String(made.VersionNumber);
  }

  async deploy(version: string, strategy = this.strategyId): Promise<number> {
    const started = await this.appconfig.send(new StartDeploymentCommand({
      ApplicationId: this.applicationId, EnvironmentId: this.environmentId, ConfigurationProfileId: this.profileId, ConfigurationVersion: version, DeploymentStrategyId: strategy,
    }));
    return started.DeploymentNumber!;
  }

  /** A configuration that everybody has, complete. */
  async settle(perMinute: number): Promise<void> {
    await this.deploy(await this.create(perMinute), 'AppConfig.AllAtOnce');
    await this.rig.advance(12 * MINUTE);
  }

  deployment(DeploymentNumber: number): Promise<Deployment> {
    return this.appconfig.send(new GetDeploymentCommand({ ApplicationId: this.applicationId, EnvironmentId: this.environmentId, DeploymentNumber }));
  }

  /** Readers with a session each; a read answers the value it holds now. */
  async readers(count: number): Promise<() => Promise<number[]>> {
    const data = this.rig.client(AppConfigDataClient);
    const sessions = await Promise.all(Array.from({ length: count }, () => data.send(new StartConfigurationSessionCommand({
      ApplicationIdentifier: 'shop', EnvironmentIdentifier: 'production', ConfigurationProfileIdentifier: 'shop-production', RequiredMinimumPollIntervalInSeconds: 15,
    }))));
    const held = sessions.map(({ InitialConfigurationToken }) => ({ token: InitialConfigurationToken, value: 0 }));
    return () => Promise.all(held.map(async (reader) => {
      const answer = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken: reader.token }));
      reader.token = answer.NextPollConfigurationToken;
      const text = Buffer.from(answer.Configuration ?? []).toString();
      if (text !== '') reader.value = (JSON.parse(text) as { documents: { limits: { content: { perMinute: number } } } }).documents.limits.content.perMinute;
      return reader.value;
    }));
  }

  close(): Promise<void> {
    return this.rig.close();
  }
}
