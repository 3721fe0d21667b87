import type { House } from '../ports.ts';
import type { RawRequest } from '../sandbox/assembler.ts';
import type { RawResponse } from '../sandbox/sandbox.ts';
import { textResponse, wireRequest } from '../wire/index.ts';
import { createAgent } from './agent.ts';
import { AgentError, agentOptions } from './options.ts';

/**
 * The agent of one sandbox, as an extension of its function: made from the function's environment variables. Where those are wrong
 * AWS's extension fails to start; here every read answers 500 and says why.
 */
export function agentInside(house: House, environment: Readonly<Record<string, string>>, sandbox: string): (request: RawRequest) => Promise<RawResponse> {
  try {
    const agent = createAgent(house, agentOptions(sandbox, environment));
    return (request) => agent.handle(wireRequest(request.method, request.target, request.headers, request.body));
  } catch (failure) {
    if (!(failure instanceof AgentError)) throw failure;
    const { message } = failure;
    return () => Promise.resolve(textResponse(500, 'text/plain; charset=utf-8', message));
  }
}
