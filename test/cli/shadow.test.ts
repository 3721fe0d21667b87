import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateStateMachineAliasCommand, CreateStateMachineCommand, SFNClient, StartExecutionCommand, UpdateStateMachineCommand } from '@aws-sdk/client-sfn';
import formats from 'ajv-formats';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { startEngine, zip, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { digestOf, type Digest } from '../../lib/core/digest.ts';
import type { Epoch } from '../../lib/core/epoch.ts';
import { epochKey } from '../../lib/core/layout.ts';
import { inShell } from './shell.ts';
import { sluice, type Ran } from './sluice.ts';

const ROLE = 'arn:aws:iam::000000000000:role/shop';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function';
const conforms = formats.default(new Ajv2020()).compile(JSON.parse(readFileSync('schemas/shadow.schema.json', 'utf8')) as object);
const EPOCH = Buffer.from(JSON.stringify({ sluice: 1, documents: { prices: { schema: `sha256:${'0'.repeat(64)}`, content: { each: 11 } } } }));

/** A project whose last commit prices otherwise than what lies there. */
const PROJECT = mkdtempSync(join(tmpdir(), 'sluice-shadow-'));
let engine: Engine;
let alias: string;

function definition(bound: number): string {
  return JSON.stringify({ StartAt: 'Pin', States: {
    Pin: { Type: 'Task', Resource: `${FUNCTION}:pin`, Parameters: { 'execution.$': '$$.Execution.Id' }, ResultPath: '$.pin', Next: 'Price' },
    Price: { Type: 'Task', Resource: `${FUNCTION}:price`, ResultPath: '$.price', Next: 'Size' },
    Size: { Type: 'Choice', Choices: [{ Variable: '$.price.total', NumericGreaterThan: bound, Next: 'Big' }], Default: 'Small' },
    Big: { Type: 'Pass', Result: 'lorry', ResultPath: '$.by', End: true },
    Small: { Type: 'Pass', Result: 'van', ResultPath: '$.by', End: true },
  } });
}

function client<Client>(Made: new (options: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string }; forcePathStyle?: boolean }) => Client): Client {
  return new Made({ region: engine.region, endpoint: engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' }, forcePathStyle: true });
}

/** Runs `sluice shadow` with further words. */
function shadow(...args: string[]): Promise<Ran> {
  return shadowBy(inShell, ...args);
}

function shadowBy(run: typeof sluice, ...args: string[]): Promise<Ran> {
  return run(['shadow', ...args], { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', HOME: PROJECT }, PROJECT);
}

/** Writes what each piece costs into the project. */
function priced(each: number): void {
  writeFileSync(join(PROJECT, 'config/shop/prices.json'), JSON.stringify({ each }));
}

function written(): void {
  mkdirSync(join(PROJECT, 'config/shop'), { recursive: true });
  writeFileSync(join(PROJECT, 'sluice.yaml'), 'sluice: 1\napplications:\n  shop:\n    environments:\n      production: {}\n');
  writeFileSync(join(PROJECT, 'config/shop/prices.schema.json'), '{"type":"object"}');
  priced(12);
  const git = (...args: string[]): void => { execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], { cwd: PROJECT }); };
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'Price by twelve');
  priced(13);
}

beforeAll(async () => {
  written();
  engine = await startEngine({ clock: 'virtual', seed: 'shadow' });
  const [states, lambda, appconfig] = [client(SFNClient), client(LambdaClient), client(AppConfigClient)];
  const create = (FunctionName: string, text: string): Promise<unknown> => lambda.send(new CreateFunctionCommand({ FunctionName, Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler', Code: { ZipFile: zip({ 'index.mjs': Buffer.from(`export const handler = async (event) => (${text});`) }) } }));
  await create('pin', JSON.stringify({ sluice: 1, application: 'shop', environment: 'production', profile: 'shop-production', version: '1', digest: `sha256:${'0'.repeat(64)}`, entity: 'execution' }));
  await create('price', '{ total: event.pieces * (event.pin.version === "1" ? 10 : 11) }');
  const { stateMachineArn = '' } = await states.send(new CreateStateMachineCommand({ name: 'shop', definition: definition(40), roleArn: ROLE, publish: true }));
  await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(JSON.parse(definition(40)), null, 2), publish: true }));
  await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: definition(30), publish: true }));
  alias = (await states.send(new CreateStateMachineAliasCommand({ name: 'live', routingConfiguration: [{ stateMachineVersionArn: `${stateMachineArn}:1`, weight: 100 }] }))).stateMachineAliasArn ?? '';
  for (let at = 0; at < 8; at += 1) {
    await states.send(new StartExecutionCommand({ stateMachineArn: alias, name: `order-${at}`, input: JSON.stringify({ pieces: at }) }));
    await engine.clock.advance(1000);
  }
  await states.send(new StartExecutionCommand({ stateMachineArn: `${stateMachineArn}:2`, name: 'on-two', input: '{"pieces":1}' }));
  await engine.clock.advance(1000);
  await client(S3Client).send(new CreateBucketCommand({ Bucket: 'shop-store' }));
  // No validator and no alarm: only STS tells the account that the profile's tags are asked by.
  const { Id: ApplicationId } = await appconfig.send(new CreateApplicationCommand({ Name: 'shop' }));
  await appconfig.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'production' }));
  const { Id: ConfigurationProfileId } = await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'shop-production', LocationUri: 'hosted', Tags: { 'sluice:store': 'shop-store' } }));
  for (const _ of [1, 2]) await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, ContentType: 'application/json', Content: EPOCH }));
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(PROJECT, { recursive: true });
});

/** The text with what differs from run to run masked. */
function plain(text: string): string {
  return text.replaceAll(/20\d\d-\d\d-\d\dT[\d:.]+Z/g, 'TIME').replaceAll(/shadows\/\w+\/\w+\//g, 'shadows/A/E/');
}

test('an equal version does the same', async () => {
  const { code, stdout, stderr } = await shadowBy(sluice, alias.replace(/:live$/, ''), '--version', '2');

  expect(plain(stdout)).toBe([
    'shop:2 beside shop  same', '  8 of 8 executions do the same, and none does otherwise', '  executions of TIME to TIME', '', '  same        8', '  not played  1: it ran on the candidate', '',
  ].join('\n'));
  expect([code, stderr]).toEqual([0, '']);
});

test('another one differs, is told with examples, and is kept where an environment is named', async () => {
  const { code, stdout } = await shadow(alias, '--version', '3', '--env', 'shop/production');

  await expect(plain(stdout)).toMatchFileSnapshot('shadow.txt');
  expect(code).toBe(2);
});

test('an epoch shows in what pure functions answer', async () => {
  const { code, stdout } = await shadow(alias, '--epoch', 'v2', '--pure', 'Price', '--env', 'shop/production', '--json');

  const { key, ...record } = JSON.parse(stdout) as { key: string; found: { execution: string }[] };
  expect(code).toBe(2);
  expect(record).toMatchObject({ verdict: 'different', candidate: { kind: 'epoch', version: '2', digest: digestOf(EPOCH) }, counts: { same: 1, 'different-output': 7 }, pure: ['Price'] });
  expect(record.found.find(({ execution }) => execution.endsWith(':order-4'))).toMatchObject({ differences: [{ path: 'output.by', before: 'van', after: 'lorry' }, { path: 'output.price.total', before: 40, after: 44 }] });
  const kept = await client(S3Client).send(new GetObjectCommand({ Bucket: 'shop-store', Key: key }));
  const text = JSON.parse(await kept.Body?.transformToString() ?? '') as unknown;
  expect(text).toEqual(record);
  expect(conforms(text), JSON.stringify(conforms.errors)).toBe(true);
});

test('an epoch is named as `sluice diff` names it: by a revision, a digest, or as the project lies there', async () => {
  const candidateOf = async (word: string): Promise<{ kind: string; version: string; digest: Digest }> => {
    const { code, stdout, stderr } = await shadow(alias, '--epoch', word, '--pure', 'Price', '--most', '2', '--env', 'production', '--json');
    expect([code, stderr]).toEqual([2, '']);
    return (JSON.parse(stdout) as { candidate: { kind: string; version: string; digest: Digest } }).candidate;
  };
  const contentOf = async ({ digest }: { digest: Digest }): Promise<unknown> => {
    const { Body } = await client(S3Client).send(new GetObjectCommand({ Bucket: 'shop-store', Key: epochKey(digest) }));
    return (JSON.parse(await Body?.transformToString() ?? '') as Epoch).documents['prices']?.content;
  };

  const [committed, lying] = await Promise.all([candidateOf('HEAD'), candidateOf('.')]);

  expect([await contentOf(committed), await contentOf(lying)]).toEqual([{ each: 12 }, { each: 13 }]);
  expect(await candidateOf(committed.digest.slice(0, 20))).toEqual(committed);
  expect([committed, lying]).toMatchObject([{ kind: 'epoch', version: '0' }, { kind: 'epoch', version: '0' }]);
});

test('what differs is taken as it is by somebody with a reason, who are kept', async () => {
  const { code, stdout } = await shadow(alias, '--version', '3', '--env', 'shop/production', '--accept', 'lorries from 30 on', '--as', 'Ada');

  const key = /kept as (\S+)/.exec(stdout)?.[1] ?? '';
  const kept = JSON.parse(await (await client(S3Client).send(new GetObjectCommand({ Bucket: 'shop-store', Key: key }))).Body?.transformToString() ?? '') as unknown;
  expect([code, stdout]).toEqual([2, expect.stringContaining('\n  accepted by Ada: lorries from 30 on\n')]);
  expect(kept).toMatchObject({ verdict: 'different', accepted: { by: 'Ada', why: 'lorries from 30 on' } });
  expect(conforms(kept), JSON.stringify(conforms.errors)).toBe(true);
});

test.each<[string, string[], string]>([
  ['with a reason that nothing would keep', ['--version', '3', '--accept', 'so', '--as', 'Ada'], 'SLUICE-SHADOW-8: differences cannot be accepted: no environment keeps what is accepted'],
  ['with an empty reason', ['--version', '3', '--env', 'shop/production', '--accept', ' ', '--as', 'Ada'], 'SLUICE-SHADOW-8: differences cannot be accepted: the reason is empty'],
  ['with an epoch that git does not know', ['--epoch', 'nowhere', '--env', 'production'], 'SLUICE-GIT-1'],
  ['with a deployment that is none', ['--epoch', '99', '--env', 'production'], 'SLUICE-LOOK-1'],
  ['without a candidate', [], 'SLUICE-SHADOW-2'],
  ['with two', ['--version', '2', '--epoch', 'v2'], 'SLUICE-SHADOW-2'],
  ['with an epoch that nothing could show', ['--epoch', 'v2', '--env', 'shop/production'], 'SLUICE-SHADOW-3'],
])('%s it says what is missing', async (_, args, fault) => {
  const { code, stderr } = await shadow(alias, ...args);

  expect([code, stderr]).toEqual([1, expect.stringContaining(fault)]);
});

test('what is no workflow is refused', async () => {
  expect(await shadow('shop', '--version', '2')).toMatchObject({ code: 1, stderr: expect.stringContaining('SLUICE-SHADOW-4') });
});
