/**
 * The layer versions that carry agent 2.0.2037 of May 2025, x86_64 and arm64, by region, from AWS's page "AWS AppConfig Agent Lambda
 * extension versions". Those and older ones ignore Entity-Id in a rollout; AWS does not say which later layer carries agent 2.0.136060, the
 * first that heeds it. A region that is not here had no layer then.
 */
const IGNORE_ENTITIES: Readonly<Record<string, readonly [x86: number, arm: number]>> = {
  'us-east-1': [207, 140], 'us-east-2': [162, 114], 'us-west-1': [258, 135], 'us-west-2': [262, 164],
  'ca-central-1': [152, 72], 'ca-west-1': [57, 47], 'sa-east-1': [215, 103],
  'eu-central-1': [189, 132], 'eu-central-2': [106, 64], 'eu-west-1': [189, 127], 'eu-west-2': [133, 85], 'eu-west-3': [162, 81],
  'eu-north-1': [259, 118], 'eu-south-1': [140, 68], 'eu-south-2': [102, 63],
  'ap-east-1': [142, 70], 'ap-northeast-1': [155, 108], 'ap-northeast-2': [165, 73], 'ap-northeast-3': [159, 74],
  'ap-southeast-1': [156, 108], 'ap-southeast-2': [199, 142], 'ap-southeast-3': [150, 87], 'ap-southeast-4': [78, 63], 'ap-southeast-5': [55, 30],
  'ap-south-1': [175, 117], 'ap-south-2': [104, 62],
  'af-south-1': [152, 80], 'il-central-1': [81, 64], 'me-central-1': [120, 76], 'me-south-1': [154, 82],
  'cn-north-1': [133, 55], 'cn-northwest-1': [131, 53], 'us-gov-east-1': [110, 56], 'us-gov-west-1': [109, 55],
};

/** The newest layer version of a region that is known to ignore Entity-Id; 0 where none is. */
export function newestWithoutEntities(region: string, arm: boolean): number {
  return IGNORE_ENTITIES[region]?.[arm ? 1 : 0] ?? 0;
}

/** A version of the agent's layer. */
export interface AgentLayerVersion {
  readonly region: string;
  readonly arm: boolean;
  readonly version: number;
}

/** Reads the ARN of a layer; nothing when it is none of the agent's. */
export function agentLayerOf(arn: string): AgentLayerVersion | undefined {
  const [, region, suffix, version] = /^arn:[\w-]+:lambda:([\w-]+):\d{12}:layer:AWS-AppConfig-Extension(-Arm64)?:(\d+)$/.exec(arn) ?? [];
  return region === undefined ? undefined : { region, arm: suffix !== undefined, version: Number(version) };
}
