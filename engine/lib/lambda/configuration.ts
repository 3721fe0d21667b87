import { WireFault } from '../wire/fault.ts';
import type { FunctionConfiguration } from './functions.ts';
import { invalidParameter } from './kit.ts';

/** A function's configuration as CreateFunction and UpdateFunctionConfiguration take it. */
export interface ConfigurationInput {
  FunctionName: string;
  Runtime?: string;
  Handler?: string;
  Role?: string;
  Description?: string;
  Timeout?: number;
  MemorySize?: number;
  Environment?: { Variables?: Record<string, string> };
  Layers?: string[];
  Architectures?: string[];
  TracingConfig?: { Mode?: string };
  EphemeralStorage?: { Size?: number };
  LoggingConfig?: { LogFormat?: string; LogGroup?: string };
  RevisionId?: string;
}

const ENVIRONMENT_LIMIT = 4096;
const MOST_LAYERS = 5;

/** Keys that Lambda sets itself. */
const RESERVED: ReadonlySet<string> = new Set([
  '_HANDLER', '_X_AMZN_TRACE_ID', 'AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV', 'AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE', 'AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE',
  'AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN', 'AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR',
]);

/** The next configuration, with what the input leaves out as it was before, or as AWS's default. */
export function configurationOf(input: ConfigurationInput, before: FunctionConfiguration | undefined): FunctionConfiguration {
  const runtime = input.Runtime ?? before?.runtime;
  const handler = input.Handler ?? before?.handler;
  const role = input.Role ?? before?.role;
  if (!runtime || !handler || !role) throw invalidParameter('Runtime and Handler are mandatory parameters for functions created with deployment packages.');
  if (!/^nodejs\d+\.x$/.test(runtime)) throw unsupported(`the runtime ${runtime}; it runs Node.js functions: use nodejs22.x or nodejs24.x`);
  refuseUnsupported(input);
  const environment = input.Environment?.Variables ?? before?.environment ?? {};
  requireEnvironment(environment);
  const layers = input.Layers ?? before?.layers ?? [];
  if (layers.length > MOST_LAYERS) throw invalidParameter(`You cannot reference more than ${MOST_LAYERS} layers.`);
  return {
    runtime, handler, role, environment, layers,
    description: input.Description ?? before?.description ?? '',
    timeout: input.Timeout ?? before?.timeout ?? 3,
    memorySize: input.MemorySize ?? before?.memorySize ?? 128,
    architectures: input.Architectures ?? before?.architectures ?? ['x86_64'],
    tracingMode: input.TracingConfig?.Mode ?? before?.tracingMode ?? 'PassThrough',
    ephemeralStorage: input.EphemeralStorage?.Size ?? before?.ephemeralStorage ?? 512,
    logGroup: input.LoggingConfig?.LogGroup ?? before?.logGroup ?? `/aws/lambda/${input.FunctionName}`,
  };
}

function requireEnvironment(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((key) => RESERVED.has(key)).toSorted();
  const because = 'Lambda was unable to configure your environment variables because the environment variables you have provided';
  if (reserved.length > 0) throw invalidParameter(`${because} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`);
  const measured = JSON.stringify(variables);
  if (Buffer.byteLength(measured) > ENVIRONMENT_LIMIT) throw invalidParameter(`${because} exceeded the 4KB limit. String measured: ${measured}`);
}

/** What would change how a function behaves, and the engine does not do. */
function refuseUnsupported(input: ConfigurationInput): void {
  const given = input as unknown as Readonly<Record<string, Readonly<Record<string, unknown>> | readonly unknown[] | string | undefined>>;
  const member = (name: string, inner: string): unknown => (given[name] as Record<string, unknown> | undefined)?.[inner];
  if (member('LoggingConfig', 'LogFormat') === 'JSON') throw unsupported('LoggingConfig.LogFormat JSON; use Text');
  if (member('DeadLetterConfig', 'TargetArn')) throw unsupported('DeadLetterConfig');
  if (member('SnapStart', 'ApplyOn') === 'PublishedVersions') throw unsupported('SnapStart');
  if ((given['FileSystemConfigs']?.length ?? 0) as number > 0) throw unsupported('FileSystemConfigs');
  for (const name of ['CodeSigningConfigArn', 'ImageConfig', 'CapacityProviderConfig', 'DurableConfig', 'TenancyConfig']) if (given[name] !== undefined) throw unsupported(name);
}

function unsupported(what: string): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not implement ${what}; see engine/operations.md` });
}
