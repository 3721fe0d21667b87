import { isGone, unlessGone } from '../api.ts';
import { ResourceFailure, type ExistingCall, type Made, type Provider, type ProviderCall } from '../provider.ts';
import { fieldsOf } from '../template/intrinsic.ts';
import { arnOf, only, textOr } from './stored.ts';
import { retag, tagMap } from './tags.ts';

/** Attributes that change what a topic does. */
const HEEDED = ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'FifoTopic'];
/** Protocols SNS serves here; a subscription by another one is stored with its stack, as the queues and streams it leads to are. */
const SERVED: ReadonlySet<unknown> = new Set(['lambda', 'email', 'email-json']);
/** What a subscription that is served may say. */
const WHOLE = ['TopicArn', 'Protocol', 'Endpoint', 'Region', 'RawMessageDelivery', 'FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy', 'DeliveryPolicy', 'SubscriptionRoleArn', 'ReplayPolicy'];

const topic: Provider = {
  type: 'AWS::SNS::Topic',
  properties: {
    TopicName: 'replace', FifoTopic: 'replace', DisplayName: 'update', KmsMasterKeyId: 'update', SignatureVersion: 'update', Subscription: 'update', Tags: 'update', ContentBasedDeduplication: 'kept', TracingConfig: 'kept',
    DataProtectionPolicy: 'kept', DeliveryStatusLogging: 'kept', ArchivePolicy: 'kept', FifoThroughputScope: 'kept',
  },
  async create(call) {
    const Name = textOr(call.properties['TopicName'], call.name(256));
    const id = arnOf(call, 'sns', Name);
    if (call.properties['TopicName'] !== undefined && !await isGone(call.api('sns', 'GetTopicAttributes', { TopicArn: id }))) throw new ResourceFailure(`Resource of type 'AWS::SNS::Topic' with identifier '${id}' already exists.`);
    const Attributes = Object.fromEntries(Object.entries(only(call.properties, ...HEEDED)).map(([name, value]) => [name, String(value)]));
    await call.api('sns', 'CreateTopic', { Name, Attributes, Tags: Object.entries(tagMap(call.properties['Tags'])).map(([Key, Value]) => ({ Key, Value })) });
    try {
      for (const inline of inlined(call.properties)) await subscribe(call, { ...inline, TopicArn: id });
    } catch (error) {
      throw error instanceof ResourceFailure ? new ResourceFailure(error.message, named(id)) : error;
    }
    return named(id);
  },
  async update(call) {
    for (const name of ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion']) {
      const [before, now] = [call.before[name], call.properties[name]];
      if (before !== now) await call.api('sns', 'SetTopicAttributes', { TopicArn: call.id, AttributeName: name, AttributeValue: String(now ?? (name === 'SignatureVersion' ? '1' : '')) });
    }
    await resubscribe(call);
    await retag(call, { service: 'sns', target: { ResourceArn: call.id } });
    return named(call.id);
  },
  delete: ({ api, id }) => unlessGone(api('sns', 'DeleteTopic', { TopicArn: id })),
};

function named(id: string): Made {
  return { id, attributes: { TopicArn: id, TopicName: id.slice(id.lastIndexOf(':') + 1) } };
}

type Inline = Readonly<Record<string, unknown>>;

function inlined(properties: Readonly<Record<string, unknown>>): Inline[] {
  const list = properties['Subscription'];
  return Array.isArray(list) ? (list as unknown[]).map((item): Inline => fieldsOf(item) ?? {}) : [];
}

/** A topic's inline subscriptions, as the template has them now; one that still waits for its confirmation cannot be taken back. */
async function resubscribe(call: ExistingCall): Promise<void> {
  const keyOf = ({ Protocol, Endpoint }: Inline): string => `${String(Protocol)} ${String(Endpoint)}`;
  const kept = new Set(inlined(call.properties).map(keyOf));
  const gone = new Set(inlined(call.before).map(keyOf).filter((key) => !kept.has(key)));
  const { Subscriptions = [] } = await call.api('sns', 'ListSubscriptionsByTopic', { TopicArn: call.id }) as { Subscriptions?: readonly Inline[] };
  for (const one of Subscriptions) if (gone.has(keyOf(one)) && one['SubscriptionArn'] !== 'PendingConfirmation') await call.api('sns', 'Unsubscribe', { SubscriptionArn: one['SubscriptionArn'] });
  for (const inline of inlined(call.properties)) await subscribe(call, { ...inline, TopicArn: call.id });
}

const subscription: Provider = {
  type: 'AWS::SNS::Subscription',
  properties: { ...Object.fromEntries(WHOLE.map((name) => [name, 'kept' as const])), TopicArn: 'replace', Protocol: 'replace', Endpoint: 'replace' },
  required: ['TopicArn', 'Protocol'],
  async create(call) {
    const id = await subscribe(call, call.properties);
    return { id, attributes: { Arn: id } };
  },
  async update(call) {
    checkWhole(call.properties);
    return { id: call.id, attributes: { Arn: call.id } };
  },
  delete: async ({ api, id, properties }) => {
    if (SERVED.has(properties['Protocol'])) await unlessGone(api('sns', 'Unsubscribe', { SubscriptionArn: id }));
  },
};

async function subscribe(call: ProviderCall, { TopicArn, Protocol, Endpoint, ...more }: Inline): Promise<string> {
  if (!SERVED.has(Protocol)) return `${String(TopicArn)}:${call.house.draws.uuid('cloudformation:subscription')}`;
  checkWhole({ Protocol, ...more });
  const { SubscriptionArn } = await call.api('sns', 'Subscribe', { TopicArn, Protocol, Endpoint, ReturnSubscriptionArn: true });
  return String(SubscriptionArn);
}

/** What a served subscription would have to heed and does not is refused by name. */
function checkWhole(properties: Inline): void {
  if (!SERVED.has(properties['Protocol'])) return;
  const unheeded = ['FilterPolicy', 'FilterPolicyScope', 'RedrivePolicy', 'ReplayPolicy'].find((name) => properties[name] !== undefined);
  if (unheeded !== undefined) throw new ResourceFailure(`sluice-engine does not implement ${unheeded} of subscriptions by ${String(properties['Protocol'])}; see engine/operations.md`);
}

const topicPolicy: Provider = {
  type: 'AWS::SNS::TopicPolicy',
  properties: { Topics: 'update', PolicyDocument: 'update' },
  required: ['Topics', 'PolicyDocument'],
  async create(call) {
    await setPolicies(call);
    return policyMade(call.name());
  },
  async update(call) {
    const now = topicsOf(call.properties);
    for (const TopicArn of topicsOf(call.before).filter((arn) => !now.includes(arn))) await unlessGone(call.api('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: '' }));
    await setPolicies(call);
    return policyMade(call.id);
  },
  async delete({ api, properties }) {
    for (const TopicArn of topicsOf(properties)) await unlessGone(api('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: '' }));
  },
};

function policyMade(id: string): Made {
  return { id, attributes: { Id: id } };
}

function topicsOf(properties: Readonly<Record<string, unknown>>): string[] {
  const { Topics } = properties;
  return Array.isArray(Topics) ? Topics.map(String) : [];
}

async function setPolicies({ api, properties }: ProviderCall): Promise<void> {
  for (const TopicArn of topicsOf(properties)) await api('sns', 'SetTopicAttributes', { TopicArn, AttributeName: 'Policy', AttributeValue: JSON.stringify(properties['PolicyDocument']) });
}

/** SNS's resource types. */
export const snsProviders: readonly Provider[] = [topic, subscription, topicPolicy];
