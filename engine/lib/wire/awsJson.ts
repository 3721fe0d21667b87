import type { Model } from './model.ts';
import type { Decoded, Protocol } from './protocol.ts';
import type { WireRequest, WireResponse } from './message.ts';
import { WireFault } from './fault.ts';
import { fromJson, parseJson, structureToJson, toJson } from './json.ts';
import { requireMembers } from './violation.ts';

/** Step Functions' errors carry the namespace of the service it grew from; violations of a model that of the framework. */
const NAMESPACES: Readonly<Record<string, string>> = { sfn: 'com.amazonaws.swf.service.v2.model#', cloudwatch: 'com.amazonaws.cloudwatch.v2010_08_01#' };
const FRAMEWORK: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate#ValidationException',
  SerializationException: 'com.amazon.coral.service#SerializationException',
  UnknownOperationException: 'com.amazon.coral.service#UnknownOperationException',
  AccessDeniedException: 'com.amazon.coral.service#AccessDeniedException',
};

function decode(model: Model, request: WireRequest): Decoded {
  const target = request.headers['x-amz-target'] ?? '';
  const operation = target.slice(target.indexOf('.') + 1);
  if (!model.operations.has(operation)) throw new WireFault({ code: 'UnknownOperationException', status: 400, message: `${model.service} has no operation ${target.slice(0, 200) || 'without X-Amz-Target'}` });
  return {
    operation,
    input: () => {
      const shape = model.shape(model.operation(operation).input);
      if (shape.kind !== 'structure') return {};
      const input = fromJson(model, shape, parseJson(request.body), '') as Record<string, unknown>;
      requireMembers(model, shape, input);
      return input;
    },
  };
}

function typeOf(model: Model, { code, message }: WireFault): string {
  if (model.service === 'sfn') {
    // A ValidationException of the service's own was recorded with its namespace, one that the model causes with the framework's.
    const own = model.error(code) && !/^\d+ validation errors? detected/.test(message);
    return (own ? undefined : FRAMEWORK[code]) ?? `${NAMESPACES['sfn']}${code}`;
  }
  return `${NAMESPACES[model.service] ?? ''}${model.error(code)?.name ?? code}`;
}

/** JSON over POST with the operation in `X-Amz-Target`: CloudWatch, EventBridge, Logs, Step Functions, SSM. */
export function awsJson(version: '1.0' | '1.1'): Protocol {
  const contentType = `application/x-amz-json-${version}`;
  return {
    decode,
    encode(model: Model, operation: string, output: Record<string, unknown>): WireResponse {
      const shape = model.shape(model.operation(operation).output);
      return { status: 200, headers: { 'content-type': contentType }, body: Buffer.from(JSON.stringify(toJson(model, shape, output, operation))) };
    },
    fault(model: Model, refusal: WireFault): WireResponse {
      const shape = model.error(refusal.code);
      const status = refusal.status ?? shape?.error?.status ?? 400;
      const text = refusal.code === 'AccessDeniedException' ? 'Message' : 'message';
      const extra = shape ? structureToJson(model, shape.members, { ...refusal.members }, refusal.code) : refusal.members;
      const older = model.queryCompatible ? { 'x-amzn-query-error': `${shape?.error?.queryCode ?? refusal.code};${status < 500 ? 'Sender' : 'Receiver'}` } : {};
      return {
        status,
        headers: { 'content-type': contentType, ...older },
        body: Buffer.from(JSON.stringify({ __type: typeOf(model, refusal), [text]: refusal.message, ...extra })),
      };
    },
  };
}
