import { CloudWatchClient, DescribeAlarmHistoryCommand, PutCompositeAlarmCommand, PutMetricAlarmCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient, PutEventsCommand, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms';
import { AttachRolePolicyCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { AddPermissionCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateTopicCommand, DeleteTopicCommand, GetSubscriptionAttributesCommand, GetTopicAttributesCommand, ListSubscriptionsByTopicCommand, ListSubscriptionsCommand, ListTagsForResourceCommand, ListTopicsCommand, PublishCommand,
  SetTopicAttributesCommand, SNSClient, SubscribeCommand, TagResourceCommand, UnsubscribeCommand, UntagResourceCommand,
} from '@aws-sdk/client-sns';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { refused } from '../refused.ts';
import { startRig, zipOf, type Rig } from '../rig.ts';

const BASE = 'arn:aws:sns:us-east-1:000000000000:';
const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:hears';
const ROLE = 'arn:aws:iam::000000000000:role/works';
const HEARS = 'export const handler = async (event) => { console.log(JSON.stringify(event.Records)); };';

let rig: Rig;
let sns: SNSClient;
beforeAll(async () => {
  rig = await startRig();
  sns = rig.client(SNSClient);
  const AssumeRolePolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement: { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' } });
  const iam = rig.client(IAMClient);
  await iam.send(new CreateRoleCommand({ RoleName: 'works', AssumeRolePolicyDocument }));
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'works', PolicyArn: 'arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole' }));
  const lambda = rig.client(LambdaClient);
  await lambda.send(new CreateFunctionCommand({ FunctionName: 'hears', Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler', Code: { ZipFile: zipOf(HEARS) } }));
  await lambda.send(new AddPermissionCommand({ FunctionName: 'hears', StatementId: 'sns', Action: 'lambda:InvokeFunction', Principal: 'sns.amazonaws.com' }));
});
afterAll(() => rig.close());

/** A topic of its own for a test, which a function hears. */
async function heardTopic(Name: string): Promise<{ readonly TopicArn: string; readonly SubscriptionArn: string }> {
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name }));
  const { SubscriptionArn = '' } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION }));
  return { TopicArn, SubscriptionArn };
}

interface Heard {
  readonly EventSubscriptionArn: string;
  readonly Sns: { readonly TopicArn: string; readonly Subject: string | null; readonly Message: string; readonly MessageAttributes: unknown };
}

/** What the function was told of a topic. */
async function heardOf(TopicArn: string): Promise<Heard[]> {
  await rig.advance(0);
  const { events = [] } = await rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/hears' }));
  return events.flatMap(({ message = '' }) => (message.includes('[{') ? JSON.parse(message.slice(message.indexOf('[{'))) as Heard[] : [])).filter(({ Sns }) => Sns.TopicArn === TopicArn);
}

/** Gives a topic a policy that lets a service publish. */
function admit(TopicArn: string, service: string, more: object = {}): Promise<unknown> {
  const Statement = { Effect: 'Allow', Principal: { Service: service }, Action: 'sns:Publish', Resource: TopicArn, ...more };
  return sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue: JSON.stringify({ Version: '2012-10-17', Statement }) }));
}

describe('a topic', () => {
  test('is created once by its name, told of, tagged and deleted as often as one likes', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'one', Attributes: { DisplayName: 'One' }, Tags: [{ Key: 'a', Value: '1' }] }));
    const again = await sns.send(new CreateTopicCommand({ Name: 'one', Tags: [{ Key: 'a', Value: '1' }] }));
    await sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key: 'b', Value: '2' }] }));
    await sns.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['a'] }));

    expect([TopicArn, again.TopicArn]).toEqual([`${BASE}one`, `${BASE}one`]);
    expect((await sns.send(new ListTopicsCommand({}))).Topics).toContainEqual({ TopicArn });
    const { Attributes = {} } = await sns.send(new GetTopicAttributesCommand({ TopicArn }));
    expect(Attributes).toMatchObject({ TopicArn, Owner: '000000000000', DisplayName: 'One', SubscriptionsConfirmed: '0', SubscriptionsPending: '0', SubscriptionsDeleted: '0' });
    expect(JSON.parse(Attributes['Policy'] ?? '')).toMatchObject({ Id: '__default_policy_ID', Statement: [{ Principal: { AWS: '*' }, Condition: { StringEquals: { 'AWS:SourceOwner': '000000000000' } } }] });
    expect((await sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    await sns.send(new DeleteTopicCommand({ TopicArn }));
    expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).not.toContainEqual({ TopicArn });
  });

  test('is listed a hundred at a time', async () => {
    for (let n = 0; n < 101; n += 1) await sns.send(new CreateTopicCommand({ Name: `many-${n}` }));

    const { Topics = [], NextToken } = await sns.send(new ListTopicsCommand({}));
    const rest = await sns.send(new ListTopicsCommand({ NextToken }));

    expect(Topics).toHaveLength(100);
    const all = [...Topics, ...rest.Topics ?? []].map(({ TopicArn }) => TopicArn);
    expect(all.filter((arn) => arn?.includes('many-'))).toHaveLength(101);
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('a message', () => {
  test('reaches a function that is subscribed, as SNS writes it to functions, until it is unsubscribed', async () => {
    const { TopicArn, SubscriptionArn } = await heardTopic('news');
    const { MessageId } = await sns.send(new PublishCommand({ TopicArn, Message: 'good', Subject: 'About', MessageAttributes: { kind: { DataType: 'String', StringValue: 'x' }, raw: { DataType: 'Binary', BinaryValue: new Uint8Array([1, 2]) } } }));
    await sns.send(new PublishCommand({ TargetArn: TopicArn, Message: JSON.stringify({ default: 'all', lambda: 'functions' }), MessageStructure: 'json' }));
    await sns.send(new UnsubscribeCommand({ SubscriptionArn }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'unheard' }));

    const heard = await heardOf(TopicArn);

    expect(heard).toHaveLength(2);
    expect(heard[0]).toEqual({
      EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: SubscriptionArn,
      Sns: {
        Type: 'Notification', MessageId, TopicArn, Subject: 'About', Message: 'good', Timestamp: new Date(rig.engine.clock.now()).toISOString(), SignatureVersion: '1', Signature: 'EXAMPLE',
        SigningCertUrl: expect.stringMatching(/^https:\/\/sns\.us-east-1\.amazonaws\.com\/.*\.pem$/) as string, UnsubscribeUrl: expect.stringContaining(SubscriptionArn) as string,
        MessageAttributes: { kind: { Type: 'String', Value: 'x' }, raw: { Type: 'Binary', Value: 'AQI=' } },
      },
    });
    expect(heard[1]?.Sns).toMatchObject({ Message: 'functions', Subject: null, MessageAttributes: {} });
    expect((await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes).toMatchObject({ SubscriptionsConfirmed: '0', SubscriptionsDeleted: '1' });
  });

  test('does not reach an address nobody confirms, nor a function that does not let SNS in', async () => {
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'waits' }));
    const { SubscriptionArn } = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }));
    await rig.client(LambdaClient).send(new CreateFunctionCommand({ FunctionName: 'shut', Runtime: 'nodejs22.x', Role: ROLE, Handler: 'index.handler', Code: { ZipFile: zipOf(HEARS) } }));
    const shut = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION.replace('hears', 'shut') }));
    const again = await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: FUNCTION.replace('hears', 'shut') }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'm' }));
    await rig.advance(1000);

    expect([SubscriptionArn, again.SubscriptionArn]).toEqual(['pending confirmation', shut.SubscriptionArn]);
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    expect(Subscriptions.map((one) => [one.SubscriptionArn, one.Protocol, one.Endpoint])).toEqual([['PendingConfirmation', 'email', 'a@example.com'], [shut.SubscriptionArn, 'lambda', FUNCTION.replace('hears', 'shut')]]);
    expect((await sns.send(new ListSubscriptionsCommand({}))).Subscriptions?.filter((one) => one.TopicArn === TopicArn)).toEqual(Subscriptions);
    expect((await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: shut.SubscriptionArn }))).Attributes).toMatchObject({ TopicArn, PendingConfirmation: 'false', RawMessageDelivery: 'false' });
    await expect(rig.client(CloudWatchLogsClient).send(new FilterLogEventsCommand({ logGroupName: '/aws/lambda/shut' }))).rejects.toThrow('does not exist');
  });
});

describe('a rule of EventBridge', () => {
  test('publishes what its template says, if the policy lets EventBridge in, and not by the default one', async () => {
    const { TopicArn } = await heardTopic('ruled');
    const events = rig.client(EventBridgeClient);
    const { RuleArn } = await events.send(new PutRuleCommand({ Name: 'r', EventPattern: '{"source":["mine"]}' }));
    await events.send(new PutTargetsCommand({ Rule: 'r', Targets: [{ Id: 't', Arn: TopicArn, InputTransformer: { InputPathsMap: { what: '$.detail.what' }, InputTemplate: '"It was <what>."\n"Look."' } }] }));
    const put = (what: string): Promise<unknown> => events.send(new PutEventsCommand({ Entries: [{ Source: 'mine', DetailType: 'd', Detail: JSON.stringify({ what }) }] }));

    await put('denied');
    await rig.advance(0);
    await admit(TopicArn, 'events.amazonaws.com', { Condition: { ArnEquals: { 'aws:SourceArn': RuleArn } } });
    await put('fine');

    expect((await heardOf(TopicArn)).map(({ Sns }) => Sns.Message)).toEqual(['"It was fine."\n"Look."']);
  });
});

describe('an alarm', () => {
  test('publishes in CloudWatch\'s words by the default policy, and notes why where another one leaves it out', async () => {
    const { TopicArn } = await heardTopic('alarmed');
    const cloudwatch = rig.client(CloudWatchClient);
    const move = (AlarmName: string, StateValue: 'ALARM' | 'OK', StateReason: string): Promise<unknown> => cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason }));
    await cloudwatch.send(new PutMetricAlarmCommand({ AlarmName: 'errors', Namespace: 'N', MetricName: 'E', Dimensions: [{ Name: 'd', Value: 'v' }], Statistic: 'Sum', Period: 60, EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanThreshold', AlarmActions: [TopicArn] }));
    await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: 'both', AlarmRule: 'FALSE', OKActions: [TopicArn] }));

    await move('errors', 'ALARM', 'by hand');
    await move('both', 'OK', 'too');
    const heard = (await heardOf(TopicArn)).map(({ Sns }) => ({ subject: Sns.Subject, message: JSON.parse(Sns.Message) as Record<string, unknown> }));
    await admit(TopicArn, 'events.amazonaws.com');
    await move('errors', 'OK', 'quiet');
    await move('errors', 'ALARM', 'again');

    expect(heard.map(({ subject }) => subject)).toContain('ALARM: "errors" in US East (N. Virginia)');
    expect(heard.find(({ message }) => message['AlarmName'] === 'errors')?.message).toMatchObject({
      NewStateValue: 'ALARM', OldStateValue: 'INSUFFICIENT_DATA', NewStateReason: 'by hand', AWSAccountId: '000000000000', AlarmActions: [TopicArn],
      Trigger: { MetricName: 'E', Namespace: 'N', StatisticType: 'Statistic', Statistic: 'SUM', Dimensions: [{ name: 'd', value: 'v' }], Period: 60, Threshold: 1 },
    });
    expect(heard.find(({ message }) => message['AlarmName'] === 'both')?.message).toMatchObject({ AlarmRule: 'FALSE', NewStateValue: 'OK' });
    const { AlarmHistoryItems = [] } = await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmName: 'errors', HistoryItemType: 'Action' }));
    expect(AlarmHistoryItems.map(({ HistorySummary }) => HistorySummary)).toEqual([`Failed to execute action ${TopicArn}`, `Successfully executed action ${TopicArn}`]);
    expect((JSON.parse(AlarmHistoryItems[0]?.HistoryData ?? '') as { error: string }).error).toBe(`User: cloudwatch.amazonaws.com is not authorized to perform: SNS:Publish on resource: ${TopicArn} because no resource-based policy allows the SNS:Publish action`);
  });

  test('needs the key of an encrypted topic', async () => {
    const kms = rig.client(KMSClient);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const { TopicArn } = await heardTopic('sealed');
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: KeyMetadata?.KeyId }));
    const cloudwatch = rig.client(CloudWatchClient);
    await cloudwatch.send(new PutCompositeAlarmCommand({ AlarmName: 'sealed', AlarmRule: 'FALSE', AlarmActions: [TopicArn], OKActions: [TopicArn] }));
    const move = (StateValue: 'ALARM' | 'OK'): Promise<unknown> => cloudwatch.send(new SetAlarmStateCommand({ AlarmName: 'sealed', StateValue, StateReason: 'r' }));
    const owner = { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::000000000000:root' }, Action: 'kms:*', Resource: '*' };

    await move('ALARM');
    const without = (await heardOf(TopicArn)).length;
    await kms.send(new PutKeyPolicyCommand({ KeyId: KeyMetadata?.KeyId, Policy: JSON.stringify({ Version: '2012-10-17', Statement: [owner, { Effect: 'Allow', Principal: { Service: 'cloudwatch.amazonaws.com' }, Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: '*' }] }) }));
    await move('OK');
    const granted = (await heardOf(TopicArn)).length;
    await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'KmsMasterKeyId', AttributeValue: 'alias/aws/sns' }));
    await move('ALARM');

    expect([without, granted, (await heardOf(TopicArn)).length]).toEqual([0, 1, 1]);
  });
});

describe('is refused', () => {
  const topic = `${BASE}refusals`;
  const code = async (command: Parameters<SNSClient['send']>[0]): Promise<unknown> => {
    const { code: name, status, message } = await refused(sns.send(command as PublishCommand));
    return [name, status, message];
  };

  // Texts with a status of 400 and 404 are those that localstack's tests recorded of AWS.
  test.each<[string, unknown, readonly [string, number, string]]>([
    ['a topic that is not there', new PublishCommand({ TopicArn: `${BASE}none`, Message: 'm' }), ['NotFoundException', 404, 'Topic does not exist']],
    ['an ARN that is none', new GetTopicAttributesCommand({ TopicArn: 'topic' }), ['InvalidParameterException', 400, 'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1']],
    ['a topic\'s name', new CreateTopicCommand({ Name: 'a b' }), ['InvalidParameterException', 400, 'Invalid parameter: Topic Name']],
    ['a topic of other tags', new CreateTopicCommand({ Name: 'refusals', Tags: [{ Key: 'a', Value: '1' }] }), ['InvalidParameterException', 400, 'Invalid parameter: Tags Reason: Topic already exists with different tags']],
    ['a tag twice', new CreateTopicCommand({ Name: 'x', Tags: [{ Key: 'a', Value: '1' }, { Key: 'a', Value: '2' }] }), ['InvalidParameterException', 400, 'Invalid parameter: Duplicated keys are not allowed.']],
    ['an empty message', new PublishCommand({ TopicArn: topic, Message: '' }), ['InvalidParameterException', 400, 'Invalid parameter: Empty message']],
    ['a message for nobody', new PublishCommand({ Message: 'm' }), ['InvalidParameterException', 400, 'Invalid parameter: TopicArn or TargetArn Reason: no value for required parameter']],
    ['a message of no default', new PublishCommand({ TopicArn: topic, Message: '{}', MessageStructure: 'json' }), ['InvalidParameterException', 400, 'Invalid parameter: Message Structure - No default entry in JSON message body']],
    ['a subject of two lines', new PublishCommand({ TopicArn: topic, Message: 'm', Subject: 'a\nb' }), ['InvalidParameterException', 400, 'Invalid parameter: Subject']],
    ['an attribute\'s type', new PublishCommand({ TopicArn: topic, Message: 'm', MessageAttributes: { a: { DataType: 'Thing', StringValue: 'x' } } }), ['InvalidParameterValueException', 400, 'The message attribute \'a\' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.']],
    ['an unknown attribute', new SetTopicAttributesCommand({ TopicArn: topic, AttributeName: 'Colour', AttributeValue: 'red' }), ['InvalidParameterException', 400, 'Invalid parameter: AttributeName']],
    ['a policy about something else', new SetTopicAttributesCommand({ TopicArn: topic, AttributeName: 'Policy', AttributeValue: '{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"s3:GetObject","Resource":"*"}}' }), ['InvalidParameterException', 400, 'Invalid parameter: Policy statement action out of service scope!']],
    ['a protocol', new SubscribeCommand({ TopicArn: topic, Protocol: 'pigeon', Endpoint: 'x' }), ['InvalidParameterException', 400, 'Invalid parameter: Amazon SNS does not support this protocol string: pigeon']],
    ['a subscription that is not there', new GetSubscriptionAttributesCommand({ SubscriptionArn: `${topic}:none` }), ['NotFoundException', 404, 'Subscription does not exist']],
    ['a resource to tag', new TagResourceCommand({ ResourceArn: `${BASE}none`, Tags: [] }), ['ResourceNotFoundException', 404, 'Resource does not exist']],
    ['a queue, by name', new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:us-east-1:000000000000:q' }), ['NotImplemented', 501, 'sluice-engine does not implement the protocol sqs (lambda, and email that waits for its confirmation, are) of SNS; see engine/operations.md']],
    ['a filter, by name', new SubscribeCommand({ TopicArn: topic, Protocol: 'lambda', Endpoint: FUNCTION, Attributes: { FilterPolicy: '{}' } }), ['NotImplemented', 501, 'sluice-engine does not implement the attribute FilterPolicy of subscriptions of SNS; see engine/operations.md']],
    ['a FIFO topic, by name', new CreateTopicCommand({ Name: 'a.fifo', Attributes: { FifoTopic: 'true' } }), ['NotImplemented', 501, 'sluice-engine does not implement FIFO topics of SNS; see engine/operations.md']],
  ])('%s', async (_, command, expected) => {
    await sns.send(new CreateTopicCommand({ Name: 'refusals' }));

    expect(await code(command as Parameters<SNSClient['send']>[0])).toEqual(expected);
  });
});
