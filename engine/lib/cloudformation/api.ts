import type { House } from '../ports.ts';
import type { Call, Service } from '../wire/index.ts';
import { loadModel, WireFault, wireRequest } from '../wire/index.ts';
import { modelled } from './input.ts';
import { ResourceFailure } from './provider.ts';

/** Calls an operation of the engine with a template's values; resolves with its answer, rejects with ResourceFailure when it refuses. */
export type Api = (service: string, operation: string, input: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>;

/** AWS's names of services, as resource handlers write them into their messages. */
const NAMES: Readonly<Record<string, string>> = {
  appconfig: 'AppConfig', cloudwatch: 'CloudWatch', 'cloudwatch-logs': 'CloudWatchLogs', eventbridge: 'EventBridge', iam: 'Iam', kms: 'Kms', lambda: 'Lambda', s3: 'S3', sfn: 'Sfn', sns: 'Sns', ssm: 'Ssm',
};

/** The engine's services as resource handlers call them, with the stack's role if it has one; refusals are worded as by AWS's handlers. */
export function ownApi({ draws, ports }: House, services: () => ReadonlyMap<string, Service>, roleArn: string | undefined): Api {
  return async (name, operation, input) => {
    const service = services().get(name);
    const handler = service && Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    if (!handler) throw new ResourceFailure(`sluice-engine does not implement ${name}:${operation}, which this resource needs; see engine/operations.md`);
    const model = loadModel(name);
    const shaped = modelled(model, model.operation(operation).input, input);
    const call: Call = { service: name, operation, input: shaped, request: wireRequest('POST', '/') };
    try {
      const denied = roleArn === undefined ? undefined : ports.access.refusalOf({ kind: 'role', roleArn, service: 'cloudformation.amazonaws.com', session: 'AWSCloudFormation' }, call);
      if (denied) throw denied;
      return ((await handler(shaped as never, call)) ?? {}) as Record<string, unknown>;
    } catch (error) {
      if (!(error instanceof WireFault)) throw error;
      const status = error.status ?? model.error(error.code)?.error?.status ?? 400;
      const request = draws.uuid('cloudformation:handler');
      throw new Refused(`Resource handler returned message: "${error.message} (Service: ${NAMES[name] ?? name}, Status Code: ${status}, Request ID: ${request})" (RequestToken: ${draws.uuid('cloudformation:handler')}, HandlerErrorCode: ${handlerCode(error.code, status)})`, error);
    }
  };
}

/** A refusal of the service that a handler called. */
export class Refused extends ResourceFailure {
  readonly fault: WireFault;

  constructor(message: string, fault: WireFault) {
    super(message);
    this.fault = fault;
  }
}

/** Runs a deletion; that the thing is gone already is no failure. */
export async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  await isGone(deletion);
}

/** Whether a call finds nothing to act on; any other refusal is thrown. */
export async function isGone(call: Promise<unknown>): Promise<boolean> {
  try {
    await call;
    return false;
  } catch (error) {
    if (error instanceof Refused && isMissing(error.fault)) return true;
    throw error;
  }
}

function isMissing({ code, status }: WireFault): boolean {
  return status === 404 || /NotFound|NoSuch|DoesNotExist/.test(code);
}

function handlerCode(code: string, status: number): string {
  if (status === 404 || /NotFound|NoSuch|DoesNotExist/.test(code)) return 'NotFound';
  if (/AlreadyExists|EntityAlready/.test(code)) return 'AlreadyExists';
  if (status === 403 || /AccessDenied/.test(code)) return 'AccessDenied';
  if (status === 409 || /Conflict/.test(code)) return 'ResourceConflict';
  if (status === 429 || /Throttl|TooMany/.test(code)) return 'Throttling';
  return status >= 500 ? 'ServiceInternalError' : 'InvalidRequest';
}
