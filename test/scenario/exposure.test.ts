import { readFileSync } from 'node:fs';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { zip } from 'sluice-engine';
import { expect, it } from 'vitest';
import { ask } from '../../lib/rehearsal/ask.ts';
import { Guarded, MINUTE } from './guarded.ts';

const ROLE = 'arn:aws:iam::000000000000:role/test';
const LAYER = 'arn:aws:lambda:us-east-1:027255383542:layer:AWS-AppConfig-Extension:207';
const EXECUTIONS = 2000;
/** Four standard deviations of a binomial draw of 2,000 at 10 %. */
const SPREAD = 4 * Math.sqrt(EXECUTIONS * 0.1 * 0.9);

/** What is read by the pin when the rollout is over. */
const READ = { 'pinned.$': '$.pin.digest', 'version.$': '$.pin.version', 'entity.$': '$.pin.entity' };

it('a stage of 10 % pins a tenth of 2,000 executions to the new epoch, each for life', async () => {
  const guarded = await Guarded.start();
  try {
    const { rig } = guarded;
    await guarded.settle(10);
    const { FunctionArn: pin } = await rig.client(LambdaClient).send(new CreateFunctionCommand({
      FunctionName: 'pin', Layers: [LAYER], Runtime: 'nodejs22.x', Handler: 'index.handler', Role: ROLE, Timeout: 10, MemorySize: 256,
      Code: { ZipFile: zip({ 'index.mjs': readFileSync(new URL('../../dist/lambda/pin/index.mjs', import.meta.url)) }, 'stored') },
      Environment: { Variables: { SLUICE_APPLICATION: 'shop', SLUICE_ENVIRONMENT: 'production', SLUICE_PROFILE: 'shop-production', SLUICE_STORE: 'epochs' } },
    }));
    const states = rig.client(SFNClient);
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({
      name: 'reader', roleArn: ROLE, definition: JSON.stringify({
        StartAt: 'Pin',
        States: {
          Pin: { Type: 'Task', Resource: pin, Parameters: { 'execution.$': '$$.Execution.Id' }, ResultPath: '$.pin', Next: 'Hold' },
          Hold: { Type: 'Wait', Seconds: 1800, Next: 'Read' },
          Read: { Type: 'Pass', Parameters: READ, ResultPath: '$.read', End: true },
        },
      }),
    }));

    await guarded.deploy(await guarded.create(20), 'AppConfig.Canary10Percent20Minutes');
    await rig.advance(4 * MINUTE);
    expect((await guarded.deployment(2)).PercentageComplete).toBe(10);
    const arns: string[] = [];
    for (let n = 0; n < EXECUTIONS; n += 1) arns.push((await ask<{ executionArn: string }>(rig.engine, 'AWSStepFunctions.StartExecution', { stateMachineArn, input: '{}' })).executionArn);
    await rig.advance(60 * MINUTE);

    expect((await guarded.deployment(2)).State).toBe('COMPLETE');
    const outputs = [];
    for (const executionArn of arns) outputs.push(JSON.parse((await ask<{ output: string }>(rig.engine, 'AWSStepFunctions.DescribeExecution', { executionArn })).output) as { pin: { digest: string; version: string; entity: string }; read: object });
    const canary = outputs.filter((output) => output.pin.version === '2').length;
    expect(Math.abs(canary - EXECUTIONS * 0.1)).toBeLessThan(SPREAD);
    expect(outputs.map((output) => output.read)).toEqual(outputs.map(({ pin: { digest, version, entity } }) => ({ pinned: digest, version, entity })));
    expect(outputs.map((output) => output.pin.entity)).toEqual(arns);
  } finally {
    await guarded.close();
  }
}, 120_000);
