import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { pageOf } from './page.ts';
import { invalid, notFound, unbuilt } from './refusal.ts';
import type { Subscription, Topics } from './topics.ts';

interface SubscribeInput {
  readonly TopicArn: string;
  readonly Protocol: string;
  readonly Endpoint?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly ReturnSubscriptionArn?: boolean;
}

const PENDING = 'PendingConfirmation';
const ELSEWHERE = ['http', 'https', 'sms', 'sqs', 'application', 'firehose'];

/** Subscriptions: functions are told at once, addresses never, since nobody is there to confirm them. */
export function subscriptionOperations(house: House, topics: Topics): Service['operations'] {
  return {
    Subscribe: (input: SubscribeInput) => {
      const { arn, confirmed } = subscribe(house, topics, input);
      return { SubscriptionArn: confirmed || input.ReturnSubscriptionArn === true ? arn : 'pending confirmation' };
    },
    Unsubscribe({ SubscriptionArn }: { readonly SubscriptionArn: string }) {
      const found = topics.subscription(SubscriptionArn);
      if (!found) return;
      found.topic.subscriptions.delete(SubscriptionArn);
      found.topic.deleted += 1;
    },
    ListSubscriptions: ({ NextToken }: { readonly NextToken?: string }) => listed(house, [...topics.all.values()].flatMap(({ subscriptions }) => [...subscriptions.values()]), NextToken),
    ListSubscriptionsByTopic: ({ TopicArn, NextToken }: { readonly TopicArn: string; readonly NextToken?: string }) => listed(house, [...topics.find(TopicArn).subscriptions.values()], NextToken),
    GetSubscriptionAttributes({ SubscriptionArn }: { readonly SubscriptionArn: string }) {
      const { subscription } = topics.subscription(SubscriptionArn) ?? {};
      if (!subscription) throw notFound('Subscription');
      const { arn, topicArn, protocol, endpoint, confirmed } = subscription;
      return {
        Attributes: {
          SubscriptionArn: arn, TopicArn: topicArn, Protocol: protocol, Endpoint: endpoint, Owner: house.account, RawMessageDelivery: 'false',
          PendingConfirmation: String(!confirmed), ConfirmationWasAuthenticated: String(confirmed),
        },
      };
    },
  };
}

/** Subscribes an endpoint; one that is subscribed already stays so. */
function subscribe(house: House, topics: Topics, { TopicArn, Protocol, Endpoint = '', Attributes = {} }: SubscribeInput): Subscription {
  const topic = topics.find(TopicArn);
  const protocol = protocolOf(Protocol, Endpoint);
  const [attribute] = Object.keys(Attributes).filter((name) => name !== 'RawMessageDelivery');
  if (attribute !== undefined) throw unbuilt(`the attribute ${attribute} of subscriptions`);
  if (Attributes['RawMessageDelivery'] === 'true') throw invalid(`Attributes Reason: Delivery protocol [${Protocol}] does not support raw message delivery.`);
  const known = [...topic.subscriptions.values()].find((one) => one.protocol === protocol && one.endpoint === Endpoint);
  if (known) return known;
  const subscription: Subscription = { arn: `${topic.arn}:${house.draws.uuid('sns:subscription')}`, topicArn: topic.arn, protocol, endpoint: Endpoint, confirmed: protocol === 'lambda' };
  topic.subscriptions.set(subscription.arn, subscription);
  house.history.record('sns:subscription', topic.name, { protocol, endpoint: Endpoint });
  return subscription;
}

function protocolOf(protocol: string, endpoint: string): Subscription['protocol'] {
  if (ELSEWHERE.includes(protocol)) throw unbuilt(`the protocol ${protocol} (lambda, and email that waits for its confirmation, are)`);
  if (protocol !== 'lambda' && protocol !== 'email' && protocol !== 'email-json') throw invalid(`Amazon SNS does not support this protocol string: ${protocol}`);
  if (protocol === 'lambda' ? !/^arn:[^:]+:lambda:[^:]+:\d{12}:function:.+$/.test(endpoint) : !endpoint.includes('@')) throw invalid(protocol === 'lambda' ? 'Lambda endpoint ARN' : 'Email address');
  return protocol;
}

function listed({ account }: House, all: readonly Subscription[], token: string | undefined): Record<string, unknown> {
  const { items, next } = pageOf(all, token);
  return { Subscriptions: items.map(({ arn, topicArn, protocol, endpoint, confirmed }) => ({ SubscriptionArn: confirmed ? arn : PENDING, Owner: account, Protocol: protocol, Endpoint: endpoint, TopicArn: topicArn })), ...next };
}
