import {
  AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateDeploymentStrategyCommand, CreateEnvironmentCommand,
  CreateExtensionAssociationCommand, CreateExtensionCommand, CreateHostedConfigurationVersionCommand, GetDeploymentCommand, GetEnvironmentCommand,
  StartDeploymentCommand, StopDeploymentCommand, type ActionPoint, type CreateDeploymentStrategyCommandInput, type GetDeploymentCommandOutput,
  type StartDeploymentCommandInput, type StartDeploymentCommandOutput, type StopDeploymentCommandOutput,
} from '@aws-sdk/client-appconfig';
import { AppConfigDataClient, GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { Engine, EngineOptions } from 'sluice-engine';
import { startRig, zipOf, type Rig } from '../rig.ts';

export const SECOND = 1000;
export const MINUTE: number = 60 * SECOND;
export const HOUR: number = 60 * MINUTE;

export const ROLE = 'arn:aws:iam::000000000000:role/monitor';

/** A strategy's numbers; everything not given is zero, LINEAR and 100 %. */
export interface StrategyGiven {
  readonly growthType?: 'LINEAR' | 'EXPONENTIAL';
  readonly factor?: number;
  readonly minutes?: number;
  readonly bake?: number;
}

/** One application with an environment and a profile, and what a test does to them. */
export interface Scene extends AsyncDisposable {
  readonly rig: Rig;
  readonly engine: Engine;
  readonly client: AppConfigClient;
  readonly ids: { readonly ApplicationId: string; readonly EnvironmentId: string };
  readonly profileId: string;
  /** Creates a hosted version of a text; gives its number. */
  version(text: string, label?: string): Promise<string>;
  strategy(given: StrategyGiven): Promise<string>;
  /** Starts a deployment of a version by a strategy (an id or its numbers). */
  start(version: string, strategy: string | StrategyGiven, more?: Partial<StartDeploymentCommandInput>): Promise<StartDeploymentCommandOutput>;
  /** Puts a text out at once, without growth and bake. */
  release(text: string): Promise<number>;
  get(number: number): Promise<GetDeploymentCommandOutput>;
  stop(number: number, allowRevert?: boolean): Promise<StopDeploymentCommandOutput>;
  environmentState(): Promise<string | undefined>;
  /** Starts a session; gives its first token. */
  session(intervalSeconds?: number): Promise<string>;
  /** The content for a token, empty when nothing changed, and the next token. */
  poll(token: string): Promise<{ readonly text: string; readonly token: string }>;
  /** Creates a Lambda function whose handler is the body of an async function of `event`; gives its ARN. */
  handler(name: string, body: string): Promise<string>;
  /** Associates an extension with one action with the application. */
  extend(point: ActionPoint, uri: string): Promise<void>;
}

/** Builds a scene on a virtual clock. */
export async function startScene(options: EngineOptions & { readonly monitors?: readonly string[] } = {}): Promise<Scene> {
  const { monitors = [], ...engineOptions } = options;
  const rig = await startRig(engineOptions);
  const client = rig.client(AppConfigClient);
  const data = rig.client(AppConfigDataClient);
  const { Id: ApplicationId = '' } = await client.send(new CreateApplicationCommand({ Name: 'orders' }));
  const { Id: EnvironmentId = '' } = await client.send(new CreateEnvironmentCommand({
    ApplicationId, Name: 'prod', Monitors: monitors.map((AlarmArn) => ({ AlarmArn, AlarmRoleArn: ROLE })),
  }));
  const { Id: profileId = '' } = await client.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'epoch', LocationUri: 'hosted' }));
  const ids = { ApplicationId, EnvironmentId };
  let named = 0;

  const scene: Scene = {
    rig, engine: rig.engine, client, ids, profileId,
    version: async (text, label) => {
      const { VersionNumber } = await client.send(new CreateHostedConfigurationVersionCommand({
        ApplicationId, ConfigurationProfileId: profileId, Content: Buffer.from(text), ContentType: 'application/json', ...(label !== undefined && { VersionLabel: label }),
      }));
      return String(VersionNumber);
    },
    strategy: async (given) => {
      const { Id = '' } = await client.send(new CreateDeploymentStrategyCommand(strategyInput(`strategy ${named += 1}`, given)));
      return Id;
    },
    start: async (version, strategy, more = {}) => client.send(new StartDeploymentCommand({
      ...ids, ConfigurationProfileId: profileId, ConfigurationVersion: version,
      DeploymentStrategyId: typeof strategy === 'string' ? strategy : await scene.strategy(strategy), ...more,
    })),
    release: async (text) => (await scene.start(await scene.version(text), {})).DeploymentNumber ?? 0,
    get: (number) => client.send(new GetDeploymentCommand({ ...ids, DeploymentNumber: number })),
    stop: (number, allowRevert) => client.send(new StopDeploymentCommand({ ...ids, DeploymentNumber: number, ...(allowRevert !== undefined && { AllowRevert: allowRevert }) })),
    environmentState: async () => (await client.send(new GetEnvironmentCommand(ids))).State,
    session: async (intervalSeconds) => {
      const { InitialConfigurationToken = '' } = await data.send(new StartConfigurationSessionCommand({
        ApplicationIdentifier: 'orders', EnvironmentIdentifier: 'prod', ConfigurationProfileIdentifier: 'epoch',
        ...(intervalSeconds !== undefined && { RequiredMinimumPollIntervalInSeconds: intervalSeconds }),
      }));
      return InitialConfigurationToken;
    },
    poll: async (token) => {
      const { Configuration, NextPollConfigurationToken = '' } = await data.send(new GetLatestConfigurationCommand({ ConfigurationToken: token }));
      return { text: Buffer.from(Configuration ?? new Uint8Array(0)).toString(), token: NextPollConfigurationToken };
    },
    handler: async (name, body) => {
      const { FunctionArn = '' } = await rig.client(LambdaClient).send(new CreateFunctionCommand({
        FunctionName: name, Runtime: 'nodejs22.x', Role: 'arn:aws:iam::000000000000:role/lambda', Handler: 'index.handler', Timeout: 30,
        Code: { ZipFile: zipOf(`export const handler = async (event) => {\n${body}\n};\n`) },
      }));
      return FunctionArn;
    },
    extend: async (point, uri) => {
      const { Id = '' } = await client.send(new CreateExtensionCommand({ Name: `extension ${named += 1}`, Actions: { [point]: [{ Name: 'act', Uri: uri, RoleArn: ROLE }] } }));
      const resource = `arn:aws:appconfig:us-east-1:000000000000:application/${ApplicationId}`;
      await client.send(new CreateExtensionAssociationCommand({ ExtensionIdentifier: Id, ResourceIdentifier: resource }));
    },
    [Symbol.asyncDispose]: () => rig.close(),
  };
  return scene;
}

function strategyInput(name: string, given: StrategyGiven): CreateDeploymentStrategyCommandInput {
  return {
    Name: name, GrowthType: given.growthType ?? 'LINEAR', GrowthFactor: given.factor ?? 100,
    DeploymentDurationInMinutes: given.minutes ?? 0, FinalBakeTimeInMinutes: given.bake ?? 0, ReplicateTo: 'NONE',
  };
}

/** The event log as lines, newest first: seconds since the start, type, cause, text. */
export function logOf(deployment: Pick<GetDeploymentCommandOutput, 'EventLog' | 'StartedAt'>): string[] {
  const start = deployment.StartedAt?.getTime() ?? 0;
  return (deployment.EventLog ?? []).map((event) => `${((event.OccurredAt?.getTime() ?? 0) - start) / SECOND} ${event.EventType} ${event.TriggeredBy} ${event.Description}`);
}

/** How a refused call ended: `code status message`. */
export async function refusalOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as { name: string; message: string; $metadata?: { httpStatusCode?: number } };
    return `${name} ${$metadata?.httpStatusCode} ${message}`;
  }
  return 'no refusal';
}
