import { Draws } from '../../lib/kernel/draws.ts';
import { Kernel } from '../../lib/kernel/kernel.ts';
import { Cancellation, compile, execute, refusedFeatures, validateDefinition, type HistoryEvent, type Outcome, type TaskCall, type TaskResult } from '../../lib/states/asl/index.ts';

export const START: number = Date.UTC(2026, 0, 1);

/** What a played execution is to meet. */
export interface Scene {
  readonly input?: unknown;
  /** Answers tasks; by default each gives its input back. */
  readonly task?: (call: TaskCall, clock: Clock) => Promise<TaskResult> | TaskResult;
  /** Called once at the start, to stop the execution later. */
  readonly during?: (clock: Clock, cancellation: Cancellation) => void;
  readonly interrupted?: () => { readonly error: string; readonly cause: string } | undefined;
  readonly seed?: string;
}

export interface Clock {
  /** Seconds since the start. */
  seconds(): number;
  sleep(seconds: number): Promise<void>;
}

/** What became of it. */
export interface Played {
  readonly outcome: Outcome;
  /** The output as a value, when there is one. */
  readonly output: unknown;
  readonly events: readonly HistoryEvent[];
  readonly types: readonly string[];
  /** Virtual seconds it took. */
  readonly seconds: number;
}

/** Plays a valid definition on a virtual clock. */
export async function play(definition: object, scene: Scene = {}): Promise<Played> {
  const text = JSON.stringify(definition);
  const problems = [...validateDefinition(text).map((each) => each.message), ...refusedFeatures(text)];
  if (problems.length > 0) throw new Error(`the test's definition is refused: ${problems.join('; ')}`);
  const kernel = new Kernel({ mode: 'virtual', start: START });
  const draws = new Draws(scene.seed ?? 'play');
  const events: HistoryEvent[] = [];
  const clock: Clock = { seconds: () => (kernel.now() - START) / 1000, sleep: (seconds) => kernel.sleep(seconds * 1000) };
  const cancellation = new Cancellation();
  const answered = kernel.awaitOutside();
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    kernel.spawn('execution', async () => {
      scene.during?.(clock, cancellation);
      resolve(await execute(compile(text), request(scene.input), {
        now: () => kernel.now(),
        sleep: (ms) => kernel.sleep(ms),
        random: () => draws.number('random'),
        uuid: () => draws.uuid('uuid'),
        record: (event) => { events.push(event); },
        invokeTask: async (call) => scene.task ? scene.task(call, clock) : { kind: 'succeeded', output: call.inputText },
        ...(scene.interrupted ? { interrupted: scene.interrupted } : {}),
      }, cancellation));
    });
    kernel.run().then(() => { reject(kernel.failure ?? new Error('the kernel stopped')); }, reject);
  });
  const seconds = clock.seconds();
  answered();
  kernel.stop();
  return { outcome, output: outcome.status === 'SUCCEEDED' ? JSON.parse(outcome.output) as unknown : undefined, events, types: events.map((event) => event.type), seconds };
}

/** A machine of one state that ends. */
export function single(state: object): object {
  return { StartAt: 'Only', States: { Only: state } };
}

/** A task result. */
export function succeed(value: unknown): TaskResult {
  return { kind: 'succeeded', output: JSON.stringify(value) };
}

export function fail(error: string, cause: string = ''): TaskResult {
  return { kind: 'failed', error, cause };
}

/** The ARN of a function, as a Task's resource. */
export const FUNCTION = 'arn:aws:lambda:us-east-1:111111111111:function:work';

function request(input: unknown): Parameters<typeof execute>[1] {
  const roleArn = 'arn:aws:iam::111111111111:role/states';
  return {
    input: JSON.stringify(input ?? {}),
    roleArn,
    context: {
      Execution: { Id: 'arn:aws:states:us-east-1:111111111111:execution:machine:first', Name: 'first', RoleArn: roleArn, StartTime: new Date(START).toISOString(), RedriveCount: 0 },
      StateMachine: { Id: 'arn:aws:states:us-east-1:111111111111:stateMachine:machine', Name: 'machine' },
    },
  };
}
