import type { WireRequest } from './message.ts';

/** What an operation is told about the request it answers, beside its input. */
export interface Call {
  /** The model's name: `appconfig`, `cloudwatch-logs`. */
  readonly service: string;
  readonly operation: string;
  /** Members by the model's names. Timestamps are epoch milliseconds, blobs Uint8Array; absent and null members are left out. */
  readonly input: Record<string, unknown>;
  readonly request: WireRequest;
  /** Of the signature, which is read but not checked. */
  readonly accessKeyId?: string;
}

/**
 * A service: its operations by name. An answer's members go by the model's names; timestamps may be epoch milliseconds or Date,
 * blobs Uint8Array or text. A refusal is a thrown WireFault.
 */
export interface Service {
  /** The model's name, which is the file's in engine/models: `appconfig`, `sfn`, `eventbridge`. */
  readonly name: string;
  readonly operations: Readonly<Record<string, (input: never, call: Call) => unknown>>;
}
