import type { Engine } from 'sluice-engine';

/**
 * Calls one operation of an AWS JSON service of the engine by its target, `AWSStepFunctions.StartExecution`, without an SDK client: that and its sockets would
 * cost as much as all that thousands of executions do. Times in the answer are seconds. @throws Error when it is refused.
 */
export async function ask<Answer = unknown>(engine: Engine, target: string, input: unknown): Promise<Answer> {
  const answer = await engine.dispatch({
    method: 'POST',
    path: '/',
    query: new URLSearchParams(),
    headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
    body: Buffer.from(JSON.stringify(input)),
  });
  const text = Buffer.from(answer.body).toString();
  if (answer.status !== 200) throw new Error(`${target} was refused: ${text}`);
  return JSON.parse(text) as Answer;
}
