import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { PutRuleCommand, PutTargetsCommand, EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, DescribeStateMachineAliasCommand, ValidateStateMachineDefinitionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRole, type StatementText } from '../iam/stage.ts';
import { refused } from '../refused.ts';
import { BASE, pass, ROLE, startStage, type Stage } from './stage.ts';

/** A machine of one Task. */
function task(resource: string, Parameters: object, more: object = {}): string {
  return JSON.stringify({ StartAt: 'Call', States: { Call: { Type: 'Task', Resource: `arn:aws:states:::${resource}`, Parameters, End: true, ...more } } });
}

let s: Stage;
beforeEach(async () => { s = await startStage(); });
afterEach(() => s[Symbol.asyncDispose]());

/** Plays a definition to its end. */
async function play(definition: string, input: object = {}, roleArn: string = ROLE) {
  const execution = await s.start(await s.create('caller', definition, { roleArn }), { input: JSON.stringify(input) });
  await s.rig.advance(1000);
  const { status, output = 'null', error, cause } = await s.describe(execution);
  return { execution, status, output: JSON.parse(output) as unknown, error, cause, events: await s.events(execution) };
}

/** A machine of two versions with an alias on the first; answers the alias and the versions. */
async function routed(): Promise<[alias: string, ...versions: string[]]> {
  const machine = await s.create('worker', pass('0'));
  const one = await s.publish(machine, pass('1'));
  const two = await s.publish(machine, pass('2'));
  return [await s.alias('live', [one, 100]), one, two];
}

describe('a task of an AWS SDK integration', () => {
  it('shifts an alias, and records the call as AWS does', async () => {
    const [alias, one, two] = await routed();
    const Parameters = { 'StateMachineAliasArn.$': '$.alias', RoutingConfiguration: [{ 'StateMachineVersionArn.$': '$.to', 'Weight.$': '$.weight' }, { 'StateMachineVersionArn.$': '$.from', Weight: 90 }] };

    const { status, output, events } = await play(task('aws-sdk:sfn:updateStateMachineAlias', Parameters), { alias, from: one, to: two, weight: 10 });

    expect([status, output]).toEqual(['SUCCEEDED', { UpdateDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/) }]);
    const { routingConfiguration } = await s.sfn.send(new DescribeStateMachineAliasCommand({ stateMachineAliasArn: alias }));
    expect(routingConfiguration).toEqual([{ stateMachineVersionArn: two, weight: 10 }, { stateMachineVersionArn: one, weight: 90 }]);
    expect(events.slice(2, 5).map(({ type, taskScheduledEventDetails, taskStartedEventDetails, taskSucceededEventDetails }) => [type, taskScheduledEventDetails ?? taskStartedEventDetails ?? taskSucceededEventDetails])).toEqual([
      ['TaskScheduled', { resourceType: 'aws-sdk:sfn', resource: 'updateStateMachineAlias', region: 'us-east-1', parameters: expect.stringContaining('"Weight":10') }],
      ['TaskStarted', { resourceType: 'aws-sdk:sfn', resource: 'updateStateMachineAlias' }],
      ['TaskSucceeded', { resourceType: 'aws-sdk:sfn', resource: 'updateStateMachineAlias', output: JSON.stringify(output), outputDetails: { truncated: false } }],
    ]);
  });

  it('reads with capitalised names and instants in ISO 8601', async () => {
    const [alias, one] = await routed();

    const { output } = await play(task('aws-sdk:sfn:describeStateMachineAlias', { StateMachineAliasArn: alias }));

    expect(output).toEqual({ StateMachineAliasArn: alias, Name: 'live', RoutingConfiguration: [{ StateMachineVersionArn: one, Weight: 100 }], CreationDate: expect.stringMatching(/Z$/) });
  });

  it('writes a body as JSON text with the checksum of the SDK, and reads it as text', async () => {
    const s3 = s.rig.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: 'bodies' }));
    const definition = JSON.stringify({
      StartAt: 'Put',
      States: {
        Put: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:putObject', Parameters: { Bucket: 'bodies', Key: 'k', 'Body.$': '$.body' }, ResultPath: '$.put', Next: 'Get' },
        Get: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject', Parameters: { Bucket: 'bodies', Key: 'k' }, ResultPath: '$.got', End: true },
      },
    });

    const { output } = await play(definition, { body: { Dict: 'Value' } });

    expect(output).toMatchObject({ put: { ETag: '"49e31cee5aec8faf3345893addb14346"', ChecksumCRC32: 'hnEfWw==', ChecksumType: 'FULL_OBJECT' }, got: { Body: '{"Dict":"Value"}', ContentLength: 16 } });
    expect(await (await s3.send(new GetObjectCommand({ Bucket: 'bodies', Key: 'k' }))).Body?.transformToString()).toBe('{"Dict":"Value"}');
  });

  it.each([
    ['an error of the model by its class', 'aws-sdk:sfn:describeStateMachineAlias', { StateMachineAliasArn: `${BASE}:stateMachine:no:live` }, 'Sfn.ResourceNotFoundException', /^Resource not found: '.*' \(Service: Sfn, Status Code: 400, Request ID: [0-9a-f-]{36}\) \(SDK Attempt Count: 1\)$/],
    ['null, which says nothing, by what the service then misses', 'aws-sdk:ssm:getParameter', { Name: null }, 'Ssm.ValidationException', /^1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null \(Service: Ssm, Status Code: 400, /],
    ['S3 with its extended id', 'aws-sdk:s3:getObject', { Bucket: 'none', Key: 'k' }, 'S3.NoSuchBucketException', /^The specified bucket does not exist \(Service: S3, Status Code: 404, Request ID: [0-9a-f-]+, Extended Request ID: [0-9a-f-]+\)/],
  ])('fails by AWS\'s names: %s', async (_, resource, Parameters, error, cause) => {
    const failed = await play(task(resource, Parameters));

    expect(failed).toMatchObject({ status: 'FAILED', error, cause: expect.stringMatching(cause) });
    expect(failed.events.at(-2)).toMatchObject({ type: 'TaskFailed', taskFailedEventDetails: { error, resource: resource.split(':')[2], resourceType: resource.split(':', 2).join(':') } });
  });

  it('is retried and caught by those names', async () => {
    const Catch = [{ ErrorEquals: ['Sfn.ResourceNotFoundException'], Next: 'Caught' }];
    const definition = JSON.parse(task('aws-sdk:sfn:describeStateMachineAlias', { StateMachineAliasArn: `${BASE}:stateMachine:no:live` }, { Catch, Retry: [{ ErrorEquals: ['Sfn.ResourceNotFoundException'], IntervalSeconds: 1, MaxAttempts: 1 }] })) as { States: object };

    const { events, status, output } = await play(JSON.stringify({ ...definition, States: { ...definition.States, Caught: { Type: 'Pass', End: true } } }));

    expect([status, events.filter(({ type }) => type === 'TaskFailed').length]).toEqual(['SUCCEEDED', 2]);
    expect(output).toEqual({ Error: 'Sfn.ResourceNotFoundException', Cause: expect.stringContaining('(Service: Sfn, Status Code: 400') });
  });

  it('does not start with Parameters that do not fit the API, and no catcher takes that', async () => {
    const definition = JSON.parse(task('aws-sdk:ssm:getParameter', { 'Name.$': '$.name' }, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Caught' }] })) as { States: object };
    const { error, cause, events } = await play(JSON.stringify({ ...definition, States: { ...definition.States, Caught: { Type: 'Pass', End: true } } }), { name: 7 });

    expect(error).toBe('States.Runtime');
    expect(cause).toBe('An error occurred while executing the state \'Call\' (entered at the event id #2). The Parameters \'{"Name":7}\' could not be used to start the Task: [The value for the field \'Name\' must be a STRING]');
    expect(events.map(({ type }) => type)).toEqual(['ExecutionStarted', 'TaskStateEntered', 'ExecutionFailed']);
  });
});

describe('a machine that calls an API is not made', () => {
  const create = (definition: string): Promise<unknown> => refused(s.sfn.send(new CreateStateMachineCommand({ name: 'caller', definition, roleArn: ROLE })));

  it.each([
    ['an action that is none', 'aws-sdk:sfn:shiftAlias', {}, 'The resource provided arn:aws:states:::aws-sdk:sfn:shiftAlias is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/Call/Resource'],
    ['a field it has not', 'aws-sdk:ssm:getParameter', { Name: 'n', name: 'n' }, 'The field "name" is not supported by Step Functions at /States/Call/Parameters'],
    ['no field where one is needed', 'aws-sdk:ssm:getParameter', {}, 'The field \'Name\' is required but was missing at /States/Call/Parameters'],
  ])('with %s', async (_, resource, Parameters, message) => {
    const definition = task(resource, Parameters);

    expect(await create(definition)).toEqual({ code: 'InvalidDefinition', status: 400, message: `Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: ${message}'` });
    expect(await s.sfn.send(new ValidateStateMachineDefinitionCommand({ definition }))).toMatchObject({ result: 'FAIL', diagnostics: [{ code: 'SCHEMA_VALIDATION_FAILED' }] });
  });

  it.each(['aws-sdk:dynamodb:getItem', 'aws-sdk:sfn:startSyncExecution', 'aws-sdk:ssm:getParameter.waitForTaskToken', 'sqs:sendMessage'])('and the engine has not: %s is refused by name', async (resource) => {
    expect(await create(task(resource, resource.includes('ssm') ? { Name: 'n' } : { StateMachineArn: 'm' }))).toMatchObject({ code: 'NotImplemented', status: 501, message: expect.stringContaining(`the service integration ${resource}`) });
  });
});

describe('a call is made with the machine\'s role', () => {
  const Parameters = { StateMachineAliasArn: `${BASE}:stateMachine:worker:live` };
  const MAY: StatementText = { Action: 'states:DescribeStateMachineAlias', Resource: `${BASE}:stateMachine:worker` };

  it.each<[string, StatementText[], string | undefined]>([['that may', [MAY], undefined], ['that may not', [{ ...MAY, Resource: `${BASE}:stateMachine:other` }], 'Sfn.SfnException']])('%s', async (_, given, error) => {
    await routed();
    const result = await play(task('aws-sdk:sfn:describeStateMachineAlias', Parameters), {}, await createRole(s.rig, 'caller', given, 'states.amazonaws.com'));

    expect(result.error).toBe(error);
    expect(result.cause ?? 'allowed').toMatch(error === undefined ? /^allowed$/ : /^User: arn:aws:sts::000000000000:assumed-role\/caller\/states is not authorized to perform: states:DescribeStateMachineAlias on resource: /);
  });

  it('which may read an object but not list: an absent key looks denied', async () => {
    await s.rig.client(S3Client).send(new CreateBucketCommand({ Bucket: 'hidden' }));
    const role = await createRole(s.rig, 'caller', [{ Action: 's3:GetObject', Resource: 'arn:aws:s3:::hidden/*' }], 'states.amazonaws.com');

    expect(await play(task('aws-sdk:s3:getObject', { Bucket: 'hidden', Key: 'absent' }), {}, role)).toMatchObject({ error: 'S3.AccessDeniedException', cause: expect.stringContaining('s3:ListBucket') });
  });
});

describe('events:putEvents', () => {
  const entry = { Source: 'shop', DetailType: 'Sold', Detail: { 'order.$': '$.order' } };

  it('emits, with the execution and its machine among the resources', async () => {
    await s.create('heard', JSON.stringify({ StartAt: 'Keep', States: { Keep: { Type: 'Pass', End: true } } }));
    const events = s.rig.client(EventBridgeClient);
    await events.send(new PutRuleCommand({ Name: 'sold', EventPattern: JSON.stringify({ source: ['shop'], detail: { order: [7] } }) }));
    await events.send(new PutTargetsCommand({ Rule: 'sold', Targets: [{ Id: 'heard', Arn: `${BASE}:stateMachine:heard`, RoleArn: ROLE }] }));

    const { output, execution } = await play(task('events:putEvents', { Entries: [entry] }), { order: 7 });
    await s.rig.advance(5000);

    expect(output).toMatchObject({ FailedEntryCount: 0, Entries: [{ EventId: expect.any(String) }] });
    const { executions = [] } = await s.sfn.send(new ListExecutionsCommand({ stateMachineArn: `${BASE}:stateMachine:heard` }));
    const { input = '{}' } = await s.describe(executions[0]?.executionArn ?? '');
    expect(JSON.parse(input)).toMatchObject({ detail: { order: 7 }, resources: [execution, `${BASE}:stateMachine:caller`] });
  });

  it('fails with EventBridge.FailedEntry when one entry fails', async () => {
    const { error, cause = '{}', events } = await play(task('events:putEvents', { Entries: [{ ...entry, Detail: '"text"' }] }));

    expect(error).toBe('EventBridge.FailedEntry');
    expect(JSON.parse(cause)).toEqual({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' }] });
    expect(events[4]).toMatchObject({ type: 'TaskFailed', taskFailedEventDetails: { resourceType: 'events', resource: 'putEvents' } });
  });

  it('fails when the role may not', async () => {
    const { error, cause } = await play(task('events:putEvents', { Entries: [entry] }), { order: 7 }, await createRole(s.rig, 'caller', [], 'states.amazonaws.com'));

    expect([error, cause]).toEqual(['EventBridge.AmazonEventBridgeException', expect.stringMatching(/is not authorized to perform: events:PutEvents .* \(Service: AmazonEventBridge; Status Code: 400; Error Code: AccessDeniedException; Request ID: [0-9a-f-]{36}; Proxy: null\)$/)]);
  });
});
