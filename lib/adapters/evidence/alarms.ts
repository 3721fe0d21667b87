import type { CloudWatchClient, CompositeAlarm, MetricAlarm } from '@aws-sdk/client-cloudwatch';
import type { AlarmChange } from '../../core/alarm.ts';
import { fault } from '../../core/fault.ts';
import { PLANNING } from '../../core/faults/planning.ts';
import type { AlarmState } from '../../core/rollout.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-cloudwatch');

/** CloudWatch's alarms as evidence: as they are, and as they were. */
export class Alarms {
  readonly #sdk: Sdk;
  readonly #client: CloudWatchClient;

  private constructor(sdk: Sdk, client: CloudWatchClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-cloudwatch` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Alarms> {
    const sdk = await peer('@aws-sdk/client-cloudwatch', () => import('@aws-sdk/client-cloudwatch'));
    return new Alarms(sdk, new sdk.CloudWatchClient({ ...options }));
  }

  /** A metric or composite alarm as it is now. @throws Fault `SLUICE-PLANE-1` when there is none of that name. */
  async now(name: string): Promise<{ readonly state: AlarmState; readonly actionsEnabled: boolean }> {
    const { StateValue, ActionsEnabled = true } = await this.#described(name);
    return { state: StateValue as AlarmState, actionsEnabled: ActionsEnabled };
  }

  /** An alarm's last change, as it would have told it. @throws Fault `SLUICE-PLANE-1` when there is none of that name. */
  async change(name: string): Promise<AlarmChange> {
    const { StateValue, StateTransitionedTimestamp, StateUpdatedTimestamp } = await this.#described(name);
    return { name, state: StateValue as AlarmState, at: (StateTransitionedTimestamp ?? StateUpdatedTimestamp)?.getTime() ?? 0 };
  }

  /** The state an alarm had at a moment (epoch milliseconds), by its history; `unknown` when that does not reach back so far. */
  async at(name: string, moment: number): Promise<AlarmState | 'unknown'> {
    const answer = await this.#client.send(new this.#sdk.DescribeAlarmHistoryCommand({
      AlarmName: name, AlarmTypes: ['MetricAlarm', 'CompositeAlarm'], HistoryItemType: 'StateUpdate',
      EndDate: new Date(moment), ScanBy: 'TimestampDescending', MaxRecords: 1,
    }));
    const data = answer.AlarmHistoryItems?.[0]?.HistoryData;
    if (data === undefined) return 'unknown';
    return ((JSON.parse(data) as { newState?: { stateValue?: AlarmState } }).newState?.stateValue) ?? 'unknown';
  }

  /** Lets an alarm's actions happen, or not. AppConfig's monitors do not roll back for one whose actions are disabled. */
  async setActions(name: string, enabled: boolean): Promise<void> {
    const names = { AlarmNames: [name] };
    await this.#client.send(enabled ? new this.#sdk.EnableAlarmActionsCommand(names) : new this.#sdk.DisableAlarmActionsCommand(names));
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }

  async #described(name: string): Promise<MetricAlarm | CompositeAlarm> {
    const answer = await this.#client.send(new this.#sdk.DescribeAlarmsCommand({ AlarmNames: [name], AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
    const found = answer.MetricAlarms?.[0] ?? answer.CompositeAlarms?.[0];
    if (found === undefined) throw fault(PLANNING, 'SLUICE-PLANE-1', { kind: 'alarm', name });
    return found;
  }
}
