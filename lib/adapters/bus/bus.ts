import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { fault } from '../../core/fault.ts';
import { JUDGING } from '../../core/faults/judging.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-eventbridge');

/** The source of Sluice's own events. */
export const SOURCE = 'sluice';

/** EventBridge's default bus: those that decide tell others there what they decided, and its rules call handlers. */
export class Bus {
  readonly #sdk: Sdk;
  readonly #client: EventBridgeClient;

  private constructor(sdk: Sdk, client: EventBridgeClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-eventbridge` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Bus> {
    const sdk = await peer('@aws-sdk/client-eventbridge', () => import('@aws-sdk/client-eventbridge'));
    return new Bus(sdk, new sdk.EventBridgeClient({ ...options }));
  }

  /** Tells one event. @throws Fault `SLUICE-JUDGE-13` when EventBridge did not take it. */
  async tell(detailType: string, detail: object): Promise<void> {
    const { Entries = [] } = await this.#client.send(new this.#sdk.PutEventsCommand({ Entries: [{ Source: SOURCE, DetailType: detailType, Detail: JSON.stringify(detail) }] }));
    const [{ ErrorCode, ErrorMessage = '' } = {}] = Entries;
    if (ErrorCode !== undefined) throw fault(JUDGING, 'SLUICE-JUDGE-13', { problem: `${ErrorCode}: ${ErrorMessage}` });
  }

  /** The default bus's rules that call a target, by its ARN. */
  async rulesOf(target: string): Promise<{ readonly name: string; readonly enabled: boolean }[]> {
    const names: string[] = [];
    for (let NextToken: string | undefined; ;) {
      const page = await this.#client.send(new this.#sdk.ListRuleNamesByTargetCommand({ TargetArn: target, ...(NextToken === undefined ? {} : { NextToken }) }));
      names.push(...page.RuleNames ?? []);
      NextToken = page.NextToken;
      if (NextToken === undefined) break;
    }
    return await Promise.all(names.sort().map(async (name) => ({ name, enabled: (await this.#client.send(new this.#sdk.DescribeRuleCommand({ Name: name }))).State !== 'DISABLED' })));
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}
