import type { SFNClient } from '@aws-sdk/client-sfn';
import { numberOf, outlived, PRUNED_AT_ONCE, type Pruned, type Retention } from '../../core/shift/prune.ts';
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
   * Deletes the oldest versions of a state machine that no retention, no alias and no running execution needs; a hundred at most, since each deployment brings one. What
   * stands in the way is answered with what was deleted before it.
   */
  async prune(stateMachineArn: string, retention: Retention): Promise<Pruned> {
    const [pruned, needed]: [number[], number[]] = [[], []];
    const workflow = stateMachineArn.slice(stateMachineArn.lastIndexOf(':') + 1);
    let all: readonly string[] = [];
    const result = (): Pruned => ({ workflow, pruned, needed, left: all.length - pruned.length });
    try {
      all = await this.#all(stateMachineArn);
      for (const arn of outlived(all, retention)) {
        if (pruned.length === PRUNED_AT_ONCE) break;
        (await this.#isNeeded(arn) || !await this.#delete(arn) ? needed : pruned).push(numberOf(arn));
      }
      return result();
    } catch (error) {
      return { ...result(), problem: `${workflow}: ${(error as Error).message}` };
    }
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

  /** Whether it was deleted: Step Functions refuses one that an alias came to route to. */
  async #delete(stateMachineVersionArn: string): Promise<boolean> {
    try {
      await this.#client.send(new this.#sdk.DeleteStateMachineVersionCommand({ stateMachineVersionArn }));
      return true;
    } catch (error) {
      if ((error as Error).name === 'ConflictException') return false;
      throw error;
    }
  }

  async #isNeeded(stateMachineArn: string): Promise<boolean> {
    const { stateMachineAliases = [] } = await this.#client.send(new this.#sdk.ListStateMachineAliasesCommand({ stateMachineArn, maxResults: 1 }));
    if (stateMachineAliases.length > 0) return true;
    const { executions = [] } = await this.#client.send(new this.#sdk.ListExecutionsCommand({ stateMachineArn, statusFilter: 'RUNNING', maxResults: 1 }));
    return executions.length > 0;
  }
}
