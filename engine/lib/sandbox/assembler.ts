/** A request as it came out of a sandbox's socket, before anybody looked at what it means. */
export interface RawRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const HEAD_LIMIT = 65_536;
const BODY_LIMIT = 64 * 1024 * 1024;
const LINE_END = '\r\n';
const HEAD_END = '\r\n\r\n';
const NOTHING: Buffer = Buffer.alloc(0);

/** What the bytes taken so far amount to. */
export interface Assembled {
  readonly requests: readonly RawRequest[];
  /** The sender waits for `100 Continue`. */
  readonly expectsContinue: boolean;
  /** Why the bytes are no HTTP; nothing more is read from the connection. */
  readonly fault?: string;
}

interface Head {
  readonly method: string;
  readonly target: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly chunked: boolean;
}

/**
 * HTTP/1.1 from the server's side for one connection of a sandbox: bytes in, whole requests out (RFC 9112: lengths and
 * chunked bodies; no upgrades). Lean on purpose: a sandbox sends thousands of small requests, and is trusted not to
 * attack; outside connections go through node:http.
 */
export class RequestAssembler {
  #buffer: Buffer = NOTHING;
  #head: Head | undefined;
  readonly #body: Buffer[] = [];
  #size = 0;
  /** Bytes that are still missing of the body, or of the present chunk. */
  #missing = 0;
  #inChunk = false;
  #fault: string | undefined;

  /** Takes bytes; each is looked at once, however many pieces a body comes in. */
  push(bytes: Uint8Array): Assembled {
    const chunk = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk]);
    const requests: RawRequest[] = [];
    let expectsContinue = false;
    while (this.#fault === undefined) {
      if (!this.#head) {
        this.#head = this.#readHead();
        if (!this.#head) break;
        expectsContinue = this.#head.headers['expect']?.toLowerCase() === '100-continue';
      }
      if (!(this.#head.chunked ? this.#readChunks() : this.#readBytes())) break;
      expectsContinue = false;
      const { method, target, headers } = this.#head;
      requests.push({ method, target, headers, body: this.#body.length === 1 ? this.#body[0]! : Buffer.concat(this.#body) });
      this.#head = undefined;
      this.#body.length = 0;
      this.#size = 0;
    }
    return { requests, expectsContinue, ...(this.#fault === undefined ? {} : { fault: this.#fault }) };
  }

  #readHead(): Head | undefined {
    const end = this.#buffer.indexOf(HEAD_END);
    if (end < 0) {
      if (this.#buffer.length > HEAD_LIMIT) this.#fault = 'the head of a request is longer than 64 KiB';
      return undefined;
    }
    const [line = '', ...fields] = this.#buffer.toString('latin1', 0, end).split(LINE_END);
    const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]$/.exec(line) ?? [];
    if (method === undefined || target === undefined) {
      this.#fault = `no request begins with ${JSON.stringify(line.slice(0, 100))}`;
      return undefined;
    }
    const headers: Record<string, string> = {};
    for (const field of fields) {
      const colon = field.indexOf(':');
      headers[field.slice(0, colon).toLowerCase()] = field.slice(colon + 1).trim();
    }
    const length = Number(headers['content-length'] ?? 0);
    if (!(length <= BODY_LIMIT)) this.#fault = `a body of ${headers['content-length']} bytes is above 64 MiB`;
    this.#buffer = this.#buffer.subarray(end + HEAD_END.length);
    this.#missing = length;
    const chunked = headers['transfer-encoding']?.toLowerCase() === 'chunked';
    if (chunked) this.#missing = 0;
    return { method, target, headers, chunked };
  }

  /** Moves what is there of the missing bytes into the body; whether none is missing now. */
  #readBytes(): boolean {
    const taken = this.#buffer.subarray(0, this.#missing);
    if (taken.length > 0) {
      this.#body.push(taken);
      this.#size += taken.length;
      this.#missing -= taken.length;
      this.#buffer = this.#buffer.subarray(taken.length);
    }
    return this.#missing === 0;
  }

  #readChunks(): boolean {
    for (;;) {
      if (!this.#readBytes()) return false;
      if (this.#inChunk) {
        if (this.#buffer.length < LINE_END.length) return false;
        this.#buffer = this.#buffer.subarray(LINE_END.length);
        this.#inChunk = false;
      }
      const line = this.#buffer.indexOf(LINE_END);
      if (line < 0) return false;
      const size = Number.parseInt(this.#buffer.toString('latin1', 0, line), 16);
      if (size === 0) {
        // Trailers, if any, end as a head does.
        const end = this.#buffer.indexOf(HEAD_END, line);
        if (end < 0) return false;
        this.#buffer = this.#buffer.subarray(end + HEAD_END.length);
        return true;
      }
      if (!(this.#size + size <= BODY_LIMIT)) {
        this.#fault = Number.isNaN(size) ? 'a chunk has no size' : 'a body is above 64 MiB';
        return false;
      }
      this.#buffer = this.#buffer.subarray(line + LINE_END.length);
      this.#missing = size;
      this.#inChunk = true;
    }
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
