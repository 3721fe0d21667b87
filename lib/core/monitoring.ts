import { fault, shown } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';

/** An alarm AppConfig watches for an environment, and the role it looks with. */
export interface EnvironmentMonitor {
  readonly alarmArn: string;
  readonly roleArn: string;
}

/** How many monitors AppConfig allows. */
const MOST = 5;

/** The monitors of an environment with one more; in its old place if it was there. @throws Fault `SLUICE-GUARD-1` when there is no room. */
export function withMonitor(monitors: readonly EnvironmentMonitor[], added: EnvironmentMonitor): EnvironmentMonitor[] {
  const known = monitors.findIndex(({ alarmArn }) => alarmArn === added.alarmArn);
  if (known >= 0) return monitors.with(known, added);
  if (monitors.length >= MOST) throw fault(GUARDING, 'SLUICE-GUARD-1', { alarm: added.alarmArn, count: monitors.length });
  return [...monitors, added];
}

/** The monitors of an environment without one. */
export function withoutMonitor(monitors: readonly EnvironmentMonitor[], alarmArn: string): EnvironmentMonitor[] {
  return monitors.filter((monitor) => monitor.alarmArn !== alarmArn);
}

/** What a stack tells of the monitor it adds to an environment that exists already. */
export interface MonitorProperties {
  readonly place: { readonly applicationId: string; readonly environmentId: string };
  readonly monitor: EnvironmentMonitor;
}

/** Reads the properties of a monitor. @throws Fault `SLUICE-HOOK-1` for what no stack of ours has. */
export function parseMonitorProperties(properties: Readonly<Record<string, unknown>>): MonitorProperties {
  const [applicationId, environmentId, alarmArn, roleArn] = ['ApplicationId', 'EnvironmentId', 'AlarmArn', 'AlarmRoleArn'].map((name) => {
    const value = properties[name];
    if (typeof value === 'string') return value;
    throw fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'monitor', problem: `${name} must be text, got ${shown(value)}` });
  }) as [string, string, string, string];
  return { place: { applicationId, environmentId }, monitor: { alarmArn, roleArn } };
}

/** The name in an alarm's ARN. */
export function nameIn(alarmArn: string): string {
  return alarmArn.slice(alarmArn.indexOf(':alarm:') + ':alarm:'.length);
}
