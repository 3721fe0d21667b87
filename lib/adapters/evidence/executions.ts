import type { SFNClient } from '@aws-sdk/client-sfn';
import { mayHaveMoved, outputsOf } from '../../core/settlement.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-sfn');

/** How many events of a history are read: the pin state comes first, and each of its retries takes three. */
const EVENTS = 40;

/** Step Functions' executions as evidence. */
export class Executions {
  readonly #sdk: Sdk;
  readonly #client: SFNClient;

  private constructor(sdk: Sdk, client: SFNClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-sfn` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Executions> {
    const sdk = await peer('@aws-sdk/client-sfn', () => import('@aws-sdk/client-sfn'));
    return new Executions(sdk, new sdk.SFNClient({ ...options }));
  }

  /** The first events of an execution's history, oldest first. */
  async beginning(execution: string): Promise<unknown[]> {
    const answer = await this.#client.send(new this.#sdk.GetExecutionHistoryCommand({ executionArn: execution, maxResults: EVENTS, includeExecutionData: true }));
    return answer.events ?? [];
  }

  /** What its tasks and states got and gave, as far as that tells its pin: at the beginning of its history, and of one that may have moved since at the end too. */
  async outputs(execution: string): Promise<unknown[]> {
    const first = outputsOf(await this.beginning(execution));
    if (!mayHaveMoved(first, execution)) return first;
    const last = await this.#client.send(new this.#sdk.GetExecutionHistoryCommand({ executionArn: execution, maxResults: EVENTS, includeExecutionData: true, reverseOrder: true }));
    return [...first, ...outputsOf((last.events ?? []).toReversed())];
  }

  /** How an execution stands; nothing for one that Step Functions has forgotten. */
  async status(execution: string): Promise<string | undefined> {
    try {
      return (await this.#client.send(new this.#sdk.DescribeExecutionCommand({ executionArn: execution }))).status;
    } catch (error) {
      if ((error as Error).name === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}
