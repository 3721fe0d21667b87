import { setTimeout as sleep } from 'node:timers/promises';

/** Pauses between attempts, milliseconds: an answer that is lost holds the stack until it times out. */
const PAUSES = [0, 1000, 5000];

/** Puts the answer of a custom resource where CloudFormation waits for it. @throws Error when it is not taken. */
export async function putAnswer(url: string, body: string): Promise<void> {
  let problem: unknown;
  for (const pause of PAUSES) {
    await sleep(pause);
    try {
      const answer = await fetch(url, { method: 'PUT', headers: { 'content-type': '' }, body });
      if (answer.ok) return;
      problem = new Error(`CloudFormation's address for answers said ${answer.status}`);
    } catch (error) {
      problem = error;
    }
  }
  throw problem;
}
