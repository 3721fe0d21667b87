import { Readable } from 'node:stream';
import type { Dispatch } from './message.ts';
import { wireRequest } from './message.ts';

/** A request as Smithy's clients make it, duck-typed so that the engine needs no SDK. */
export interface SmithyRequest {
  readonly method: string;
  readonly hostname: string;
  readonly port?: number;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** A response as Smithy's clients read it: `body` is a Node stream. */
export interface SmithyResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** What an SDK client takes as `requestHandler`. */
export interface RequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: SmithyRequest): Promise<{ response: SmithyResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/** A `requestHandler` for official SDK clients of the same process: no socket, no HTTP text. */
export function inProcess(dispatch: Dispatch): RequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request) {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)]));
      const { status, headers: answered, body } = await dispatch(wireRequest(request.method, target(request), headers, await bytes(request.body)));
      return { response: { statusCode: status, headers: { ...answered, 'content-length': String(body.length) }, body: Readable.from(body.length === 0 ? [] : [body], { objectMode: false }) } };
    },
    updateHttpClientConfig() { return undefined; },
    httpHandlerConfigs() { return {}; },
    destroy() { return undefined; },
  };
}

function target({ path, query }: SmithyRequest): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item: string | null) => `${encodeURIComponent(name)}=${encodeURIComponent(item ?? '')}`));
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}

async function bytes(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array(0);
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return new Uint8Array(body);
  if (typeof body === 'object' && Symbol.asyncIterator in body) {
    const pieces: Uint8Array[] = [];
    for await (const piece of body as AsyncIterable<Uint8Array | string>) pieces.push(Buffer.from(piece));
    return Buffer.concat(pieces);
  }
  throw new TypeError(`a request's body must be text, bytes or a stream, got ${typeof body}`);
}
