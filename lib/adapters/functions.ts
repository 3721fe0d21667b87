import type { FunctionConfiguration, LambdaClient } from '@aws-sdk/client-lambda';
import { peer, type ClientOptions } from './peer.ts';

type Sdk = typeof import('@aws-sdk/client-lambda');

/** A function as a person looks at it. */
export interface FoundFunction {
  readonly name: string;
  readonly arn: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly layers: readonly string[];
}

/** The functions of an account in a region. */
export class Functions {
  readonly #sdk: Sdk;
  readonly #client: LambdaClient;

  private constructor(sdk: Sdk, client: LambdaClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-lambda` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Functions> {
    const sdk = await peer('@aws-sdk/client-lambda', () => import('@aws-sdk/client-lambda'));
    return new Functions(sdk, new sdk.LambdaClient({ ...options }));
  }

  /** All functions. */
  async all(): Promise<FoundFunction[]> {
    const found: FunctionConfiguration[] = [];
    for await (const page of this.#sdk.paginateListFunctions({ client: this.#client }, {})) found.push(...page.Functions ?? []);
    return found.map(({ FunctionName = '', FunctionArn = '', Environment, Layers = [] }) => (
      { name: FunctionName, arn: FunctionArn, variables: Environment?.Variables ?? {}, layers: Layers.map(({ Arn = '' }) => Arn) }));
  }

  /** `Active`, or what Lambda says instead, which a list of functions does not tell. */
  async state(name: string): Promise<string> {
    const { State = 'Active', LastUpdateStatus } = await this.#client.send(new this.#sdk.GetFunctionConfigurationCommand({ FunctionName: name }));
    return LastUpdateStatus === 'Failed' ? 'Failed' : State;
  }

  /** Calls a function and waits for its answer: JSON text, or the error it ended with. */
  async call(name: string, payload: string): Promise<{ readonly output: string } | { readonly error: string; readonly cause: string }> {
    const { Payload, FunctionError } = await this.#client.send(new this.#sdk.InvokeCommand({ FunctionName: name, Payload: Buffer.from(payload) }));
    const text = Payload === undefined || Payload.length === 0 ? 'null' : Buffer.from(Payload).toString('utf8');
    if (FunctionError === undefined) return { output: text };
    const { errorType } = JSON.parse(text) as { readonly errorType?: string };
    return { error: errorType ?? 'Lambda.Unknown', cause: text };
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}
