import { Draws } from '../kernel/draws.ts';
import { Kernel } from '../kernel/kernel.ts';
import { Cancellation, compile, execute, refusedFeatures, validateDefinition, type CancelSignal, type ExecutionPort, type HistoryEvent, type Machine, type Outcome, type TaskCall, type TaskResult } from './asl/index.ts';
import { apiObjections } from './integration/parameters.ts';

/** An execution to be played outside of any engine: its tasks are answered by whoever plays it. */
export interface PlaybackOptions {
  readonly definition: string;
  /** JSON text. */
  readonly input: string;
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly roleArn: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** Where its draws come from (jitter, States.UUID): the same seed, the same draws. */
  readonly seed: string;
  readonly answer: (call: PlayedCall) => PlayedAnswer | Promise<PlayedAnswer>;
}

/** One attempt of a task. */
export interface PlayedCall {
  readonly state: string;
  readonly resource: string;
  /** JSON text of the effective input. */
  readonly input: string;
}

/** What becomes of an attempt, and after how many virtual milliseconds; `silent` is never answered. */
export type PlayedAnswer =
  | { readonly kind: 'succeeded'; readonly output: string; readonly afterMs: number }
  | { readonly kind: 'failed'; readonly error: string; readonly cause?: string; readonly afterMs: number }
  | { readonly kind: 'silent' };

/** How a played execution ended; RUNNING when it waits for what never comes. */
export interface Played {
  readonly status: Outcome['status'] | 'RUNNING';
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly events: readonly HistoryEvent[];
}

/** The longest an execution may take on AWS. */
const LONGEST_MS = 365 * 86_400_000;

/** Definitions played last: many executions are played with the same, and with the one that it is compared with. */
const machines: Map<string, Machine> = new Map();
const MACHINES_KEPT = 8;

const NEVER = new Promise<TaskResult>((_resolve) => { /* nobody answers */ });

/** What keeps a definition from being played: its faults, or features by name; empty when nothing does. */
export function unplayable(definition: string): string[] {
  const faults = validateDefinition(definition).filter(({ severity }) => severity === 'ERROR');
  if (faults.length > 0) return faults.map(({ message, location }) => `${message} at ${location ?? 'null'}`);
  return refusedFeatures(definition, (arn) => !arn.endsWith('.waitForTaskToken'));
}

/** Plays one execution of a definition in virtual time, from its start to its end. */
export async function playback(options: PlaybackOptions): Promise<Played> {
  const kernel = new Kernel({ mode: 'virtual', start: options.startedAt });
  const events: HistoryEvent[] = [];
  const cancellation = new Cancellation();
  let outcome: Outcome | undefined;
  const ended = new Promise<void>((resolve, reject) => {
    kernel.onFailure(reject);
    kernel.spawn('playback', async () => {
      outcome = await execute(compiled(options.definition), requestOf(options), portOf(kernel, options, events), cancellation);
      resolve();
    });
  });
  const running = kernel.run();
  const late = kernel.advanceTo(options.startedAt + LONGEST_MS).catch(() => undefined);
  await Promise.race([ended, late]);
  kernel.stop();
  await running;
  return { status: 'RUNNING', ...outcome, events };
}

function compiled(definition: string): Machine {
  let machine = machines.get(definition);
  if (machine === undefined) {
    if (machines.size >= MACHINES_KEPT) machines.clear();
    machines.set(definition, machine = compile(definition));
  }
  return machine;
}

function requestOf({ input, executionArn, stateMachineArn, roleArn, startedAt }: PlaybackOptions): Parameters<typeof execute>[1] {
  const last = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);
  return {
    input, roleArn,
    context: {
      Execution: { Id: executionArn, Name: last(executionArn), RoleArn: roleArn, StartTime: new Date(startedAt).toISOString(), RedriveCount: 0 },
      StateMachine: { Id: stateMachineArn, Name: last(stateMachineArn) },
    },
  };
}

function portOf(kernel: Kernel, { seed, answer }: PlaybackOptions, events: HistoryEvent[]): ExecutionPort {
  const draws = new Draws(seed);
  const sleep = (ms: number, signal: CancelSignal): Promise<void> => new Promise((resolve) => {
    const timer = kernel.at(kernel.now() + ms, () => {
      leave();
      resolve();
    });
    const leave = signal.listen(() => { timer.cancel(); });
  });
  return {
    now: () => kernel.now(),
    sleep,
    random: () => draws.number('random'),
    uuid: () => draws.uuid('uuid'),
    objections: apiObjections,
    record: (event) => { events.push(event); },
    invokeTask: async (call: TaskCall): Promise<TaskResult> => {
      const given = await answered(kernel, answer({ state: call.stateName, resource: call.resource, input: call.inputText }));
      if (given.kind === 'silent') return NEVER;
      await sleep(given.afterMs, call.signal);
      return given.kind === 'succeeded' ? { kind: 'succeeded', output: given.output } : { kind: 'failed', error: given.error, ...(given.cause !== undefined && { cause: given.cause }) };
    },
  };
}

/** Time stands still while somebody outside works on an answer. */
function answered(kernel: Kernel, answer: PlayedAnswer | Promise<PlayedAnswer>): PlayedAnswer | Promise<PlayedAnswer> {
  if (!(answer instanceof Promise)) return answer;
  const release = kernel.hold();
  return new Promise((resolve) => {
    answer.then((value) => { kernel.turn(() => { resolve(value); }); }, (cause: unknown) => { kernel.fail(new Error('a task could not be answered', { cause })); }).finally(release);
  });
}
