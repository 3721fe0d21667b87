import { describe, expect, test } from 'vitest';
import { Cancellation, invokeLambdaTask, type Invoke, type TaskCall, type TaskResult } from '../../lib/states/asl/index.ts';
import { FUNCTION, START } from './play.ts';

type Answer = Awaited<ReturnType<Invoke>>;

const ANSWER: Answer = { payload: '{"done": true}', executedVersion: '7', requestId: '11111111-2222-4333-8444-555555555555', logTail: '' };

async function run(resource: string, input: unknown, answer: Answer | Error): Promise<{ readonly result: TaskResult; readonly requests: readonly Parameters<Invoke>[0][] }> {
  const requests: Parameters<Invoke>[0][] = [];
  const call: TaskCall = { resource, input, inputText: JSON.stringify(input), stateName: 'A', signal: new Cancellation() };
  const result = await invokeLambdaTask(call, async (request) => {
    requests.push(request);
    if (answer instanceof Error) throw answer;
    return answer;
  }, START);
  return { result, requests };
}

describe('a Lambda task', () => {
  test('by the function\'s ARN sends the state\'s input and gives the payload', async () => {
    const { result, requests } = await run(FUNCTION, { a: 1 }, ANSWER);

    expect(requests).toEqual([{ functionArn: FUNCTION, payload: '{"a":1}', principal: 'states.amazonaws.com' }]);
    expect(result).toEqual({ kind: 'succeeded', output: '{"done": true}' });
  });

  test('by lambda:invoke gives the payload among the metadata of the response', async () => {
    const { result, requests } = await run('arn:aws:states:::lambda:invoke', { FunctionName: 'work', Qualifier: 'live', Payload: { a: 1 } }, ANSWER);

    expect(requests).toEqual([{ functionArn: 'work:live', payload: '{"a":1}', principal: 'states.amazonaws.com' }]);
    const output = result.kind === 'succeeded' ? JSON.parse(result.output) as Record<string, unknown> : {};
    expect(output).toMatchObject({ ExecutedVersion: '7', Payload: { done: true }, StatusCode: 200, SdkResponseMetadata: { RequestId: ANSWER.requestId } });
    expect(output).toHaveProperty('SdkHttpMetadata.HttpHeaders.Content-Length', '14');
  });

  test('sends a string that is JSON as that JSON, another string as a string, and nothing as an empty object', async () => {
    const sent = await Promise.all([{ Payload: '0.0' }, { Payload: 'plain' }, {}].map(async (rest) => (await run('arn:aws:states:::lambda:invoke', { FunctionName: 'work', ...rest }, ANSWER)).requests[0]?.payload));

    expect(sent).toEqual(['0.0', '"plain"', '{}']);
  });

  test('fails by the errorType of its function; lambda:invoke takes the spaces out of the cause', async () => {
    const failed: Answer = { ...ANSWER, payload: '{"errorType": "Boom", "errorMessage": "why"}', functionError: 'Unhandled' };

    expect((await run(FUNCTION, {}, failed)).result).toEqual({ kind: 'failed', error: 'Boom', cause: '{"errorType": "Boom", "errorMessage": "why"}' });
    expect((await run('arn:aws:states:::lambda:invoke', { FunctionName: 'work' }, failed)).result).toEqual({ kind: 'failed', error: 'Boom', cause: '{"errorType":"Boom","errorMessage":"why"}' });
    expect((await run(FUNCTION, {}, { ...failed, payload: '{"errorMessage":"2026 Task timed out after 3.00 seconds"}' })).result).toMatchObject({ error: 'Lambda.Unknown' });
  });

  test('that Lambda refuses fails by Lambda\'s code', async () => {
    const refusal = Object.assign(new Error(`Function not found: ${FUNCTION}`), { code: 'ResourceNotFoundException', status: 404 });

    expect((await run(FUNCTION, {}, refusal)).result).toEqual({
      kind: 'failed', error: 'Lambda.ResourceNotFoundException',
      cause: `Function not found: ${FUNCTION} (Service: AWSLambda; Status Code: 404; Error Code: ResourceNotFoundException; Request ID: ; Proxy: null)`,
    });
  });

  test('passes a defect of the engine on', async () => {
    await expect(run(FUNCTION, {}, new Error('broken'))).rejects.toThrow('broken');
  });

  test('refuses other resources and invocation types by name', async () => {
    expect((await run('arn:aws:states:::sqs:sendMessage', {}, ANSWER)).result).toMatchObject({ kind: 'failed', cause: expect.stringContaining('sqs:sendMessage') as string });
    expect((await run('arn:aws:states:::lambda:invoke', { FunctionName: 'work', InvocationType: 'Event' }, ANSWER)).result).toMatchObject({ kind: 'failed', cause: expect.stringContaining('"Event"') as string });
  });
});
