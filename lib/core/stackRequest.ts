import { isObject } from './epoch.ts';
import { fault, shown, type Fault } from './fault.ts';
import { GUARDING } from './faults/guarding.ts';

/** What CloudFormation asks of a custom resource, and where it waits for the answer. */
export interface StackRequest {
  readonly kind: 'create' | 'update' | 'delete';
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
  /** What names the resource; the logical id until there is another. */
  readonly physicalResourceId: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** As they were before an update; empty otherwise. */
  readonly oldProperties: Readonly<Record<string, unknown>>;
}

const KINDS: Readonly<Record<string, StackRequest['kind']>> = { Create: 'create', Update: 'update', Delete: 'delete' };

/** Reads the event of a custom resource. */
export function parseStackRequest(event: unknown): StackRequest | Fault {
  const wrong = (problem: string): Fault => fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'the custom resource', problem });
  if (!isObject(event)) return wrong(`it is ${shown(event)}, not an object`);
  const kind = KINDS[String(event['RequestType'])];
  if (kind === undefined) return wrong(`RequestType is ${shown(event['RequestType'])}`);
  const missing = ['ResponseURL', 'StackId', 'RequestId', 'LogicalResourceId'].find((name) => typeof event[name] !== 'string');
  if (missing !== undefined) return wrong(`${missing} must be text, got ${shown(event[missing])}`);
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId, ResourceProperties } = event as Readonly<Record<string, string>>;
  return {
    kind, responseUrl: ResponseURL!, stackId: StackId!, requestId: RequestId!, logicalResourceId: LogicalResourceId!,
    physicalResourceId: PhysicalResourceId ?? `sluice-${LogicalResourceId!}`,
    properties: isObject(ResourceProperties) ? ResourceProperties : {},
    oldProperties: isObject(event['OldResourceProperties']) ? event['OldResourceProperties'] : {},
  };
}

/** What a custom resource is called, and what templates read of it. */
export interface Made {
  readonly physicalResourceId: string;
  readonly data: Readonly<Record<string, string>>;
}

/** The answer CloudFormation waits for; a failure says why. */
export function stackAnswer(request: StackRequest, failure?: Error, made?: Made): string {
  return JSON.stringify({
    Status: failure === undefined ? 'SUCCESS' : 'FAILED',
    // CloudFormation takes 4 kB in all.
    ...(failure === undefined ? {} : { Reason: failure.message.slice(0, 2000) }),
    PhysicalResourceId: made?.physicalResourceId ?? request.physicalResourceId, ...(made === undefined ? {} : { Data: made.data }), StackId: request.stackId, RequestId: request.requestId, LogicalResourceId: request.logicalResourceId,
  });
}
