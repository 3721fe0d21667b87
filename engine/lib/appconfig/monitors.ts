import type { AlarmState, AlarmsPort } from '../ports.ts';
import type { Monitor } from './state.ts';

/** A monitor that calls for a rollback. */
export interface AlarmedMonitor {
  readonly alarmArn: string;
  readonly state: AlarmState;
}

/**
 * The first monitor that calls for a rollback: its alarm is in ALARM, or (by setting) in INSUFFICIENT_DATA, and its actions are enabled.
 * An alarm that does not exist calls for nothing; AWS's behaviour then is not known.
 */
export function alarmedMonitor(monitors: readonly Monitor[], alarms: Pick<AlarmsPort, 'find'>, insufficientDataRollsBack: boolean): AlarmedMonitor | undefined {
  for (const { alarmArn } of monitors) {
    const alarm = alarms.find(alarmArn);
    if (!alarm?.actionsEnabled) continue;
    if (alarm.state === 'ALARM' || (alarm.state === 'INSUFFICIENT_DATA' && insufficientDataRollsBack)) return { alarmArn, state: alarm.state };
  }
  return undefined;
}
