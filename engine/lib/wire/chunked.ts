import type { WireRequest } from './message.ts';
import { WireFault } from './fault.ts';

const LINE_LIMIT = 16 * 1024;

/** A request whose body came in AWS's own chunks (signed piece by piece, or with trailing checksums), as if it had come whole. */
export function unchunked(request: WireRequest): WireRequest {
  const encodings = (request.headers['content-encoding'] ?? '').split(',').map((part) => part.trim()).filter((part) => part !== '');
  const streaming = (request.headers['x-amz-content-sha256'] ?? '').startsWith('STREAMING-');
  if (!streaming && !encodings.includes('aws-chunked')) return request;
  const { body, trailers } = readChunks(request.body);
  const declared = request.headers['x-amz-decoded-content-length'];
  if (declared !== undefined && Number(declared) !== body.length) throw broken(`${body.length} bytes came where x-amz-decoded-content-length says ${declared}`);
  const headers: Record<string, string> = { ...request.headers, ...trailers, 'content-length': String(body.length) };
  delete headers['content-encoding'];
  const rest = encodings.filter((part) => part !== 'aws-chunked');
  if (rest.length > 0) headers['content-encoding'] = rest.join(', ');
  return { ...request, headers, body };
}

function readChunks(bytes: Uint8Array): { body: Uint8Array; trailers: Record<string, string> } {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: Buffer[] = [];
  let at = 0;
  for (;;) {
    const [head, next] = line(source, at);
    const size = /^([0-9a-f]{1,8})(;.*)?$/i.exec(head)?.[1];
    if (size === undefined) throw broken(`a chunk begins with ${JSON.stringify(head.slice(0, 40))} instead of its size`);
    const length = Number.parseInt(size, 16);
    if (length === 0) return { body: Buffer.concat(pieces), trailers: readTrailers(source, next) };
    if (source.length < next + length + 2 || source.toString('latin1', next + length, next + length + 2) !== '\r\n') throw broken(`a chunk of ${length} bytes does not end where it should`);
    pieces.push(source.subarray(next, next + length));
    at = next + length + 2;
  }
}

/** Only checksums and the signature may trail. */
function readTrailers(source: Buffer, from: number): Record<string, string> {
  const trailers: Record<string, string> = {};
  let at = from;
  while (at < source.length) {
    const [text, next] = line(source, at);
    at = next;
    const [, name, value] = /^(x-amz-(?:checksum|trailer)-[a-z0-9-]+):(.*)$/i.exec(text) ?? [];
    if (name !== undefined && value !== undefined) trailers[name.toLowerCase()] = value.trim();
    else if (text !== '') throw broken(`an unknown trailer: ${text.slice(0, 40)}`);
  }
  return trailers;
}

function line(source: Buffer, from: number): [string, number] {
  const end = source.indexOf('\r\n', from);
  if (end < 0 || end - from > LINE_LIMIT) throw broken('the body ends within a chunk');
  return [source.toString('latin1', from, end), end + 2];
}

function broken(why: string): WireFault {
  return new WireFault({ code: 'IncompleteBody', status: 400, message: `The aws-chunked body is broken: ${why}` });
}
