import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { publishing } from './publishing.ts';
import { subscriptionOperations } from './subscriptionOperations.ts';
import { tagOperations } from './tagOperations.ts';
import { topicOperations } from './topicOperations.ts';
import type { Topics } from './topics.ts';

/** SNS: standard topics with their policies, whose messages reach functions. */
export function sns(house: House, topics: Topics): Service {
  return {
    name: 'sns',
    operations: { ...topicOperations(house, topics), ...subscriptionOperations(house, topics), ...publishing(topics), ...tagOperations(topics) },
  };
}
