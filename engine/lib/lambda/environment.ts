import type { IssuedCredentials } from '../sts/credentials.ts';
import type { FunctionVersion } from './functions.ts';

/** Where code inside a sandbox finds the engine; the name leads through the sandbox's own sockets, not to a port of the machine. */
export const ENGINE_DOOR = '127.0.0.1:4566';

/** Where code inside finds the AppConfig agent, unless AWS_APPCONFIG_EXTENSION_HTTP_PORT says otherwise. */
export const AGENT_PORT = '2772';

/** What a sandbox is given beside its function: a log stream, and the credentials of the function's role. */
export interface Place {
  readonly logStream: string;
  readonly credentials: Omit<IssuedCredentials, 'Expiration'>;
}

/** The environment variables of a function's sandbox: Lambda's own, and the function's over them. */
export function environmentOf(version: FunctionVersion, region: string, place: Place): Record<string, string> {
  const { configuration, name } = version;
  return {
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: version.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(configuration.memorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: configuration.logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_EXECUTION_ENV: `AWS_Lambda_${configuration.runtime}`,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: place.credentials.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: place.credentials.SecretAccessKey,
    AWS_SESSION_TOKEN: place.credentials.SessionToken,
    AWS_ENDPOINT_URL: `http://${ENGINE_DOOR}`,
    AWS_EC2_METADATA_DISABLED: 'true',
    LAMBDA_TASK_ROOT: '/var/task',
    LAMBDA_RUNTIME_DIR: '/var/runtime',
    _HANDLER: configuration.handler,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    PATH: '/usr/local/bin:/usr/bin:/bin',
    ...configuration.environment,
  };
}

/** The agent's door, for functions that have its layer; without the layer there is no agent, as on AWS. */
export function agentDoorsOf(version: FunctionVersion): string[] {
  const { layers, environment } = version.configuration;
  if (!layers.some((layer) => layer.includes('AWS-AppConfig-Extension'))) return [];
  const port = environment['AWS_APPCONFIG_EXTENSION_HTTP_PORT'] ?? AGENT_PORT;
  return [`localhost:${port}`, `127.0.0.1:${port}`];
}
