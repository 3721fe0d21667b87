import { loadModel } from '../../wire/index.ts';
import { parseResource } from '../asl/index.ts';
import { actionName } from './naming.ts';

/** An API that a Task's Resource names. */
export interface SdkApi {
  /** The engine's name of the service, its model's. */
  readonly service: string;
  /** The model's name of the operation; undefined when the service has none of that name. */
  readonly operation: string | undefined;
  /** What the service's errors begin with: `Sfn`. */
  readonly prefix: string;
}

/** AWS's names of the services in `aws-sdk:<service>`, with what their errors begin with ("Supported AWS SDK service integrations"). */
const SERVICES: Readonly<Record<string, readonly [model: string, prefix: string]>> = {
  appconfig: ['appconfig', 'AppConfig'],
  appconfigdata: ['appconfigdata', 'AppConfigData'],
  cloudformation: ['cloudformation', 'CloudFormation'],
  cloudwatch: ['cloudwatch', 'CloudWatch'],
  cloudwatchlogs: ['cloudwatch-logs', 'CloudWatchLogs'],
  eventbridge: ['eventbridge', 'EventBridge'],
  iam: ['iam', 'Iam'],
  kms: ['kms', 'Kms'],
  lambda: ['lambda', 'Lambda'],
  s3: ['s3', 'S3'],
  sfn: ['sfn', 'Sfn'],
  sns: ['sns', 'Sns'],
  ssm: ['ssm', 'Ssm'],
  sts: ['sts', 'Sts'],
};

const PREFIX = 'aws-sdk:';

/** The API of `arn:aws:states:::aws-sdk:service:action`; undefined for other resources, and for services the engine has no model of. */
export function sdkApi(arn: string): SdkApi | undefined {
  if (!arn.includes(`:${PREFIX}`)) return undefined;
  const resource = parseResource(arn);
  if (resource?.kind !== 'service' || resource.pattern !== undefined || !resource.service.startsWith(PREFIX)) return undefined;
  const name = resource.service.slice(PREFIX.length);
  if (!Object.hasOwn(SERVICES, name)) return undefined;
  const [service, prefix] = SERVICES[name]!;
  return { service, prefix, operation: operationOf(service, resource.action) };
}

function operationOf(service: string, action: string): string | undefined {
  const { operations } = loadModel(service);
  const direct = action.charAt(0).toUpperCase() + action.slice(1);
  if (operations.has(direct) && actionName(direct) === action) return direct;
  return [...operations.keys()].find((operation) => actionName(operation) === action);
}
