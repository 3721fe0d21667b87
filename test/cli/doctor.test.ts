import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppConfigClient, DeleteExtensionAssociationCommand, ListExtensionAssociationsCommand, UpdateConfigurationProfileCommand, ListApplicationsCommand, ListConfigurationProfilesCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DisableAlarmActionsCommand, EnableAlarmActionsCommand } from '@aws-sdk/client-cloudwatch';
import { DisableRuleCommand, EventBridgeClient, ListRuleNamesByTargetCommand } from '@aws-sdk/client-eventbridge';
import { DetachRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { LambdaClient, type FunctionConfiguration, ListFunctionsCommand, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { deployAssembly, startEngine, type Engine } from 'sluice-engine';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Configuration, PermissionSets, PinnedTask, Workflow } from '../../lib/constructs/index.ts';
import { inShell } from './shell.ts';
import { sluice, type Ran } from './sluice.ts';

/** What doctor itself asks, beyond what the permission sets allow. */
const LOOKS = [
  'appconfig:ListExtensionAssociations', 'appconfig:GetExtension', 'lambda:ListFunctions', 'lambda:GetFunctionConfiguration', 'events:ListRuleNamesByTarget', 'events:DescribeRule', 'iam:GetRole', 'iam:SimulatePrincipalPolicy',
];
const folder = mkdtempSync(join(tmpdir(), 'sluice-doctor-'));
let engine: Engine;

function synthesised(): string {
  const stack = new Stack(new App({ outdir: join(folder, 'cdk.out') }), 'Doctor');
  const environment = new Configuration(stack, 'orders', { directory: 'examples/smallest/config' }).addEnvironment('production');
  const lambdaFunction = new LambdaFunction(stack, 'Ship', { code: Code.fromAsset('dist/examples/orders/functions/ship'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, functionName: 'ship' });
  environment.addReader(lambdaFunction);
  const sets = new PermissionSets(stack, 'Sets', { environment });
  const role = new Role(stack, 'Releaser', { assumedBy: new AccountPrincipal(stack.account), roleName: 'releaser' });
  role.addManagedPolicy(sets.releaser);
  role.addToPolicy(new PolicyStatement({ actions: LOOKS, resources: ['*'] }));
  new Role(stack, 'Operator', { assumedBy: new AccountPrincipal(stack.account), roleName: 'operator' }).addManagedPolicy(sets.operator);
  new Workflow(stack, 'Workflow', { environment, definition: new PinnedTask(stack, 'Task', { lambdaFunction }) }).alias.grantStartExecution(role);
  return (stack.node.root as App).synth().directory;
}

// As far behind as the deployment and the first release take; then AWS's clock is this machine's.
beforeAll(async () => {
  const start = Date.now() - 20 * 60_000;
  engine = await startEngine({ clock: 'virtual', seed: 'doctor', start });
  await engine.drive((driver) => driver.park(() => deployAssembly(engine, synthesised())));
}, 60_000);
afterAll(async () => {
  await engine.close();
  rmSync(folder, { recursive: true });
});

function client<Client>(Made: new (options: { region: string; endpoint: string; credentials: { accessKeyId: string; secretAccessKey: string } }) => Client): Client {
  return new Made({ region: engine.region, endpoint: engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
}

/** The first one has a process of its own. */
let startsAlone = true;

/** What doctor shows when AWS's clock is some minutes ahead of this machine's. */
async function doctor(environment: Record<string, string> = {}, args: readonly string[] = [], minutesAhead = 0): Promise<Ran> {
  await engine.clock.advance(Math.max(0, Date.now() + minutesAhead * 60_000 - engine.clock.now()));
  const run = startsAlone ? sluice : inShell;
  startsAlone = false;
  return await run(['doctor', ...(args.includes('--env') ? [] : ['--env', 'orders/production']), ...args], { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIATEST', AWS_SECRET_ACCESS_KEY: 'test', HOME: folder, ...environment }, folder);
}

async function as(role: 'releaser' | 'operator'): Promise<Record<string, string>> {
  const { Credentials } = await client(STSClient).send(new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${engine.account}:role/${role}`, RoleSessionName: 'ada' }));
  return { AWS_ACCESS_KEY_ID: Credentials!.AccessKeyId!, AWS_SECRET_ACCESS_KEY: Credentials!.SecretAccessKey!, AWS_SESSION_TOKEN: Credentials!.SessionToken! };
}

/** Text as it is compared: ids are drawn, and Node.js is whichever runs the test. */
function plain(text: string): string {
  return text.replace(/Node\.js [\d.]+/, 'Node.js N').replace(/is \d+ s off/, 'is N s off').replace(/application \w+, environment \w+, profile \w+/, 'application A, environment E, profile P').replaceAll(/doctor-ordersproduction\w+-(\w+-)?\w+/g, 'NAME').trimEnd();
}

test('is satisfied with what the constructs deployed, and tells a releaser what is not theirs', async () => {
  const { code, stdout, stderr } = await doctor(await as('releaser'));

  await expect(plain(stdout)).toMatchFileSnapshot('doctor.well.txt');
  expect([code, stderr]).toEqual([0, '']);
});

test('tells an operator, who may not ask IAM, what reading was tried of, and nothing of writing; an operator may override', async () => {
  const operator = await as('operator');

  const told = await doctor(operator, ['--json']);
  const overridden = await sluice(['override', 'orders/production', '--why', 'a test', '--until', '10m', '--as', 'Ada'], { AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, HOME: folder, ...operator }, folder);
  await client(CloudWatchClient).send(new EnableAlarmActionsCommand({ AlarmNames: ['orders-production'] }));

  const commands = (JSON.parse(told.stdout) as { sections: { commands?: { by: string; rights: { command: string; may: boolean | null }[] } }[] }).sections[1]?.commands;
  expect(commands?.by).toBe('reading');
  expect(commands?.rights.filter(({ may }) => may === null).map(({ command }) => command)).toEqual(['approve', 'release', 'override', 'roll-back', 'shift pause']);
  expect(commands?.rights.filter(({ may }) => may === false)).toEqual([]);
  expect([told.code, overridden.code, overridden.stderr]).toEqual([0, 0, '']);
});

test('warns of what it may not see, and of half a permission', async () => {
  const releaser = await as('releaser');
  const iam = client(IAMClient);
  const { AttachedPolicies: [set] = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'releaser' }));
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'releaser', PolicyArn: set?.PolicyArn }));
  const statement = (Effect: string, Action: unknown): object => ({ Effect, Action, Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName: 'releaser', PolicyName: 'Half', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [
    statement('Allow', ['appconfig:Get*', 'appconfig:List*', 'appconfig:StartDeployment', 's3:*', 'cloudwatch:Get*', 'cloudwatch:Describe*']), statement('Deny', ['s3:PutObject', 'lambda:*']),
  ] }) }));

  const { code, stdout } = await doctor(releaser);

  expect(code).toBe(0);
  await expect(plain(stdout)).toMatchFileSnapshot('doctor.half.txt');
});

test('finds each thing that was broken on purpose, with its remedy, and fails', async () => {
  const lambda = client(LambdaClient);
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const handler = (name: string): FunctionConfiguration => Functions.find(({ Environment }) => Environment?.Variables?.['SLUICE_HANDLER'] === name)!;
  const events = client(EventBridgeClient);
  const { RuleNames = [] } = await events.send(new ListRuleNamesByTargetCommand({ TargetArn: handler('roll-back').FunctionArn }));
  await events.send(new DisableRuleCommand({ Name: RuleNames.sort()[0] }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: handler('judge').FunctionName, Environment: { Variables: { ...handler('judge').Environment?.Variables, SLUICE_VERSION: '0.0.9' } } }));
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'ship', Layers: ['arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:207'] }));
  await client(CloudWatchClient).send(new DisableAlarmActionsCommand({ AlarmNames: ['orders-production'] }));
  const appconfig = client(AppConfigClient);
  const { Items: associations = [] } = await appconfig.send(new ListExtensionAssociationsCommand({}));
  for (const { Id } of associations) await appconfig.send(new DeleteExtensionAssociationCommand({ ExtensionAssociationId: Id }));
  const { Items: [application] = [] } = await appconfig.send(new ListApplicationsCommand({}));
  const { Items: [profile] = [] } = await appconfig.send(new ListConfigurationProfilesCommand({ ApplicationId: application?.Id }));
  const validators = (profile?.ValidatorTypes ?? []).length;
  await appconfig.send(new UpdateConfigurationProfileCommand({ ApplicationId: application?.Id, ConfigurationProfileId: profile?.Id, Validators: [] }));

  const { code, stdout } = await doctor({}, [], 4);

  expect([code, validators]).toEqual([1, 2]);
  await expect(plain(stdout)).toMatchFileSnapshot('doctor.broken.txt');
});

test('knows of the customer key of a store what may not be done with it', async () => {
  const releaser = await as('releaser');
  const allowed = { Effect: 'Allow', NotAction: ['kms:*'], Resource: '*' };
  await client(IAMClient).send(new PutRolePolicyCommand({ RoleName: 'releaser', PolicyName: 'Half', PolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [allowed] }) }));
  const { KeyMetadata } = await client(KMSClient).send(new CreateKeyCommand({}));
  const appconfig = client(AppConfigClient);
  const { Items: [application] = [] } = await appconfig.send(new ListApplicationsCommand({}));
  const { Items: [profile] = [] } = await appconfig.send(new ListConfigurationProfilesCommand({ ApplicationId: application?.Id }));
  await appconfig.send(new UpdateConfigurationProfileCommand({ ApplicationId: application?.Id, ConfigurationProfileId: profile?.Id, KmsKeyIdentifier: KeyMetadata?.Arn }));

  const { stdout } = await doctor(releaser, ['--json']);

  const commands = (JSON.parse(stdout) as { sections: { commands?: { rights: { command: string; lacking?: string[] }[] } }[] }).sections[1]?.commands;
  const lacking = Object.fromEntries(commands!.rights.map((one) => [one.command, one.lacking?.join(' ')]));
  expect([lacking['history'], lacking['approve'], lacking['release'], lacking['roll-back']]).toEqual(['kms:Decrypt', 'kms:GenerateDataKey', 'kms:Decrypt kms:GenerateDataKey', undefined]);
});

test.each([
  ['without credentials', { AWS_ACCESS_KEY_ID: '', AWS_SECRET_ACCESS_KEY: '', AWS_EC2_METADATA_DISABLED: 'true' }, [], ['fail SLUICE-AWS-1']],
  ['where AppConfig knows no such application', {}, ['--env', 'none/production'], ['fail SLUICE-PLANE-1']],
])('fails %s', async (_, environment, args, wanted) => {
  const { code, stdout } = await doctor(environment, [...args, '--json']);

  expect(code).toBe(1);
  const { ok, sections } = JSON.parse(stdout) as { ok: boolean; sections: { findings: { level: string; code?: string }[] }[] };
  expect([ok, sections.flatMap(({ findings }) => findings.filter(({ level }) => level !== 'ok').map(({ level, code: found }) => `${level} ${found}`))]).toEqual([false, wanted]);
});
