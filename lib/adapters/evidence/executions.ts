import type { SFNClient } from '@aws-sdk/client-sfn';
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

  /** How an execution stands; nothing for one that Step Functions has forgotten. */
  async status(execution: string): Promise<string | undefined> {
    try {
      return (await this.#client.send(new this.#sdk.DescribeExecutionCommand({ executionArn: execution }))).status;
    } catch (error) {
      if ((error as Error).name === 'ExecutionDoesNotExist') return undefined;
      throw error;
    }
  }

  /** The routes of an alias; nothing when there is no such alias. */
  async routes(stateMachineAliasArn: string): Promise<readonly { readonly version: string; readonly weight: number }[] | undefined> {
    try {
      const { routingConfiguration = [] } = await this.#client.send(new this.#sdk.DescribeStateMachineAliasCommand({ stateMachineAliasArn }));
      return routingConfiguration.map(({ stateMachineVersionArn = '', weight = 0 }) => ({ version: stateMachineVersionArn, weight }));
    } catch (error) {
      if ((error as Error).name === 'ResourceNotFound' || (error as Error).name === 'ResourceNotFoundException') return undefined;
      throw error;
    }
  }

  /** The newest version of a state machine; nothing when it has none. */
  async newestVersion(stateMachineArn: string): Promise<string | undefined> {
    const { stateMachineVersions = [] } = await this.#client.send(new this.#sdk.ListStateMachineVersionsCommand({ stateMachineArn, maxResults: 1 }));
    return stateMachineVersions[0]?.stateMachineVersionArn;
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}
