import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { Bus } from './bus.ts';
import { onDefault } from './ruleOperations.ts';

/** The operations on buses, of which there is the default one. */
export function busOperations(house: House, bus: Bus): Service['operations'] {
  const shown = { Name: 'default', Arn: bus.arn, CreationTime: house.kernel.start, LastModifiedTime: house.kernel.start };
  return {
    DescribeEventBus({ Name }: { readonly Name?: string }) {
      onDefault(bus, Name);
      return shown;
    },
    ListEventBuses: ({ NamePrefix = '' }: { readonly NamePrefix?: string }) => ({ EventBuses: 'default'.startsWith(NamePrefix) ? [shown] : [] }),
  };
}
