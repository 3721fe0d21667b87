import {
  CreateStackCommand, DeleteStackCommand, DescribeStackResourceCommand, DescribeStackResourcesCommand, DescribeStacksCommand, GetTemplateCommand, GetTemplateSummaryCommand, ListExportsCommand, ListImportsCommand,
  ListStackResourcesCommand, ListStacksCommand, SetStackPolicyCommand, UpdateStackCommand, UpdateTerminationProtectionCommand, ValidateTemplateCommand,
  type CreateStackCommandInput,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, GetParametersByPathCommand, ListTagsForResourceCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { BROKEN, parameter, startScene, type Scene } from './scene.ts';

const valueOf = async ({ rig }: Scene, Name: string): Promise<string | undefined> => (await rig.client(SSMClient).send(new GetParameterCommand({ Name }))).Parameter!.Value;
const countOf = async ({ rig }: Scene): Promise<number> => (await rig.client(SSMClient).send(new GetParametersByPathCommand({ Path: '/', Recursive: true }))).Parameters!.length;
const named = (name: string, value: unknown, more: object = {}): object => parameter(value, more, { Name: name });

describe('creating a stack', () => {
  it('makes each resource after what it refers to, tells of every step and answers outputs', async () => {
    await using scene = await startScene();

    const stack = await scene.create({
      Description: 'two parameters',
      Resources: { B: parameter({ 'Fn::Sub': 'after ${A}' }), A: named('/a', 'one') },
      Outputs: { Value: { Value: { 'Fn::GetAtt': 'B.Value' }, Description: 'what B holds' } },
    }, { Tags: [{ Key: 'team', Value: 'core' }] });

    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', Description: 'two parameters', DisableRollback: false, EnableTerminationProtection: false, Outputs: [{ OutputKey: 'Value', OutputValue: 'after /a', Description: 'what B holds' }], DeploymentConfig: { Mode: 'STANDARD' }, LastOperations: [{ OperationType: 'CREATE_STACK' }] });
    expect(await scene.lines()).toEqual([
      'S CREATE_IN_PROGRESS', 'A CREATE_IN_PROGRESS', 'A CREATE_IN_PROGRESS', 'A CREATE_COMPLETE', 'B CREATE_IN_PROGRESS', 'B CREATE_IN_PROGRESS', 'B CREATE_COMPLETE', 'S CREATE_COMPLETE',
    ]);
    const [user, first, second] = await scene.events();
    expect(user).toMatchObject({ ResourceStatusReason: 'User Initiated', ResourceType: 'AWS::CloudFormation::Stack' });
    expect(first).toMatchObject({ PhysicalResourceId: '', EventId: expect.stringMatching(/^A-CREATE_IN_PROGRESS-2026-/), ResourceProperties: expect.stringContaining('"Value":"one"') });
    expect(second).toMatchObject({ PhysicalResourceId: '/a', ResourceStatusReason: 'Resource creation Initiated' });
    const { TagList } = await scene.rig.client(SSMClient).send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId: '/a' }));
    expect(TagList).toEqual([{ Key: 'team', Value: 'core' }]);
  });

  it('takes everything back when a resource fails, and leaves a stack that only deletion helps', async () => {
    await using scene = await startScene();

    const stack = await scene.create({ Resources: { A: named('/a', '1'), Bad: { ...BROKEN, DependsOn: 'A' }, Never: parameter('x', { DependsOn: 'Bad' }) } });

    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(await countOf(scene)).toBe(0);
    expect(await scene.lines(4)).toEqual(['Bad CREATE_IN_PROGRESS', 'Bad CREATE_FAILED', 'S ROLLBACK_IN_PROGRESS', 'Bad DELETE_COMPLETE', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'S ROLLBACK_COMPLETE']);
    const events = await scene.events();
    expect(events.find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(/^Resource handler returned message: ".*enum value set.* \(Service: Ssm, Status Code: 400, Request ID: [0-9a-f-]{36}\)" \(RequestToken: [0-9a-f-]{36}, HandlerErrorCode: InvalidRequest\)$/);
    expect(events.find(({ ResourceStatus }) => ResourceStatus === 'ROLLBACK_IN_PROGRESS')?.ResourceStatusReason).toBe('The following resource(s) failed to create: [Bad]. Rollback requested by user.');
    expect((await refused(scene.update({ Resources: { A: named('/a', '1') } }))).message).toMatch(/^Stack:arn:.* is in ROLLBACK_COMPLETE state and can not be updated\.$/);
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('keeps what was made, or deletes the stack, when it is told to', async () => {
    await using scene = await startScene();
    const template = { Resources: { A: named('/a', '1'), Bad: { ...BROKEN, DependsOn: 'A' } } };

    const kept = await scene.create(template, { DisableRollback: true });
    const gone = await scene.create({ Resources: { B: named('/b', '1'), Bad: { ...BROKEN, DependsOn: 'B' } } }, { StackName: 'T', OnFailure: 'DELETE' });

    expect([kept.StackStatus, kept.DisableRollback]).toEqual(['CREATE_FAILED', true]);
    expect(gone.StackStatus).toBe('DELETE_COMPLETE');
    expect(await valueOf(scene, '/a')).toBe('1');
    expect(await countOf(scene)).toBe(1);
  });

  it('is idempotent by its token', async () => {
    await using scene = await startScene();
    const input = { StackName: 'S', TemplateBody: JSON.stringify({ Resources: { A: parameter('1') } }), ClientRequestToken: 'once' };

    const first = await scene.client.send(new CreateStackCommand(input));
    const again = await scene.client.send(new CreateStackCommand(input));
    const other = await refused(scene.client.send(new CreateStackCommand({ ...input, Tags: [{ Key: 'a', Value: 'b' }] })));
    const fresh = await refused(scene.client.send(new CreateStackCommand({ ...input, ClientRequestToken: 'twice' })));

    expect(first.OperationId).toMatch(/^[0-9a-f-]{36}$/);
    expect(again.StackId).toBe(first.StackId);
    expect(other).toEqual({ code: 'TokenAlreadyExistsException', status: 400, message: 'The client request token once has already been used for this stack. Retry the request with a different client request token' });
    expect(fresh).toEqual({ code: 'AlreadyExistsException', status: 400, message: 'Stack [S] already exists' });
  });

  it('gives up after its time-out', async () => {
    await using scene = await startScene();
    const rollout = {
      App: { Type: 'AWS::AppConfig::Application', Properties: { Name: 'a' } },
      Env: { Type: 'AWS::AppConfig::Environment', Properties: { ApplicationId: { Ref: 'App' }, Name: 'e' } },
      Profile: { Type: 'AWS::AppConfig::ConfigurationProfile', Properties: { ApplicationId: { Ref: 'App' }, Name: 'p', LocationUri: 'hosted' } },
      Version: { Type: 'AWS::AppConfig::HostedConfigurationVersion', Properties: { ApplicationId: { Ref: 'App' }, ConfigurationProfileId: { Ref: 'Profile' }, Content: '{}', ContentType: 'application/json' } },
      Rollout: { Type: 'AWS::AppConfig::Deployment', Properties: { ApplicationId: { Ref: 'App' }, EnvironmentId: { Ref: 'Env' }, ConfigurationProfileId: { Ref: 'Profile' }, ConfigurationVersion: { Ref: 'Version' }, DeploymentStrategyId: 'AppConfig.Linear20PercentEvery6Minutes' } },
    };
    const before = scene.rig.engine.clock.now();

    const stack = await scene.create({ Resources: rollout }, { TimeoutInMinutes: 7 });

    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((scene.rig.engine.clock.now() - before) / 60_000).toBeLessThan(9);
  });
});

describe('updating a stack', () => {
  it('changes in place what it can, replaces the rest, and removes what is gone only at the end', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1'), B: named('/b', '1'), C: named('/c', '1'), Same: named('/same', '1') } });
    const from = (await scene.lines()).length;

    const stack = await scene.update({ Resources: { A: named('/a', '2'), B: named('/b2', '1'), D: named('/d', { Ref: 'B' }), Same: named('/same', 1) } });

    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    const lines = await scene.lines(from);
    expect(lines.filter((line) => line.startsWith('Same'))).toEqual([]);
    expect(lines.filter((line) => line.startsWith('A '))).toEqual(['A UPDATE_IN_PROGRESS', 'A UPDATE_COMPLETE']);
    expect(lines.slice(lines.indexOf('S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS'))).toEqual(['S UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'B DELETE_IN_PROGRESS', 'B DELETE_COMPLETE', 'C DELETE_IN_PROGRESS', 'C DELETE_COMPLETE', 'S UPDATE_COMPLETE']);
    expect(await valueOf(scene, '/a')).toBe('2');
    expect(await valueOf(scene, '/d')).toBe('/b2');
    expect(await scene.physical()).toEqual({ A: '/a', B: '/b2', D: '/d', Same: '/same' });
    expect(await countOf(scene)).toBe(4);
  });

  it('that fails is taken back: changes are undone, new resources go, replaced ones stay', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1'), B: named('/b', '1'), Gone: named('/gone', '1') }, Outputs: { A: { Value: { 'Fn::GetAtt': 'A.Value' } } } });

    const stack = await scene.update({ Resources: { A: named('/a', '2'), B: named('/b2', '1'), New: named('/new', '1'), Bad: { ...BROKEN, DependsOn: ['A', 'B', 'New'] } }, Outputs: { A: { Value: 'changed' } } });

    expect(stack).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', Outputs: [{ OutputValue: '1' }] });
    expect(await valueOf(scene, '/a')).toBe('1');
    expect(await scene.physical()).toEqual({ A: '/a', B: '/b', Gone: '/gone' });
    expect(await countOf(scene)).toBe(3);
    const good = await scene.update({ Resources: { A: named('/a', '3') } });
    expect(good.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await countOf(scene)).toBe(1);
  });

  it('stands still where it failed, when rolling back is disabled, and goes on from there', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1') } });

    const failed = await scene.update({ Resources: { A: named('/a', '2'), Bad: { ...BROKEN, DependsOn: 'A' } } }, { DisableRollback: true });
    const value = await valueOf(scene, '/a');
    const good = await scene.update({ Resources: { A: named('/a', '2'), Bad: named('/bad', '1') } });

    expect([failed.StackStatus, value]).toEqual(['UPDATE_FAILED', '2']);
    expect(good.StackStatus).toBe('UPDATE_COMPLETE');
    expect(await valueOf(scene, '/bad')).toBe('1');
  });

  it('is refused when nothing would change, whatever the order and form of values', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', 5) } });
    const same = { Resources: { A: { Properties: { Value: '5', Name: '/a', Type: 'String' }, Type: 'AWS::SSM::Parameter' } } };

    const message = 'No updates are to be performed.';
    expect(await refused(scene.update(same))).toEqual({ code: 'ValidationError', status: 400, message });
    expect((await scene.update({ ...same, Outputs: { New: { Value: 'x' } } })).Outputs).toHaveLength(1);
    expect((await scene.update({ ...same, Outputs: { New: { Value: 'x' } } }, { Tags: [{ Key: 'a', Value: 'b' }] })).Tags).toEqual([{ Key: 'a', Value: 'b' }]);
  });

  it('takes previous values and the previous template', async () => {
    await using scene = await startScene();
    const template = { Parameters: { P: { Type: 'String', NoEcho: true }, Q: { Type: 'String' } }, Resources: { A: named('/a', { 'Fn::Sub': '${P}-${Q}' }) } };
    await scene.create(template, { Parameters: [{ ParameterKey: 'P', ParameterValue: 'secret' }, { ParameterKey: 'Q', ParameterValue: '1' }] });

    const stack = await scene.update({}, { TemplateBody: undefined, UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'P', UsePreviousValue: true }, { ParameterKey: 'Q', ParameterValue: '2' }] });

    expect(await valueOf(scene, '/a')).toBe('secret-2');
    expect(stack.Parameters).toEqual([{ ParameterKey: 'P', ParameterValue: '****' }, { ParameterKey: 'Q', ParameterValue: '2' }]);
  });

  it('does not make another kind of thing of a resource', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: parameter('1') } });

    const { message } = await refused(scene.update({ Resources: { A: { Type: 'AWS::SNS::Topic' } } }));

    expect(message).toBe('Update of resource type is not permitted. The new template modifies resource type of the following resources: [A]');
  });
});

describe('a stack, as recorded,', () => {
  const rollout = (content: string): string => JSON.stringify({
    Resources: {
      App: { Type: 'AWS::AppConfig::Application', Properties: { Name: 'a' } },
      Env: { Type: 'AWS::AppConfig::Environment', Properties: { ApplicationId: { Ref: 'App' }, Name: 'e' } },
      Profile: { Type: 'AWS::AppConfig::ConfigurationProfile', Properties: { ApplicationId: { Ref: 'App' }, Name: 'p', LocationUri: 'hosted' } },
      Instant: { Type: 'AWS::AppConfig::DeploymentStrategy', Properties: { Name: 's', DeploymentDurationInMinutes: 0, GrowthFactor: 100, FinalBakeTimeInMinutes: 0, ReplicateTo: 'NONE' } },
      Version: { Type: 'AWS::AppConfig::HostedConfigurationVersion', Properties: { ApplicationId: { Ref: 'App' }, ConfigurationProfileId: { Ref: 'Profile' }, Content: content, ContentType: 'text/plain' } },
      Rollout: { Type: 'AWS::AppConfig::Deployment', Properties: { ApplicationId: { Ref: 'App' }, EnvironmentId: { Ref: 'Env' }, ConfigurationProfileId: { Ref: 'Profile' }, ConfigurationVersion: { Ref: 'Version' }, DeploymentStrategyId: 'AppConfig.AllAtOnce' } },
    },
    Outputs: { Newest: { Value: { Ref: 'Version' } } },
  });

  it('says that a user began it only at first, keeps its outputs while it is updated, and shows its properties as text', async () => {
    await using scene = await startScene({ settings: { cloudformation: { runsTime: false } } });
    const described = async (): Promise<unknown[]> => {
      const [stack] = (await scene.client.send(new DescribeStacksCommand({ StackName: 'S' }))).Stacks!;
      return [stack!.StackStatus, stack!.StackStatusReason, stack!.Outputs?.[0]?.OutputValue];
    };
    await scene.client.send(new CreateStackCommand({ StackName: 'S', TemplateBody: rollout('one') }));
    const begun = await described();
    await scene.rig.advance(20 * 60_000);
    const made = await described();
    await scene.client.send(new UpdateStackCommand({ StackName: 'S', TemplateBody: rollout('two') }));
    await scene.rig.advance(60_000);
    const during = await described();
    await scene.rig.advance(20 * 60_000);

    expect([begun, made, during, await described()]).toEqual([
      ['CREATE_IN_PROGRESS', 'User Initiated', undefined], ['CREATE_COMPLETE', undefined, '1'], ['UPDATE_IN_PROGRESS', 'User Initiated', '1'], ['UPDATE_COMPLETE', undefined, '2'],
    ]);
    const shown = (await scene.events()).filter(({ LogicalResourceId }) => LogicalResourceId === 'Instant').map(({ ResourceProperties = '' }) => JSON.parse(ResourceProperties) as unknown);
    expect(shown[0]).toMatchObject({ DeploymentDurationInMinutes: '0', GrowthFactor: '100' });
  });
});

describe('policies', () => {
  it('keep a resource that leaves its stack, is replaced, or goes with the stack', async () => {
    await using scene = await startScene();
    const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
    await scene.create({ Resources: { A: named('/a', '1', kept), B: named('/b', '1', kept), C: named('/c', '1', kept), D: named('/d', '1') } });

    await scene.update({ Resources: { B: named('/b2', '1', kept), C: named('/c', '1', kept), D: named('/d', '1') } });
    const after = await scene.lines();
    await scene.remove();

    expect(after.filter((line) => line.endsWith('DELETE_SKIPPED')).sort()).toEqual(['A DELETE_SKIPPED', 'B DELETE_SKIPPED']);
    const left = (await scene.rig.client(SSMClient).send(new GetParametersByPathCommand({ Path: '/', Recursive: true }))).Parameters!.map(({ Name }) => Name);
    expect(left.map(String).sort()).toEqual(['/a', '/b', '/b2', '/c']);
  });
});

describe('deleting a stack', () => {
  it('removes dependents first, and is done for a stack that is not there', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1'), B: named('/b', { Ref: 'A' }), C: named('/c', { Ref: 'B' }) } });

    const stack = await scene.remove();
    await scene.client.send(new DeleteStackCommand({ StackName: 'Nobody' }));

    expect(stack.StackStatus).toBe('DELETE_COMPLETE');
    expect((await scene.lines(0, stack.StackId)).slice(-8)).toEqual(['S DELETE_IN_PROGRESS', 'C DELETE_IN_PROGRESS', 'C DELETE_COMPLETE', 'B DELETE_IN_PROGRESS', 'B DELETE_COMPLETE', 'A DELETE_IN_PROGRESS', 'A DELETE_COMPLETE', 'S DELETE_COMPLETE']);
    expect(await refused(scene.settled())).toEqual({ code: 'ValidationError', status: 400, message: 'Stack with id S does not exist' });
  });

  it('is refused while the stack is protected', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: parameter('1') } }, { EnableTerminationProtection: true });

    const { message } = await refused(scene.remove());
    await scene.client.send(new UpdateTerminationProtectionCommand({ StackName: 'S', EnableTerminationProtection: false }));

    expect(message).toBe('Stack [S] cannot be deleted while TerminationProtection is enabled');
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('stops at what cannot go; a second attempt may leave it behind', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { B: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'full-bucket' } }, A: named('/a', { Ref: 'B' }) } });
    await scene.rig.client(S3Client).send(new PutObjectCommand({ Bucket: 'full-bucket', Key: 'k', Body: 'x' }));

    const stuck = await scene.remove();
    await scene.client.send(new DeleteStackCommand({ StackName: 'S', RetainResources: ['B'] }));
    const gone = await scene.settled(stuck.StackId);

    expect([stuck.StackStatus, stuck.StackStatusReason]).toEqual(['DELETE_FAILED', 'The following resource(s) failed to delete: [B]. ']);
    expect(gone.StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('exports', () => {
  it('reach other stacks, which hold them fast', async () => {
    await using scene = await startScene();
    const exporter = (name: string): object => ({ Resources: { A: named('/a', '1') }, Outputs: { A: { Value: { Ref: 'A' }, Export: { Name: name } } } });
    await scene.create(exporter('shared-a'));
    await scene.create({ Resources: { B: named('/b', { 'Fn::ImportValue': 'shared-a' }) } }, { StackName: 'T' });

    expect(await valueOf(scene, '/b')).toBe('/a');
    expect((await scene.client.send(new ListExportsCommand({}))).Exports).toMatchObject([{ Name: 'shared-a', Value: '/a' }]);
    expect((await scene.client.send(new ListImportsCommand({ ExportName: 'shared-a' }))).Imports).toEqual(['T']);
    const held = await scene.remove();
    expect([held.StackStatus, held.StackStatusReason]).toEqual(['DELETE_FAILED', 'Delete canceled. Cannot delete export shared-a as it is in use by T.']);
    await scene.remove('T');
    expect((await scene.remove()).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('that change while they are in use, or that somebody has, fail their stack', async () => {
    await using scene = await startScene();
    const exporter = (value: string): object => ({ Resources: { A: named('/a', '1') }, Outputs: { A: { Value: value, Export: { Name: 'shared' } } } });
    await scene.create(exporter('one'));
    await scene.create({ Resources: { B: named('/b', { 'Fn::ImportValue': 'shared' }) } }, { StackName: 'T' });

    const changed = await scene.update(exporter('two'));
    const second = await scene.create({ Resources: { C: parameter('1') }, Outputs: { A: { Value: 'x', Export: { Name: 'shared' } } } }, { StackName: 'U' });
    const missing = await scene.create({ Resources: { D: parameter({ 'Fn::ImportValue': 'nowhere' }) } }, { StackName: 'V' });

    expect(changed.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'UPDATE_ROLLBACK_IN_PROGRESS')?.ResourceStatusReason).toBe('Export shared cannot be updated as it is in use by T');
    expect(second.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await scene.events('U')).find(({ ResourceStatus }) => ResourceStatus === 'ROLLBACK_IN_PROGRESS')?.ResourceStatusReason).toContain('Export with name shared is already exported by stack S.');
    expect((await scene.events('V')).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toContain('No export named nowhere found.');
    expect(missing.StackStatus).toBe('ROLLBACK_COMPLETE');
  });
});

describe('reading', () => {
  it('finds templates, summaries, resources and stacks', async () => {
    await using scene = await startScene();
    const template = { Parameters: { P: { Type: 'Number', Default: 1, Description: 'a number' } }, Resources: { A: parameter({ Ref: 'P' }, { Metadata: { note: 'x' } }), R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] } } } } };
    await scene.create(template);
    const { client } = scene;

    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: 'S' }));
    const summary = await client.send(new GetTemplateSummaryCommand({ StackName: 'S' }));
    const valid = await client.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify(template) }));
    const { StackResourceSummaries } = await client.send(new ListStackResourcesCommand({ StackName: 'S' }));
    const { StackResourceDetail } = await client.send(new DescribeStackResourceCommand({ StackName: 'S', LogicalResourceId: 'A' }));

    expect(JSON.parse(TemplateBody!)).toEqual(template);
    expect(summary).toMatchObject({ Capabilities: ['CAPABILITY_IAM'], ResourceTypes: ['AWS::SSM::Parameter', 'AWS::IAM::Role'], Parameters: [{ ParameterKey: 'P', DefaultValue: '1', ParameterType: 'Number', NoEcho: false }] });
    expect(valid).toMatchObject({ CapabilitiesReason: 'The following resource(s) require capabilities: [AWS::IAM::Role]', Parameters: [{ ParameterKey: 'P', Description: 'a number' }] });
    expect(StackResourceSummaries!.map(({ LogicalResourceId, ResourceStatus }) => [LogicalResourceId, ResourceStatus])).toEqual([['A', 'CREATE_COMPLETE'], ['R', 'CREATE_COMPLETE']]);
    expect(StackResourceDetail).toMatchObject({ Metadata: '{"note":"x"}', ResourceType: 'AWS::SSM::Parameter' });
    await scene.remove();
    expect((await client.send(new ListStacksCommand({}))).StackSummaries).toMatchObject([{ StackName: 'S', StackStatus: 'DELETE_COMPLETE' }]);
    expect((await client.send(new ListStacksCommand({ StackStatusFilter: ['CREATE_COMPLETE'] }))).StackSummaries).toEqual([]);
    expect((await client.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });

  it('has resources by their logical id, whichever was made first, as recorded', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: parameter({ Ref: 'Z' }), Z: named('/z', '1') } });

    const [{ StackResourceSummaries: listed }, { StackResources: described }] = [await scene.client.send(new ListStackResourcesCommand({ StackName: 'S' })), await scene.client.send(new DescribeStackResourcesCommand({ StackName: 'S' }))];

    expect([listed, described].map((resources) => resources?.map(({ LogicalResourceId }) => LogicalResourceId))).toEqual([['A', 'Z'], ['A', 'Z']]);
  });

  it('takes a template from the engine\'s S3', async () => {
    await using scene = await startScene();
    const s3 = scene.rig.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'templates' }));
    await s3.send(new PutObjectCommand({ Bucket: 'templates', Key: 'dir/t 1.json', Body: JSON.stringify({ Resources: { A: named('/a', '1') } }) }));

    for (const [index, url] of [`${scene.rig.engine.endpoint}/templates/dir/t%201.json`, 'https://templates.s3.us-east-1.amazonaws.com/dir/t%201.json', 'https://s3.us-east-1.amazonaws.com/templates/dir/t%201.json'].entries()) {
      const stack = await scene.create({}, { StackName: `S${index}`, TemplateBody: undefined, TemplateURL: url });
      expect(stack.StackStatus).toBe('CREATE_COMPLETE');
      await scene.remove(`S${index}`);
    }
    expect((await refused(scene.create({}, { TemplateBody: undefined, TemplateURL: 'https://templates.s3.amazonaws.com/none' }))).message).toMatch(/^S3 error: The specified key does not exist/);
  });

  it('resolves dynamic references and parameters of SSM types', async () => {
    await using scene = await startScene();
    await scene.rig.client(SSMClient).send(new PutParameterCommand({ Name: '/base/version', Type: 'String', Value: '7' }));

    const stack = await scene.create({ Parameters: { V: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/base/version' } }, Resources: { A: named('/a', { 'Fn::Sub': '${V} and {{resolve:ssm:/base/version}}' }) } });

    expect(await valueOf(scene, '/a')).toBe('7 and 7');
    expect(stack.Parameters).toEqual([{ ParameterKey: 'V', ParameterValue: '/base/version', ResolvedValue: '7' }]);
  });
});

describe('a request', () => {
  const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };

  it.each([
    [{ Resources: { T: { Type: 'AWS::DynamoDB::Table' }, U: { Type: 'AWS::Foo::Bar' } } }, {}, 'ValidationError', 'Template format error: Unrecognized resource types: [AWS::DynamoDB::Table, AWS::Foo::Bar]: sluice-engine does not implement them; see engine/operations.md'],
    [{ Resources: { R: role } }, { Capabilities: [] }, 'InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_IAM]'],
    [{ Resources: { R: { ...role, Properties: { ...role.Properties, RoleName: 'n' } } } }, { Capabilities: ['CAPABILITY_IAM'] }, 'InsufficientCapabilitiesException', 'Requires capabilities : [CAPABILITY_NAMED_IAM]'],
    [{ Resources: { A: parameter('1') } }, { StackName: '1-bad' }, 'ValidationError', '1 validation error detected: Value \'1-bad\' at \'stackName\' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*'],
    [{ Resources: { A: parameter('1') } }, { RollbackConfiguration: { MonitoringTimeInMinutes: 5 } }, 'ValidationError', 'sluice-engine does not implement RollbackConfiguration; watch the alarms with an AppConfig monitor, or leave it out'],
    [{ Resources: { A: parameter('1') } }, { TemplateBody: undefined }, 'ValidationError', 'Either Template URL or Template Body must be specified.'],
    [{ Resources: { A: parameter('x'.repeat(60_000)) } }, {}, 'ValidationError', '1 validation error detected: Value at \'templateBody\' failed to satisfy constraint: Member must have length less than or equal to 51200'],
  ])('with %.70j and %j is refused', async (template, more, code, message) => {
    await using scene = await startScene();

    expect(await refused(scene.create(template, more as Partial<CreateStackCommandInput>))).toEqual({ code, message, status: 400 });
    expect((await scene.client.send(new DescribeStacksCommand({}))).Stacks).toEqual([]);
  });

  it.each([
    [{ A: parameter('1', {}, { Extra: 1 }) }, /^Properties validation failed for resource A with message: #: extraneous key \[Extra\] is not permitted; of AWS::SSM::Parameter sluice-engine knows /],
    [{ A: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String' } } }, /^Properties validation failed for resource A with message: #: required key \[Value\] not found$/],
    [{ B: parameter('1'), A: parameter({ 'Fn::GetAtt': 'B.Nope' }) }, /^Requested attribute Nope does not exist in schema for AWS::SSM::Parameter \(of B\)/],
    [{ A: parameter('{{resolve:secretsmanager:x}}') }, /^sluice-engine does not implement the dynamic reference/],
  ])('for %.60j fails its resource by name', async (resources, reason) => {
    await using scene = await startScene();

    await scene.create({ Resources: resources });

    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')).toMatchObject({ LogicalResourceId: 'A', ResourceStatusReason: expect.stringMatching(reason) });
  });

  it('for what the engine has not is answered 501 by name', async () => {
    await using scene = await startScene();

    expect(await refused(scene.client.send(new SetStackPolicyCommand({ StackName: 'S' })))).toMatchObject({ code: 'NotImplemented', status: 501 });
    expect((await refused(scene.client.send(new UpdateStackCommand({ StackName: 'S', TemplateBody: '{}' })))).message).toBe('Stack with id S does not exist');
  });
});
