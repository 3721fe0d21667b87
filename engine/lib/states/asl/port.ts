import type { CancelSignal } from './cancellation.ts';
import type { Point } from './point.ts';

/** All the interpreter knows of the world: no clock, no randomness and no I/O of its own. */
export interface ExecutionPort {
  /** Epoch milliseconds. */
  now(): number;
  /** Resolves `ms` milliseconds later, never early; when the signal is cancelled the timer is dropped and the promise may stay pending. */
  sleep(ms: number, signal: CancelSignal): Promise<void>;
  /** Uniform in [0, 1): jitter, States.MathRandom. */
  random(): number;
  /** A version 4 UUID: States.UUID. */
  uuid(): string;
  /** Runs one attempt of a Task. Never rejects; time-outs are the interpreter's (it cancels the signal and looks at the answer no more). */
  invokeTask(call: TaskCall): Promise<TaskResult>;
  /** What AWS has against a task's Parameters before it schedules the task; the state fails with it. @default nothing */
  objections?(resource: string, input: unknown): readonly string[];
  /** Appends an event; ids come in order from 1. */
  record(event: HistoryEvent): void;
  /** Told, before the last event, where an execution stood that ends unsuccessfully: a redrive goes on from there. */
  unfinished?(point: Point): void;
  /** Asked before each transition and after each wait: an answer ends the execution as FAILED (its machine was deleted). */
  interrupted?(): TaskFailure | undefined;
}

/** One attempt of a Task state. */
export interface TaskCall {
  /** The state's Resource: a function's ARN or `arn:aws:states:::service:action[.pattern]`. */
  readonly resource: string;
  /** The effective input, that is, Parameters when the state has them. */
  readonly input: unknown;
  /** The same as JSON text. */
  readonly inputText: string;
  readonly stateName: string;
  readonly signal: CancelSignal;
  /** To be called once with what the service answered (JSON text) when the task goes on after that: `.sync`, `.waitForTaskToken`. */
  submitted?(output: string): void;
}

/** How an attempt ended; `output` is JSON text. */
export type TaskResult = { readonly kind: 'succeeded'; readonly output: string } | ({ readonly kind: 'failed' } & TaskFailure);

/** An error as Retry, Catch and the history see it. */
export interface TaskFailure {
  readonly error: string;
  readonly cause?: string;
}

/** An event in the shape of GetExecutionHistory; details are under AWS's key (`stateEnteredEventDetails`, `taskFailedEventDetails`…). */
export interface HistoryEvent {
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly type: string;
  readonly id: number;
  readonly previousEventId: number;
  readonly [detailsKey: `${string}EventDetails`]: Readonly<Record<string, unknown>>;
}

/** What an execution is started with, besides its machine. */
export interface ExecutionRequest {
  /** JSON text. */
  readonly input: string;
  /** What `$$` holds; State and Map are added by the interpreter. */
  readonly context: ExecutionContext;
  readonly roleArn: string;
  /** Of an execution that goes on: where it stood, the id of its last event, and how often it was redriven, this time included. */
  readonly redrive?: { readonly point: Point; readonly lastEvent: number; readonly count: number };
}

/** The part of the context object that does not change while an execution runs. */
export interface ExecutionContext {
  readonly Execution: {
    readonly Id: string;
    readonly Name: string;
    readonly RoleArn: string;
    /** ISO 8601 with milliseconds. */
    readonly StartTime: string;
    readonly RedriveCount?: number;
    /** ISO 8601 with milliseconds; absent before the first redrive. */
    readonly RedriveTime?: string;
  };
  readonly StateMachine: { readonly Id: string; readonly Name: string };
}

/** How an execution ended; `output` is JSON text. */
export type Outcome =
  | { readonly status: 'SUCCEEDED'; readonly output: string }
  | { readonly status: 'FAILED' | 'TIMED_OUT' | 'ABORTED'; readonly error?: string; readonly cause?: string };

/** A finding about a definition, as ValidateStateMachineDefinition lists it. */
export interface Diagnostic {
  readonly severity: 'ERROR' | 'WARNING';
  readonly code: string;
  readonly message: string;
  /** Such as `/States/First/Next`. */
  readonly location?: string;
}
