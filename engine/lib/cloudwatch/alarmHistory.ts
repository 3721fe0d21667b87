import { typeOf, type Alarm, type Standing } from './alarm.ts';
import { historyMembers } from './alarmDocument.ts';

/** One entry of an alarm's history; kept when the alarm is deleted. */
export interface HistoryItem {
  readonly name: string;
  readonly type: 'MetricAlarm' | 'CompositeAlarm';
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly kind: 'ConfigurationUpdate' | 'StateUpdate' | 'Action';
  readonly summary: string;
  /** JSON text. */
  readonly data: string;
}

/** CloudWatch keeps alarm history 30 days. */
const KEEP_MS = 30 * 86_400_000;

/** What happened to alarms, oldest first. */
export class AlarmHistory {
  #items: HistoryItem[] = [];

  /** The items of the last 30 days, oldest first. */
  items(now: number): readonly HistoryItem[] {
    if ((this.#items[0]?.timestamp ?? now) < now - KEEP_MS) this.#items = this.#items.filter(({ timestamp }) => timestamp >= now - KEEP_MS);
    return this.#items;
  }

  created(alarm: Alarm): void {
    this.#configured(alarm, alarm.settings.configured, 'created', `"type":"Create","createdAlarm":${json(historyMembers(alarm))}`);
  }

  deleted(alarm: Alarm, now: number): void {
    this.#configured(alarm, now, 'deleted', `"type":"Delete","deletedAlarm":${json(historyMembers(alarm))}`);
  }

  /** `before` is what `historyMembers` gave before the update. */
  updated(alarm: Alarm, before: ReadonlyMap<string, string>): void {
    const after = historyMembers(alarm);
    const original = new Map([...before].filter(([key, value]) => after.get(key) !== value));
    this.#configured(alarm, alarm.settings.configured, 'updated', `"type":"Update","updatedAlarm":${json(after)},"originalUpdatedFields":${json(original)}`);
  }

  stateUpdated(alarm: Alarm, before: Standing): void {
    this.#items.push({
      ...head(alarm), timestamp: alarm.standing.updated, kind: 'StateUpdate',
      summary: `Alarm updated from ${before.value} to ${alarm.standing.value}`,
      data: `{"version":"1.0","oldState":${stateJson(before)},"newState":${stateJson(alarm.standing)}}`,
    });
  }

  /** An action that was tried, or that was suppressed; `error` is why it failed. */
  acted(alarm: Alarm, now: number, action: string, outcome: 'Succeeded' | 'Failed' | 'Suppressed', error?: string): void {
    const verb = { Succeeded: 'Successfully executed', Failed: 'Failed to execute', Suppressed: 'Suppressed' }[outcome];
    const data = { actionState: outcome, stateUpdateTimestamp: alarm.standing.updated, notificationResource: action, publishedMessage: null, error: error ?? null, muteWindowEndTimestamp: null };
    this.#items.push({ ...head(alarm), timestamp: now, kind: 'Action', summary: `${verb} action ${action}`, data: JSON.stringify(data) });
  }

  #configured(alarm: Alarm, timestamp: number, what: string, data: string): void {
    this.#items.push({ ...head(alarm), timestamp, kind: 'ConfigurationUpdate', summary: `Alarm "${alarm.name}" ${what}`, data: `{"version":"1.0",${data}}` });
  }
}

function head(alarm: Alarm): Pick<HistoryItem, 'name' | 'type'> {
  return { name: alarm.name, type: typeOf(alarm) };
}

function json(members: ReadonlyMap<string, string>): string {
  return `{${[...members].map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`;
}

/** Reason data go in as they are, since they are JSON already. */
function stateJson({ value, reason, reasonData }: Standing): string {
  return `{"stateValue":"${value}","stateReason":${JSON.stringify(reason)}${reasonData === undefined ? '' : `,"stateReasonData":${reasonData}`}}`;
}
