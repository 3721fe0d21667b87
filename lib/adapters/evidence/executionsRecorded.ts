import type { SFNClient } from '@aws-sdk/client-sfn';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-sfn');

/** An execution as it is listed. */
export interface PastExecution {
  readonly arn: string;
  readonly stateMachine: string;
  /** The ARN of the version it ran on; absent when it ran on none. */
  readonly version?: string;
  readonly status: string;
}

/** What Step Functions keeps of executions that are over: their definitions and histories. */
export class ExecutionsRecorded {
  readonly #sdk: Sdk;
  readonly #client: SFNClient;
  readonly #definitions: Map<string, Promise<string>> = new Map();

  private constructor(sdk: Sdk, client: SFNClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** Histories are read one by one, so throttled calls are tried again patiently. @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-sfn` is not installed. */
  static async open(options: ClientOptions = {}): Promise<ExecutionsRecorded> {
    const sdk = await peer('@aws-sdk/client-sfn', () => import('@aws-sdk/client-sfn'));
    return new ExecutionsRecorded(sdk, new sdk.SFNClient({ maxAttempts: 10, ...options }));
  }

  /** The newest executions of an alias, a version or a state machine. @param most how many */
  async recent(workflow: string, most: number): Promise<PastExecution[]> {
    const found: PastExecution[] = [];
    for await (const { executions = [] } of this.#sdk.paginateListExecutions({ client: this.#client, pageSize: Math.min(most, 1000) }, { stateMachineArn: workflow })) {
      found.push(...executions.map(({ executionArn = '', stateMachineArn = '', stateMachineVersionArn, status = '' }) => ({ arn: executionArn, stateMachine: stateMachineArn, status, ...(stateMachineVersionArn === undefined ? {} : { version: stateMachineVersionArn }) })));
      if (found.length >= most) break;
    }
    return found.slice(0, most);
  }

  /** The definition of a version or a state machine. */
  definition(arn: string): Promise<string> {
    return this.#kept(arn, async () => (await this.#client.send(new this.#sdk.DescribeStateMachineCommand({ stateMachineArn: arn }))).definition);
  }

  /** The definition an execution ran with; its version may be deleted by now. */
  definitionOf({ arn, version }: PastExecution): Promise<string> {
    return this.#kept(version ?? arn, async () => {
      if (version !== undefined) {
        const known = await this.#client.send(new this.#sdk.DescribeStateMachineCommand({ stateMachineArn: version })).catch(unlessGone);
        if (known !== undefined) return known.definition;
      }
      return (await this.#client.send(new this.#sdk.DescribeStateMachineForExecutionCommand({ executionArn: arn }))).definition;
    });
  }

  /** The whole history of an execution, oldest first. */
  async history({ arn }: PastExecution): Promise<unknown[]> {
    const found: unknown[] = [];
    for await (const { events = [] } of this.#sdk.paginateGetExecutionHistory({ client: this.#client, pageSize: 1000 }, { executionArn: arn, includeExecutionData: true })) found.push(...events);
    return found;
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }

  #kept(key: string, ask: () => Promise<string | undefined>): Promise<string> {
    const known = this.#definitions.get(key) ?? ask().then((definition) => definition ?? '{}');
    this.#definitions.set(key, known);
    return known;
  }
}

function unlessGone(error: unknown): undefined {
  if ((error as Error).name !== 'StateMachineDoesNotExist') throw error;
}
