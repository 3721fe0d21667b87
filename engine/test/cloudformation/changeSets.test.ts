import {
  CreateChangeSetCommand, DeleteChangeSetCommand, DescribeChangeSetCommand, DescribeStacksCommand, ExecuteChangeSetCommand, GetTemplateCommand, ListChangeSetsCommand,
  type CreateChangeSetCommandInput, type DescribeChangeSetCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { parameter, startScene, type Scene } from './scene.ts';

const named = (name: string, value: unknown): object => parameter(value, {}, { Name: name });

const propose = async ({ client }: Scene, template: object, more: Partial<CreateChangeSetCommandInput> = {}): Promise<DescribeChangeSetCommandOutput> => {
  const { Id } = await client.send(new CreateChangeSetCommand({ StackName: 'S', ChangeSetName: 'change', TemplateBody: JSON.stringify(template), ...more }));
  return client.send(new DescribeChangeSetCommand({ ChangeSetName: Id, IncludePropertyValues: true }));
};

describe('a change set', () => {
  it('creates a stack only when it is executed, and is gone by name afterwards', async () => {
    await using scene = await startScene();
    const { client } = scene;

    const set = await propose(scene, { Resources: { A: named('/a', '1') } }, { ChangeSetType: 'CREATE' });
    const review = await client.send(new DescribeStacksCommand({ StackName: 'S' }));
    const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName: 'S' }));
    const proposed = await client.send(new GetTemplateCommand({ StackName: 'S', ChangeSetName: 'change' }));
    await client.send(new ExecuteChangeSetCommand({ StackName: 'S', ChangeSetName: 'change' }));
    const stack = await scene.settled();

    expect(set).toMatchObject({ Status: 'CREATE_COMPLETE', ExecutionStatus: 'AVAILABLE', Changes: [{ Type: 'Resource', ResourceChange: { Action: 'Add', LogicalResourceId: 'A', ResourceType: 'AWS::SSM::Parameter' } }] });
    expect(review.Stacks![0]!.StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect(TemplateBody).toBeUndefined();
    expect(JSON.parse(proposed.TemplateBody!)).toEqual({ Resources: { A: named('/a', '1') } });
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', ChangeSetId: set.ChangeSetId });
    expect(await refused(client.send(new DescribeChangeSetCommand({ StackName: 'S', ChangeSetName: 'change' })))).toEqual({ code: 'ChangeSetNotFoundException', status: 404, message: 'ChangeSet [change] does not exist' });
    expect(await client.send(new DescribeChangeSetCommand({ ChangeSetName: set.ChangeSetId }))).toMatchObject({ ExecutionStatus: 'EXECUTE_COMPLETE' });
    expect((await client.send(new ListChangeSetsCommand({ StackName: 'S' }))).Summaries).toEqual([]);
    await client.send(new DeleteChangeSetCommand({ StackName: 'S', ChangeSetName: 'change' }));
    expect(await refused(client.send(new DeleteChangeSetCommand({ ChangeSetName: set.ChangeSetId })))).toMatchObject({ code: 'InvalidChangeSetStatusException', message: 'Cannot delete ChangeSet in execution status EXECUTE_COMPLETE' });
    expect((await refused(client.send(new ExecuteChangeSetCommand({ ChangeSetName: set.ChangeSetId })))).code).toBe('InvalidChangeSetStatusException');
    expect((await propose(scene, { Resources: { A: named('/a', '2') } })).ChangeSetId).not.toBe(set.ChangeSetId);
  });

  it('tells what would be changed, replaced, added and removed, and does none of it', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1'), B: named('/b', '1'), C: named('/c', { Ref: 'B' }), Gone: named('/gone', '1') } });
    const before = await scene.lines();

    const { Changes } = await propose(scene, { Resources: { A: named('/a', '2'), B: named('/b2', '1'), C: named('/c', { Ref: 'B' }), New: named('/new', { Ref: 'B' }) } });

    expect(Changes!.map(({ ResourceChange: change }) => [change!.LogicalResourceId, change!.Action, change!.Replacement ?? change!.PolicyAction])).toEqual([
      ['A', 'Modify', 'False'], ['B', 'Modify', 'True'], ['C', 'Modify', 'False'], ['Gone', 'Remove', 'Delete'], ['New', 'Add', undefined],
    ]);
    expect(Changes![0]!.ResourceChange).toMatchObject({
      PhysicalResourceId: '/a', Scope: ['Properties'],
      Details: [{ Target: { Attribute: 'Properties', Name: 'Value', RequiresRecreation: 'Never' }, Evaluation: 'Static', ChangeSource: 'DirectModification' }],
      BeforeContext: '{"Properties":{"Type":"String","Value":"1","Name":"/a"}}', AfterContext: '{"Properties":{"Type":"String","Value":"2","Name":"/a"}}',
    });
    expect(Changes![1]!.ResourceChange!.Details).toMatchObject([{ Target: { Name: 'Name', RequiresRecreation: 'Always' } }]);
    expect(Changes![2]!.ResourceChange!.Details).toMatchObject([{ Evaluation: 'Dynamic', ChangeSource: 'ResourceReference', CausingEntity: 'B' }]);
    expect(Changes![4]!.ResourceChange!.AfterContext).toContain('{{changeSet:KNOWN_AFTER_APPLY}}');
    expect(await scene.lines()).toEqual(before);
  });

  it('without changes fails, and can be deleted', async () => {
    await using scene = await startScene();
    const template = { Resources: { A: named('/a', '1'), B: named('/b', { 'Fn::GetAtt': 'A.Value' }) }, Outputs: { O: { Value: { Ref: 'B' } } } };
    await scene.create(template);

    const set = await propose(scene, template);
    const executed = await refused(scene.client.send(new ExecuteChangeSetCommand({ ChangeSetName: set.ChangeSetId })));
    await scene.client.send(new DeleteChangeSetCommand({ ChangeSetName: set.ChangeSetId }));

    expect(set).toMatchObject({ Status: 'FAILED', ExecutionStatus: 'UNAVAILABLE', Changes: [], StatusReason: 'The submitted information didn\'t contain changes. Submit different information to create a change set.' });
    expect(executed.code).toBe('InvalidChangeSetStatusException');
    expect((await scene.client.send(new ListChangeSetsCommand({ StackName: 'S' }))).Summaries).toEqual([]);
  });

  it('of which two were made leaves the second obsolete', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1') } });
    await propose(scene, { Resources: { A: named('/a', '2') } }, { ChangeSetName: 'one' });
    const second = await propose(scene, { Resources: { A: named('/a', '3') } }, { ChangeSetName: 'two' });
    const taken = await refused(propose(scene, { Resources: { A: named('/a', '3') } }, { ChangeSetName: 'two' }));

    await scene.client.send(new ExecuteChangeSetCommand({ StackName: 'S', ChangeSetName: 'one' }));
    await scene.settled();

    expect(taken.code).toBe('AlreadyExistsException');
    expect((await scene.client.send(new DescribeChangeSetCommand({ ChangeSetName: second.ChangeSetId }))).ExecutionStatus).toBe('OBSOLETE');
    expect((await propose(scene, { Resources: { A: named('/a', '3') } }, { ChangeSetName: 'one' })).Status).toBe('CREATE_COMPLETE');
  });

  it('of a stack that fails ends as EXECUTE_FAILED', async () => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1') } });

    const set = await propose(scene, { Resources: { A: named('/a', '1'), B: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'Wrong', Value: 'x' } } } });
    await scene.client.send(new ExecuteChangeSetCommand({ ChangeSetName: set.ChangeSetId, ClientRequestToken: 'token' }));
    const stack = await scene.settled();

    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await scene.client.send(new DescribeChangeSetCommand({ ChangeSetName: set.ChangeSetId }))).ExecutionStatus).toBe('EXECUTE_FAILED');
    expect((await scene.events()).at(-1)!.ClientRequestToken).toBe('token');
  });

  it.each([
    [{ ChangeSetType: 'IMPORT' }, 'sluice-engine does not implement change sets of type IMPORT; use CREATE or UPDATE'],
    [{ ChangeSetType: 'CREATE' }, 'Stack [S] already exists and cannot be created again with the changeSet [change].'],
    [{ StackName: 'Nobody' }, 'Stack with id Nobody does not exist'],
    [{ ChangeSetName: 'a b' }, '1 validation error detected: Value \'a b\' at \'changeSetName\' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*'],
  ])('asked for with %j is refused', async (more, message) => {
    await using scene = await startScene();
    await scene.create({ Resources: { A: named('/a', '1') } });

    expect(await refused(propose(scene, { Resources: { A: named('/a', '2') } }, more as Partial<CreateChangeSetCommandInput>))).toEqual({ code: 'ValidationError', status: 400, message });
  });
});
