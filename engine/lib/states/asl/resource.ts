import type { Datum } from './datum.ts';
import { failureDetails, withInput, withOutput, type EventDetails } from './journal.ts';
import type { Thread } from './thread.ts';

/** What a Task's Resource is. */
export type Resource =
  | { readonly kind: 'function'; readonly arn: string }
  | { readonly kind: 'activity'; readonly arn: string }
  | { readonly kind: 'service'; readonly service: string; readonly action: string; readonly pattern: string | undefined };

/** The events of a Task's attempts, which differ by the kind of its resource. */
export interface TaskEvents {
  /** Who returned too much, in the words of States.DataLimitExceeded. */
  readonly source: string;
  scheduled(thread: Thread, input: Datum, limits: { readonly timeout: number | undefined; readonly heartbeat: number | undefined }): void;
  started(thread: Thread): void;
  succeeded(thread: Thread, output: string): void;
  failed(thread: Thread, error: string | undefined, cause: string | undefined): void;
  timedOut(thread: Thread): void;
}

/** Reads a Resource; undefined when it is none that Step Functions knows. */
export function parseResource(arn: string): Resource | undefined {
  const lambda = /^arn:[\w-]+:lambda:[^:]*:\d*:function:.+$/.exec(arn);
  if (lambda) return { kind: 'function', arn };
  if (/^arn:[\w-]+:states:[^:]+:\d*:activity:.+$/.test(arn)) return { kind: 'activity', arn };
  const service = /^arn:[\w-]+:states:[^:]*:[^:]*:((?:aws-sdk:)?[\w-]+):([\w]+)(?:\.([\w:]+))?$/.exec(arn);
  if (!service) return undefined;
  return { kind: 'service', service: service[1]!, action: service[2]!, pattern: service[3] };
}

/** The events AWS records for a resource's attempts. */
export function taskEvents(arn: string): TaskEvents {
  const resource = parseResource(arn);
  switch (resource?.kind) {
    case 'function': return namedEvents(arn, 'LambdaFunction', 'lambdaFunction', false);
    case 'activity': return namedEvents(arn, 'Activity', 'activity', true);
    case 'service': return serviceEvents(resource.service, resource.pattern ? `${resource.action}.${resource.pattern}` : resource.action);
    default: return serviceEvents('', arn);
  }
}

function namedEvents(arn: string, type: string, key: string, heartbeats: boolean): TaskEvents {
  return {
    source: arn,
    scheduled: (thread, input, limits) => {
      thread.write(`${type}Scheduled`, `${key}ScheduledEventDetails`, withInput(input.text, {
        resource: arn,
        ...(limits.timeout === undefined ? {} : { timeoutInSeconds: limits.timeout }),
        ...(limits.heartbeat === undefined || !heartbeats ? {} : { heartbeatInSeconds: limits.heartbeat }),
      }));
    },
    started: (thread) => { thread.write(`${type}Started`); },
    succeeded: (thread, output) => { thread.write(`${type}Succeeded`, `${key}SucceededEventDetails`, withOutput(output, {})); },
    failed: (thread, error, cause) => { thread.write(`${type}Failed`, `${key}FailedEventDetails`, failureDetails(error, cause)); },
    timedOut: (thread) => { thread.write(`${type}TimedOut`, `${key}TimedOutEventDetails`, failureDetails('States.Timeout', undefined)); },
  };
}

function serviceEvents(resourceType: string, resource: string): TaskEvents {
  const named: EventDetails = { resourceType, resource };
  return {
    source: resourceType,
    scheduled: (thread, input, limits) => {
      thread.write('TaskScheduled', 'taskScheduledEventDetails', {
        ...named,
        region: thread.run.region,
        parameters: input.text,
        ...(limits.timeout === undefined ? {} : { timeoutInSeconds: limits.timeout }),
        ...(limits.heartbeat === undefined ? {} : { heartbeatInSeconds: limits.heartbeat }),
      });
    },
    started: (thread) => { thread.write('TaskStarted', 'taskStartedEventDetails', named); },
    succeeded: (thread, output) => { thread.write('TaskSucceeded', 'taskSucceededEventDetails', withOutput(output, named)); },
    failed: (thread, error, cause) => { thread.write('TaskFailed', 'taskFailedEventDetails', failureDetails(error, cause, named)); },
    timedOut: (thread) => { thread.write('TaskTimedOut', 'taskTimedOutEventDetails', failureDetails('States.Timeout', undefined, named)); },
  };
}
