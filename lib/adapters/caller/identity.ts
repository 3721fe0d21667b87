import type { Caller } from '../../core/checkup/facts.ts';
import { peer, type ClientOptions } from '../peer.ts';

/** Who asks, as STS knows them; nobody needs a permission for it. @throws Fault `SLUICE-PEER-1` when `@aws-sdk/client-sts` is not installed. */
export async function callerOf(options: ClientOptions = {}): Promise<Caller> {
  const sdk = await peer('@aws-sdk/client-sts', () => import('@aws-sdk/client-sts'));
  const client = new sdk.STSClient({ ...options });
  try {
    const { Arn = '', Account = '' } = await client.send(new sdk.GetCallerIdentityCommand({}));
    return { arn: Arn, account: Account, region: await client.config.region() };
  } finally {
    client.destroy();
  }
}
