import { Past, type PastEvent } from './event.ts';

/** How an execution ended, and which way it went. */
export interface Ending {
  readonly status: 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED' | 'RUNNING';
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  /** As `Past.steps`. */
  readonly steps: readonly string[];
}

/** What became of one attempt of a task, as it was recorded; `silent` is one that timed out or was cut off. */
export type Answered =
  | { readonly kind: 'succeeded'; readonly output: string; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly error: string; readonly cause?: string; readonly afterMs: number }
  | { readonly kind: 'silent' };

/** One attempt of a task. */
export interface Attempt {
  readonly state: string;
  /** The function's ARN, or `service:action`. */
  readonly resource: string;
  /** JSON text of its effective input. */
  readonly input: string;
  readonly answer: Answered;
}

/** An execution that was recorded, with all its tasks were answered. */
export interface Recording {
  readonly execution: string;
  readonly stateMachine: string;
  /** The definition it ran with. */
  readonly definition: string;
  readonly roleArn: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** JSON text. */
  readonly input: string;
  readonly ending: Ending;
  readonly attempts: readonly Attempt[];
}

/** What is known of an execution beside its history. */
export type ExecutionFacts = Pick<Recording, 'execution' | 'stateMachine' | 'definition'>;

const SCHEDULED = /^(?:Task|LambdaFunction|Activity)Scheduled$/;
const OUTCOME = /^(?:Task|LambdaFunction|Activity)(Succeeded|Failed|TimedOut|ScheduleFailed|StartFailed|SubmitFailed)$/;

/** An execution out of its whole history; or, as text, why it cannot be played again. */
export function recordingOf(facts: ExecutionFacts, events: readonly PastEvent[]): Recording | string {
  const past = new Past(events);
  const [first, last] = [events[0], events.at(-1)];
  if (first?.type !== 'ExecutionStarted' || last === undefined) return 'its history does not begin with its start';
  if (events.some(({ type }) => type === 'ExecutionRedriven')) return 'it was redriven';
  if (events.some(({ details }) => truncated(details))) return 'its history is truncated';
  const status = STATUSES[last.type];
  if (status === undefined) return last.type === 'ExecutionAborted' ? 'somebody stopped it' : 'it has not ended';
  return {
    ...facts, attempts: attemptsOf(past),
    roleArn: String(first.details['roleArn'] ?? ''), startedAt: first.at, input: String(first.details['input'] ?? '{}'),
    ending: { status, steps: past.steps(), ...text(last, 'output'), ...text(last, 'error') },
  };
}

const STATUSES: Readonly<Record<string, Ending['status']>> = { ExecutionSucceeded: 'SUCCEEDED', ExecutionFailed: 'FAILED', ExecutionTimedOut: 'TIMED_OUT' };

/** Every attempt in the order they were scheduled; one that was cut off by the end of its execution or branch was never answered. */
function attemptsOf(past: Past): Attempt[] {
  const outcomes = new Map(past.events.flatMap((event): [PastEvent | undefined, PastEvent][] => (OUTCOME.test(event.type) ? [[past.before(event, ({ type }) => SCHEDULED.test(type)), event]] : [])));
  return past.events.filter(({ type }) => SCHEDULED.test(type)).flatMap((scheduled) => {
    const entered = past.before(scheduled, ({ type }) => type === 'TaskStateEntered');
    if (entered === undefined) return [];
    const { resource, resourceType, input, parameters } = scheduled.details;
    const outcome = outcomes.get(scheduled);
    return [{
      state: String(entered.details['name']),
      resource: resourceType === undefined ? String(resource) : `${String(resourceType)}:${String(resource)}`,
      input: String(input ?? parameters ?? '{}'),
      answer: outcome === undefined ? { kind: 'silent' } : answerOf(outcome, Math.max(0, outcome.at - scheduled.at)),
    }];
  });
}

function answerOf(event: PastEvent, afterMs: number): Answered {
  switch (OUTCOME.exec(event.type)?.[1]) {
    case 'Succeeded': return { kind: 'succeeded', output: String(event.details['output'] ?? 'null'), afterMs };
    case 'TimedOut': return { kind: 'silent' };
    default: return { kind: 'failed', error: String(event.details['error'] ?? ''), ...text(event, 'cause'), afterMs };
  }
}

function text<Name extends string>({ details }: PastEvent, name: Name): { readonly [Key in Name]?: string } {
  const value = details[name];
  return (typeof value === 'string' ? { [name]: value } : {}) as { readonly [Key in Name]?: string };
}

function truncated(details: PastEvent['details']): boolean {
  return ['inputDetails', 'outputDetails'].some((name) => (details[name] as { readonly truncated?: boolean } | undefined)?.truncated === true);
}
