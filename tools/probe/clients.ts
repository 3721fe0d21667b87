import { AppConfigClient } from '@aws-sdk/client-appconfig';
import { AppConfigDataClient } from '@aws-sdk/client-appconfigdata';
import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { SFNClient } from '@aws-sdk/client-sfn';
import { STSClient } from '@aws-sdk/client-sts';

/** Official SDK clients of one target. */
export interface Clients {
  readonly appconfig: AppConfigClient;
  readonly data: AppConfigDataClient;
  readonly cloudwatch: CloudWatchClient;
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly states: SFNClient;
  readonly sts: STSClient;
  destroy(): void;
}

/** Where clients connect; what is left out is for the SDK to find, as everywhere. */
export interface Connection {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** Clients that repeat throttled calls patiently: AppConfig's control plane allows a few calls a second. */
export function clientsOf(connection: Connection): Clients {
  const options = { ...connection, maxAttempts: 6, retryMode: 'adaptive' };
  const made = {
    appconfig: new AppConfigClient(options),
    data: new AppConfigDataClient(options),
    cloudwatch: new CloudWatchClient(options),
    events: new EventBridgeClient(options),
    iam: new IAMClient(options),
    lambda: new LambdaClient(options),
    logs: new CloudWatchLogsClient(options),
    states: new SFNClient(options),
    sts: new STSClient(options),
  };
  return { ...made, destroy: () => { for (const client of Object.values(made)) client.destroy(); } };
}
