import { ContinueUpdateRollbackCommand } from '@aws-sdk/client-cloudformation';
import { FilterLogEventsCommand, CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { LambdaClient, UpdateFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import { startScene, type Scene } from './scene.ts';

/** A custom resource whose inline code answers as its property says; what it was asked is in its log. */
const HANDLER = `
const response = require('cfn-response');
exports.handler = async (event, context) => {
  const { Name, Mode } = event.ResourceProperties;
  console.log('ASKED ' + JSON.stringify(event));
  if (Mode === 'silent' && event.RequestType !== 'Delete') return;
  const failed = Mode === 'failing' && event.RequestType !== 'Delete';
  await response.send(event, context, failed ? 'FAILED' : 'SUCCESS', { Name: 'data of ' + Name, Old: event.OldResourceProperties && event.OldResourceProperties.Name }, 'physical-' + Name);
};
`;

const ROLE = { Type: 'AWS::IAM::Role', Properties: { ManagedPolicyArns: ['arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'], AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }] } } };

const template = (code: string, resources: Record<string, object>): object => ({
  Resources: {
    Role: ROLE,
    Handler: { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'handler', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: { 'Fn::GetAtt': 'Role.Arn' }, Timeout: 30, Code: { ZipFile: code } } },
    ...resources,
  },
  ...('Thing' in resources && { Outputs: { Ref: { Value: { Ref: 'Thing' } }, Name: { Value: { 'Fn::GetAtt': 'Thing.Name' } } } }),
});

const custom = (properties: object, more: object = {}): object => ({ Type: 'Custom::Thing', Properties: { ServiceToken: { 'Fn::GetAtt': 'Handler.Arn' }, ...properties }, ...more });

interface Asked { RequestType: string; PhysicalResourceId?: string; ResourceProperties: object; OldResourceProperties?: object; ResourceType: string; LogicalResourceId: string }

const asked = async ({ rig }: Scene): Promise<Asked[]> => {
  const { events } = await rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/handler' }));
  return events!.flatMap(({ message }) => (message!.includes('ASKED ') ? [JSON.parse(message!.slice(message!.indexOf('ASKED ') + 6)) as Asked] : []));
};

describe('a custom resource', () => {
  it('is created, updated, replaced and deleted by its function', async () => {
    await using scene = await startScene();

    await scene.create(template(HANDLER, { Thing: custom({ Name: 'one', Number: 5, Flag: true }) }));
    const created = await scene.outputs();
    await scene.update(template(HANDLER, { Thing: custom({ Name: 'one', Number: 6, Flag: true }) }));
    await scene.update(template(HANDLER, { Thing: custom({ Name: 'two', Number: 6, Flag: true }) }));
    const replaced = await scene.outputs();
    await scene.update(template(HANDLER, {}));

    expect(created).toEqual({ Ref: 'physical-one', Name: 'data of one' });
    expect(replaced).toEqual({ Ref: 'physical-two', Name: 'data of two' });
    const requests = await asked(scene);
    expect(requests.map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([
      ['Create', undefined], ['Update', 'physical-one'], ['Update', 'physical-one'], ['Delete', 'physical-one'], ['Delete', 'physical-two'],
    ]);
    expect(requests[0]).toMatchObject({ ResourceType: 'Custom::Thing', LogicalResourceId: 'Thing', ResourceProperties: { Name: 'one', Number: '5', Flag: 'true' } });
    expect(requests[2]).toMatchObject({ ResourceProperties: { Name: 'two' }, OldResourceProperties: { Name: 'one', Number: '6' } });
  });

  it('that fails, fails the stack with its reason and is asked to clean up', async () => {
    await using scene = await startScene();

    const stack = await scene.create(template(HANDLER, { Thing: custom({ Name: 'bad', Mode: 'failing' }) }));

    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(/^Received response status \[FAILED\] from custom resource\. Message returned: See the details in CloudWatch Log Stream: .* \(RequestId: [0-9a-f-]{36}\)$/);
    expect((await asked(scene)).map(({ RequestType, PhysicalResourceId }) => [RequestType, PhysicalResourceId])).toEqual([['Create', undefined], ['Delete', 'physical-bad']]);
  });

  it('that never answers fails after its ServiceTimeout, in virtual time', async () => {
    await using scene = await startScene();
    const before = scene.rig.engine.clock.now();

    const stack = await scene.create(template(HANDLER, { Thing: custom({ Name: 'x', Mode: 'silent', ServiceTimeout: 120 }) }));

    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(/^CloudFormation did not receive a response from your Custom Resource\. Please check your logs for requestId/);
    expect((scene.rig.engine.clock.now() - before) / 1000).toBeGreaterThanOrEqual(120);
    expect((scene.rig.engine.clock.now() - before) / 1000).toBeLessThan(180);
  });

  it('is asked to go back when another resource fails during an update', async () => {
    await using scene = await startScene();
    await scene.create(template(HANDLER, { Thing: custom({ Name: 'one', Number: 1 }) }));

    const stack = await scene.update(template(HANDLER, { Thing: custom({ Name: 'one', Number: 2 }), Bad: { Type: 'AWS::SSM::Parameter', DependsOn: 'Thing', Properties: { Type: 'Wrong', Value: 'x' } } }));

    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await asked(scene)).slice(1)).toMatchObject([
      { RequestType: 'Update', ResourceProperties: { Number: '2' }, OldResourceProperties: { Number: '1' } },
      { RequestType: 'Update', ResourceProperties: { Number: '1' }, OldResourceProperties: { Number: '2' } },
    ]);
  });

  it('that cannot go back holds the rollback up until it can, or is skipped', async () => {
    await using scene = await startScene();
    const stubborn = HANDLER.replace("Mode === 'failing' && event.RequestType !== 'Delete'", "Mode === 'failing' && event.RequestType === 'Update' && !process.env.MENDED");
    const stack = (number: number, more: Record<string, object> = {}): object => template(stubborn, {
      Thing: custom({ Name: 'one', Mode: number === 1 ? 'failing' : 'fine', Number: number }), Limit: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/limit', Type: 'String', Value: String(number) } }, ...more,
    });
    const bad = (on: string): Record<string, object> => ({ New: { Type: 'AWS::SNS::Topic' }, Bad: { Type: 'AWS::SSM::Parameter', DependsOn: ['Thing', 'Limit', 'New', on], Properties: { Type: 'Wrong', Value: 'x' } } });
    const limit = async (): Promise<string | undefined> => (await scene.rig.client(SSMClient).send(new GetParameterCommand({ Name: '/limit' }))).Parameter?.Value;
    const goOn = async (ResourcesToSkip?: string[]): Promise<string | undefined> => {
      await scene.client.send(new ContinueUpdateRollbackCommand({ StackName: 'S', ResourcesToSkip }));
      return (await scene.settled()).StackStatus;
    };
    await scene.create(stack(1));

    const failed = await scene.update(stack(2, bad('New')));
    const from = (await scene.lines()).length;
    const again = await goOn();
    await expect(goOn(['Limit'])).rejects.toThrow('Resources [Limit] cannot be skipped.');
    await scene.rig.client(LambdaClient).send(new UpdateFunctionConfigurationCommand({ FunctionName: 'handler', Environment: { Variables: { MENDED: '1' } } }));
    const mended = await goOn();

    expect(failed).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_FAILED', StackStatusReason: 'The following resource(s) failed to update: [Thing]. ' });
    expect([again, mended]).toEqual(['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_COMPLETE']);
    expect(await limit()).toBe('1');
    expect(Object.keys(await scene.physical()).sort()).toEqual(['Handler', 'Limit', 'Role', 'Thing']);
    // What is back already is left alone.
    expect((await scene.lines(from)).filter((line) => line.startsWith('Limit'))).toEqual([]);
    expect((await scene.lines()).filter((line) => line.startsWith('New')).slice(-1)).toEqual(['New DELETE_COMPLETE']);
    await expect(goOn()).rejects.toThrow('is in UPDATE_ROLLBACK_COMPLETE state and can not continue its rollback.');

    await scene.rig.client(LambdaClient).send(new UpdateFunctionConfigurationCommand({ FunctionName: 'handler', Environment: { Variables: {} } }));
    expect((await scene.update(stack(3, bad('New')))).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    expect(await goOn(['Thing'])).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect((await asked(scene)).at(-1)).toMatchObject({ RequestType: 'Update', ResourceProperties: { Number: '1' }, OldResourceProperties: { Number: '3' } });
    expect((await scene.update(stack(4))).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await limit()).toBe('4');
  });

  it('may answer through fetch, without a library', async () => {
    await using scene = await startScene();
    const code = `
      exports.handler = async ({ ResponseURL, StackId, RequestId, LogicalResourceId }) => {
        const answer = { Status: 'SUCCESS', PhysicalResourceId: 'by-fetch', StackId, RequestId, LogicalResourceId, Data: { Name: 'fetched', Nested: { Part: 'deep' } } };
        const { status } = await fetch(ResponseURL, { method: 'PUT', headers: { 'content-type': '' }, body: JSON.stringify(answer) });
        if (status !== 200) throw new Error('refused: ' + status);
      };`;

    const stack = await scene.create(template(code, { Thing: { ...custom({}), Type: 'AWS::CloudFormation::CustomResource' }, Reader: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/read', Type: 'String', Value: { 'Fn::GetAtt': 'Thing.Nested.Part' } } } }));

    expect(stack.StackStatus).toBe('CREATE_COMPLETE');
    expect(await scene.outputs()).toEqual({ Ref: 'by-fetch', Name: 'fetched' });
  });

  it.each([
    [{ ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:nobody' }, /^Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody/],
    [{ ServiceToken: 'arn:aws:sns:us-east-1:000000000000:topic' }, /^Invalid service token arn:aws:sns:us-east-1:000000000000:topic/],
    [{ ServiceToken: 'arn:aws:lambda:us-east-1:000000000000:function:f', ServiceTimeout: 9000 }, /^ServiceTimeout must be a whole number of seconds from 1 to 3600, got 9000$/],
  ])('with %j fails by name', async (properties, reason) => {
    await using scene = await startScene();

    await scene.create({ Resources: { Thing: { Type: 'Custom::Thing', Properties: properties } } });

    expect((await scene.events()).find(({ ResourceStatus }) => ResourceStatus === 'CREATE_FAILED')?.ResourceStatusReason).toMatch(reason);
  });
});
