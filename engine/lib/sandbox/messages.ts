import type { ClockMode } from '../kernel/kernel.ts';

/** What a sandbox's thread is started with. */
export interface SandboxSetup {
  readonly mode: ClockMode;
  /** Epoch milliseconds at which the sandbox begins. */
  readonly now: number;
  /** One number, which the sandbox keeps where its clock stands in virtual mode. */
  readonly reached: SharedArrayBuffer;
  /** The seed of everything random in this sandbox. */
  readonly seed: string;
  /** The folder with the function's code. */
  readonly taskRoot: string;
  /** The folder that code inside sees as `/tmp`. */
  readonly tmp: string;
  /** The folder of the modules that the runtime brings along (the AWS SDK), if the machine has them. */
  readonly modules: string | undefined;
  /** What of those modules is compiled already. */
  readonly compiled: readonly CompiledCode[];
  /** Node's major version as the function asked for it, which decides how handlers are called. */
  readonly runtime: number;
  /** `file.export`, as Lambda's Handler. */
  readonly handler: string;
  /** Host and port pairs that lead into the engine; everything else is refused. */
  readonly doors: readonly string[];
}

/** V8's code caches of files. */
export interface CompiledCode {
  readonly bytes: SharedArrayBuffer;
  /** Each with what changes when the file does, and where its cache lies in the bytes. */
  readonly files: readonly (readonly [path: string, stamp: string, at: number, length: number])[];
  /** Where modules were found, by the folder of who required them and what it asked for. */
  readonly places: readonly (readonly [key: string, path: string])[];
}

/** One invocation as the runtime inside sees it. */
export interface InvocationOrder {
  readonly requestId: string;
  /** JSON text. */
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly functionName: string;
  readonly functionVersion: string;
  readonly invokedFunctionArn: string;
  readonly memoryLimitInMB: string;
  readonly logGroupName: string;
  readonly logStreamName: string;
}

/** Bytes that answer what code inside wrote to a socket. */
export interface Arrival {
  readonly socket: number;
  readonly bytes: Uint8Array;
}

/** To the sandbox: each message wakes it, and is answered by one `Quiet` in virtual mode, by any number in real mode. */
export type ToSandbox =
  | { readonly type: 'invoke'; readonly now: number; readonly order: InvocationOrder; /** What came while it was frozen. */ readonly arrivals: readonly Arrival[] }
  | { readonly type: 'time'; readonly now: number }
  | { readonly type: 'data'; readonly now: number; readonly arrivals: readonly Arrival[] };

/** How an invocation (or the start) ended inside. */
export type SandboxOutcome =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly payload: string }
  | { readonly kind: 'error'; readonly payload: string; /** The sandbox can't be used again. */ readonly fatal: boolean }
  /** The process is gone: `reason` goes on from "Runtime exited". */
  | { readonly kind: 'exit'; readonly errorType: 'Runtime.ExitError' | 'Runtime.OutOfMemory'; readonly reason: string };

/** Bytes that code inside wrote to a socket. */
export interface SocketWrite {
  readonly socket: number;
  /** `host:port` as the code inside asked for it. */
  readonly door: string;
  readonly bytes: Uint8Array;
}

/** From the sandbox: everything that came out of it since the last message. */
export interface Quiet {
  readonly writes: readonly SocketWrite[];
  /** Sockets that code inside is done with. */
  readonly closed: readonly number[];
  readonly log: readonly { readonly timestamp: number; readonly message: string }[];
  /** When the next timer inside is due; absent when there is none. */
  readonly wakeAt?: number;
  readonly outcome?: SandboxOutcome;
}

/** From the sandbox when its first invocation has ended: what it compiled and used. */
export interface Compiled {
  readonly compiled: CompiledCode;
}
