import {
  CreateEventBusCommand, DeleteRuleCommand, DescribeEventBusCommand, DescribeRuleCommand, DisableRuleCommand, EnableRuleCommand, EventBridgeClient, ListEventBusesCommand, ListRuleNamesByTargetCommand, ListRulesCommand, ListTagsForResourceCommand,
  ListTargetsByRuleCommand, PutEventsCommand, PutRuleCommand, PutTargetsCommand, RemoveTargetsCommand, TagResourceCommand, UntagResourceCommand, type Target,
} from '@aws-sdk/client-eventbridge';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startRig, type Rig } from '../rig.ts';
import { refused } from '../refused.ts';

let rig: Rig;
let client: EventBridgeClient;

beforeEach(async () => {
  rig = await startRig();
  client = rig.client(EventBridgeClient);
});
afterEach(() => rig.close());

const PATTERN = '{"source":["controls"]}';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:m';

describe('a rule', () => {
  test('is described as it was put, and a second put replaces it but for its targets and tags', async () => {
    await client.send(new PutRuleCommand({ Name: 'paid', EventPattern: PATTERN, State: 'DISABLED', Description: 'first', Tags: [{ Key: 'owner', Value: 'rule' }] }));
    await client.send(new PutTargetsCommand({ Rule: 'paid', Targets: [{ Id: 'one', Arn: FUNCTION }] }));
    const first = await client.send(new DescribeRuleCommand({ Name: 'paid' }));

    await client.send(new PutRuleCommand({ Name: 'paid', EventPattern: PATTERN, Tags: [{ Key: 'owner', Value: 'ignored' }] }));

    const arn = 'arn:aws:events:us-east-1:000000000000:rule/paid';
    expect(first).toMatchObject({ Name: 'paid', Arn: arn, EventPattern: PATTERN, State: 'DISABLED', Description: 'first', EventBusName: 'default', CreatedBy: '000000000000' });
    const second = await client.send(new DescribeRuleCommand({ Name: 'paid' }));
    expect(second).toMatchObject({ State: 'ENABLED' });
    expect(second.Description).toBeUndefined();
    expect((await client.send(new ListTagsForResourceCommand({ ResourceARN: arn }))).Tags).toEqual([{ Key: 'owner', Value: 'rule' }]);
    expect((await client.send(new ListTargetsByRuleCommand({ Rule: 'paid' }))).Targets).toEqual([{ Id: 'one', Arn: FUNCTION }]);
  });

  test('stays as it was when an update is refused', async () => {
    await client.send(new PutRuleCommand({ Name: 'paid', EventPattern: PATTERN }));

    await refused(client.send(new PutRuleCommand({ Name: 'paid', EventPattern: '{"source":[{"unknown":"x"}]}' })));

    expect((await client.send(new DescribeRuleCommand({ Name: 'paid' }))).EventPattern).toBe(PATTERN);
  });

  test('cannot be deleted while it has targets, and deleting it twice is no error', async () => {
    await client.send(new PutRuleCommand({ Name: 'paid', EventPattern: PATTERN }));
    await client.send(new PutTargetsCommand({ Rule: 'paid', Targets: [{ Id: 'one', Arn: FUNCTION }] }));

    expect(await refused(client.send(new DeleteRuleCommand({ Name: 'paid' })))).toEqual({ code: 'ValidationException', status: 400, message: "Rule can't be deleted since it has targets." });

    await client.send(new RemoveTargetsCommand({ Rule: 'paid', Ids: ['one', 'unknown'] }));
    await client.send(new DeleteRuleCommand({ Name: 'paid' }));
    await client.send(new DeleteRuleCommand({ Name: 'paid' }));
    expect(await refused(client.send(new DescribeRuleCommand({ Name: 'paid' })))).toEqual({ code: 'ResourceNotFoundException', status: 400, message: 'Rule paid does not exist on EventBus default.' });
  });

  test('is switched off and on', async () => {
    await client.send(new PutRuleCommand({ Name: 'paid', EventPattern: PATTERN }));

    await client.send(new DisableRuleCommand({ Name: 'paid' }));
    const off = await client.send(new DescribeRuleCommand({ Name: 'paid' }));
    await client.send(new EnableRuleCommand({ Name: 'paid' }));

    expect([off.State, (await client.send(new DescribeRuleCommand({ Name: 'paid' }))).State]).toEqual(['DISABLED', 'ENABLED']);
  });

  test('is listed by name, in pages, and found by its target', async () => {
    for (const name of ['zeta', 'alpha', 'beta']) {
      await client.send(new PutRuleCommand({ Name: name, EventPattern: PATTERN }));
      await client.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: 'one', Arn: FUNCTION }, { Id: 'two', Arn: name === 'beta' ? `${FUNCTION}:live` : FUNCTION }] }));
    }

    const first = await client.send(new ListRulesCommand({ Limit: 2 }));
    const rest = await client.send(new ListRulesCommand({ Limit: 2, NextToken: first.NextToken }));

    expect([first, rest].map(({ Rules }) => Rules?.map(({ Name }) => Name))).toEqual([['alpha', 'beta'], ['zeta']]);
    expect(rest.NextToken).toBeUndefined();
    expect((await client.send(new ListRulesCommand({ NamePrefix: 'be' }))).Rules).toHaveLength(1);
    expect((await client.send(new ListRuleNamesByTargetCommand({ TargetArn: FUNCTION }))).RuleNames).toEqual(['alpha', 'beta', 'zeta']);
    expect((await client.send(new ListRuleNamesByTargetCommand({ TargetArn: `${FUNCTION}:live` }))).RuleNames).toEqual(['beta']);
  });

  test('takes tags and loses them', async () => {
    const { RuleArn: ResourceARN } = await client.send(new PutRuleCommand({ Name: 'paid', EventPattern: PATTERN }));

    await client.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] }));
    await client.send(new UntagResourceCommand({ ResourceARN, TagKeys: ['a', 'absent'] }));

    expect((await client.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
  });

  test.each([
    [{ Name: 'none' }, 'ValidationException', 'Parameter(s) EventPattern or ScheduleExpression must be specified.'],
    [{ Name: 'a b', EventPattern: PATTERN }, 'ValidationException', "1 validation error detected: Value 'a b' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\.\\-_A-Za-z0-9]+"],
    [{ Name: 'late', ScheduleExpression: 'rate(1 minutes)' }, 'ValidationException', 'Parameter ScheduleExpression is not valid.'],
    [{ Name: 'late', ScheduleExpression: 'cron(0 12 * * * *)' }, 'ValidationException', 'Parameter ScheduleExpression is not valid.'],
    [{ Name: 'elsewhere', EventBusName: 'other', EventPattern: PATTERN }, 'ResourceNotFoundException', 'Event bus other does not exist.'],
  ])('is refused as %j', async (input, code, message) => {
    expect(await refused(client.send(new PutRuleCommand(input)))).toEqual({ code, status: 400, message });
  });

  test('on a bus of its own or with a calendar the engine has not is refused by name', async () => {
    const bus = await refused(client.send(new CreateEventBusCommand({ Name: 'own' })));
    const calendar = await refused(client.send(new PutRuleCommand({ Name: 'last', ScheduleExpression: 'cron(0 0 L * ? *)' })));

    expect(bus).toMatchObject({ status: 501, message: 'sluice-engine does not implement eventbridge:CreateEventBus; see engine/operations.md' });
    expect(calendar).toMatchObject({ status: 501, message: expect.stringContaining('L, W and #') as string });
  });
});

test('the default bus is the only one', async () => {
  const { EventBuses } = await client.send(new ListEventBusesCommand({}));
  const described = await client.send(new DescribeEventBusCommand({}));

  expect(EventBuses?.map(({ Arn }) => Arn)).toEqual(['arn:aws:events:us-east-1:000000000000:event-bus/default']);
  expect(described.Name).toBe('default');
  expect(await refused(client.send(new DescribeEventBusCommand({ Name: 'other' })))).toEqual({ code: 'ResourceNotFoundException', status: 400, message: 'Event bus other does not exist.' });
});

describe('a target', () => {
  const put = (target: Partial<Target>): Promise<unknown> => client.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 'target', Arn: FUNCTION, ...target }] }));
  const transformer = (InputTemplate: string, value?: string, key = 'value'): Partial<Target> => ({ InputTransformer: { InputTemplate, ...(value !== undefined && { InputPathsMap: { [key]: value } }) } });

  beforeEach(() => client.send(new PutRuleCommand({ Name: 'r', EventPattern: PATTERN })));

  const KEYS = "failed to satisfy constraint: Map keys must satisfy constraint: [Member must have length less than or equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]";
  const ONE = 'Only one of Input, InputPath, or InputTransformer must be provided for target target.';
  const PATH = 'InputPath for target target is invalid.';

  test.each<[Partial<Target>, string]>([
    [{ Input: 'not-json' }, 'JSON syntax error in input for target target: [Source: (String)"not-json"; line: 1, column: 1]'],
    [{ Input: '{}', InputPath: '$.detail' }, ONE],
    [{ Input: '{}', ...transformer('{}') }, ONE],
    ...['$.detail.object.*', "$['detail']['text']", '$..text', '$.detail.array[-1]', '$.detail.array[0:2]', 'detail.text', "$.detail['dot.key']"].map((InputPath): [Partial<Target>, string] => [{ InputPath }, PATH]),
    [transformer('{"value":<value>}', '$.detail.object.*'), PATH],
    [transformer('{"value":<value>}', ''), PATH],
    [transformer('hello <value>', '$.detail.text'), 'Invalid InputTemplate for target target : [Source: (String)"hello null"; line: 1, column: 1].'],
    [transformer('{"<value>":"value"}', '$.detail.text'), 'InputTemplate placeholder present as a JSON object key for target target.'],
    [transformer('"event <aws.events.event.json>"'), 'InputTemplate for target target contains placeholder aws.events.event.json valid only for JSON template.'],
    [transformer('[<aws.events.event.json>]'), 'InputTemplate for target target contains placeholder aws.events.event.json valid only for JSON template.'],
    [transformer('{"value":<bad.key>}', '$.detail.text', 'bad.key'), `1 validation error detected: Value '{bad.key=$.detail.text}' at 'targets.1.member.inputTransformer.inputPathsMap' ${KEYS}`],
    [{ Arn: 'not-an-arn' }, 'Parameter not-an-arn is not valid. Reason: Provided Arn is not in correct format.'],
    [{ Arn: MACHINE }, `RoleArn is required for target ${MACHINE}.`],
  ])('is refused as %j', async (target, message) => {
    expect(await refused(put(target))).toEqual({ code: 'ValidationException', status: 400, message });
  });

  test('of another service, or with a dead-letter queue, is refused by name', async () => {
    const queue = await refused(put({ Arn: 'arn:aws:sqs:us-east-1:000000000000:q' }));
    const dead = await refused(put({ DeadLetterConfig: { Arn: 'arn:aws:sqs:us-east-1:000000000000:q' } }));

    expect(queue).toMatchObject({ code: 'NotImplemented', status: 501, message: expect.stringContaining('targets in sqs') as string });
    expect(dead).toMatchObject({ code: 'NotImplemented', status: 501, message: expect.stringContaining('DeadLetterConfig') as string });
  });

  test('is one of five at most, and replaced by one of the same id', async () => {
    const targets = (count: number): Target[] => Array.from({ length: count }, (_, index) => ({ Id: String(index), Arn: FUNCTION }));

    const answer = await client.send(new PutTargetsCommand({ Rule: 'r', Targets: targets(5) }));
    await put({ Id: '0', Input: 'null', RetryPolicy: { MaximumRetryAttempts: 0 } });

    expect(answer).toMatchObject({ FailedEntryCount: 0, FailedEntries: [] });
    expect(await refused(put({ Id: 'sixth' }))).toMatchObject({ code: 'LimitExceededException' });
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: 'r' }));
    expect(Targets?.[0]).toEqual({ Id: '0', Arn: FUNCTION, Input: 'null', RetryPolicy: { MaximumRetryAttempts: 0 } });
    expect(Targets).toHaveLength(5);
  });
});

describe('PutEvents', () => {
  test('answers for each entry on its own', async () => {
    const entry = { Source: 'controls', DetailType: 'control', Detail: '{}' };

    const answer = await client.send(new PutEventsCommand({
      Entries: [entry, { ...entry, Detail: '{' }, { ...entry, EventBusName: 'missing' }, { ...entry, Source: 'aws.iam' }, { ...entry, Detail: '[]' }, { Detail: '{}', DetailType: 'x' }, { ...entry, Detail: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` }],
    }));

    const malformed = { ErrorCode: 'MalformedDetail', ErrorMessage: 'Detail is malformed.' };
    expect(answer.FailedEntryCount).toBe(5);
    expect(answer.Entries).toEqual([
      { EventId: expect.any(String) as string },
      malformed,
      { EventId: expect.any(String) as string },
      { ErrorCode: 'NotAuthorizedForSourceException', ErrorMessage: 'Not authorized for the source.' },
      malformed,
      { ErrorCode: 'InvalidArgument', ErrorMessage: 'Parameter Source is not valid. Reason: Source is a required argument.' },
      malformed,
    ]);
  });

  test('takes ten entries and no more', async () => {
    const Entries = Array.from({ length: 11 }, () => ({ Source: 's', DetailType: 'd', Detail: '{}' }));

    expect(await refused(client.send(new PutEventsCommand({ Entries })))).toMatchObject({ code: 'ValidationException', message: expect.stringContaining('less than or equal to 10') as string });
  });
});
