import { Alarms } from '../adapters/evidence/alarms.ts';
import type { MonitorFacts } from '../core/checkup/facts.ts';
import type { Connection } from './connection.ts';

/** The alarms that AppConfig watches for an environment, as they are now. */
export async function monitorsOf({ plane, place, options }: Connection): Promise<MonitorFacts[]> {
  const names = (await plane.monitors(place)).map(({ alarmArn }) => alarmArn.slice(alarmArn.indexOf(':alarm:') + ':alarm:'.length));
  const alarms = await Alarms.open(options);
  try {
    return await Promise.all(names.map(async (name) => ({ name, ...await alarms.now(name) })));
  } finally {
    alarms.close();
  }
}
