import type { STSClient } from '@aws-sdk/client-sts';
import type { Caller } from '../../core/checkup/facts.ts';
import { peer, type ClientOptions } from '../peer.ts';

type Sdk = typeof import('@aws-sdk/client-sts');

/** Who asks, as STS knows them. */
export class Identity {
  readonly #sdk: Sdk;
  readonly #client: STSClient;

  private constructor(sdk: Sdk, client: STSClient) {
    this.#sdk = sdk;
    this.#client = client;
  }

  /** @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-sts` is not installed. */
  static async open(options: ClientOptions = {}): Promise<Identity> {
    const sdk = await peer('@aws-sdk/client-sts', () => import('@aws-sdk/client-sts'));
    return new Identity(sdk, new sdk.STSClient({ ...options }));
  }

  /** Nobody needs a permission for it. */
  async caller(): Promise<Caller> {
    const { Arn = '', Account = '', UserId = '' } = await this.#client.send(new this.#sdk.GetCallerIdentityCommand({}));
    return { arn: Arn, userId: UserId, account: Account, region: await this.#client.config.region() };
  }

  /** Lets go of the client's connections. */
  close(): void {
    this.#client.destroy();
  }
}

/** Some ARN in the account and the region of who asks. @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-sts` is not installed. */
export async function arnOfCaller(options: ClientOptions): Promise<string> {
  const identity = await Identity.open(options);
  try {
    const { arn, account, region } = await identity.caller();
    return `arn:${arn.split(':')[1] ?? 'aws'}:sts:${region}:${account}:caller`;
  } finally {
    identity.close();
  }
}
