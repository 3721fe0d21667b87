/** A request as it came out of a sandbox's socket, before anybody looked at what it means. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const HEAD_LIMIT = 65_536;
const BODY_LIMIT = 64 * 1024 * 1024;

/**
 * HTTP/1.1 from the server's side for one connection of a sandbox: bytes in, whole requests out (RFC 9112: lengths and
 * chunked bodies; no upgrades). Lean on purpose: a sandbox sends thousands of small requests, and is trusted not to
 * attack; outside connections go through node:http.
 */
export class RequestAssembler {
  #buffer: Buffer = Buffer.alloc(0);
  #continued = false;

  /** Takes bytes; returns the requests completed by them, and whether the sender waits for `100 Continue`. */
  push(bytes: Uint8Array): { requests: RawRequest[]; expectsContinue: boolean } {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const requests: RawRequest[] = [];
    let expectsContinue = false;
    for (;;) {
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) {
        if (this.#buffer.length > HEAD_LIMIT) throw new Error('the head of a request from a sandbox is longer than 64 KiB');
        break;
      }
      const [line, ...fields] = this.#buffer.toString('latin1', 0, end).split('\r\n');
      const headers: Record<string, string> = {};
      for (const field of fields) {
        const colon = field.indexOf(':');
        headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
      }
      const body = bodyOf(headers, this.#buffer, end + 4);
      if (!body) {
        expectsContinue = headers['expect']?.toLowerCase() === '100-continue' && !this.#continued;
        this.#continued ||= expectsContinue;
        break;
      }
      this.#continued = false;
      const [method = '', target = ''] = line!.split(' ');
      requests.push({ method, target, headers, body: body.bytes });
      this.#buffer = this.#buffer.subarray(body.end);
    }
    return { requests, expectsContinue };
  }
}

/** The body that begins at `start`, or undefined while it is incomplete. */
function bodyOf(headers: Record<string, string>, buffer: Buffer, start: number): { bytes: Uint8Array; end: number } | undefined {
  if (headers['transfer-encoding']?.toLowerCase() === 'chunked') return chunked(buffer, start);
  const length = Number(headers['content-length'] ?? 0);
  if (!(length <= BODY_LIMIT)) throw new Error(`a request body of ${headers['content-length']} bytes from a sandbox is above 64 MiB`);
  const end = start + length;
  return buffer.length < end ? undefined : { bytes: buffer.subarray(start, end), end };
}

function chunked(buffer: Buffer, start: number): { bytes: Uint8Array; end: number } | undefined {
  const parts: Buffer[] = [];
  let at = start;
  for (;;) {
    const line = buffer.indexOf('\r\n', at);
    if (line < 0) return undefined;
    const size = Number.parseInt(buffer.toString('latin1', at, line), 16);
    if (size === 0) {
      const trailers = buffer.indexOf('\r\n\r\n', line);
      return trailers < 0 ? undefined : { bytes: Buffer.concat(parts), end: trailers + 4 };
    }
    at = line + 2;
    if (buffer.length < at + size + 2) return undefined;
    parts.push(buffer.subarray(at, at + size));
    at += size + 2;
  }
}

/** A response's bytes on the wire; the answer to HEAD keeps the length it announces and carries no body. */
export function responseBytes(method: string, status: number, headers: Readonly<Record<string, string>>, body: Uint8Array): Uint8Array {
  let head = `HTTP/1.1 ${status} ${status < 400 ? 'OK' : 'Error'}\r\n`;
  let announced = String(body.length);
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() !== 'content-length') head += `${name}: ${value}\r\n`;
    else if (method === 'HEAD') announced = value;
  }
  // 204 and 304 have no body and must not announce one.
  head += status === 204 || status === 304 ? '\r\n' : `content-length: ${announced}\r\n\r\n`;
  return method === 'HEAD' ? Buffer.from(head, 'latin1') : Buffer.concat([Buffer.from(head, 'latin1'), body]);
}

/** The interim answer to `Expect: 100-continue`. */
export const CONTINUE: Uint8Array = Buffer.from('HTTP/1.1 100 Continue\r\n\r\n', 'latin1');
