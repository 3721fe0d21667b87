import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Bus } from './bus.ts';
import { busOperations } from './busOperations.ts';
import { eventOperations } from './eventOperations.ts';
import { ruleOperations } from './ruleOperations.ts';
import { tagOperations } from './tagOperations.ts';
import { targetOperations } from './targetOperations.ts';

/** EventBridge: rules on the default bus, by pattern or schedule, with Lambda functions and state machines as targets. */
export function eventBridge(house: House, bus: Bus): Service {
  return {
    name: 'eventbridge',
    operations: { ...ruleOperations(house, bus), ...targetOperations(bus), ...eventOperations(house, bus), ...tagOperations(bus), ...busOperations(house, bus) },
  };
}
