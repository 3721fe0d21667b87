import type { Engine } from 'sluice-engine';

/** Asks Step Functions: the SDK and its sockets would cost as much as all that thousands of executions do. Times in the answer are seconds. */
export async function ask<Answer>(engine: Engine, operation: string, input: object): Promise<Answer> {
  const { body } = await engine.dispatch({
    method: 'POST', path: '/', query: new URLSearchParams(), headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` },
    body: Buffer.from(JSON.stringify(input)),
  });
  return JSON.parse(Buffer.from(body).toString()) as Answer;
}
