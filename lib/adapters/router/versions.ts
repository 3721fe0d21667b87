import type { SFNClient } from '@aws-sdk/client-sfn';
import { outlived, PRUNED_AT_ONCE } from '../../core/shift/prune.ts';
import type { ShiftRecord } from '../../core/shift/record.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-sfn');

/** The versions of state machines, who routes to them, and what still needs them. */
export class Versions {
  readonly #sdk: Sdk;
  readonly #client: SFNClient;

  private constructor(sdk: Sdk, client: SFNClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-sfn` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Versions> {
    const sdk = await peer('@aws-sdk/client-sfn', () => import('@aws-sdk/client-sfn'));
    return new Versions(sdk, new sdk.SFNClient({ ...options }));
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

  /** The definition of a version; nothing when there is no such version. */
  async definition(stateMachineArn: string): Promise<string | undefined> {
    try {
      return (await this.#client.send(new this.#sdk.DescribeStateMachineCommand({ stateMachineArn }))).definition;
    } catch (error) {
      if ((error as Error).name === 'StateMachineDoesNotExist') return undefined;
      throw error;
    }
  }

  /** The newest version of a state machine; nothing when it has none. */
  async newestVersion(stateMachineArn: string): Promise<string | undefined> {
    const { stateMachineVersions = [] } = await this.#client.send(new this.#sdk.ListStateMachineVersionsCommand({ stateMachineArn, maxResults: 1 }));
    return stateMachineVersions[0]?.stateMachineVersionArn;
  }

  /**
   * Deletes the oldest versions of a workflow whose shift is over that no retention, no alias and no running execution needs; a few, since each shift
   * brings few. Answers their ARNs.
   */
  async prune(shift: ShiftRecord, retained?: number): Promise<string[]> {
    const pruned: string[] = [];
    for (const arn of outlived(await this.#all(shift.to.slice(0, shift.to.lastIndexOf(':'))), shift, retained)) {
      if (pruned.length === PRUNED_AT_ONCE) break;
      if (await this.#isNeeded(arn)) continue;
      await this.#client.send(new this.#sdk.DeleteStateMachineVersionCommand({ stateMachineVersionArn: arn }));
      pruned.push(arn);
    }
    return pruned;
  }

  async #all(stateMachineArn: string): Promise<string[]> {
    const found: string[] = [];
    for (let nextToken: string | undefined, first = true; first || nextToken !== undefined; first = false) {
      const answer = await this.#client.send(new this.#sdk.ListStateMachineVersionsCommand({ stateMachineArn, maxResults: 1000, ...(nextToken === undefined ? {} : { nextToken }) }));
      found.push(...(answer.stateMachineVersions ?? []).map(({ stateMachineVersionArn = '' }) => stateMachineVersionArn));
      nextToken = answer.nextToken;
    }
    return found;
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }

  async #isNeeded(stateMachineArn: string): Promise<boolean> {
    const { stateMachineAliases = [] } = await this.#client.send(new this.#sdk.ListStateMachineAliasesCommand({ stateMachineArn, maxResults: 1 }));
    if (stateMachineAliases.length > 0) return true;
    const { executions = [] } = await this.#client.send(new this.#sdk.ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }));
    return executions.length > 0;
  }
}
