import {
  AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateExtensionAssociationCommand, CreateExtensionCommand,
  CreateHostedConfigurationVersionCommand, type Action, type CreateConfigurationProfileCommandInput, type CreateHostedConfigurationVersionCommandOutput,
} from '@aws-sdk/client-appconfig';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { EngineOptions } from 'sluice-engine';
import { startRig, zipOf, type Rig } from '../rig.ts';

/** An engine with one application `probe`, its environment `env` and its free-form hosted profile `free`. */
export interface Stage extends AsyncDisposable {
  readonly rig: Rig;
  readonly client: AppConfigClient;
  readonly account: string;
  readonly app: string;
  readonly env: string;
  readonly free: string;
  /** Stores a version of a profile (the free one unless told otherwise). */
  store(content: string, more?: { profile?: string; label?: string; description?: string; lock?: number; type?: string }): Promise<CreateHostedConfigurationVersionCommandOutput>;
  /** Creates a profile and answers its id. */
  profile(input: Partial<CreateConfigurationProfileCommandInput> & { Name: string }): Promise<string>;
  /** Creates a Lambda function of Node code and answers its ARN. */
  fn(name: string, code: string, seconds?: number): Promise<string>;
  /** Creates an extension with one Lambda action and associates it with the application or another resource. */
  extend(name: string, point: string, functionArn: string, on?: string): Promise<string>;
}

/** Calls the old GetConfiguration, which the official client has marked as deprecated, by hand. */
export function oldRead(stage: Stage, profile: string, query: string): Promise<Response> {
  const authorization = 'AWS4-HMAC-SHA256 Credential=AKIDTEST/20260101/us-east-1/appconfig/aws4_request, SignedHeaders=host, Signature=0';
  return fetch(`${stage.rig.engine.endpoint}/applications/${stage.app}/environments/${stage.env}/configurations/${profile}?${query}`, { headers: { authorization } });
}

export const ROLE = 'arn:aws:iam::000000000000:role/reader';

/** Starts a stage. */
export async function startStage(options: EngineOptions = {}): Promise<Stage> {
  const rig = await startRig(options);
  const client = rig.client(AppConfigClient);
  const lambda = rig.client(LambdaClient);
  const { account, region } = rig.engine;
  const app = (await client.send(new CreateApplicationCommand({ Name: 'probe' }))).Id ?? '';
  const env = (await client.send(new CreateEnvironmentCommand({ ApplicationId: app, Name: 'env' }))).Id ?? '';
  const profile: Stage['profile'] = async (input) => (await client.send(new CreateConfigurationProfileCommand({ ApplicationId: app, LocationUri: 'hosted', ...input }))).Id ?? '';
  const free = await profile({ Name: 'free' });
  return {
    rig, client, account, app, env, free, profile,
    store: (content, more = {}) => client.send(new CreateHostedConfigurationVersionCommand({
      ApplicationId: app,
      ConfigurationProfileId: more.profile ?? free,
      Content: Buffer.from(content),
      ContentType: more.type ?? 'application/json',
      ...(more.label === undefined ? {} : { VersionLabel: more.label }),
      ...(more.description === undefined ? {} : { Description: more.description }),
      ...(more.lock === undefined ? {} : { LatestVersionNumber: more.lock }),
    })),
    async fn(name, code, seconds = 10) {
      const made = await lambda.send(new CreateFunctionCommand({ FunctionName: name, Role: ROLE, Runtime: 'nodejs20.x', Handler: 'index.handler', Timeout: seconds, Code: { ZipFile: zipOf(code) } }));
      return made.FunctionArn ?? '';
    },
    async extend(name, point, functionArn, on = `arn:aws:appconfig:${region}:${account}:application/${app}`) {
      const actions: Record<string, Action[]> = { [point]: [{ Name: 'act', Uri: functionArn, RoleArn: ROLE }] };
      const { Id: id } = await client.send(new CreateExtensionCommand({ Name: name, Actions: actions }));
      const { Id: association } = await client.send(new CreateExtensionAssociationCommand({ ExtensionIdentifier: id, ResourceIdentifier: on }));
      return association ?? '';
    },
    [Symbol.asyncDispose]: () => rig.close(),
  };
}

/** What a call was refused with, as the client saw it. */
export interface Seen {
  readonly status: number | undefined;
  readonly code: string;
  readonly message: string;
  readonly error: Record<string, unknown>;
}

/** The refusal of a call; throws when the call is not refused. */
export async function refusal(call: Promise<unknown>): Promise<Seen> {
  try {
    await call;
  } catch (cause) {
    const error = cause as Error & { $metadata?: { httpStatusCode?: number } };
    return { status: error.$metadata?.httpStatusCode, code: error.name, message: error.message, error: error as unknown as Record<string, unknown> };
  }
  throw new Error('the call was not refused');
}
