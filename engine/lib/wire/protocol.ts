import type { Model, ProtocolName } from './model.ts';
import type { WireFault } from './fault.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { awsJson } from './awsJson.ts';
import { query } from './query.ts';
import { restJson } from './restJson.ts';
import { restXml } from './restXml.ts';

/** An operation as a request names it; its input is read when it is known to be implemented. */
export interface Decoded {
  readonly operation: string;
  /** Throws a WireFault when the request does not fit the model. */
  input(): Record<string, unknown>;
}

/** Translates between HTTP and a service's operations; all of it pure. */
export interface Protocol {
  /** Throws a WireFault when the request names no operation. */
  decode(model: Model, request: WireRequest): Decoded;
  encode(model: Model, operation: string, output: Record<string, unknown>, requestId: string): WireResponse;
  fault(model: Model, fault: WireFault, requestId: string): WireResponse;
}

const PROTOCOLS: Readonly<Record<ProtocolName, Protocol>> = {
  restJson,
  restXml,
  query,
  awsJson1_0: awsJson('1.0'),
  awsJson1_1: awsJson('1.1'),
};

/** The protocol of a request: its model's, or the older query protocol where the service still understands it. */
export function protocolOf(model: Model, request: WireRequest): Protocol {
  if (model.queryCompatible && request.headers['x-amz-target'] === undefined) return query;
  return PROTOCOLS[model.protocol];
}
