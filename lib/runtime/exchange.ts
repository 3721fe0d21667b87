import type { IncomingMessage } from 'node:http';

/** An HTTP answer, read to its end. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/**
 * One GET, ended after `timeoutMs` whatever happens. Rejects when the source is dead, hangs, breaks off or answers more than
 * `mostBytes`; any status is an answer.
 *
 * Each request has a connection of its own: one kept from before a sandbox was frozen is dead when it wakes up.
 * node:http is loaded here and not by an import: a static one costs 59 ms on Node 24, and global fetch still more.
 */
export function get(url: URL, headers: Readonly<Record<string, string>>, timeoutMs: number, mostBytes: number): Promise<Answer> {
  const http = url.protocol === 'https:' ? process.getBuiltinModule('node:https') : process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const end = (outcome: Error | Answer): void => {
      clearTimeout(timer);
      if (outcome instanceof Error) {
        request.destroy();
        reject(outcome);
      } else {
        resolve(outcome);
      }
    };
    const timer = setTimeout(() => end(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
    const request = http.get(url, { headers, agent: false }, (message) => {
      const chunks: Buffer[] = [];
      let size = 0;
      message.on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostBytes) end(new Error(`the answer is longer than ${mostBytes} bytes`));
        else chunks.push(chunk);
      });
      message.on('error', end);
      message.on('end', () => {
        end({ status: message.statusCode ?? 0, headers: message.headers, body: Buffer.concat(chunks) });
      });
    });
    request.on('error', end);
  });
}
