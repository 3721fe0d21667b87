import {
  AppConfigClient, GetConfigurationProfileCommand, GetDeploymentCommand, GetEnvironmentCommand, GetExtensionAssociationCommand, GetExtensionCommand, GetHostedConfigurationVersionCommand, ListApplicationsCommand,
  ListDeploymentStrategiesCommand, ListTagsForResourceCommand,
} from '@aws-sdk/client-appconfig';
import { CreateStackCommand, UpdateStackCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DescribeRuleCommand, EventBridgeClient, ListTargetsByRuleCommand } from '@aws-sdk/client-eventbridge';
import { GetRolePolicyCommand, IAMClient, ListAttachedRolePoliciesCommand, ListPoliciesCommand, ListRolePoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { GetAliasCommand, GetFunctionCommand, GetFunctionEventInvokeConfigCommand, GetPolicyCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, DescribeStateMachineAliasCommand, DescribeStateMachineCommand, ListStateMachinesCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListTagsForResourceCommand as ListTopicTagsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { startScene } from './scene.ts';

const ROLE = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] } } };
const code = (text: string): object => ({ ZipFile: `exports.handler = async () => ${JSON.stringify(text)};` });
const lambdaFunction = (properties: object): object => ({ Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'f', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': 'Role.Arn' }, ...properties } });
const arnOf = (id: string): object => ({ 'Fn::GetAtt': [id, 'Arn'] });

const appConfig = (limit: number, more: Record<string, object> = {}): Record<string, object> => ({
  App: { Type: 'AWS::AppConfig::Application', Properties: { Name: 'shop', Tags: [{ Key: 'limit', Value: String(limit) }] } },
  Env: { Type: 'AWS::AppConfig::Environment', Properties: { ApplicationId: { Ref: 'App' }, Name: `live${limit}`, Monitors: [{ AlarmArn: arnOf('Alarm'), AlarmRoleArn: arnOf('Watcher') }] } },
  Profile: { Type: 'AWS::AppConfig::ConfigurationProfile', Properties: { ApplicationId: { Ref: 'App' }, Name: 'limits', LocationUri: 'hosted', Validators: [{ Type: 'JSON_SCHEMA', Content: { type: 'object', minProperties: limit } }] } },
  Strategy: { Type: 'AWS::AppConfig::DeploymentStrategy', Properties: { Name: 'slow', ReplicateTo: 'NONE', DeploymentDurationInMinutes: 10, GrowthFactor: '50', FinalBakeTimeInMinutes: limit } },
  Extension: { Type: 'AWS::AppConfig::Extension', Properties: { Name: 'told', Description: `at ${limit}`, Actions: { ON_DEPLOYMENT_START: [{ Name: 'tell', Uri: `arn:aws:events:us-east-1:000000000000:event-bus/default` }] } } },
  Association: { Type: 'AWS::AppConfig::ExtensionAssociation', Properties: { ExtensionIdentifier: { Ref: 'Extension' }, ResourceIdentifier: { 'Fn::Sub': 'arn:aws:appconfig:${AWS::Region}:${AWS::AccountId}:application/${App}' } } },
  Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { AlarmName: 'errors', MetricName: 'Errors', Namespace: 'Shop', Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', TreatMissingData: 'notBreaching' } },
  Watcher: { Type: 'AWS::IAM::Role', Properties: {
    AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'appconfig.amazonaws.com' }, Action: 'sts:AssumeRole' }] },
    Policies: [{ PolicyName: 'watch', PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'cloudwatch:DescribeAlarms', Resource: '*' }] } }],
  } },
  ...more,
});

const rollout: Record<string, object> = {
  Version: { Type: 'AWS::AppConfig::HostedConfigurationVersion', Properties: { ApplicationId: { Ref: 'App' }, ConfigurationProfileId: { Ref: 'Profile' }, Content: '{"a":1,"b":2}', ContentType: 'application/json' } },
  Rollout: { Type: 'AWS::AppConfig::Deployment', DependsOn: 'Association', Properties: { ApplicationId: { Ref: 'App' }, EnvironmentId: { Ref: 'Env' }, ConfigurationProfileId: { Ref: 'Profile' }, ConfigurationVersion: { Ref: 'Version' }, DeploymentStrategyId: { Ref: 'Strategy' } } },
};

/** Without a monitor: a fresh alarm, which has no data yet, takes a first deployment back, on AWS too. */
const unwatched = (more: Record<string, object>): Record<string, object> => ({ ...appConfig(1, more), Env: { Type: 'AWS::AppConfig::Environment', Properties: { ApplicationId: { Ref: 'App' }, Name: 'live' } } });

describe('AppConfig\'s types', () => {
  it('are created, changed in place and removed', async () => {
    await using scene = await startScene();
    const client = scene.rig.client(AppConfigClient);

    expect((await scene.create({ Resources: appConfig(1) })).StackStatus).toBe('CREATE_COMPLETE');
    const first = await scene.physical();
    expect((await scene.update({ Resources: appConfig(2) })).StackStatus).toBe('UPDATE_COMPLETE');
    const second = await scene.physical();

    expect(second).toEqual(first);
    const ApplicationId = second['App']!;
    const inner = (id: string): string => second[id]!.split('|')[1]!;
    expect(second['Env']).toBe(`${ApplicationId}|${inner('Env')}`);
    expect(await client.send(new GetEnvironmentCommand({ ApplicationId, EnvironmentId: inner('Env') }))).toMatchObject({ Name: 'live2', Monitors: [{ AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors' }] });
    expect((await client.send(new GetConfigurationProfileCommand({ ApplicationId, ConfigurationProfileId: inner('Profile') }))).Validators).toEqual([{ Type: 'JSON_SCHEMA', Content: '{"type":"object","minProperties":2}' }]);
    expect((await client.send(new ListDeploymentStrategiesCommand({}))).Items!.find(({ Id }) => Id === second['Strategy'])).toMatchObject({ GrowthFactor: 50, FinalBakeTimeInMinutes: 2 });
    expect((await client.send(new GetExtensionCommand({ ExtensionIdentifier: second['Extension'] }))).Description).toBe('at 2');
    expect((await client.send(new GetExtensionAssociationCommand({ ExtensionAssociationId: second['Association'] }))).ResourceArn).toBe(`arn:aws:appconfig:us-east-1:000000000000:application/${ApplicationId}`);
    expect((await client.send(new ListTagsForResourceCommand({ ResourceArn: `arn:aws:appconfig:us-east-1:000000000000:application/${ApplicationId}` }))).Tags).toEqual({ limit: '2' });
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
    expect((await client.send(new ListApplicationsCommand({}))).Items).toEqual([]);
  });

  it('include deployments, for which a stack waits in virtual time, and which stay when it goes', async () => {
    await using scene = await startScene();
    const before = scene.rig.engine.clock.now();

    const stack = await scene.create({ Resources: unwatched(rollout), Outputs: { State: { Value: { 'Fn::GetAtt': 'Rollout.State' } }, Version: { Value: { Ref: 'Version' } } } });

    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(await scene.outputs()).toEqual({ State: 'COMPLETE', Version: '1' });
    const minutes = (scene.rig.engine.clock.now() - before) / 60_000;
    // Ten minutes of growth and one of baking, with the lateness of AppConfig's worker.
    expect(minutes).toBeGreaterThanOrEqual(11);
    expect(minutes).toBeLessThan(13);
    // Nobody waits any more, so the clock stands still, however often somebody looks.
    const over = scene.rig.engine.clock.now();
    const { Version: versionId = '' } = await scene.physical();
    await scene.events();
    expect(scene.rig.engine.clock.now()).toBe(over);
    const [ApplicationId, ConfigurationProfileId] = versionId.split('|');
    const { Content } = await scene.rig.client(AppConfigClient).send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: 1 }));
    expect(Buffer.from(Content!).toString()).toBe('{"a":1,"b":2}');
  });

  it('fail their stack when a deployment is rolled back by its alarm', async () => {
    await using scene = await startScene({ settings: { cloudformation: { runsTime: false } } });
    const { rig } = scene;
    await scene.create({ Resources: appConfig(1) });
    await rig.advance(10 * 60_000);
    const calm = (await rig.client(CloudWatchClient).send(new DescribeAlarmsCommand({}))).MetricAlarms![0]!.StateValue;

    await scene.client.send(new UpdateStackCommand({ StackName: 'S', Capabilities: ['CAPABILITY_IAM'], TemplateBody: JSON.stringify({ Resources: appConfig(1, rollout) }) }));
    await rig.advance(5 * 60_000);
    const during = await scene.lines();
    await rig.client(CloudWatchClient).send(new SetAlarmStateCommand({ AlarmName: 'errors', StateValue: 'ALARM', StateReason: 'a test' }));
    await rig.advance(60_000);
    const stack = await scene.settled();

    expect(calm).toBe('OK');
    expect(during.at(-1)).toBe('Rollout CREATE_IN_PROGRESS');
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({ LogicalResourceId: 'Rollout', ResourceStatusReason: expect.stringContaining('ended as ROLLED_BACK') });
  });

  it('stop a deployment that is under way when its stack is given up', async () => {
    await using scene = await startScene({ settings: { cloudformation: { runsTime: false } } });
    const { rig } = scene;
    await scene.client.send(new CreateStackCommand({ StackName: 'S', Capabilities: ['CAPABILITY_IAM'], TimeoutInMinutes: 3, TemplateBody: JSON.stringify({ Resources: unwatched(rollout) }) }));
    await rig.advance(60_000);
    const { App: ApplicationId, Env } = await scene.physical();
    const { State } = await rig.client(AppConfigClient).send(new GetDeploymentCommand({ ApplicationId, EnvironmentId: Env!.split('|')[1], DeploymentNumber: 1 }));

    await rig.advance(5 * 60_000);

    expect(State).toBe('DEPLOYING');
    expect((await scene.settled()).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await scene.lines()).filter((line) => line.startsWith('Rollout'))).toEqual(['Rollout CREATE_IN_PROGRESS', 'Rollout CREATE_FAILED', 'Rollout DELETE_IN_PROGRESS', 'Rollout DELETE_COMPLETE']);
  });
});

describe('Lambda\'s types', () => {
  const resources = (text: string, extra: object, version: string): Record<string, object> => ({
    Role: ROLE,
    F: lambdaFunction({ Code: code(text), ...extra }),
    [version]: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } }, DeletionPolicy: 'Retain' },
    Live: { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'F' }, Name: 'live', FunctionVersion: { 'Fn::GetAtt': `${version}.Version` } } },
    Permission: { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: { Ref: 'Live' }, Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com', SourceAccount: { Ref: 'AWS::AccountId' } } },
    Async: { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { FunctionName: { Ref: 'F' }, Qualifier: '$LATEST', MaximumRetryAttempts: 1 } },
    Layer: { Type: 'AWS::Lambda::LayerVersion', Properties: { LayerName: 'l', Content: { S3Bucket: 'b', S3Key: 'k' } } },
  });

  it('run the code they are given, publish versions and move aliases', async () => {
    await using scene = await startScene();
    const client = scene.rig.client(LambdaClient);
    const invoke = async (Qualifier?: string): Promise<unknown> => JSON.parse(Buffer.from((await client.send(new InvokeCommand({ FunctionName: 'f', Qualifier }))).Payload!).toString());

    await scene.create({ Resources: resources('one', { Environment: { Variables: { AA: 1 } }, ReservedConcurrentExecutions: 5, Timeout: '20', Tags: [{ Key: 'k', Value: 'v' }] }, 'V1'), Outputs: { Layer: { Value: { Ref: 'Layer' } } } });
    const first = [await invoke(), await invoke('live')];
    const { Configuration, Concurrency, Tags } = await client.send(new GetFunctionCommand({ FunctionName: 'f' }));
    const stack = await scene.update({ Resources: resources('two', {}, 'V2') });

    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(first).toEqual(['one', 'one']);
    expect(Configuration).toMatchObject({ Timeout: 20, Environment: { Variables: { AA: '1' } } });
    expect([Concurrency?.ReservedConcurrentExecutions, Tags]).toEqual([5, { k: 'v' }]);
    expect([await invoke(), await invoke('live'), await invoke('1')]).toEqual(['two', 'two', 'one']);
    const after = await client.send(new GetFunctionCommand({ FunctionName: 'f' }));
    expect(after.Configuration).toMatchObject({ Timeout: 3 });
    expect(after.Configuration!.Environment).toBeUndefined();
    expect([after.Concurrency, after.Tags]).toEqual([undefined, undefined]);
    expect((await client.send(new GetAliasCommand({ FunctionName: 'f', Name: 'live' }))).FunctionVersion).toBe('2');
    expect((await client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'f' }))).MaximumRetryAttempts).toBe(1);
    expect(JSON.parse((await client.send(new GetPolicyCommand({ FunctionName: 'f', Qualifier: 'live' }))).Policy!)).toMatchObject({ Statement: [{ Principal: { Service: 'events.amazonaws.com' }, Condition: { StringEquals: { 'AWS:SourceAccount': '000000000000' } } }] });
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
    expect((await client.send(new ListFunctionsCommand({}))).Functions).toEqual([]);
  });

  it('refuse a version that would be the same as the one before', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: resources('one', {}, 'V1') });

    await scene.update({ Resources: { ...resources('one', {}, 'V1'), V2: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'F' } } } } });

    expect((await scene.events()).find(({ LogicalResourceId, ResourceStatus }) => LogicalResourceId === 'V2' && ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toContain('A version for this Lambda function exists ( 1 ). Modify the function to create a new version.');
  });
});

describe('what watches', () => {
  const resources = (threshold: number): Record<string, object> => ({
    Role: ROLE,
    F: lambdaFunction({ Code: code('x') }),
    Group: { Type: 'AWS::Logs::LogGroup', Properties: threshold === 1 ? { RetentionInDays: 7 } : {} },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors', Namespace: 'AWS/Lambda', Dimensions: [{ Name: 'FunctionName', Value: { Ref: 'F' } }], Statistic: 'Sum', Period: '60', EvaluationPeriods: 2, Threshold: threshold, ComparisonOperator: 'GreaterThanThreshold' } },
    Both: { Type: 'AWS::CloudWatch::CompositeAlarm', Properties: { AlarmName: 'both', AlarmRule: { 'Fn::Sub': 'ALARM("${Alarm}")' }, ActionsEnabled: false } },
    Board: { Type: 'AWS::CloudWatch::Dashboard', Properties: { DashboardBody: '{}' } },
    Rule: { Type: 'AWS::Events::Rule', Properties: { Name: 'r', EventPattern: { source: [`from.${threshold}`] }, Targets: [{ Id: `T${threshold}`, Arn: arnOf('F') }] } },
  });

  it('is put whole, changed whole, and taken away in an order that its services accept', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: resources(1), Outputs: { Group: { Value: arnOf('Group') } } });
    const groups = await scene.rig.client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}));
    const { Group } = await scene.outputs();

    expect((await scene.update({ Resources: resources(2) })).StackStatus).toBe('UPDATE_COMPLETE');

    const { MetricAlarms, CompositeAlarms } = await scene.rig.client(CloudWatchClient).send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
    expect(MetricAlarms).toMatchObject([{ Threshold: 2, Period: 60, Dimensions: [{ Name: 'FunctionName', Value: 'f' }], AlarmName: expect.stringMatching(/^S-Alarm-[A-Z0-9]{12}$/) }]);
    expect(CompositeAlarms).toMatchObject([{ AlarmName: 'both', AlarmRule: `ALARM("${MetricAlarms![0]!.AlarmName}")`, ActionsEnabled: false }]);
    expect(groups.logGroups).toMatchObject([{ retentionInDays: 7, arn: Group }]);
    expect((await scene.rig.client(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}))).logGroups![0]!.retentionInDays).toBeUndefined();
    const events = scene.rig.client(EventBridgeClient);
    expect((await events.send(new DescribeRuleCommand({ Name: 'r' }))).EventPattern).toBe('{"source":["from.2"]}');
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: 'r' }))).Targets).toMatchObject([{ Id: 'T2' }]);
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('Step Functions\' types', () => {
  const resources = (result: string, version: string): Record<string, object> => ({
    Role: ROLE,
    Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'm', RoleArn: arnOf('Role'), DefinitionString: '{"StartAt":"P","States":{"P":{"Type":"Pass","Result":"${Result}","End":true}}}', DefinitionSubstitutions: { Result: result } } },
    [version]: { Type: 'AWS::StepFunctions::StateMachineVersion', Properties: { StateMachineArn: { Ref: 'Machine' }, StateMachineRevisionId: { 'Fn::GetAtt': 'Machine.StateMachineRevisionId' } }, DeletionPolicy: 'Retain' },
    Alias: { Type: 'AWS::StepFunctions::StateMachineAlias', Properties: { Name: 'live', ...(version === 'V1' ? { RoutingConfiguration: [{ StateMachineVersionArn: { Ref: version }, Weight: 100 }] } : { DeploymentPreference: { Type: 'ALL_AT_ONCE', StateMachineVersionArn: { Ref: version } } }) } },
  });

  it('run machines by alias and version', async () => {
    await using scene = await startScene();
    const client = scene.rig.client(SFNClient);
    const run = async (stateMachineArn: string): Promise<string | undefined> => {
      const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
      await scene.rig.advance(1000);
      return (await client.send(new DescribeExecutionCommand({ executionArn }))).output;
    };

    expect((await scene.create({ Resources: resources('one', 'V1') })).StackStatus).toBe('CREATE_COMPLETE');
    const { Alias = '', Machine = '', V1 = '' } = await scene.physical();
    const first = await run(Alias);
    expect((await scene.update({ Resources: resources('two', 'V2') })).StackStatus).toBe('UPDATE_COMPLETE');

    expect([Machine, V1, Alias]).toEqual(['arn:aws:states:us-east-1:000000000000:stateMachine:m', `${Machine}:1`, `${Machine}:live`]);
    expect([first, await run(Alias), await run(V1), await run(Machine)]).toEqual(['"one"', '"two"', '"one"', '"two"']);
    expect((await client.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: Alias }))).routingConfiguration).toEqual([{ stateMachineVersionArn: `${Machine}:2`, weight: 100 }]);
    expect((await client.send(new DescribeStateMachineCommand({ stateMachineArn: Machine }))).roleArn).toMatch(/^arn:aws:iam::000000000000:role\/S-Role-/);
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
    expect((await client.send(new ListStateMachinesCommand({}))).stateMachines).toEqual([]);
  });
});

describe('IAM\'s types', () => {
  const statement = (action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: action, Resource: '*' }] });
  const resources = (action: string, more: object): Record<string, object> => ({
    R: { Type: 'AWS::IAM::Role', Properties: { ...ROLE.Properties, RoleName: 'r', ...more } },
    Inline: { Type: 'AWS::IAM::Policy', Properties: { PolicyName: 'inline', PolicyDocument: statement(action), Roles: [{ Ref: 'R' }] } },
    Managed: { Type: 'AWS::IAM::ManagedPolicy', Properties: { ManagedPolicyName: 'managed', PolicyDocument: statement(action), Roles: [{ Ref: 'R' }] } },
  });

  it('are made in IAM, follow their templates, and leave nothing behind', async () => {
    await using scene = await startScene();
    const client = scene.rig.client(IAMClient);
    const look = async (): Promise<unknown[]> => [
      (await client.send(new ListRolePoliciesCommand({ RoleName: 'r' }))).PolicyNames,
      (await client.send(new ListAttachedRolePoliciesCommand({ RoleName: 'r' }))).AttachedPolicies!.map(({ PolicyName }) => String(PolicyName)).sort(),
      decodeURIComponent((await client.send(new GetRolePolicyCommand({ RoleName: 'r', PolicyName: 'inline' }))).PolicyDocument!),
    ];

    await scene.create({ Resources: resources('s3:GetObject', { Policies: [{ PolicyName: 'own', PolicyDocument: statement('ssm:GetParameter') }], ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'] }) });
    const first = await look();
    for (const index of [1, 2, 3, 4, 5, 6]) expect((await scene.update({ Resources: resources(`s3:Get${index}`, {}) })).StackStatus).toBe('UPDATE_COMPLETE');

    expect(first).toEqual([['inline', 'own'], ['AWSLambdaBasicExecutionRole', 'managed'], JSON.stringify(statement('s3:GetObject'))]);
    expect(await look()).toEqual([['inline'], ['managed'], JSON.stringify(statement('s3:Get6'))]);
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
    expect((await client.send(new ListRolesCommand({}))).Roles).toEqual([]);
    expect((await client.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies).toEqual([]);
  });

  it('decide what a stack with a role of its own may do', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { Deployer: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'deployer', AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'cloudformation.amazonaws.com' }, Action: 'sts:AssumeRole' }] }, Policies: [{ PolicyName: 'p', PolicyDocument: statement('appconfig:*') }] } } } }, { StackName: 'Roles' });

    const RoleARN = 'arn:aws:iam::000000000000:role/deployer';
    const allowed = await scene.create({ Resources: { App: { Type: 'AWS::AppConfig::Application', Properties: { Name: 'a' } } } }, { StackName: 'T', RoleARN });
    const denied = await scene.create({ Resources: { Bucket: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'denied' } } } }, { RoleARN });

    expect([allowed.StackStatus, denied.StackStatus]).toEqual(['CREATE_COMPLETE', 'ROLLBACK_COMPLETE']);
    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(/assumed-role\/deployer\/AWSCloudFormation is not authorized to perform: s3:.*HandlerErrorCode: AccessDenied/);
  });
});

describe('topics', () => {
  const TopicArn = 'arn:aws:sns:us-east-1:000000000000:t';
  const TOO = `${TopicArn}oo`;
  const policy = (action: string): object => ({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: action, Resource: '*' }] });
  const told = (name: string): object => ({ Protocol: 'lambda', Endpoint: `arn:aws:lambda:us-east-1:000000000000:function:${name}` });
  const resources = (name: string, inline: string[], topics: string[], more: object = {}): object => ({
    Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't', DisplayName: name, Subscription: inline.map(told), Tags: [{ Key: 'is', Value: name }] } },
    Too: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'too' } },
    Policy: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: topics.map((Ref) => ({ Ref })), PolicyDocument: policy(`sns:${name}`) } },
    Function: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, ...told('f'), ...more } },
  });

  it('are SNS\'s own, follow their templates, and leave nothing behind', async () => {
    await using scene = await startScene();
    const sns = scene.rig.client(SNSClient);
    const look = async (): Promise<unknown> => ({
      name: (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes?.['DisplayName'],
      tags: (await sns.send(new ListTopicTagsCommand({ ResourceArn: TopicArn }))).Tags,
      told: (await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))).Subscriptions?.map(({ Endpoint }) => Endpoint?.replace(/^.*:/, '')).sort(),
      policies: await Promise.all([TopicArn, TOO].map(async (arn) => (JSON.parse((await sns.send(new GetTopicAttributesCommand({ TopicArn: arn }))).Attributes?.['Policy'] ?? '') as { Statement: { Action: unknown }[] }).Statement[0]?.Action)),
    });

    const created = await scene.create({ Resources: resources('Publish', ['a', 'b'], ['Topic', 'Too']) });
    const first = await look();
    const refused = await scene.update({ Resources: resources('Publish', ['a', 'b'], ['Topic', 'Too'], { FilterPolicy: { a: ['b'] } }) });
    const updated = await scene.update({ Resources: resources('Subscribe', ['b', 'c'], ['Topic']) });

    expect([created.StackStatus, refused.StackStatus, updated.StackStatus]).toEqual(['CREATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE', 'UPDATE_COMPLETE']);
    expect((await scene.events()).map(({ ResourceStatusReason: why }) => why)).toContainEqual(expect.stringContaining('sluice-engine does not implement FilterPolicy of subscriptions by lambda'));
    expect(first).toEqual({ name: 'Publish', tags: [{ Key: 'is', Value: 'Publish' }], told: ['a', 'b', 'f'], policies: ['sns:Publish', 'sns:Publish'] });
    expect(await look()).toEqual({ name: 'Subscribe', tags: [{ Key: 'is', Value: 'Subscribe' }], told: ['b', 'c', 'f'], policies: ['sns:Subscribe', expect.arrayContaining(['SNS:Publish'])] });
    expect((await scene.create({ Resources: { Again: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 't' } } } }, { StackName: 'T' })).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
    expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([]);
  });
});

describe('what is stored', () => {
  it('has ids and attributes as on AWS', async () => {
    await using scene = await startScene();
    const of = (Type: string, Properties: object = {}): object => ({ Type, Properties });
    const attributes = ['Bucket.Arn', 'Bucket.RegionalDomainName', 'Queue.Arn', 'Queue.QueueName', 'Topic.TopicName', 'Repository.RepositoryUri', 'Key.Arn'];

    const stack = await scene.create({
      Resources: {
        Bucket: of('AWS::S3::Bucket', { BucketName: 'kept-things', VersioningConfiguration: { Status: 'Enabled' } }), Policy: of('AWS::S3::BucketPolicy', { Bucket: { Ref: 'Bucket' }, PolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [arnOf('Bucket')], Condition: { Bool: { 'aws:SecureTransport': 'false' }, StringEquals: { 'aws:PrincipalTag/none': 'x' } } }] } }),
        Queue: of('AWS::SQS::Queue', { QueueName: 'q', DelaySeconds: 0 }), Topic: of('AWS::SNS::Topic', { TopicName: 't' }), Subscription: of('AWS::SNS::Subscription', { TopicArn: { Ref: 'Topic' }, Protocol: 'sqs', Endpoint: arnOf('Queue') }),
        Key: of('AWS::KMS::Key', { KeyPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { AWS: { 'Fn::Sub': 'arn:aws:iam::${AWS::AccountId}:root' } }, Action: 'kms:*', Resource: '*' }] } }), KeyAlias: of('AWS::KMS::Alias', { AliasName: 'alias/k', TargetKeyId: { Ref: 'Key' } }),
        Repository: of('AWS::ECR::Repository', { RepositoryName: 'images' }), Handle: of('AWS::CloudFormation::WaitConditionHandle'), Metadata: of('AWS::CDK::Metadata', { Analytics: 'v2' }),
      },
      Outputs: Object.fromEntries(attributes.map((name) => [name.replace('.', ''), { Value: { 'Fn::GetAtt': name } }])),
    });

    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(await scene.physical()).toMatchObject({ Queue: 'https://sqs.us-east-1.amazonaws.com/000000000000/q', Topic: 'arn:aws:sns:us-east-1:000000000000:t', KeyAlias: 'alias/k', Repository: 'images' });
    expect(await scene.outputs()).toEqual({
      BucketArn: 'arn:aws:s3:::kept-things', BucketRegionalDomainName: 'kept-things.s3.us-east-1.amazonaws.com', QueueArn: 'arn:aws:sqs:us-east-1:000000000000:q', QueueQueueName: 'q', TopicTopicName: 't',
      RepositoryRepositoryUri: '000000000000.dkr.ecr.us-east-1.amazonaws.com/images', KeyArn: `arn:aws:kms:us-east-1:000000000000:key/${(await scene.physical())['Key']}`,
    });
    expect((await scene.rig.client(S3Client).send(new ListBucketsCommand({}))).Buckets!.map(({ Name }) => Name)).toEqual(['kept-things']);
    expect((await scene.create({ Resources: { Again: of('AWS::S3::Bucket', { BucketName: 'kept-things' }) } }, { StackName: 'T' })).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
  });
});
