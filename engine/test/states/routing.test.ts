import {
  CreateStateMachineAliasCommand, CreateStateMachineCommand, DescribeExecutionCommand, SFNClient, UpdateStateMachineAliasCommand, UpdateStateMachineCommand, type DescribeExecutionCommandOutput, type StartExecutionCommandOutput,
} from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { ask, startRig } from '../rig.ts';

const STARTS = 2000;
const AT_ONCE = 50;

function returning(result: string): string {
  return JSON.stringify({ StartAt: 'Only', States: { Only: { Type: 'Pass', Result: result, End: true } } });
}

async function inGroups<T, R>(items: readonly T[], call: (item: T) => Promise<R>): Promise<R[]> {
  const answers: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) answers.push(...await Promise.all(items.slice(at, at + AT_ONCE).map(call)));
  return answers;
}

describe('an alias with two versions', () => {
  it('sends its share of 2,000 starts to each, and every execution keeps the version it was given', async () => {
    await using rig = await startRig();
    const sfn = rig.client(SFNClient);
    const made = await sfn.send(new CreateStateMachineCommand({ name: 'orders', definition: returning('old'), roleArn: 'arn:aws:iam::000000000000:role/states', publish: true }));
    const old = made.stateMachineVersionArn!;
    const { stateMachineVersionArn: fresh } = await sfn.send(new UpdateStateMachineCommand({ stateMachineArn: made.stateMachineArn, definition: returning('new'), publish: true }));
    const routingConfiguration = [{ stateMachineVersionArn: old, weight: 90 }, { stateMachineVersionArn: fresh, weight: 10 }];
    const { stateMachineAliasArn: alias } = await sfn.send(new CreateStateMachineAliasCommand({ name: 'live', routingConfiguration }));

    const started = await inGroups(Array.from({ length: STARTS }), () => ask<StartExecutionCommandOutput>(rig, 'AWSStepFunctions.StartExecution', { stateMachineArn: alias }));
    await sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn: alias, routingConfiguration: [{ stateMachineVersionArn: fresh, weight: 100 }] }));
    await rig.advance(1000);
    const described = await inGroups(started, ({ executionArn }) => ask<DescribeExecutionCommandOutput>(rig, 'AWSStepFunctions.DescribeExecution', { executionArn }));

    expect(await sfn.send(new DescribeExecutionCommand({ executionArn: started[0]!.executionArn }))).toMatchObject({ stateMachineVersionArn: described[0]!.stateMachineVersionArn, output: described[0]!.output });
    const fresher = described.filter((each) => each.stateMachineVersionArn === fresh);
    // Five standard deviations of a binomial draw with p = 0.1.
    expect(Math.abs(fresher.length - STARTS * 0.1)).toBeLessThan(5 * Math.sqrt(STARTS * 0.1 * 0.9));
    for (const each of described) {
      expect(each).toMatchObject({ status: 'SUCCEEDED', stateMachineArn: made.stateMachineArn, stateMachineAliasArn: alias });
      expect(each.output).toBe(each.stateMachineVersionArn === fresh ? '"new"' : '"old"');
    }
  });
});
