import type { CancelSignal } from './cancellation.ts';
import type { Diagnostic, ExecutionPort, ExecutionRequest, Outcome, TaskCall, TaskResult } from './port.ts';
import type { InvocationRequest, InvocationResult } from '../../ports.ts';

export * from './cancellation.ts';
export type * from './port.ts';

/** A definition compiled once per revision: keep it with the revision. */
export interface Machine {
  readonly definition: string;
}

/** What is wrong with a definition, in AWS's codes and texts; no ERROR means it can be created. */
export declare function validateDefinition(definition: string): Diagnostic[];

/** The features of a valid definition that this engine does not run, by name; empty when it can be executed. */
export declare function refusedFeatures(definition: string): string[];

/** Compiles a valid definition. */
export declare function compile(definition: string): Machine;

/** Runs an execution to its end; it records every event, ExecutionStarted and the last one included. */
export declare function execute(machine: Machine, request: ExecutionRequest, port: ExecutionPort, signal: CancelSignal): Promise<Outcome>;

/** Runs a Lambda Task, a function's ARN or `lambda:invoke`, by Lambda's invoke; other resources fail by name. */
export declare function invokeLambdaTask(call: TaskCall, invoke: (request: InvocationRequest) => Promise<InvocationResult>): Promise<TaskResult>;
