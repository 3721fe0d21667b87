import { dataLimitExceeded, type State, type Step } from '../branch.ts';
import { Cancellation } from '../cancellation.ts';
import { Datum, exceedsLimit } from '../datum.ts';
import { RuntimeFault, StateFault } from '../fault.ts';
import { compilePolicy, guarded } from '../policy.ts';
import type { TaskCall, TaskResult } from '../port.ts';
import type { Fields, QueryLanguage } from '../query.ts';
import { taskEvents, type TaskEvents } from '../resource.ts';
import type { Visit } from '../visit.ts';
import { wholeNumber } from './setting.ts';

type Attempted = TaskResult | { readonly kind: 'timed-out'; readonly name: 'States.Timeout' | 'States.HeartbeatTimeout' };

/** Seconds an attempt may take, and may take between heartbeats; none is no limit. */
interface Limits {
  readonly timeout: number | undefined;
  readonly heartbeat: number | undefined;
}

/** Task: has the port run its resource, with time-outs, retries and catchers. */
export function compileTask(fields: Fields, language: QueryLanguage): State['run'] {
  const intake = language.intake(fields, 'Parameters');
  const outlet = language.outlet(fields);
  const policy = compilePolicy(fields, language);
  const timeout = language.scalar(fields, 'TimeoutSeconds');
  const heartbeat = language.scalar(fields, 'HeartbeatSeconds');
  const resource = String(fields['Resource']);
  const events = taskEvents(resource);
  const next = fields['Next'] as string | undefined;
  const attempt = async (visit: Visit): Promise<Step> => {
    const limits = {
      timeout: timeout && wholeNumber(timeout, 'TimeoutSecondsPath', visit.received.value, visit),
      heartbeat: heartbeat && wholeNumber(heartbeat, 'HeartbeatSecondsPath', visit.received.value, visit),
    };
    const input = intake(visit.received, visit);
    const objections = visit.thread.run.port.objections?.(resource, input.value) ?? [];
    if (objections.length > 0) throw new RuntimeFault(`The Parameters '${input.text}' could not be used to start the Task: [${objections.join(', ')}]`);
    events.scheduled(visit.thread, input, limits);
    events.started(visit.thread);
    const submitted = (output: string): void => {
      if (!visit.thread.signal.stop) events.submitted(visit.thread, output);
    };
    const result = await invoke(visit, { resource, stateName: visit.name, input: input.value, inputText: input.text, signal: visit.thread.signal, submitted }, limits);
    visit.thread.check();
    const output = settle(visit, events, result);
    return { ...outlet(visit.received, output, visit), next };
  };
  return (visit) => guarded(visit, policy, () => attempt(visit));
}

async function invoke(visit: Visit, call: TaskCall, limits: Limits): Promise<Attempted> {
  const { port } = visit.thread.run;
  const seconds = Math.min(limits.timeout ?? Infinity, limits.heartbeat ?? Infinity);
  if (seconds === Infinity) return port.invokeTask(call);
  const cancellation = new Cancellation(call.signal);
  const name = limits.heartbeat === seconds && limits.timeout !== seconds ? 'States.HeartbeatTimeout' : 'States.Timeout';
  try {
    return await Promise.race([
      port.invokeTask({ ...call, signal: cancellation }),
      port.sleep(seconds * 1000, cancellation).then((): Attempted => ({ kind: 'timed-out', name })),
    ]);
  } finally {
    cancellation.cancel({ status: 'TIMED_OUT' });
    cancellation.release();
  }
}

function settle(visit: Visit, events: TaskEvents, result: Attempted): Datum {
  if (result.kind === 'timed-out') {
    events.timedOut(visit.thread);
    throw new StateFault('States.Timeout', undefined, result.name);
  }
  if (result.kind === 'succeeded') {
    if (!exceedsLimit(result.output)) {
      events.succeeded(visit.thread, result.output);
      return Datum.ofText(result.output);
    }
    const fault = dataLimitExceeded(events.source);
    events.failed(visit.thread, fault.error, fault.reason);
    throw fault;
  }
  events.failed(visit.thread, result.error, result.cause);
  throw new StateFault(result.error, result.cause);
}
