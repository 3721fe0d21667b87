import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateExtensionAssociationCommand, CreateExtensionCommand, CreateHostedConfigurationVersionCommand, GetEnvironmentCommand, GetHostedConfigurationVersionCommand,
  ListApplicationsCommand, ListConfigurationProfilesCommand, ListEnvironmentsCommand, ListTagsForResourceCommand, StartDeploymentCommand,
  type CreateConfigurationProfileCommandInput, type CreateEnvironmentCommandInput, type CreateHostedConfigurationVersionCommandInput,
} from '@aws-sdk/client-appconfig';
import { CloudWatchClient, PutMetricAlarmCommand } from '@aws-sdk/client-cloudwatch';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { deployAssembly, startEngine, zip, type Engine } from 'sluice-engine';
import { Configuration } from '../../lib/constructs/index.ts';
import { inShell } from '../cli/shell.ts';
import { Sluice, sluice, type Ran } from '../cli/sluice.ts';
import { epochOf } from '../constructs/deployed.ts';

export const MINUTE = 60_000;
const STORE = 'epochs';

/** A person at a terminal, with a project in git and its environments on a local AWS in virtual time. */
export class Session {
  readonly engine: Engine;
  readonly project: string;
  readonly #root: string;
  /** Of these test/cli starts processes. */
  readonly #started: Set<string> = new Set(['validate', 'release']);
  #places: ReturnType<Session['places']> | undefined;
  readonly #clients: Map<unknown, unknown> = new Map();
  #transcript = '';

  private constructor(engine: Engine, root: string) {
    this.engine = engine;
    this.#root = root;
    this.project = join(root, 'orders');
  }

  /**
   * `sluice init` with rollouts that take minutes in place of an hour, `git init` and a first commit; and with the first configuration live
   * production, deployed by the constructs, and staging, set up by hand: or production alone, by hand too and with no guard but the gate.
   */
  static async begin({ guards = true }: { readonly guards?: boolean } = {}): Promise<Session> {
    const session = new Session(await startEngine({ clock: 'virtual', seed: 'session' }), mkdtempSync(join(tmpdir(), 'sluice-session-')));
    const { engine, project } = session;
    mkdirSync(project);
    await session.run('init', '.', '--application', 'orders');
    session.paced('minutes: 8, bakeMinutes: 4');
    session.git('init', '--quiet', '--initial-branch', 'main');
    session.git('config', 'user.name', 'Ada Lovelace');
    session.git('config', 'user.email', 'ada@example.org');
    session.commit('Begin');
    if (guards) {
      const folder = session.#synthesised();
      await engine.drive((driver) => driver.park(() => deployAssembly(engine, folder)));
      await session.#stage();
    } else await session.#bare();
    await session.pass(12);
    return session;
  }

  /** A directory with the documents without the overlay of production. */
  #seed(): string {
    const seed = join(this.#root, 'seed');
    cpSync(join(this.project, 'config', 'orders'), seed, { recursive: true, filter: (path) => !path.includes('production') });
    return seed;
  }

  #synthesised(): string {
    const stack = new Stack(new App({ outdir: join(this.#root, 'cdk.out'), treeMetadata: false, analyticsReporting: false }), 'Session');
    new Configuration(stack, 'orders', { directory: this.#seed() }).addEnvironment('production');
    return (stack.node.root as App).synth().directory;
  }

  /** Makes of staging what a seeded environment is to the command line: watched by the alarm, with the store, and with what production began with deployed first. */
  async #stage(): Promise<void> {
    const appconfig = this.client(AppConfigClient);
    const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await this.places();
    const [{ Monitors }, { Tags }, { Content = new Uint8Array() }] = await Promise.all([
      appconfig.send(new GetEnvironmentCommand({ ApplicationId, EnvironmentId })),
      appconfig.send(new ListTagsForResourceCommand({ ResourceArn: this.#arnOf(ApplicationId, ConfigurationProfileId) })),
      appconfig.send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: 1 })),
    ]);
    await this.#byHand({ ApplicationId, Name: 'staging', Monitors, Tags, Content });
  }

  /** Production with a store, a gate, and an alarm, by which the command line knows the account. */
  async #bare(): Promise<void> {
    await this.client(S3Client).send(new CreateBucketCommand({ Bucket: STORE }));
    await this.client(CloudWatchClient).send(new PutMetricAlarmCommand({ AlarmName: 'failing', Namespace: 'Orders', MetricName: 'Failures', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' }));
    await this.pass(2);
    const { Id: ApplicationId } = await this.client(AppConfigClient).send(new CreateApplicationCommand({ Name: 'orders' }));
    const { bytes: Content, schemas } = epochOf([this.#seed()]);
    for (const [digest, schema] of schemas) await this.client(S3Client).send(new PutObjectCommand({ Bucket: STORE, Key: `schemas/${digest.slice(7)}.json`, Body: schema }));
    const { engine: { region, account } } = this;
    await this.#byHand({
      ApplicationId, Name: 'production', Tags: { 'sluice:store': STORE }, Content,
      Monitors: [{ AlarmArn: `arn:aws:cloudwatch:${region}:${account}:alarm:failing`, AlarmRoleArn: `arn:aws:iam::${account}:role/monitor` }],
    });
    await this.#gate(`arn:aws:iam::${account}:role/gate`);
  }

  async #gate(RoleArn: string): Promise<void> {
    const { ApplicationId, ConfigurationProfileId } = await this.places();
    const { FunctionArn: Uri } = await this.client(LambdaClient).send(new CreateFunctionCommand({
      FunctionName: 'gate', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: RoleArn, Timeout: 30, Code: { ZipFile: zip({ 'index.mjs': readFileSync('dist/lambda/gate/index.mjs') }, 'stored') },
      Environment: { Variables: { SLUICE_STORE: STORE, SLUICE_APPLICATION: 'orders', SLUICE_ENVIRONMENT: 'production', SLUICE_PROFILE: 'orders-production' } },
    }));
    const actions = [{ Name: 'gate', Uri, RoleArn }];
    const { Id } = await this.client(AppConfigClient).send(new CreateExtensionCommand({ Name: 'gate', Actions: { PRE_CREATE_HOSTED_CONFIGURATION_VERSION: actions, PRE_START_DEPLOYMENT: actions } }));
    await this.client(AppConfigClient).send(new CreateExtensionAssociationCommand({ ExtensionIdentifier: Id, ResourceIdentifier: this.#arnOf(ApplicationId, ConfigurationProfileId) }));
  }

  #arnOf(application: string, profile: string): string {
    return `arn:aws:appconfig:${this.engine.region}:${this.engine.account}:application/${application}/configurationprofile/${profile}`;
  }

  /** An environment with its profile and a first version, deployed to everybody. */
  async #byHand({ ApplicationId, Name, Monitors, Tags, Content }: Required<Pick<CreateEnvironmentCommandInput & CreateConfigurationProfileCommandInput & CreateHostedConfigurationVersionCommandInput, 'ApplicationId' | 'Name' | 'Monitors' | 'Tags' | 'Content'>>): Promise<void> {
    const appconfig = this.client(AppConfigClient);
    const { Id: EnvironmentId } = await appconfig.send(new CreateEnvironmentCommand({ ApplicationId, Name, Monitors }));
    const { Id: ConfigurationProfileId } = await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: `orders-${Name}`, LocationUri: 'hosted', Tags }));
    await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content, ContentType: 'application/json' }));
    await appconfig.send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: '1', DeploymentStrategyId: 'AppConfig.AllAtOnce' }));
  }

  /** Where production's configuration is in AppConfig. */
  places(): Promise<{ ApplicationId: string; EnvironmentId: string; ConfigurationProfileId: string }> {
    return this.#places ??= this.#found();
  }

  async #found(): Promise<{ ApplicationId: string; EnvironmentId: string; ConfigurationProfileId: string }> {
    const appconfig = this.client(AppConfigClient);
    const named = (items: { Id?: string | undefined; Name?: string | undefined }[] = [], name: string): string => items.find(({ Name }) => Name === name)?.Id ?? '';
    const ApplicationId = named((await appconfig.send(new ListApplicationsCommand({}))).Items, 'orders');
    const [environments, profiles] = await Promise.all([appconfig.send(new ListEnvironmentsCommand({ ApplicationId })), appconfig.send(new ListConfigurationProfilesCommand({ ApplicationId }))]);
    return { ApplicationId, EnvironmentId: named(environments.Items, 'production'), ConfigurationProfileId: named(profiles.Items, 'orders-production') };
  }

  /** Everything that was typed and shown, without what differs from run to run. */
  get transcript(): string {
    return this.#transcript;
  }

  /** Runs a command line and keeps it in the transcript: each command the first time as a process of its own. */
  async types(...args: string[]): Promise<Ran> {
    const [command = ''] = args;
    const ran = await (this.#started.has(command) ? inShell : sluice)(args, this.#environment, this.project);
    this.#started.add(command);
    const line = `$ sluice ${args.map((word) => (/\s/.test(word) ? `'${word}'` : word)).join(' ')}`;
    this.#transcript += [line, ran.stdout.trimEnd(), ran.stderr.trimEnd(), ran.code === 0 ? '' : `(exit code ${ran.code})`].filter((text) => text !== '').join('\n').replaceAll(this.#root, '~') + '\n\n';
    return ran;
  }

  /** A line between the commands of the transcript. */
  says(text: string): void {
    this.#transcript += `# ${text}\n\n`;
  }

  /** Runs a command line in the project. */
  run(...args: string[]): Promise<Ran> {
    return inShell(args, this.#environment, this.project);
  }

  /** Starts a command line in the project, to be looked at while it runs. */
  start(...args: string[]): Sluice {
    return new Sluice(args, this.#environment, this.project);
  }

  get #environment(): Record<string, string> {
    return {
      AWS_ENDPOINT_URL: this.engine.endpoint, AWS_REGION: this.engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test',
      HOME: this.#root, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
    };
  }

  /** A client of AWS, as the console is one; one of a kind. */
  client<Client>(Made: new (options: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } }) => Client): Client {
    const client = this.#clients.get(Made) as Client | undefined ?? new Made({ region: this.engine.region, endpoint: this.engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
    this.#clients.set(Made, client);
    return client;
  }

  /** Replaces a text in a file of the project. */
  edit(path: string, from: string, to: string): void {
    const file = join(this.project, path);
    const text = readFileSync(file, 'utf8');
    if (!text.includes(from)) throw new Error(`${path} has no ${from}`);
    writeFileSync(file, text.replace(from, to));
  }

  git(...args: string[]): string {
    const env = { PATH: process.env['PATH'], HOME: this.#root, GIT_CONFIG_NOSYSTEM: '1', GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z', GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z' };
    return execFileSync('git', args, { cwd: this.project, encoding: 'utf8', env });
  }

  commit(message: string): void {
    this.git('add', 'sluice.yaml', 'config');
    this.git('commit', '--quiet', '--message', message);
  }

  /** Lets minutes of virtual time pass. */
  pass(minutes: number): Promise<void> {
    return this.engine.clock.advance(minutes * MINUTE);
  }

  /** Lets virtual time pass while something else goes on, until it has come so far. */
  async passUntil(reached: () => Promise<boolean>): Promise<void> {
    while (!await reached()) await this.pass(5);
  }

  /** How long a rollout to production takes, from the next commit on. */
  paced(plan: string): void {
    const [was = ''] = /minutes: \d+, bakeMinutes: \d+/.exec(readFileSync(join(this.project, 'sluice.yaml'), 'utf8')) ?? [];
    this.edit('sluice.yaml', was, plan);
  }

  /** From the next commit on nobody has to approve a change. */
  unapproved(): void {
    this.edit('sluice.yaml', 'approvals: 1', 'approvals: 0');
  }

  async end(): Promise<void> {
    await this.engine.close();
    rmSync(this.#root, { recursive: true });
  }
}
