import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, request as ask, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, ListDeploymentsCommand, ListHostedConfigurationVersionsCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, PutMetricAlarmCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineAliasCommand, CreateStateMachineCommand, SFNClient, UpdateStateMachineAliasCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import { startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EpochStore, S3Store } from '../../lib/adapters/store/index.ts';
import type { Digest, Provenance } from '../../lib/core/index.ts';
import { inShell } from './shell.ts';
import { Sluice, type Ran } from './sluice.ts';

const HOUR = 3_600_000;
const root = mkdtempSync(join(tmpdir(), 'sluice-release-'));
const project = join(root, 'orders');
const credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'test' };
const environments = new Map<string, { applicationId: string; environmentId: string; profileId: string }>();
let engine: Engine;
let appconfig: AppConfigClient;
let store: S3Store;

/** Three environments with a store and nothing else, and a project in git. */
beforeAll(async () => {
  engine = await startEngine({ clock: 'virtual', seed: 'release' });
  const options = { region: engine.region, endpoint: engine.endpoint, credentials };
  appconfig = new AppConfigClient(options);
  await new S3Client({ ...options, forcePathStyle: true }).send(new CreateBucketCommand({ Bucket: 'epochs' }));
  store = await S3Store.open('epochs', options);
  await cloudwatch().send(new PutMetricAlarmCommand({ AlarmName: 'orders', Namespace: 'Sluice', MetricName: 'ExecutionsFailed', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 5, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' }));
  const iam = new IAMClient(options);
  const Statement = [{ Effect: 'Allow', Principal: { Service: 'appconfig.amazonaws.com' }, Action: 'sts:AssumeRole' }];
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName: 'watch', AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement }) }));
  await iam.send(new PutRolePolicyCommand({ RoleName: 'watch', PolicyName: 'Watch', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: '*' }] }) }));
  // By its alarm a command line knows the account, and so the profile's tags.
  const Monitors = [{ AlarmArn: `arn:aws:cloudwatch:${engine.region}:${engine.account}:alarm:orders`, AlarmRoleArn: Role?.Arn }];
  const { Id: applicationId = '' } = await appconfig.send(new CreateApplicationCommand({ Name: 'orders' }));
  for (const name of ['production', 'vault', 'busy', 'declared']) {
    const { Id: environmentId = '' } = await appconfig.send(new CreateEnvironmentCommand({ ApplicationId: applicationId, Name: name, Monitors }));
    const { Id: profileId = '' } = await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId: applicationId, Name: `orders-${name}`, LocationUri: 'hosted', Tags: { 'sluice:store': 'epochs' } }));
    environments.set(name, { applicationId, environmentId, profileId });
  }
  mkdirSync(join(project, 'config', 'orders'), { recursive: true });
  writeFileSync(join(project, 'sluice.yaml'), 'sluice: 1\napplications:\n  orders:\n    environments: { production: {}, vault: { signed: true }, busy: { plan: { kind: linear, stepPercent: 50, minutes: 4 } } }\n');
  writeFileSync(join(project, 'config/orders/limits.yaml'), 'retries: 3\n');
  writeFileSync(join(project, 'config/orders/limits.schema.json'), '{"type":"object","properties":{"retries":{"type":"integer"}}}');
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'user.name', 'Ada Lovelace');
  git('config', 'user.email', 'ada@example.org');
  git('add', '.');
  git('commit', '--quiet', '--no-gpg-sign', '--message', 'Begin');
}, 60_000);

afterAll(async () => {
  await engine.close();
  rmSync(root, { recursive: true });
});

function cloudwatch(): CloudWatchClient {
  return new CloudWatchClient({ region: engine.region, endpoint: engine.endpoint, credentials });
}

function git(...args: string[]): string {
  return execFileSync('git', args, { cwd: project, encoding: 'utf8', env: { PATH: process.env['PATH'], HOME: root, GIT_CONFIG_NOSYSTEM: '1' } }).trim();
}

function environmentOf(endpoint: string): Record<string, string> {
  return { AWS_ENDPOINT_URL: endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', HOME: root, GIT_CONFIG_NOSYSTEM: '1' };
}

function run(...args: string[]): Promise<Ran> {
  return inShell(args, environmentOf(engine.endpoint), project);
}

/** The versions and deployments of an environment. */
async function made(name: string): Promise<{ versions: number; deployments: number }> {
  const { applicationId, environmentId, profileId } = environments.get(name)!;
  const [versions, deployments] = await Promise.all([
    appconfig.send(new ListHostedConfigurationVersionsCommand({ ApplicationId: applicationId, ConfigurationProfileId: profileId })),
    appconfig.send(new ListDeploymentsCommand({ ApplicationId: applicationId, EnvironmentId: environmentId })),
  ]);
  return { versions: versions.Items?.length ?? 0, deployments: deployments.Items?.length ?? 0 };
}

async function provenances(name: string): Promise<Provenance[]> {
  const { applicationId, environmentId } = environments.get(name)!;
  const found = await Promise.all((await store.list(`releases/${applicationId}/${environmentId}/`)).map((key) => store.get(key)));
  return found.map((bytes) => JSON.parse(Buffer.from(bytes ?? []).toString()) as Provenance);
}

describe('sluice plan', () => {
  it('foretells by what CloudWatch counted last week as it does by the same traffic given', async () => {
    await engine.clock.advance(8 * 24 * HOUR);
    const at = (hoursAgo: number): Date => new Date(Math.floor(engine.clock.now() / HOUR) * HOUR - hoursAgo * HOUR);
    const Dimensions = [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'production' }];
    // Two hours with 36,000 executions each, of which one in 200 fails; what is older than a week, or of another environment, counts for nothing.
    const counted = [{ hours: 2, started: 36_000, Dimensions }, { hours: 1, started: 36_000, Dimensions }, { hours: 8 * 24 - 1, started: 1e6, Dimensions }, { hours: 1, started: 1e6, Dimensions: [Dimensions[0]!, { Name: 'Environment', Value: 'busy' }] }];
    await cloudwatch().send(new PutMetricDataCommand({
      Namespace: 'Sluice', MetricData: counted.flatMap(({ hours, started, Dimensions: of }) => [
        { MetricName: 'ExecutionsStarted', Dimensions: of, Timestamp: at(hours), Value: started }, { MetricName: 'ExecutionsFailed', Dimensions: of, Timestamp: at(hours), Value: started / 200 },
      ]),
    }));

    const [counts, given] = await Promise.all([run('plan', '--env', 'production', '--json'), run('plan', '--env', 'production', '--json', '--traffic', '600:0.5')]);
    const quiet = await run('plan', '--env', 'production', '--traffic', '0.1:0.5');

    expect([counts.code, given.code, counts.stderr]).toEqual([2, 2, '']);
    expect(quiet.stdout).toContain('  harm      the judge would see none before all have it\n');
    const foresight = ({ stdout }: Ran): object => (JSON.parse(stdout) as { releases: { foresight: object }[] }).releases[0]!.foresight;
    expect(foresight(counts)).toEqual({ ...foresight(given), source: 'last week' });
    expect(foresight(counts)).toMatchObject({ executions: 600, rate: 0.005, harms: [{ times: 2 }, { times: 5 }, { times: 20, minutes: expect.any(Number) }] });
  });
});

describe('sluice release', () => {
  // What a call that only reads leaves behind is what the write before it left: the process is killed after each write. test/scenario/releasing.test.ts breaks one off after every call, in a process.
  it('whose process is killed after each of its writes goes on in the next one: nothing lost, nothing doubled', async () => {
    const relay = await Relay.open(engine.endpoint);
    const killed: (string | null)[] = [];
    let ran: Ran;
    do {
      await using child = new Sluice(['release', '--env', 'busy', '--detach'], environmentOf(relay.endpoint), project);
      relay.victim = child;
      ran = await child.ended;
      if (ran.code === null) killed.push(child.process.signalCode);
    } while (ran.code === null && killed.length < 10);
    relay.close();

    expect(killed).toEqual(relay.writes.map(() => 'SIGKILL'));
    expect(relay.writes.map((write) => write.replace(/\/.*\//, '/…/'))).toEqual([expect.stringMatching(/^PUT .*json$/), expect.stringMatching(/^PUT .*json$/), 'POST /…/hostedconfigurationversions', 'POST /deploymentstrategies', 'POST /…/deployments']);
    expect([ran.code, ran.stderr, await made('busy')]).toEqual([0, '', { versions: 1, deployments: 1 }]);
    expect(await provenances('busy')).toMatchObject([{ commit: git('rev-parse', 'HEAD') }]);
  }, 60_000);

  it('lets only a commit with a signature that git verifies into an environment that is signed', async () => {
    const before = await run('release', '--env', 'vault', '--detach');
    const untouched = await made('vault');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(root, 'key')]);
    writeFileSync(join(root, 'signers'), `ada@example.org ${readFileSync(join(root, 'key.pub'), 'utf8')}`);
    git('config', 'gpg.format', 'ssh');
    git('config', 'user.signingKey', join(root, 'key.pub'));
    git('config', 'gpg.ssh.allowedSignersFile', join(root, 'signers'));
    git('commit', '--quiet', '--allow-empty', '-S', '--message', 'Signed');
    const signed = await run('release', '--env', 'vault', '--detach');

    expect([before.code, before.stdout.replaceAll(/\s+/g, ' ')]).toEqual([1, expect.stringMatching(/SLUICE-GIT-2: the commit [0-9a-f]{12} /)]);
    expect([untouched, await made('vault')]).toEqual([{ versions: 0, deployments: 0 }, { versions: 1, deployments: 1 }]);
    expect([signed.code, signed.stderr]).toEqual([0, '']);
    expect(await provenances('vault')).toMatchObject([{ commit: git('rev-parse', 'HEAD'), subject: 'Signed', signature: { signer: 'ada@example.org', key: expect.stringMatching(/^SHA256:/) } }]);
  });
});

describe('sluice show', () => {
  it.each(['99', 'abc'])('of the deployment %s, which is none, says where their numbers are', async (number) => {
    expect(await run('show', number, '--env', 'vault')).toEqual({ code: 1, stdout: '', stderr: `error: SLUICE-LOOK-3: orders/vault has no deployment ${number}; see their numbers with \`sluice history\`\n` });
  });
});

describe('sluice release that is left by Ctrl-C', () => {
  it('says what AppConfig goes on with, and how to follow it and take it back', async () => {
    await using child = new Sluice(['release', '--env', 'production'], environmentOf(engine.endpoint), project);
    await child.says(/DEPLOYING/);
    child.process.kill('SIGINT');
    const { code, stderr } = await child.ended;

    expect([code, stderr]).toEqual([130, '\nAppConfig goes on with deployment 1 of orders/production, its guards with it.\n  follow it: sluice status --watch; the waves to come: release again\n  take it back: sluice roll-back orders/production\n']);
    expect(await made('production')).toEqual({ versions: 1, deployments: 1 });
  });
});

/** Stands between a process and AWS: each write that AWS has made is answered by the end of the process. */
class Relay {
  readonly writes: string[] = [];
  victim: Sluice | undefined;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(to: string): Promise<Relay> {
    const server = createServer((request, response) => {
      const { method = 'GET', url = '/', headers } = request;
      request.pipe(ask(new URL(url, to), { method, headers }, (answer) => {
        if (method !== 'GET' && (answer.statusCode ?? 500) < 300) {
          answer.resume();
          relay.writes.push(`${method} ${url.split('?')[0]}`);
          relay.victim?.process.kill('SIGKILL');
          return;
        }
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(response);
      }).on('error', () => { response.destroy(); }));
    });
    const relay = new Relay(server);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    return relay;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** What show and history tell of executions that ran on a deployment's epoch when it was taken back. */
async function toldOfLeft(cli: (...args: string[]) => Promise<Ran>, name: string, deployment: number): Promise<unknown[]> {
  const { applicationId, environmentId, profileId } = environments.get(name)!;
  const digest: Digest = `sha256:${'7'.repeat(64)}`;
  const record = { sluice: 1, application: 'orders', applicationId, environment: name, environmentId, profile: `orders-${name}`, profileId, deployment, canary: { version: '2', digest }, control: null, startedAt: new Date(engine.clock.now()).toISOString(), description: null } as const;
  await new EpochStore(store).saveDeployment(record);
  const Dimensions = [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: name }, { Name: 'Epoch', Value: digest }];
  const told = { Dimensions, Timestamp: new Date(engine.clock.now()) };
  await cloudwatch().send(new PutMetricDataCommand({ Namespace: 'Sluice', MetricData: [{ ...told, MetricName: 'ExecutionsMoved', Value: 1 }, { ...told, MetricName: 'ExecutionsRecalled', Value: 2 }] }));
  const [shown, listed] = await Promise.all([cli('show', String(deployment)), cli('history')]);
  return [/executions (.*)/.exec(shown.stdout)?.[1], [...listed.stdout.matchAll(/^ {37,}(.*)$/gm)].map(([, told]) => told)];
}

describe('workflows that declare what they run with', () => {
  it('are told of by plan, refuse a release before anything is made, and are no hindrance to going back', async () => {
    const other = join(root, 'declared');
    const cli = (...args: string[]): Promise<Ran> => inShell(args, environmentOf(engine.endpoint), other);
    const schema = (description: string): void => { writeFileSync(join(other, 'config/orders/limits.schema.json'), JSON.stringify({ type: 'object', description })); };
    mkdirSync(join(other, 'config', 'orders'), { recursive: true });
    writeFileSync(join(other, 'sluice.yaml'), 'sluice: 1\napplications:\n  orders:\n    environments: { declared: { plan: { kind: all-at-once, bakeMinutes: 0 } } }\n');
    writeFileSync(join(other, 'config/orders/limits.yaml'), 'retries: 3\n');
    schema('old');
    writeFileSync(join(other, 'plan.json'), '');
    const written = await cli('plan', '--out', 'plan.json');
    const mistaken = await cli('plan', '--out', 'sluice.yaml');
    const [digest] = Object.keys((JSON.parse(readFileSync(join(other, 'plan.json'), 'utf8')) as { schemas: object }).schemas);
    const states = new SFNClient({ region: engine.region, endpoint: engine.endpoint, credentials });
    const definition = (declared?: object): string => JSON.stringify({ ...(declared === undefined ? {} : { Comment: `[runs with] ${JSON.stringify(declared)}` }), StartAt: 'End', States: { End: { Type: 'Succeed' } } });
    const { stateMachineArn = '' } = await states.send(new CreateStateMachineCommand({ name: 'declared', roleArn: 'arn:aws:iam::000000000000:role/orders', publish: true, definition: definition({ schemas: { limits: [digest] } }) }));
    await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definition(), publish: true }));
    await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definition({ since: 9 }), publish: true }));
    const { stateMachineAliasArn } = await states.send(new CreateStateMachineAliasCommand({ name: 'live', routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }] }));
    const route = (version: number): Promise<unknown> => states.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn, routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:${version}`, weight: 100 }] }));
    const { applicationId, environmentId } = environments.get('declared')!;
    await store.put(`environments/${applicationId}/${environmentId}.json`, Buffer.from(JSON.stringify({ sluice: 1, judge: null, settleWithinMs: 1, workflows: [stateMachineAliasArn], shadow: { executions: 5, withinMs: 3_600_000 } })), 'application/json');

    const first = await cli('release', '--uncommitted', '--interval', '0.05');
    schema('new');
    const markdown = await cli('plan', '--markdown');
    const [planned, refused, none] = [await cli('plan', '--json'), await cli('release', '--uncommitted', '--interval', '0.05', '--json'), await made('declared')];
    await route(2);
    const released = await cli('release', '--uncommitted', '--interval', '0.05');
    const again = await cli('release', '--uncommitted', '--env', 'declared');
    await cli('plan', '--out', 'none.json');
    const approved = await cli('approve', 'none.json', '--env', 'declared', '--as', 'Ada');
    await route(3);
    const status = await cli('status');
    schema('old');
    const back = await cli('roll-back', 'declared');
    const kept = JSON.parse(Buffer.from(await store.get('rolled-back/orders-declared.json') ?? []).toString()) as unknown;
    const taken = await toldOfLeft(cli, 'declared', 2);

    const words = 'SLUICE-GATE-9: version 1 of declared, on which 100 % of its executions start, does not declare to run with this configuration: limits is by the schema sha256:';
    expect([written.code, written.stderr]).toEqual([2, '']);
    expect([mistaken.code, mistaken.stdout, mistaken.stderr]).toEqual([1, '', 'error: SLUICE-PLAN-8: sluice.yaml is there, and is no plan; it is left as it is; name another file after --out, or delete this one\n']);
    expect(readFileSync(join(other, 'sluice.yaml'), 'utf8')).toMatch(/^sluice: 1\n/);
    expect([first.code, first.stderr]).toEqual([0, expect.any(String)]);
    expect((JSON.parse(planned.stdout) as { releases: { obstacle: string }[] }).releases[0]?.obstacle).toContain(words);
    const unshown = 'SLUICE-SHADOW-6: this version of orders/declared must be shown by a shadow first, and there is none that counts: none is kept; run `sluice shadow $ALIAS --epoch . --env orders/declared`';
    expect([planned.stdout, markdown.stdout].map((text) => text.includes(unshown))).toEqual([true, true]);
    expect((JSON.parse(refused.stdout) as { results: { state: string; problem: string }[] }).results).toMatchObject([{ state: 'refused', code: 'SLUICE-GATE-9', problem: expect.stringContaining(words) }]);
    expect(none).toEqual({ versions: 1, deployments: 1 });
    expect(released.code).toBe(0);
    expect(again).toEqual({ code: 0, stderr: '', stdout: 'no change: what is live is what the project says\n' });
    expect(approved).toEqual({ code: 0, stderr: '', stdout: 'nothing to approve: the plan changes nothing\n' });
    expect(status.stdout.replaceAll(/\s+/g, ' ')).toContain('undeclared: SLUICE-GATE-9: version 3 of declared, on which 100 % of its executions start, does not declare to run with this configuration: it declares versions from 9 on;');
    expect(taken).toEqual(['since it was rolled back, 1 moved away, 2 failed', ['1 moved away, 2 failed']]);
    expect(kept).toMatchObject({ profile: 'orders-declared', epochs: [{ version: '2', deployment: 2, state: 'REVERTED' }] });
    expect([back.code, back.stdout]).toEqual([0, expect.stringMatching(/^REVERTED: deployment 2 of orders\/declared; readers get version 1 again\n {2}but SLUICE-GATE-9: version 3 of declared/)]);
  }, 60_000);
});
