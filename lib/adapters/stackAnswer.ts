import { request } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses before each attempt, milliseconds: an answer that is lost holds the stack until it times out. */
const PAUSES = [0, 1000, 5000];

/** When an attempt is given up, milliseconds. */
const TIMEOUT_MS = 10_000;

/** Puts the answer of a custom resource where CloudFormation waits for it. @throws Error when it is not taken. */
export async function putAnswer(url: string, body: string): Promise<void> {
  let problem: unknown;
  for (const pause of PAUSES) {
    await sleep(pause);
    try {
      await put(new URL(url), body);
      return;
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}

/** The address is signed for an empty content type, which fetch would not send. */
function put(url: URL, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': '', 'content-length': Buffer.byteLength(body) };
    const sent = request(url, { method: 'PUT', headers, timeout: TIMEOUT_MS }, (answer) => {
      answer.resume();
      answer.on('end', () => {
        if (answer.statusCode === 200) resolve();
        else reject(new Error(`CloudFormation's address for answers said ${answer.statusCode}`));
      });
    });
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}
