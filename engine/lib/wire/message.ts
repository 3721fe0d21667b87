/** One HTTP request, as the listener, the sandboxes' sockets and in-process clients hand it in. */
export interface WireRequest {
  readonly method: string;
  /** The path as it was sent: percent-encoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case; repeated headers joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** One HTTP response; the length of the body is added by whoever writes it out. */
export interface WireResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

/** Answers a request; never rejects. */
export type Dispatch = (request: WireRequest) => Promise<WireResponse>;

const EMPTY = new Uint8Array(0);

/** A request from its parts; the target is the path with its query, as in HTTP's first line. */
export function wireRequest(method: string, target: string, headers: Readonly<Record<string, string>> = {}, body: Uint8Array = EMPTY): WireRequest {
  const mark = target.indexOf('?');
  return {
    method,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? '' : target.slice(mark + 1)),
    headers,
    body,
  };
}

/** A response whose body is text. */
export function textResponse(status: number, contentType: string, text: string, headers: Readonly<Record<string, string>> = {}): WireResponse {
  return { status, headers: { 'content-type': contentType, ...headers }, body: Buffer.from(text) };
}

/** A response whose body is JSON. */
export function jsonResponse(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): WireResponse {
  return textResponse(status, 'application/json', JSON.stringify(value), headers);
}
