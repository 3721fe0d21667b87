import type { Keys } from '../../kms/keys.ts';
import type { House } from '../../ports.ts';
import type { Topics } from '../../sns/topics.ts';
import { textOf, type ActionTable, type Asked } from './table.ts';

const TOPIC = '{Topic}';
const TAGGED = '{ResourceArn}';

/** SNS: who publishes to an encrypted topic needs its key too; the key AWS manages allows the account by its own policy. */
export function snsActions(house: House, rooms: { readonly topics: Topics; readonly keys: Keys }): ActionTable {
  return {
    prefix: 'sns',
    base: `arn:aws:sns:${house.region}:${house.account}:`,
    values: ({ input }) => ({ Topic: topicOf(input), Key: keyOf(rooms, input) }),
    context: ({ operation, input }) => (operation === 'Subscribe' ? { 'sns:endpoint': textOf(input, 'Endpoint'), 'sns:protocol': textOf(input, 'Protocol') } : {}),
    rules: {
      CreateTopic: '{Name}', DeleteTopic: TOPIC, GetTopicAttributes: TOPIC, SetTopicAttributes: TOPIC, ListTopics: '*',
      Subscribe: TOPIC, ListSubscriptionsByTopic: TOPIC, Unsubscribe: '*', ListSubscriptions: '*', GetSubscriptionAttributes: '*',
      Publish: [TOPIC, 'kms:GenerateDataKey {Key?}', 'kms:Decrypt {Key?}'],
      TagResource: TAGGED, UntagResource: TAGGED, ListTagsForResource: TAGGED,
    },
  };
}

function topicOf(input: Asked['input']): string | undefined {
  return textOf(input, 'TopicArn') ?? textOf(input, 'TargetArn');
}

function keyOf({ topics, keys }: { readonly topics: Topics; readonly keys: Keys }, input: Asked['input']): string | undefined {
  const key = topics.all.get(topicOf(input) ?? '')?.attributes.get('KmsMasterKeyId');
  return key === undefined || key.startsWith('alias/aws/') ? undefined : keys.arnFor(key);
}
