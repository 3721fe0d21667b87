import type { Actor, House } from '../../ports.ts';
import { WireFault } from '../../wire/index.ts';
import { isObject, type TaskCall, type TaskResult } from '../asl/index.ts';
import type { Execution } from '../execution.ts';
import { callFor, statusOf, type Services } from './call.ts';

const PUT = { service: 'eventbridge', operation: 'PutEvents' } as const;

/**
 * The `events:putEvents` integration: a Detail may be JSON, the ARNs of execution and machine go into each entry's Resources, and one entry that
 * fails makes the task fail with EventBridge.FailedEntry and the answer as its cause ("Add EventBridge events with Step Functions").
 */
export async function putEvents(house: House, services: Services, execution: Execution, actor: Actor, call: TaskCall): Promise<TaskResult> {
  const requestId = house.draws.uuid(`states:events:${execution.arn}`);
  const given = isObject(call.input) && Array.isArray(call.input['Entries']) ? call.input['Entries'] : [];
  try {
    const answer = await callFor(house, services, actor, PUT, { Entries: given.map((entry: unknown) => entryOf(entry, execution)) });
    if (Number(answer['FailedEntryCount']) > 0) return { kind: 'failed', error: 'EventBridge.FailedEntry', cause: JSON.stringify(answer) };
    return { kind: 'succeeded', output: JSON.stringify({ ...answer, SdkHttpMetadata: { HttpStatusCode: 200 }, SdkResponseMetadata: { RequestId: requestId } }) };
  } catch (error) {
    if (!(error instanceof WireFault)) throw error;
    const name = error.code.endsWith('Exception') && error.code !== 'AccessDeniedException' && error.code !== 'ValidationException' ? error.code : 'AmazonEventBridgeException';
    return { kind: 'failed', error: `EventBridge.${name}`, cause: `${error.message} (Service: AmazonEventBridge; Status Code: ${statusOf(PUT.service, error)}; Error Code: ${error.code}; Request ID: ${requestId}; Proxy: null)` };
  }
}

function entryOf(entry: unknown, execution: Execution): Record<string, unknown> {
  const own = isObject(entry) ? entry : {};
  const { Detail, Time, Resources } = own;
  return {
    ...own,
    ...(Detail !== undefined && { Detail: typeof Detail === 'string' ? Detail : JSON.stringify(Detail) }),
    ...(typeof Time === 'string' && { Time: Date.parse(Time) }),
    Resources: [...(Array.isArray(Resources) ? Resources : []), execution.arn, execution.machine.arn],
  };
}
