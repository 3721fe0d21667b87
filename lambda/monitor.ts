/**
 * The custom resource of guards for an environment that exists already: adds an alarm to its monitors once that is OK, and takes it
 * away again. The environment's other monitors stay as they are.
 */
import { serveStack } from '../lib/adapters/customResource.ts';
import { Alarms } from '../lib/adapters/evidence/alarms.ts';
import { untilQuiet } from '../lib/adapters/evidence/quiet.ts';
import { together } from '../lib/adapters/peer.ts';
import { AppConfigPlane } from '../lib/adapters/plane/appconfig.ts';
import { nameIn, parseMonitorProperties, withMonitor, withoutMonitor, type MonitorProperties } from '../lib/core/monitoring.ts';

const [plane, alarms] = await together(AppConfigPlane.open(), Alarms.open());

/** Answers one request of CloudFormation. */
export function handler(event: unknown): Promise<void> {
  return serveStack('monitor', event, async ({ kind, properties, oldProperties }) => {
    const now = parseMonitorProperties(properties);
    if (kind === 'delete') return remove(now);
    const { alarmArn } = now.monitor;
    await untilQuiet(alarms, [nameIn(alarmArn)]);
    await plane.setMonitors(now.place, withMonitor(await plane.monitors(now.place), now.monitor));
    if (kind === 'create') return undefined;
    const before = parseMonitorProperties(oldProperties);
    return before.monitor.alarmArn === alarmArn && before.place.environmentId === now.place.environmentId ? undefined : remove(before);
  });
}

async function remove({ place, monitor }: MonitorProperties): Promise<void> {
  // Whoever deleted the environment took its monitors with it.
  const monitors = await plane.monitors(place).catch((error: unknown) => {
    if ((error as Error).name === 'ResourceNotFoundException') return [];
    throw error;
  });
  const left = withoutMonitor(monitors, monitor.alarmArn);
  if (left.length < monitors.length) await plane.setMonitors(place, left);
}
