import { accepted } from '../iam/refusal.ts';
import type { StoredPolicy } from '../iam/role.ts';
import type { Actor, House, TopicMessage, TopicsPort } from '../ports.ts';
import { WireFault } from '../wire/index.ts';
import { notification } from './notification.ts';
import { invalid, notFound } from './refusal.ts';

/** A topic with who is subscribed to it. */
export interface Topic {
  readonly arn: string;
  readonly name: string;
  readonly attributes: Map<string, string>;
  readonly tags: Map<string, string>;
  readonly subscriptions: Map<string, Subscription>;
  policy: StoredPolicy;
  /** Subscriptions that are no more. */
  deleted: number;
}

/** A subscription. One that waits for its confirmation is delivered nothing. */
export interface Subscription {
  readonly arn: string;
  readonly topicArn: string;
  readonly protocol: 'lambda' | 'email' | 'email-json';
  readonly endpoint: string;
  readonly confirmed: boolean;
}

const PRINCIPAL = 'sns.amazonaws.com';
const ACTIONS = ['GetTopicAttributes', 'SetTopicAttributes', 'AddPermission', 'RemovePermission', 'DeleteTopic', 'Subscribe', 'ListSubscriptionsByTopic', 'Publish'];

/** The account's topics, and what happens to a message that is published. */
export class Topics implements TopicsPort {
  readonly all: Map<string, Topic> = new Map();
  readonly #house: House;

  constructor(house: House) {
    this.#house = house;
  }

  arnOf(name: string): string {
    return `arn:aws:sns:${this.#house.region}:${this.#house.account}:${name}`;
  }

  /** A topic by ARN; refuses as SNS does. */
  find(arn: string, parameter: string = 'TopicArn'): Topic {
    const topic = this.all.get(checked(arn, parameter));
    if (!topic) throw notFound('Topic');
    return topic;
  }

  /** A subscription by ARN. */
  subscription(arn: string): { readonly topic: Topic; readonly subscription: Subscription } | undefined {
    const topic = this.all.get(checked(arn, 'SubscriptionArn').replace(/:[^:]*$/, ''));
    const subscription = topic?.subscriptions.get(arn);
    return topic && subscription && { topic, subscription };
  }

  /** Who may do what, until somebody says otherwise: as SNS writes it, services that tell of their source's owner may publish. */
  defaultPolicy(arn: string): StoredPolicy {
    return this.policyOf(JSON.stringify({
      Version: '2008-10-17',
      Id: '__default_policy_ID',
      Statement: [{
        Sid: '__default_statement_ID', Effect: 'Allow', Principal: { AWS: '*' }, Action: ACTIONS.map((action) => `SNS:${action}`), Resource: arn,
        Condition: { StringEquals: { 'AWS:SourceOwner': this.#house.account } },
      }],
    }));
  }

  /** The topics whose policy somebody wrote. */
  get governed(): readonly Topic[] {
    return [...this.all.values()].filter(({ arn, policy }) => policy.text !== this.defaultPolicy(arn).text);
  }

  policyOf(text: string): StoredPolicy {
    const policy = accepted(text, 'resource', 'InvalidParameterException');
    if (policy.document.statements.some(({ actions }) => actions.texts.some((action) => action !== '*' && !/^sns:/i.test(action)))) throw invalid('Policy statement action out of service scope!');
    return policy;
  }

  publish(message: TopicMessage, actor: Actor): string {
    const refusal = this.#house.ports.access.refusalOf(actor, { service: 'sns', operation: 'Publish', input: { TopicArn: message.topicArn } });
    if (refusal) throw refusal;
    if (actor.kind === 'service' && this.all.get(message.topicArn)?.attributes.get('KmsMasterKeyId')?.startsWith('alias/aws/') === true) throw new WireFault({ code: 'KMSAccessDeniedException', status: 400, message: `The key of ${message.topicArn} is AWS's own and allows no service; ${actor.service} needs one of the account's` });
    return this.send(message);
  }

  /** Takes a message in; each subscriber is told in a turn of its own. Answers the message's id. */
  send(message: TopicMessage): string {
    const topic = this.find(message.topicArn);
    const { draws, history, kernel } = this.#house;
    const [id, published] = [draws.uuid('sns:message'), kernel.now()];
    history.record('sns:publish', topic.name, { message: message.text, ...(message.subject !== undefined && { subject: message.subject }) });
    for (const subscription of topic.subscriptions.values()) {
      if (subscription.protocol === 'lambda') kernel.turn(() => { this.#deliver(subscription, notification(this.#house, { ...message, id, published, subscriptionArn: subscription.arn })); });
    }
    return id;
  }

  /** SNS does not try again what Lambda refuses; once queued there, Lambda does. */
  #deliver({ endpoint, topicArn }: Subscription, payload: string): void {
    const { history, ports } = this.#house;
    try {
      ports.lambda.invokeAsync({ functionArn: endpoint, payload, principal: PRINCIPAL, sourceArn: topicArn });
      history.record('sns:delivery', endpoint, { topic: topicArn });
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      history.record('sns:delivery', endpoint, { topic: topicArn, error: error.code });
    }
  }
}

/** An ARN that is one. */
function checked(arn: string, parameter: string): string {
  const parts = arn.split(':');
  if (parts.length < 6) throw invalid(`${parameter} Reason: An ARN must have at least 6 elements, not ${parts.length}`);
  return arn;
}
