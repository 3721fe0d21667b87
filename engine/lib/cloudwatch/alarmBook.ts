import type { AlarmState, House } from '../ports.ts';
import { WireFault } from '../wire/fault.ts';
import { actionsFor, typeOf, type Alarm, type CompositeSettings, type MetricSettings, type Standing } from './alarm.ts';
import { briefConfiguration, fullConfiguration, historyMembers, stateDocument } from './alarmDocument.ts';
import { AlarmHistory } from './alarmHistory.ts';
import { alarmMessage } from './alarmMessage.ts';
import { instantText } from './text.ts';

/** Told of every change of an alarm's value, in the turn of the change. */
export type AlarmListener = (alarm: Alarm, before: Standing) => void;

/** The reason of an alarm that was not evaluated yet. */
const UNCHECKED = 'Unchecked: Initial alarm creation';
const INVOKER = 'lambda.alarms.cloudwatch.amazonaws.com';
const PUBLISHER = 'cloudwatch.amazonaws.com';

/** All alarms of the account: who they are, how they stand, and what follows from a change. */
export class AlarmBook {
  readonly history: AlarmHistory = new AlarmHistory();
  readonly #house: House;
  readonly #alarms: Map<string, Alarm> = new Map();
  readonly #listeners: AlarmListener[] = [];

  constructor(house: House) {
    this.#house = house;
  }

  /** All alarms by name. */
  get alarms(): ReadonlyMap<string, Alarm> {
    return this.#alarms;
  }

  /** The ARN of an alarm's name. */
  arnOf(name: string): string {
    return `arn:aws:cloudwatch:${this.#house.region}:${this.#house.account}:alarm:${name}`;
  }

  /** By name or ARN. */
  find(nameOrArn: string): Alarm | undefined {
    const prefix = this.arnOf('');
    return this.#alarms.get(nameOrArn.startsWith(prefix) ? nameOrArn.slice(prefix.length) : nameOrArn);
  }

  listen(listener: AlarmListener): void {
    this.#listeners.push(listener);
  }

  /** Creates an alarm in INSUFFICIENT_DATA, or gives one that is there other settings; it keeps its state and tags. */
  configure(name: string, settings: MetricSettings | CompositeSettings, tags: ReadonlyMap<string, string>): { alarm: Alarm; created: boolean } {
    const known = this.#alarms.get(name);
    if (known) {
      this.reconfigure(known, settings);
      return { alarm: known, created: false };
    }
    const standing: Standing = { value: 'INSUFFICIENT_DATA', reason: UNCHECKED, updated: settings.configured, transitioned: settings.configured };
    const alarm: Alarm = { name, arn: this.arnOf(name), tags: new Map(tags), settings, standing };
    this.#alarms.set(name, alarm);
    this.history.created(alarm);
    this.#announce(alarm, 'create', standing.updated);
    return { alarm, created: true };
  }

  /** Gives an alarm other settings; the same ones again change nothing, as recorded. */
  reconfigure(alarm: Alarm, settings: MetricSettings | CompositeSettings): void {
    if (unstamped(settings) === unstamped(alarm.settings)) return;
    const before = historyMembers(alarm);
    const previous = alarm.settings;
    alarm.settings = settings;
    this.history.updated(alarm, before);
    this.#announce(alarm, 'update', settings.configured, previous);
  }

  remove(alarm: Alarm): void {
    const now = this.#house.kernel.now();
    this.#alarms.delete(alarm.name);
    this.history.deleted(alarm, now);
    this.#announce(alarm, 'delete', now);
  }

  /**
   * Puts an alarm into a state. The same value again and the same suppression change nothing. A change is recorded, sent to EventBridge
   * even if actions are disabled, acted upon and told to listeners, all in this turn.
   */
  stand(alarm: Alarm, next: Standing): void {
    const before = alarm.standing;
    const moved = before.value !== next.value;
    if (!moved && before.suppressedBy === next.suppressedBy) return;
    alarm.standing = next;
    const { history, ports } = this.#house;
    history.record('cloudwatch:alarm', alarm.arn, { state: next.value, previous: before.value, ...(next.suppressedBy !== undefined && { suppressedBy: next.suppressedBy }) });
    if (moved) this.history.stateUpdated(alarm, before);
    const documents = { alarmName: alarm.name, state: stateDocument(next), previousState: stateDocument(before), configuration: briefConfiguration(alarm) };
    ports.events.emit({ source: 'aws.cloudwatch', detailType: 'CloudWatch Alarm State Change', resources: [alarm.arn], detail: documents, time: next.updated });
    if (alarm.settings.actionsEnabled) this.#act(alarm, before, documents);
    if (moved) for (const listen of this.#listeners) listen(alarm, before);
  }

  /** Puts an alarm into a state from now on. */
  move(alarm: Alarm, value: AlarmState, reason: string, reasonData: string | undefined, at: number = this.#house.kernel.now()): void {
    this.stand(alarm, { value, reason, ...(reasonData !== undefined && { reasonData }), updated: at, transitioned: at });
  }

  /** Functions are invoked and topics published to; everything else, such as scaling, is taken as done and only noted. */
  #act(alarm: Alarm, before: Standing, documents: Record<string, unknown>): void {
    const now = this.#house.kernel.now();
    for (const action of actionsFor(alarm)) {
      if (alarm.standing.suppressedBy !== undefined) {
        this.history.acted(alarm, now, action, 'Suppressed');
        continue;
      }
      try {
        if (action.startsWith('arn:aws:lambda:')) this.#invoke(alarm, action, documents);
        else if (action.startsWith('arn:aws:sns:')) this.#house.ports.topics.publish({ topicArn: action, ...alarmMessage(this.#house, alarm, before) }, { kind: 'service', service: PUBLISHER, sourceArn: alarm.arn });
        this.history.acted(alarm, now, action, 'Succeeded');
      } catch (error) {
        if (!(error instanceof WireFault)) throw error;
        this.history.acted(alarm, now, action, 'Failed', error.message);
      }
    }
  }

  #invoke(alarm: Alarm, functionArn: string, alarmData: Record<string, unknown>): void {
    const { account, region, ports } = this.#house;
    const payload = { source: 'aws.cloudwatch', alarmArn: alarm.arn, accountId: account, time: instantText(alarm.standing.updated), region, alarmData };
    ports.lambda.invokeAsync({ functionArn, payload: JSON.stringify(payload), principal: INVOKER, sourceArn: alarm.arn });
  }

  #announce(alarm: Alarm, operation: 'create' | 'update' | 'delete', time: number, previous?: MetricSettings | CompositeSettings): void {
    const { value, reason, updated } = alarm.standing;
    this.#house.history.record('cloudwatch:alarm-configuration', alarm.arn, { operation, type: typeOf(alarm) });
    this.#house.ports.events.emit({
      source: 'aws.cloudwatch',
      detailType: 'CloudWatch Alarm Configuration Change',
      resources: [alarm.arn],
      time,
      detail: {
        alarmName: alarm.name,
        operation,
        state: { value, ...(operation === 'delete' && { reason }), timestamp: instantText(updated) },
        configuration: fullConfiguration(alarm.name, alarm.settings),
        ...(previous && { previousConfiguration: fullConfiguration(alarm.name, previous) }),
      },
    });
  }
}

/** Settings as text, without when they were put and what their metric is called. */
function unstamped(settings: MetricSettings | CompositeSettings): string {
  return JSON.stringify({ ...settings, configured: 0, metricId: '' });
}
