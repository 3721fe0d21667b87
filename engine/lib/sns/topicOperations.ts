import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { pageOf } from './page.ts';
import { invalid, unbuilt } from './refusal.ts';
import { tagsOf, type TagList } from './tagOperations.ts';
import type { Topic, Topics } from './topics.ts';

interface OnTopic {
  readonly TopicArn: string;
}

interface CreateInput {
  readonly Name: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly Tags?: TagList;
}

const NAME = /^[A-Za-z0-9_-]{1,256}$/;
/** How SNS tries HTTP endpoints again by default. */
const DELIVERY = JSON.stringify({
  http: {
    defaultHealthyRetryPolicy: { minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3, numMaxDelayRetries: 0, numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'linear' },
    disableSubscriptionOverrides: false,
    defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
  },
});
/** Attributes AWS has and nothing here would heed. */
const UNBUILT = /^(DeliveryPolicy|FifoTopic|ContentBasedDeduplication|FifoThroughputScope|ArchivePolicy|(Application|Firehose|HTTP|Lambda|SQS)(SuccessFeedbackRoleArn|SuccessFeedbackSampleRate|FailureFeedbackRoleArn))$/;

/** Topics and their attributes. */
export function topicOperations(house: House, topics: Topics): Service['operations'] {
  return {
    CreateTopic: (input: CreateInput) => ({ TopicArn: create(house, topics, input).arn }),
    DeleteTopic({ TopicArn }: OnTopic) {
      // What is not there is deleted already.
      if (topics.all.delete(TopicArn)) house.history.record('sns:topic', TopicArn.slice(TopicArn.lastIndexOf(':') + 1), { did: 'deleted' });
    },
    ListTopics({ NextToken }: { readonly NextToken?: string }) {
      const { items, next } = pageOf([...topics.all.keys()].sort(), NextToken);
      return { Topics: items.map((TopicArn) => ({ TopicArn })), ...next };
    },
    GetTopicAttributes: ({ TopicArn }: OnTopic) => ({ Attributes: attributesOf(house, topics.find(TopicArn)) }),
    SetTopicAttributes({ TopicArn, AttributeName, AttributeValue = '' }: OnTopic & { readonly AttributeName: string; readonly AttributeValue?: string }) {
      set(topics, topics.find(TopicArn), AttributeName, AttributeValue);
    },
  };
}

/** Creates a topic, or answers the one that is there already with the same attributes and tags. */
function create(house: House, topics: Topics, { Name, Attributes = {}, Tags = [] }: CreateInput): Topic {
  if (Attributes['FifoTopic'] === 'true') throw unbuilt('FIFO topics');
  if (!NAME.test(Name)) throw invalid('Topic Name');
  const tags = tagsOf(Tags);
  const arn = topics.arnOf(Name);
  const topic: Topic = { arn, name: Name, attributes: new Map(), tags, subscriptions: new Map(), policy: topics.defaultPolicy(arn), deleted: 0 };
  for (const [name, value] of Object.entries(Attributes)) if (name !== 'FifoTopic') set(topics, topic, name, value);
  const known = topics.all.get(arn);
  if (!known) {
    topics.all.set(arn, topic);
    house.history.record('sns:topic', Name, { did: 'created' });
    return topic;
  }
  if (Tags.some(({ Key, Value }) => known.tags.get(Key) !== Value)) throw invalid('Tags Reason: Topic already exists with different tags');
  if ([...topic.attributes].some(([name, value]) => known.attributes.get(name) !== value)) throw invalid('Attributes Reason: Topic already exists with different attributes');
  return known;
}

function set(topics: Topics, topic: Topic, name: string, value: string): void {
  if (UNBUILT.test(name)) throw unbuilt(`the attribute ${name} of topics`);
  switch (name) {
    case 'Policy':
      topic.policy = value === '' ? topics.defaultPolicy(topic.arn) : topics.policyOf(value);
      return;
    case 'DisplayName':
      if (value.length > 100) throw invalid('DisplayName');
      break;
    case 'KmsMasterKeyId':
      break;
    case 'SignatureVersion':
      if (value !== '1' && value !== '2') throw invalid('SignatureVersion');
      break;
    case 'TracingConfig':
      if (value === 'Active') throw unbuilt('TracingConfig Active');
      if (value !== 'PassThrough') throw invalid('TracingConfig');
      break;
    default:
      throw invalid('AttributeName');
  }
  if (value === '' && name === 'KmsMasterKeyId') topic.attributes.delete(name);
  else topic.attributes.set(name, value);
}

function attributesOf({ account }: House, { arn, attributes, policy, subscriptions, deleted }: Topic): Record<string, string> {
  const all = [...subscriptions.values()];
  return {
    TopicArn: arn, Owner: account, Policy: policy.text, EffectiveDeliveryPolicy: DELIVERY, DisplayName: '',
    ...Object.fromEntries(attributes),
    SubscriptionsConfirmed: String(all.filter(({ confirmed }) => confirmed).length),
    SubscriptionsPending: String(all.filter(({ confirmed }) => !confirmed).length),
    SubscriptionsDeleted: String(deleted),
  };
}
