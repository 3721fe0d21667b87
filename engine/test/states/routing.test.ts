import { UpdateStateMachineAliasCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { openStage, pass } from './stage.ts';

describe('an alias with two versions', () => {
  it('sends its share of 2,000 starts to each, and every execution keeps the version it was given', async () => {
    await using stage = await openStage();
    const { arn, version: old } = await stage.create('orders', { definition: pass('old') });
    const fresh = await stage.next(arn, pass('new'));
    const alias = await stage.alias('live', { [old]: 90, [fresh]: 10 });

    const started = await Promise.all(Array.from({ length: 2000 }, () => stage.start(alias)));
    await stage.sfn.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn: alias, routingConfiguration: [{ stateMachineVersionArn: fresh, weight: 100 }] }));
    await stage.rig.advance(1000);
    const described = await Promise.all(started.map((each) => stage.describe(each)));

    const fresher = described.filter((each) => each.stateMachineVersionArn === fresh);
    // Five standard deviations of a binomial draw with p = 0.1.
    expect(Math.abs(fresher.length - 200)).toBeLessThan(5 * Math.sqrt(2000 * 0.1 * 0.9));
    for (const each of described) {
      expect(each).toMatchObject({ status: 'SUCCEEDED', stateMachineArn: arn, stateMachineAliasArn: alias });
      expect(each.output).toBe(each.stateMachineVersionArn === fresh ? '"new"' : '"old"');
    }
  });
});
