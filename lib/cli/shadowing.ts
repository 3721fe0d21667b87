import { unplayable, type PlayedCall } from 'sluice-engine';
import type { Functions } from '../adapters/functions.ts';
import { isObject } from '../core/epoch.ts';
import { fault } from '../core/fault.ts';
import { SHADOWING } from '../core/faults/shadowing.ts';
import type { RunAnswer } from '../rehearsal/shadow.ts';

/** What keeps a definition from being played, in words; nothing when nothing does. */
export function unplayableIn(definition: string): string | undefined {
  const problems = unplayable(definition);
  return problems.length === 0 ? undefined : problems.join('; ');
}

/** Runs the functions of pure states in AWS. */
export function pureRunner(functions: Pick<Functions, 'call'>): (call: PlayedCall) => Promise<RunAnswer> {
  return async ({ state, resource, input }) => {
    if (/^arn:[\w-]+:lambda:/.test(resource)) return functions.call(resource, input);
    const parameters: unknown = JSON.parse(input);
    if (!resource.endsWith(':lambda:invoke') || !isObject(parameters) || typeof parameters['FunctionName'] !== 'string') throw fault(SHADOWING, 'SLUICE-SHADOW-5', { state, resource });
    const { FunctionName: name, Qualifier: qualifier, Payload: payload = {} } = parameters;
    const answer = await functions.call(typeof qualifier === 'string' ? `${name}:${qualifier}` : name, JSON.stringify(payload));
    return 'output' in answer ? { output: JSON.stringify({ ExecutedVersion: '$LATEST', Payload: JSON.parse(answer.output) as unknown, StatusCode: 200 }) } : answer;
  };
}
