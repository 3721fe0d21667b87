import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { finished } from 'node:stream';
import type { Duplex } from 'node:stream';
import { foreignCaller } from './caller.ts';
import type { Dispatch, WireRequest, WireResponse } from './message.ts';
import { jsonResponse, wireRequest } from './message.ts';

/** What a listener is made with. */
export interface ListenerOptions {
  readonly dispatch: Dispatch;
  /** A loopback address. @default 127.0.0.1 */
  readonly host?: string;
  /** @default 0, any free port */
  readonly port?: number;
  /** How many bytes the body of a request may have, by its path, query and headers. @default 6 MiB for each */
  readonly bodyLimit?: (request: Pick<WireRequest, 'path' | 'query' | 'headers'>) => number;
}

/** An open door; closing it leaves no socket open. */
export interface Listener {
  readonly host: string;
  readonly port: number;
  /** `http://127.0.0.1:4566` */
  readonly url: string;
  /** Takes no more connections, gives requests under way a second to end, then ends them. */
  close(): Promise<void>;
}

/** Why a listener could not be opened; the message holds the code, the value and the remedy. */
export class ListenError extends Error {
  readonly code: string;
  readonly value: string;
  readonly remedy: string;

  constructor(code: string, value: string, problem: string, remedy: string) {
    super(`${code}: ${problem}; ${remedy}`);
    this.name = 'ListenError';
    this.code = code;
    this.value = value;
    this.remedy = remedy;
  }
}

const LOOPBACK = /^(127(\.\d{1,3}){3}|::1|localhost)$/;
const DEFAULT_LIMIT = 6 * 1024 * 1024;
const LINGER_MS = 1_000;

/** Opens a loopback port on which a dispatcher answers; rejects with ListenError when it cannot. */
export async function listen(options: ListenerOptions): Promise<Listener> {
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? 0;
  if (!LOOPBACK.test(host)) throw new ListenError('ENGINE-HOST-1', host, `the engine listens on loopback only, got ${host}`, 'use 127.0.0.1 or ::1');
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ListenError('ENGINE-PORT-2', String(port), `a port must be a whole number from 0 to 65535, got ${port}`, 'use 0 for any free one');
  const server = httpServer(options.dispatch, options.bodyLimit ?? (() => DEFAULT_LIMIT), true);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => { reject(refusal(error, host, port)); });
    server.listen(port, host, resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return { host, port: bound, url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`, close: closer(server) };
}

function refusal(error: NodeJS.ErrnoException, host: string, port: number): Error {
  switch (error.code) {
    case 'EADDRINUSE': return new ListenError('ENGINE-PORT-1', String(port), `port ${port} of ${host} is in use`, 'choose another, or 0 for any free one');
    case 'EACCES': return new ListenError('ENGINE-PORT-3', String(port), `port ${port} of ${host} may not be opened by this user`, 'choose one above 1023');
    default: return new ListenError('ENGINE-HOST-2', host, `cannot listen on ${host}:${port}: ${error.message}`, 'use 127.0.0.1 and port 0');
  }
}

const inside = new WeakMap<Dispatch, Server>();

/** Speaks HTTP over any duplex, as a sandbox's replaced sockets are; no name of a host is refused, since nothing foreign gets there. */
export function serveConnection(duplex: Duplex, dispatch: Dispatch): void {
  let server = inside.get(dispatch);
  if (!server) inside.set(dispatch, server = httpServer(dispatch, () => 64 * 1024 * 1024, false));
  server.emit('connection', duplex);
}

function httpServer(dispatch: Dispatch, limit: NonNullable<ListenerOptions['bodyLimit']>, guarded: boolean): Server {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 120_000, keepAliveTimeout: 30_000, maxHeaderSize: 32 * 1024 });
  const take = (message: IncomingMessage, response: ServerResponse, expected: boolean): void => {
    exchange(message, response, dispatch, limit, guarded, expected).catch(() => {
      if (response.destroyed || response.headersSent) response.destroy();
      else turnAway(message, response, unwritable());
    });
  };
  server.on('request', (message: IncomingMessage, response: ServerResponse) => { take(message, response, false); });
  server.on('checkContinue', (message: IncomingMessage, response: ServerResponse) => { take(message, response, true); });
  server.on('upgrade', (_message: IncomingMessage, socket: Duplex) => { socket.end('HTTP/1.1 501 Not Implemented\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'); });
  server.on('connect', (_message: IncomingMessage, socket: Duplex) => { socket.end('HTTP/1.1 501 Not Implemented\r\nconnection: close\r\ncontent-length: 0\r\n\r\n'); });
  return server;
}

async function exchange(message: IncomingMessage, response: ServerResponse, dispatch: Dispatch, limit: NonNullable<ListenerOptions['bodyLimit']>, guarded: boolean, expected: boolean): Promise<void> {
  const foreign = guarded ? foreignCaller(message.headers) : undefined;
  if (foreign !== undefined) return turnAway(message, response, foreign);
  const head = wireRequest(message.method ?? 'GET', targetOf(message), headersOf(message));
  const most = limit(head);
  const announced = Number(message.headers['content-length'] ?? 0);
  if (announced > most) return turnAway(message, response, tooLarge(most, `${announced} bytes`));
  if (expected) response.writeContinue();
  const body = await readBody(message, most);
  if (body === undefined) return turnAway(message, response, tooLarge(most, 'more'));
  write(response, await dispatch({ ...head, body }), message.method === 'HEAD');
}

/** A proxy's absolute form is read as the path within it. */
function targetOf(message: IncomingMessage): string {
  return (message.url ?? '/').replace(/^https?:\/\/[^/?]*/i, '') || '/';
}

/** Without a prototype, so that no header's name finds what is not there. */
function headersOf(message: IncomingMessage): Record<string, string> {
  const headers = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(message.headers)) if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return headers;
}

/** The body, or undefined as soon as it is larger than allowed. */
function readBody(message: IncomingMessage, most: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = [];
    let size = 0;
    message.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= most) {
        pieces.push(piece);
      } else {
        message.pause();
        message.removeAllListeners('data');
        pieces.length = 0;
        resolve(undefined);
      }
    });
    message.once('end', () => { resolve(pieces.length === 1 ? pieces[0] : Buffer.concat(pieces)); });
    message.once('error', reject);
    message.once('aborted', () => { reject(new Error('the caller hung up')); });
  });
}

/**
 * Answers without reading on: the caller gets a second to take the answer, then the connection is gone. Node's own end of a
 * response is left out: it would read the rest, or hang up at once with bytes unread, which makes the caller's system drop the answer.
 */
function turnAway(message: IncomingMessage, response: ServerResponse, refused: WireResponse): void {
  message.pause();
  const { socket } = message;
  response.removeAllListeners('finish');
  response.once('finish', () => { linger(socket); });
  write(response, { ...refused, headers: { ...refused.headers, connection: 'close' } }, message.method === 'HEAD');
}

function linger(socket: Duplex): void {
  socket.end();
  finished(socket, { signal: AbortSignal.timeout(LINGER_MS) }, () => { socket.destroy(); });
}

function write(response: ServerResponse, { status, headers, body }: WireResponse, headOnly: boolean): void {
  const length = headOnly ? headers['content-length'] ?? body.length : body.length;
  // Whoever answers tells the time, if at all: it need not be this process's.
  response.sendDate = false;
  response.writeHead(status, status === 204 ? headers : { ...headers, 'content-length': length });
  response.end(headOnly || status === 204 ? undefined : body);
}

function tooLarge(most: number, got: string): WireResponse {
  return jsonResponse(413, { message: `the body of this request may have at most ${most} bytes, got ${got}; send less, or in parts where the service has them` }, { 'x-amzn-errortype': 'RequestEntityTooLargeException:' });
}

/** An answer that HTTP cannot carry, such as a header with a space in its name. */
function unwritable(): WireResponse {
  return jsonResponse(500, { message: 'the engine could not write its answer as HTTP; this is a defect of the engine' }, { 'x-amzn-errortype': 'InternalServerException:' });
}

function closer(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => { sockets.delete(socket); });
  });
  return async () => {
    const closed = new Promise<void>((resolve) => { server.close(() => { resolve(); }); });
    server.closeIdleConnections();
    for (const socket of sockets) finished(socket, { signal: AbortSignal.timeout(LINGER_MS) }, () => { socket.destroy(); });
    await closed;
  };
}
