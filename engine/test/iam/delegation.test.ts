import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateExtensionAssociationCommand, CreateExtensionCommand, CreateHostedConfigurationVersionCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { CreateKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { AddPermissionCommand, CreateFunctionCommand, InvokeCommand, LambdaClient, PublishVersionCommand, RemovePermissionCommand } from '@aws-sdk/client-lambda';
import { CreateStateMachineAliasCommand, CreateStateMachineCommand, DescribeExecutionCommand, ListExecutionsCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, zipOf, type Rig } from '../rig.ts';
import { ACCOUNT, allow, as, createRole, policy } from './stage.ts';

let rig: Rig;
beforeEach(async () => { rig = await startRig(); });
afterEach(() => rig.close());

const FUNCTION = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:f`;
const LAMBDA = 'lambda.amazonaws.com';
const LOGS = { Action: ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'], Resource: '*' } as const;
const AGENT_LAYER = 'arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:300';

interface FunctionParts {
  readonly role?: string;
  readonly layers?: string[];
}

/** Creates the function `f`; its role exists in IAM and may log unless another one is given. */
async function createFunction(code: string, { role, layers }: FunctionParts = {}): Promise<void> {
  const Role = role ?? await createRole(rig, 'worker', [LOGS], LAMBDA);
  await rig.client(LambdaClient).send(new CreateFunctionCommand({ FunctionName: 'f', Runtime: 'nodejs22.x', Handler: 'index.handler', Role, Code: { ZipFile: zipOf(code) }, ...(layers && { Layers: layers }) }));
}

async function invoke(payload: unknown = {}): Promise<unknown> {
  const { Payload } = await rig.client(LambdaClient).send(new InvokeCommand({ FunctionName: 'f', Payload: JSON.stringify(payload) }));
  return JSON.parse(Buffer.from(Payload ?? []).toString());
}

async function logLines(): Promise<readonly string[]> {
  const { events = [] } = await rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/f' }));
  return events.map(({ message = '' }) => message);
}

describe('a function', () => {
  const CALLER = 'import http from "node:http";\n'
    + 'const call = () => new Promise((resolve) => { const request = http.request(process.env.AWS_ENDPOINT_URL, { method: "POST", headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": "AmazonSSM.DescribeParameters", authorization: `AWS4-HMAC-SHA256 Credential=${process.env.AWS_ACCESS_KEY_ID}/20260101/us-east-1/ssm/aws4_request, SignedHeaders=host, Signature=0` } }, (response) => { let text = ""; response.on("data", (part) => { text += part; }); response.on("end", () => resolve({ status: response.statusCode, text })); }); request.end("{}"); });\n'
    + 'export const handler = call;';

  test('calls with its role\'s rights, as its role\'s session', async () => {
    await createFunction(CALLER);

    const denied = await invoke() as { status: number; text: string };
    await allow(rig, 'worker', LOGS, { Action: 'ssm:DescribeParameters', Resource: '*' });
    const allowed = await invoke() as { status: number };

    expect(denied.status).toBe(400);
    expect(denied.text).toContain(`User: arn:aws:sts::${ACCOUNT}:assumed-role/worker/f is not authorized to perform: ssm:DescribeParameters on resource: * because no identity-based policy allows the ssm:DescribeParameters action`);
    expect(allowed.status).toBe(200);
  });

  test('writes no log without the right to, and is not told', async () => {
    await createFunction('export const handler = async () => { console.log("here"); return 1; };', { role: await createRole(rig, 'worker', [], LAMBDA) });

    const silent = await invoke();
    const before = await refused(logLines());
    await allow(rig, 'worker', LOGS);
    await invoke();

    expect(silent).toBe(1);
    expect(before.code).toBe('ResourceNotFoundException');
    expect((await logLines()).filter((line) => line.includes('here'))).toHaveLength(1);
  });

  test('is refused a role that does not trust Lambda', async () => {
    const role = await createRole(rig, 'other', [], 'states.amazonaws.com');

    expect(await refused(createFunction('export const handler = async () => 1;', { role }))).toMatchObject({ code: 'InvalidParameterValueException', message: 'The role defined for the function cannot be assumed by Lambda.' });
  });

  test('may be invoked by another role under the ARN its policy names', async () => {
    await createFunction('export const handler = async () => 1;');
    await rig.client(LambdaClient).send(new PublishVersionCommand({ FunctionName: 'f' }));
    const client = (await as(rig, await createRole(rig, 'caller', [{ Action: 'lambda:InvokeFunction', Resource: FUNCTION }])))(LambdaClient);

    expect((await client.send(new InvokeCommand({ FunctionName: 'f' }))).StatusCode).toBe(200);
    expect(await refused(client.send(new InvokeCommand({ FunctionName: 'f', Qualifier: '1' })))).toMatchObject({
      code: 'AccessDeniedException', status: 403, message: `User: arn:aws:sts::${ACCOUNT}:assumed-role/caller/test is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION}:1 because no identity-based policy allows the lambda:InvokeFunction action`,
    });
  });
});

describe('EventBridge', () => {
  const events = (): EventBridgeClient => rig.client(EventBridgeClient);
  const rule = async (target: { Arn: string; RoleArn?: string }): Promise<string> => {
    const { RuleArn = '' } = await events().send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }));
    await events().send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', ...target }] }));
    return RuleArn;
  };
  const emit = async (): Promise<void> => {
    await events().send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'd', Detail: '{}' }] }));
    await rig.advance(1000);
  };
  const runs = async (): Promise<number> => (await logLines().catch(() => [])).filter((line) => line.startsWith('START')).length;

  test('invokes a function only as the function\'s policy allows, for the rule it names', async () => {
    await createFunction('export const handler = async () => 1;');
    const ruleArn = await rule({ Arn: FUNCTION });
    const permit = (StatementId: string, SourceArn: string): Promise<unknown> => rig.client(LambdaClient).send(new AddPermissionCommand({ FunctionName: 'f', StatementId, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn, SourceAccount: ACCOUNT }));

    await emit();
    await permit('another', `${ruleArn}-2`);
    await emit();
    const before = await runs();
    await permit('own', ruleArn);
    await emit();
    const permitted = await runs();
    await rig.client(LambdaClient).send(new RemovePermissionCommand({ FunctionName: 'f', StatementId: 'own' }));
    await emit();

    expect([before, permitted, await runs()]).toEqual([0, 1, 1]);
  });

  test('is allowed for one rule what it is denied for another, however often', async () => {
    await createFunction('export const handler = async () => 1;');
    const SourceArn = await rule({ Arn: FUNCTION });
    await rig.client(LambdaClient).send(new AddPermissionCommand({ FunctionName: 'f', StatementId: 'own', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceArn }));
    await emit();
    await events().send(new PutRuleCommand({ Name: 'other', EventPattern: '{"source":["app"]}' }));
    await events().send(new PutTargetsCommand({ Rule: 'other', Targets: [{ Id: 't', Arn: FUNCTION }] }));

    await emit();
    await emit();

    expect(await runs()).toBe(3);
  });

  test('starts an alias with a role that may start its machine under that qualifier', async () => {
    const states = rig.client(SFNClient);
    const { stateMachineArn = '', stateMachineVersionArn } = await states.send(new CreateStateMachineCommand({ name: 'm', roleArn: `arn:aws:iam::${ACCOUNT}:role/any`, definition: '{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}', publish: true }));
    const { stateMachineAliasArn = '' } = await states.send(new CreateStateMachineAliasCommand({ name: 'live', routingConfiguration: [{ stateMachineVersionArn, weight: 100 }] }));
    const grant = (qualifier: string) => ({ Action: 'states:StartExecution', Resource: stateMachineArn, Condition: { StringEquals: { 'states:StateMachineQualifier': qualifier } } });
    await rule({ Arn: stateMachineAliasArn, RoleArn: await createRole(rig, 'starter', [grant('other')], 'events.amazonaws.com') });
    const started = async (): Promise<number> => (await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.length ?? 0;

    await emit();
    const before = await started();
    await allow(rig, 'starter', grant('live'));
    await emit();

    expect([before, await started()]).toEqual([0, 1]);
  });
});

describe('Step Functions', () => {
  test('invokes a task\'s function with the machine\'s role', async () => {
    await createFunction('export const handler = async () => 1;');
    const states = rig.client(SFNClient);
    const roleArn = await createRole(rig, 'machine', [], 'states.amazonaws.com');
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', Resource: FUNCTION, End: true } } }) }));
    const run = async (name: string): Promise<unknown> => {
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name }));
      await rig.advance(1000);
      const { status, error, cause } = await states.send(new DescribeExecutionCommand({ executionArn }));
      return { status, error, cause };
    };

    const denied = await run('one');
    await allow(rig, 'machine', { Action: 'lambda:InvokeFunction', Resource: FUNCTION });

    expect(denied).toMatchObject({
      status: 'FAILED', error: 'Lambda.AWSLambdaException',
      cause: expect.stringContaining(`assumed-role/machine/states is not authorized to perform: lambda:InvokeFunction on resource: ${FUNCTION} because no identity-based policy allows the lambda:InvokeFunction action (Service: AWSLambda; Status Code: 403; Error Code: AccessDeniedException;`) as string,
    });
    expect(await run('two')).toMatchObject({ status: 'SUCCEEDED' });
  });

  test('works with a role for as long as its trust policy says', async () => {
    const states = rig.client(SFNClient);
    const roleArn = await createRole(rig, 'machine', [{ Action: 'lambda:InvokeFunction', Resource: '*' }], 'states.amazonaws.com');
    await createFunction('export const handler = async () => 1;');
    const until = new Date(rig.engine.clock.now() + 60_000).toISOString();
    const trusted = policy({ Principal: { Service: 'states.amazonaws.com' }, Action: 'sts:AssumeRole', Condition: { DateLessThan: { 'aws:CurrentTime': until } } });
    await rig.client(IAMClient).send(new UpdateAssumeRolePolicyCommand({ RoleName: 'machine', PolicyDocument: trusted }));
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', Resource: FUNCTION, End: true } } }) }));
    const run = async (): Promise<unknown> => {
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
      await rig.advance(1000);
      return (await states.send(new DescribeExecutionCommand({ executionArn }))).status;
    };

    const during = [await run(), await run()];
    await rig.advance(60_000);

    expect([...during, await run()]).toEqual(['SUCCEEDED', 'SUCCEEDED', 'FAILED']);
  });
});

describe('an alarm', () => {
  test('invokes a function in the name of CloudWatch alarms, as the function\'s policy allows', async () => {
    await createFunction('export const handler = async () => 1;');
    const cloudWatch = rig.client(CloudWatchClient);
    await cloudWatch.send(new PutMetricAlarmCommand({ AlarmName: 'a', Namespace: 'N', MetricName: 'M', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'ignore', AlarmActions: [FUNCTION], OKActions: [FUNCTION] }));
    const runs: string[] = [];
    rig.engine.history.listen(({ kind, subject }) => { if (kind === 'lambda:invocation') runs.push(subject); });
    const set = async (StateValue: 'ALARM' | 'OK'): Promise<void> => {
      await cloudWatch.send(new SetAlarmStateCommand({ AlarmName: 'a', StateValue, StateReason: 'by hand' }));
      await rig.advance(1000);
    };
    const permit = (StatementId: string, Principal: string): Promise<unknown> => rig.client(LambdaClient).send(new AddPermissionCommand({ FunctionName: 'f', StatementId, Action: 'lambda:InvokeFunction', Principal, SourceAccount: ACCOUNT, SourceArn: `arn:aws:cloudwatch:us-east-1:${ACCOUNT}:alarm:a` }));

    await permit('others', 'events.amazonaws.com');
    await set('ALARM');
    const before = runs.length;
    await permit('alarms', 'lambda.alarms.cloudwatch.amazonaws.com');
    await set('OK');

    expect([before, runs]).toEqual([0, ['f']]);
  });
});

describe('a role that does not trust a service', () => {
  test('is of no use to it, whatever the role may do', async () => {
    await createFunction('export const handler = async () => 1;');
    const states = rig.client(SFNClient);
    const roleArn = await createRole(rig, 'foreign', [{ Action: '*', Resource: '*' }], LAMBDA);
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: 'm', roleArn, definition: JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Task', Resource: FUNCTION, End: true } } }) }));
    const events = rig.client(EventBridgeClient);
    await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["app"]}' }));
    await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn: stateMachineArn, RoleArn: roleArn }] }));

    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: 'own' }));
    await events.send(new PutEventsCommand({ Entries: [{ Source: 'app', DetailType: 'd', Detail: '{}' }] }));
    await rig.advance(1000);

    expect(await states.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'FAILED', cause: expect.stringContaining(`states.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${roleArn}`) as string });
    expect((await states.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.map(({ name }) => name)).toEqual(['own']);
  });
});

describe('AppConfig', () => {
  const appconfig = (): AppConfigClient => rig.client(AppConfigClient);

  async function configuration(KmsKeyIdentifier?: string): Promise<{ application: string; environment: string; profile: string }> {
    const { Id: application = '' } = await appconfig().send(new CreateApplicationCommand({ Name: 'app' }));
    const { Id: environment = '' } = await appconfig().send(new CreateEnvironmentCommand({ ApplicationId: application, Name: 'prod' }));
    const { Id: profile = '' } = await appconfig().send(new CreateConfigurationProfileCommand({ ApplicationId: application, Name: 'main', LocationUri: 'hosted', KmsKeyIdentifier }));
    return { application, environment, profile };
  }
  const publish = (ids: { application: string; profile: string }): Promise<unknown> => appconfig().send(new CreateHostedConfigurationVersionCommand({ ApplicationId: ids.application, ConfigurationProfileId: ids.profile, ContentType: 'application/json', Content: Buffer.from('{"a":1}') }));

  test('invokes an extension\'s function with the role of its action', async () => {
    await createFunction('export const handler = async () => ({});');
    const ids = await configuration();
    const RoleArn = await createRole(rig, 'hook', [], 'appconfig.amazonaws.com');
    const { Id } = await appconfig().send(new CreateExtensionCommand({ Name: 'gate', Actions: { PRE_CREATE_HOSTED_CONFIGURATION_VERSION: [{ Name: 'a', Uri: FUNCTION, RoleArn }] } }));
    await appconfig().send(new CreateExtensionAssociationCommand({ ExtensionIdentifier: Id, ResourceIdentifier: `arn:aws:appconfig:us-east-1:${ACCOUNT}:application/${ids.application}` }));

    const denied = await refused(publish(ids));
    await allow(rig, 'hook', { Action: 'lambda:InvokeFunction', Resource: FUNCTION });

    expect(denied).toMatchObject({ code: 'BadRequestException', message: expect.stringContaining('AccessDeniedException: User: arn:aws:sts::000000000000:assumed-role/hook/appconfig is not authorized') as string });
    expect(await publish(ids)).toMatchObject({ VersionNumber: 1 });
  });

  test('gives a function\'s agent what its role may read and decrypt', async () => {
    const { KeyMetadata } = await rig.client(KMSClient).send(new CreateKeyCommand({}));
    const ids = await configuration(KeyMetadata?.KeyId);
    await publish(ids);
    await appconfig().send(new StartDeploymentCommand({ ApplicationId: ids.application, EnvironmentId: ids.environment, ConfigurationProfileId: ids.profile, ConfigurationVersion: '1', DeploymentStrategyId: 'AppConfig.AllAtOnce' }));
    await rig.advance(20 * 60_000);
    await createFunction('import http from "node:http";\nexport const handler = () => new Promise((resolve) => { http.get("http://localhost:2772/applications/app/environments/prod/configurations/main", (response) => { let text = ""; response.on("data", (part) => { text += part; }); response.on("end", () => resolve(`${response.statusCode} ${text}`)); }); });', { layers: [AGENT_LAYER] });
    const Resource = `arn:aws:appconfig:us-east-1:${ACCOUNT}:application/${ids.application}/environment/${ids.environment}/configuration/${ids.profile}`;

    const none = await invoke();
    await allow(rig, 'worker', LOGS, { Action: 'appconfig:StartConfigurationSession', Resource });
    const half = await invoke();
    const read = { Action: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], Resource };
    await allow(rig, 'worker', LOGS, read);
    const sealed = await invoke();
    await allow(rig, 'worker', LOGS, read, { Action: 'kms:Decrypt', Resource: KeyMetadata?.Arn ?? '' });

    expect([none, half, sealed]).toEqual([expect.stringMatching(/^403 .*appconfig:StartConfigurationSession on resource/), expect.stringMatching(/^403 .*appconfig:GetLatestConfiguration on resource/), expect.stringMatching(/^403 .*kms:Decrypt on resource/)]);
    expect(await invoke()).toBe('200 {"a":1}');
  });
});

describe('the report on grants', () => {
  test('tells which grants were never used, and what was denied', async () => {
    await createFunction('export const handler = async () => 1;');
    const role = await createRole(rig, 'caller', [{ Sid: 'Narrow', Action: ['lambda:InvokeFunction', 'lambda:GetFunction'], Resource: [FUNCTION, `${FUNCTION}:*`] }]);
    const client = (await as(rig, role))(LambdaClient);
    await client.send(new InvokeCommand({ FunctionName: 'f' }));
    await refused(client.send(new PublishVersionCommand({ FunctionName: 'f' })));
    await refused(client.send(new PublishVersionCommand({ FunctionName: 'f' })));

    const answer = await fetch(`${rig.engine.endpoint}/_engine/grants`);
    const report = await answer.json() as { grants: { holder: string; uses: number; action: string; resource: string }[]; denials: unknown[] };

    const own = report.grants.filter(({ holder }) => holder === role);
    expect(own.filter(({ uses }) => uses > 0)).toEqual([expect.objectContaining({ sid: 'Narrow', action: 'lambda:InvokeFunction', resource: FUNCTION, uses: 1 })]);
    expect(own.filter(({ uses }) => uses === 0).map(({ action, resource }) => [action, resource])).toEqual([
      ['lambda:InvokeFunction', `${FUNCTION}:*`], ['lambda:GetFunction', FUNCTION], ['lambda:GetFunction', `${FUNCTION}:*`],
    ]);
    expect(report.denials).toEqual([expect.objectContaining({ caller: `arn:aws:sts::${ACCOUNT}:assumed-role/caller/test`, action: 'lambda:PublishVersion', resource: FUNCTION, reason: 'no-identity-policy', times: 2 })]);
  });
});
