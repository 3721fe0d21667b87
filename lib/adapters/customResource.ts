import { Fault } from '../core/fault.ts';
import { parseStackRequest, stackAnswer, type Made, type StackRequest } from '../core/stackRequest.ts';
import { putAnswer } from './stackAnswer.ts';

/**
 * Serves one request of a custom resource and answers CloudFormation whatever happens, since a stack without an answer waits for an
 * hour. @throws Fault `SLUICE-HOOK-1` for an event nobody waits for an answer to.
 */
export async function serveStack(name: string, event: unknown, serve: (request: StackRequest) => Promise<Made | undefined | void>): Promise<void> {
  const request = parseStackRequest(event);
  if (request instanceof Fault) throw request;
  const made = await serve(request).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  const failure = made instanceof Error ? made : undefined;
  process.stdout.write(`${JSON.stringify({ handler: name, request: request.kind, resource: request.logicalResourceId, failure: failure?.message })}\n`);
  await putAnswer(request.responseUrl, stackAnswer(request, failure, made === undefined || made instanceof Error ? undefined : made));
}
