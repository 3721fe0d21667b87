import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  AppConfigClient, CreateHostedConfigurationVersionCommand, ListDeploymentsCommand, ListEnvironmentsCommand, ListApplicationsCommand, ListConfigurationProfilesCommand,
  StartDeploymentCommand, type DeploymentSummary,
} from '@aws-sdk/client-appconfig';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { compose, type Composition } from 'sluice/documents';
import { ExecutionsRecorded } from '../../lib/adapters/evidence/executionsRecorded.ts';
import { Functions } from '../../lib/adapters/functions.ts';
import { ask } from '../../lib/rehearsal/ask.ts';
import { S3Store } from '../../lib/adapters/store/index.ts';
import { deployAssembly, inProcess, startEngine, type DeployedStack, type Driver, type Engine, type SettingsGiven } from 'sluice-engine';

const MINUTE = 60_000;

/** A stack of the constructs on an engine in virtual time, and what a person does with it by official clients. */
export class Deployed {
  readonly engine: Engine;
  readonly stack: DeployedStack;
  readonly #driver: Driver;
  #options: object;
  #ids: { ApplicationId: string; EnvironmentId: string; ConfigurationProfileId: string } | undefined;

  constructor(engine: Engine, driver: Driver, stack: DeployedStack) {
    this.engine = engine;
    this.stack = stack;
    this.#driver = driver;
    this.#options = {
      region: engine.region, endpoint: 'http://127.0.0.1:4566', forcePathStyle: true, maxAttempts: 1, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
      requestHandler: inProcess((request) => driver.park(() => engine.dispatch(request))),
    };
  }

  /** Deploys an assembly and plays with its first stack. */
  static play<Result>(cdkOut: string, act: (deployed: Deployed) => Promise<Result>): Promise<Result> {
    return Deployed.on(async ({ engine, park, with: again }) => {
      const [stack] = await park(() => deployAssembly(engine, cdkOut));
      return act(again(stack!));
    });
  }

  /** An engine on which nothing is deployed yet. */
  static async on<Result>(act: (deployed: Deployed) => Promise<Result>, settings: SettingsGiven = {}): Promise<Result> {
    const engine = await startEngine({ clock: 'virtual', port: false, seed: 'constructs', settings });
    try {
      return await engine.drive((driver) => act(new Deployed(engine, driver, { name: '', id: '', status: '', outputs: {}, resources: {} })));
    } finally {
      await engine.close();
    }
  }

  /** Waits for something while virtual time goes on. */
  readonly park = <Result>(wait: () => Promise<Result>): Promise<Result> => this.#driver.park(wait);

  /** The same, in somebody else's name. */
  as(credentials: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken: string }): Deployed {
    const other = this.with(this.stack);
    other.#options = { ...this.#options, credentials };
    return other;
  }

  /** The same engine with another stack in hand. */
  readonly with = (stack: DeployedStack): Deployed => new Deployed(this.engine, this.#driver, stack);

  client<Client>(Made: new (options: never) => Client): Client {
    return new Made(this.#options as never);
  }

  /** A bucket, as the command line sees it. */
  objects(bucket: string): Promise<S3Store> {
    return S3Store.open(bucket, this.#options);
  }

  /** What was executed, and its functions, as the command line sees them. */
  recorded(): Promise<[ExecutionsRecorded, Functions]> {
    return Promise.all([ExecutionsRecorded.open(this.#options), Functions.open(this.#options)]);
  }

  /** The physical id of the resource whose logical id contains a part. */
  resource(part: string): string {
    const found = Object.entries(this.stack.resources).find(([id]) => id.includes(part));
    if (found === undefined) throw new Error(`no resource ${part} among ${Object.keys(this.stack.resources).join(', ')}`);
    return found[1];
  }

  /** What was granted and how often it was used, and what was denied. */
  async grants(): Promise<{ grants: { holder: string; action: string; resource: string; uses: number }[]; denials: unknown[] }> {
    const { body } = await this.engine.dispatch({ method: 'GET', path: '/_engine/grants', query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) });
    return JSON.parse(Buffer.from(body).toString()) as never;
  }

  sleep(minutes: number): Promise<void> {
    return this.#driver.sleep(minutes * MINUTE);
  }

  async ids(application = 'orders', environment = 'production', profile = `${application}-${environment}`): Promise<{ ApplicationId: string; EnvironmentId: string; ConfigurationProfileId: string }> {
    if (this.#ids !== undefined) return this.#ids;
    const appconfig = this.client(AppConfigClient);
    const id = (items: { Id?: string | undefined; Name?: string | undefined }[] | undefined, name: string): string => items?.find(({ Name }) => Name === name)?.Id ?? '';
    const ApplicationId = id((await appconfig.send(new ListApplicationsCommand({}))).Items, application);
    const EnvironmentId = id((await appconfig.send(new ListEnvironmentsCommand({ ApplicationId }))).Items, environment);
    const ConfigurationProfileId = id((await appconfig.send(new ListConfigurationProfilesCommand({ ApplicationId }))).Items, profile);
    return (this.#ids = { ApplicationId, EnvironmentId, ConfigurationProfileId });
  }

  /** The deployments, newest first. */
  async deployments(application = 'orders'): Promise<DeploymentSummary[]> {
    const { ApplicationId, EnvironmentId } = await this.ids(application);
    return (await this.client(AppConfigClient).send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }))).Items ?? [];
  }

  /** Releases the documents of some directories, later ones over earlier ones, by the predefined canary plan. */
  async release(...directories: string[]): Promise<void> {
    const composed = epochOf(directories);
    const s3 = this.client(S3Client);
    for (const [digest, bytes] of composed.schemas) await s3.send(new PutObjectCommand({ Bucket: this.resource('productionStore'), Key: `schemas/${digest.slice(7)}.json`, Body: bytes }));
    await this.start(await this.createVersion(composed.bytes));
  }

  async createVersion(Content: Uint8Array): Promise<number> {
    const { ApplicationId, ConfigurationProfileId } = await this.ids();
    const made = await this.client(AppConfigClient).send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content, ContentType: 'application/json' }));
    return made.VersionNumber ?? 0;
  }

  async start(version: number): Promise<void> {
    await this.client(AppConfigClient).send(new StartDeploymentCommand({ ...await this.ids(), ConfigurationVersion: String(version), DeploymentStrategyId: 'AppConfig.Canary10Percent20Minutes' }));
  }

  /** Starts executions on an alias, one every few seconds for some minutes or until a minute ends with enough, and answers what became of each. */
  async run(stateMachineArn: string, minutes: number, input: (n: number) => unknown, everySeconds = 6, enough: () => Promise<boolean> = async () => false): Promise<{ status: string; output: Record<string, unknown> }[]> {
    const states = <Answer>(operation: string, asked: object): Promise<Answer> => this.park(() => ask<Answer>(this.engine, `AWSStepFunctions.${operation}`, asked));
    const started: string[] = [];
    for (let n = 1; n <= (minutes * 60) / everySeconds; n += 1) {
      const { executionArn } = await states<{ executionArn: string }>('StartExecution', { stateMachineArn, input: JSON.stringify(input(n)) });
      started.push(executionArn);
      await this.#driver.sleep(everySeconds * 1000);
      if ((n * everySeconds) % 60 === 0 && await enough()) break;
    }
    await this.sleep(1);
    return Promise.all(started.map(async (executionArn) => {
      const { status, output = '{}' } = await states<{ status: string; output?: string }>('DescribeExecution', { executionArn });
      return { status, output: JSON.parse(output) as Record<string, unknown> };
    }));
  }
}

/** The epoch that directories make together. */
export function epochOf(directories: readonly string[]): Composition {
  const files = new Map(directories.flatMap((directory) => readdirSync(directory).map((path) => [path, readFileSync(join(directory, path))] as const)));
  const composed = compose([...files].map(([path, bytes]) => ({ path, bytes })));
  if ('faults' in composed) throw composed.faults[0]!;
  return composed;
}
