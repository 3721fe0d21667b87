import type { Call, Service } from './call.ts';
import type { Dispatch, WireRequest, WireResponse } from './message.ts';
import { jsonResponse, textResponse } from './message.ts';
import { element, escapeXml } from './xml.ts';
import type { Model } from './model.ts';
import { loadModel, modelEntries } from './model.ts';
import type { Decoded, Protocol } from './protocol.ts';
import { protocolOf } from './protocol.ts';
import { WireFault, notImplemented } from './fault.ts';
import { addressOf, formService } from './address.ts';
import { unchunked } from './chunked.ts';

/** Answers a request of the engine's own, below `/_engine/`. */
export type ControlHandler = (request: WireRequest) => WireResponse | Promise<WireResponse>;

/** Who may call what; the router asks before each operation. */
export interface Guard {
  /** Throws the WireFault of a call that its caller may not make. */
  admit(call: Call): void;
  /** What the caller is told instead of an operation's refusal: that refusal itself, unless it would tell too much. */
  conceal(call: Call, refusal: unknown): unknown;
}

/** What a router is made with. */
export interface RouterOptions {
  readonly services: readonly Service[];
  /** @default everybody may do everything */
  readonly guard?: Guard;
  /** A new id for each request, for `x-amzn-requestid`. */
  readonly requestId: () => string;
  /** By the first segment of the path after `/_engine/`: `health`, `clock`. */
  readonly control?: Readonly<Record<string, ControlHandler>>;
  /** Told of every exception that is no WireFault: a defect of the engine, answered with 500. */
  readonly report: (error: unknown, where: string) => void;
}

const CONTROL = '/_engine/';

/** A function that answers any request to any service; it never rejects. */
export function router(options: RouterOptions): Dispatch {
  const services = new Map(options.services.map((service) => [service.name, service]));
  const control = new Map(Object.entries(options.control ?? {}));

  const answer = async (sent: WireRequest, id: string): Promise<WireResponse> => {
    if (sent.path.startsWith(CONTROL)) return steer(control, sent);
    const { service, accessKeyId } = addressOf(sent);
    const name = service ?? formService(new URLSearchParams(Buffer.from(sent.body).toString('latin1')));
    if (name === undefined) return nameless(sent);
    if (!modelEntries().has(name)) return stranger(name, sent);
    const exchange: Exchange = { model: loadModel(name), service: services.get(name), request: name === 's3' ? pathStyle(sent) : sent, id, accessKeyId };
    return serve(exchange, options);
  };

  return async (request) => {
    const id = options.requestId();
    let response: WireResponse;
    try {
      response = await answer(request, id);
    } catch (error) {
      options.report(error, `${request.method} ${request.path}`);
      response = jsonResponse(500, { message: 'sluice-engine failed before it knew the operation; this is a defect of the engine' }, { 'x-amzn-errortype': 'InternalServerException:' });
    }
    return { ...response, headers: { ...response.headers, 'x-amzn-requestid': id } };
  };
}

interface Exchange {
  readonly model: Model;
  readonly service: Service | undefined;
  readonly request: WireRequest;
  readonly id: string;
  readonly accessKeyId: string | undefined;
}

async function serve(exchange: Exchange, options: RouterOptions): Promise<WireResponse> {
  const { model, service, id, accessKeyId } = exchange;
  const protocol = protocolOf(model, exchange.request);
  let where = model.service;
  try {
    if (exchange.request.headers['smithy-protocol'] !== undefined) throw unspoken(exchange.request.headers['smithy-protocol'], model);
    const request = unchunked(exchange.request);
    const decoded: Decoded = protocol.decode(model, request);
    const { operation } = decoded;
    where = `${model.service}:${operation}`;
    const handler = service && Object.hasOwn(service.operations, operation) ? service.operations[operation] : undefined;
    if (!handler) throw notImplemented(model.service, operation);
    const input = decoded.input();
    const call: Call = { service: model.service, operation, input, request, ...(accessKeyId !== undefined && { accessKeyId }) };
    const output = await guarded(options.guard, call, handler);
    return identified(model, id, protocol.encode(model, operation, output ?? {}, id));
  } catch (error) {
    return identified(model, id, refuse(error, where, protocol, exchange, options));
  }
}

async function guarded(guard: Guard | undefined, call: Call, handler: Service['operations'][string]): Promise<Record<string, unknown> | undefined> {
  guard?.admit(call);
  try {
    return (await handler(call.input as never, call)) as Record<string, unknown> | undefined;
  } catch (refusal) {
    throw guard ? guard.conceal(call, refusal) : refusal;
  }
}

/** S3's clients look for the request's id under a name of its own. */
function identified(model: Model, id: string, response: WireResponse): WireResponse {
  return model.service === 's3' ? { ...response, headers: { ...response.headers, 'x-amz-request-id': id, 'x-amz-id-2': id } } : response;
}

function refuse(error: unknown, where: string, protocol: Protocol, { model, id }: Exchange, options: RouterOptions): WireResponse {
  if (error instanceof WireFault) {
    try {
      return protocol.fault(model, error, id);
    } catch (defect) {
      options.report(defect, `${where}, writing ${error.code}`);
      return protocol.fault(model, new WireFault({ code: error.code, message: error.message, ...(error.status !== undefined && { status: error.status }) }), id);
    }
  }
  options.report(error, where);
  const message = `sluice-engine failed in ${where}; this is a defect of the engine, not of the call`;
  return protocol.fault(model, new WireFault({ code: 'InternalServerException', status: 500, message }), id);
}

function steer(control: ReadonlyMap<string, ControlHandler>, request: WireRequest): WireResponse | Promise<WireResponse> {
  const name = request.path.slice(CONTROL.length).split('/')[0] ?? '';
  const handler = control.get(name);
  return handler ? handler(request) : jsonResponse(404, { message: `the engine has no ${CONTROL}${name}; it has ${[...control.keys()].map((key) => CONTROL + key).join(', ') || 'none'}` });
}

/** A bucket in the host's name, as clients write it for `localhost`, goes into the path. */
function pathStyle(request: WireRequest): WireRequest {
  const bucket = /^(.+?)(\.s3)?\.localhost(:\d+)?$/i.exec(request.headers['host'] ?? '')?.[1];
  return bucket === undefined || bucket === 's3' ? request : { ...request, path: `/${bucket}${request.path === '/' ? '' : request.path}` };
}

function nameless(request: WireRequest): WireResponse {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return jsonResponse(400, { __type: 'UnknownOperationException', message: `no service of the engine has the target ${target.slice(0, 100)}` }, { 'x-amzn-errortype': 'UnknownOperationException:' });
  const message = `Missing Authentication Token: ${request.method} ${request.path.slice(0, 100)} is not signed, and its path alone does not tell which service it is for; sign it with any credentials`;
  return jsonResponse(403, { message }, { 'x-amzn-errortype': 'MissingAuthenticationTokenException:' });
}

/** Forms and S3's kin expect XML; everybody else reads JSON. */
function stranger(name: string, request: WireRequest): WireResponse {
  const message = `sluice-engine does not implement ${name.slice(0, 60)}; it has ${[...modelEntries().keys()].join(', ')}; see engine/operations.md`;
  const form = (request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded');
  if (!form && !name.startsWith('s3')) return jsonResponse(501, { __type: 'NotImplemented', message }, { 'x-amzn-errortype': 'NotImplemented:' });
  const error = element('Error', element('Code', 'NotImplemented') + element('Message', escapeXml(message)));
  return textResponse(501, 'text/xml', form ? element('ErrorResponse', error) : error);
}

function unspoken(protocol: string, model: Model): WireFault {
  return new WireFault({ code: 'NotImplemented', status: 501, message: `sluice-engine does not speak ${protocol.slice(0, 40)} for ${model.service}; use ${model.protocol}` });
}
