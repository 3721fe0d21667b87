import type { House } from '../ports.ts';
import type { Service } from '../wire/call.ts';
import { embeddedMetrics } from './emf.ts';
import { eventOperations } from './eventOperations.ts';
import { groupOperations } from './groupOperations.ts';
import { LogGroup } from './logGroup.ts';

/** Log groups by name. */
export type LogGroups = Map<string, LogGroup>;

/** One line as it is written. */
export interface LogLine {
  readonly timestamp: number;
  readonly message: string;
}

/** CloudWatch Logs; fills in the port `logs` of its house. Lines of the embedded metric format also become metrics. */
export function logs(house: House): Service {
  const groups: LogGroups = new Map();
  const write = (group: LogGroup, stream: string, lines: readonly LogLine[]): void => {
    group.append(stream, lines, house.kernel.now());
    for (const { message } of lines) {
      for (const { namespace, data } of embeddedMetrics(message)) house.ports.metrics.put(namespace, data);
    }
  };
  house.ports.logs = {
    exists: (groupName, stream) => {
      const group = groups.get(groupName);
      return group !== undefined && (stream === undefined || group.streams.has(stream));
    },
    append: (groupName, stream, lines) => {
      let group = groups.get(groupName);
      if (!group) groups.set(groupName, group = new LogGroup(groupName, house.kernel.now(), 'STANDARD'));
      write(group, stream, lines);
    },
  };
  return { name: 'cloudwatch-logs', operations: { ...groupOperations(house, groups), ...eventOperations(house, groups, write) } };
}
