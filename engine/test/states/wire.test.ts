import { DeleteStateMachineVersionCommand, DescribeStateMachineCommand, PublishStateMachineVersionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { as, createRole } from '../iam/stage.ts';
import { refused } from '../refused.ts';
import { ask } from '../rig.ts';
import { BASE, pass, startStage, type Stage } from './stage.ts';

const START = Date.parse('2026-09-23T21:44:47.084Z');
let stage: Stage;
let arn: string;
beforeAll(async () => {
  stage = await startStage({ start: START });
  arn = await stage.create('orders', pass(), { publish: true });
});
afterAll(() => stage[Symbol.asyncDispose]());

/** What the engine writes, as a client without a model sees it. */
async function raw(operation: string, input: object, accessKeyId = 'AKIDTEST'): Promise<{ status: number; type: string | null; body: Record<string, unknown> }> {
  const authorization = `AWS4-HMAC-SHA256 Credential=${accessKeyId}/20260101/us-east-1/states/aws4_request, SignedHeaders=host, Signature=0`;
  const response = await fetch(stage.rig.engine.endpoint, { method: 'POST', headers: { authorization, 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AWSStepFunctions.${operation}` }, body: JSON.stringify(input) });
  return { status: response.status, type: response.headers.get('content-type'), body: await response.json() as Record<string, unknown> };
}

describe('on the wire, as recorded', () => {
  it('dates are epoch seconds with milliseconds', async () => {
    const { status, type, body } = await raw('DescribeStateMachine', { stateMachineArn: arn });

    expect([status, type, body['creationDate']]).toEqual([200, 'application/x-amz-json-1.0', 1790199887.084]);
  });

  it('a refusal is a 400 whose type has the namespace of its service, a violation of the model that of the framework', async () => {
    const missing = await raw('DescribeStateMachine', { stateMachineArn: `${BASE}:stateMachine:none` });
    const violation = await raw('ValidateStateMachineDefinition', { definition: pass(), severity: 'INFO' });

    expect(missing).toMatchObject({ status: 400, body: { __type: 'com.amazonaws.swf.service.v2.model#StateMachineDoesNotExist', message: `State Machine Does Not Exist: '${BASE}:stateMachine:none'` } });
    expect(violation).toMatchObject({ status: 400, body: { __type: 'com.amazon.coral.validate#ValidationException', message: '1 validation error detected: Value \'INFO\' at \'severity\' failed to satisfy constraint: Member must satisfy enum value set: [ERROR, WARNING]' } });
  });

  it('a denial tells its text in Message', async () => {
    const client = (await as(stage.rig, await createRole(stage.rig, 'nobody', [])))(SFNClient);
    const { accessKeyId } = await client.config.credentials();

    const { status, body } = await raw('DescribeStateMachine', { stateMachineArn: arn }, accessKeyId);

    expect(status).toBe(400);
    expect(body['__type']).toMatch(/AccessDeniedException$/);
    expect(body['Message']).toMatch(/is not authorized to perform: states:DescribeStateMachine on resource: /);
    expect(await refused(client.send(new DescribeStateMachineCommand({ stateMachineArn: arn })))).toMatchObject({ code: 'AccessDeniedException', message: body['Message'] });
  });
});

describe('a limit', () => {
  it('of 100 aliases holds', async () => {
    const machine = await stage.create('aliased', pass(), { publish: true });
    for (let at = 0; at < 100; at += 1) await stage.alias(`a${at}`, [`${machine}:1`, 100]);

    expect(await refused(stage.alias('more', [`${machine}:1`, 100]))).toMatchObject({ code: 'ServiceQuotaExceededException', status: 400 });
  });

  it('of 1,000 versions holds, and a deleted one makes room under a number of its own', async () => {
    const machine = await stage.create('versioned', pass('0'), { publish: true });
    const update = (text: string, publish: boolean): Promise<unknown> => ask(stage.rig, 'AWSStepFunctions.UpdateStateMachine', { stateMachineArn: machine, definition: pass(text), publish });
    for (let group = 0; group < 37; group += 1) await Promise.all(Array.from({ length: 27 }, (_, at) => update(`${group} ${at}`, true)));
    await update('last', false);
    const publish = () => stage.sfn.send(new PublishStateMachineVersionCommand({ stateMachineArn: machine }));

    expect(await refused(publish())).toMatchObject({ code: 'ServiceQuotaExceededException', status: 400 });
    await stage.sfn.send(new DeleteStateMachineVersionCommand({ stateMachineVersionArn: `${machine}:1` }));
    expect((await publish()).stateMachineVersionArn).toBe(`${machine}:1001`);
  });
});
