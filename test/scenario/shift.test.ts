import { RedriveExecutionCommand, SFNClient, StopExecutionCommand, UpdateStateMachineAliasCommand } from '@aws-sdk/client-sfn';
import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { ShiftPlan } from '../../lib/constructs/index.ts';
import { Shop } from './shifting.ts';

const CANARY = ShiftPlan.canary({ percent: 25, hold: Duration.minutes(8), bakeTime: Duration.minutes(4) });
const CONFIG = 'examples/orders/config';
const PATIENT = 'examples/orders/releases/2-patient-bank';

/** How often each answer came. */
function tally(answers: readonly string[]): Record<string, number> {
  return Object.fromEntries([...new Set(answers)].sort().map((answer) => [answer, answers.filter((one) => one === answer).length]));
}

describe('a workflow that shifts', { timeout: 120_000 }, () => {
  it('takes good versions to everybody, and harm back; the old version answers with the old code', async () => {
    const story = await Shop.play(CANARY, async (shop) => {
      const first = [await shop.routes(), await shop.shift()];
      await shop.deploy({ answer: 'two' });
      const growing = tally(await shop.run(5));
      const refused = await shop.deployed.release(CONFIG, PATIENT).then(() => 'begun', (error: unknown) => (error as Error).message);
      const middle = await shop.routes();
      await shop.deployed.sleep(9);
      const good = [await shop.routes(), tally(await shop.run(0.5)), await shop.ends()];

      await shop.deploy({ answer: 'three', failing: 60 });
      const harmed = tally(await shop.run(8));
      const bad = [await shop.routes(), tally(await shop.run(0.5)), await shop.ends()];

      await shop.deploy({ answer: 'four', loops: true });
      await shop.run(8);
      return { first, growing, refused, middle, good, harmed, bad, looped: await shop.shift(), routes: await shop.routes(), denials: (await shop.deployed.grants()).denials };
    });

    expect(story.first).toEqual([{ 1: 100 }, undefined]);
    expect(story.middle).toEqual({ 1: 75, 2: 25 });
    expect(Object.keys(story.growing)).toEqual(['one', 'two']);
    expect(story.refused).toContain('SLUICE-SHIFT-2: production is shifting answers from version 1 to version 2 (growing)');
    expect(story.good).toEqual([{ 2: 100 }, { two: 6 }, ['complete']]);
    expect(story.bad).toEqual([{ 2: 100 }, { two: 6 }, ['complete', 'rolled-back']]);
    // A quarter of those that began in the minutes until it was seen.
    expect(story.harmed['FAILED']).toBeLessThan(0.25 * 96);
    expect(story.harmed).not.toHaveProperty('three');
    expect(story.routes).toEqual({ 2: 100 });
    expect(story.looped).toMatchObject({ state: 'rolled-back', to: expect.stringMatching(/:4$/), verdict: { counts: { ExecutionsTimedOut: { control: { bad: 0 } } } } });
    expect(story.looped!.verdict!.counts['ExecutionsTimedOut']!.canary.bad).toBeGreaterThan(3);
    expect(story.denials).toEqual([]);
  });

  it('goes on when its controller is killed, lets a newer version take the place of one that grows, and leaves an alias to whoever moved it', async () => {
    const story = await Shop.play(CANARY, async (shop) => {
      const states = shop.deployed.client(SFNClient);
      await shop.deploy({ answer: 'two' });
      await shop.deployed.sleep(2);
      const [leader] = await shop.controllers();
      await states.send(new StopExecutionCommand({ executionArn: leader!.arn }));
      await shop.deployed.sleep(1);
      const killed = (await shop.controllers()).map(({ status }) => status);
      await shop.deployed.sleep(2);
      const [successor] = [(await shop.shift())!.leader !== leader!.arn];

      await shop.deploy({ answer: 'three' });
      await shop.deployed.sleep(3);
      const overtaken = [await shop.ends(), await shop.routes()];

      const version = (await shop.shift())!.to;
      await states.send(new UpdateStateMachineAliasCommand({ stateMachineAliasArn: shop.aliasArn, routingConfiguration: [{ stateMachineVersionArn: version, weight: 60 }, { stateMachineVersionArn: version.replace(/3$/, '1'), weight: 40 }] }));
      await shop.deployed.sleep(3);
      return { killed, successor, overtaken, ends: await shop.ends(), routes: await shop.routes(), running: (await shop.controllers()).filter(({ status }) => status === 'RUNNING') };
    });

    expect(story.killed).toEqual(['RUNNING', 'ABORTED', 'SUCCEEDED']);
    expect(story.successor).toBe(true);
    expect(story.overtaken).toEqual([['superseded'], { 1: 75, 3: 25 }]);
    expect([story.ends, story.routes, story.running]).toEqual([['superseded', 'overridden'], { 1: 40, 3: 60 }, []]);
  });

  it('is paused, promoted, redriven and aborted, and each ends as it says', async () => {
    const story = await Shop.play(CANARY, async (shop) => {
      await shop.deploy({ answer: 'two' });
      await shop.deployed.sleep(3);
      await shop.ask('pause');
      await shop.deployed.sleep(20);
      const paused = [(await shop.shift())?.state, (await shop.shift())?.paused, await shop.routes()];
      await shop.ask('promote');
      await shop.deployed.sleep(1);
      const promoted = [(await shop.shift())?.state, await shop.routes()];
      await shop.deployed.sleep(5);
      const complete = await shop.ends();

      await shop.deploy({ answer: 'three' });
      await shop.deployed.sleep(3);
      const states = shop.deployed.client(SFNClient);
      const [leader] = await shop.controllers();
      await states.send(new StopExecutionCommand({ executionArn: leader!.arn }));
      await states.send(new RedriveExecutionCommand({ executionArn: leader!.arn }));
      await shop.deployed.sleep(3);
      const redriven = [(await shop.shift())?.state, (await shop.shift())?.leader === leader!.arn, (await shop.controllers()).filter(({ status }) => status === 'RUNNING').length];
      await shop.ask('abort');
      await shop.deployed.sleep(1.5);
      return { paused, promoted, complete, redriven, aborted: [await shop.ends(), await shop.routes()], denials: (await shop.deployed.grants()).denials };
    });

    expect(story.paused).toEqual(['growing', true, { 1: 75, 2: 25 }]);
    expect(story.promoted).toEqual(['baking', { 2: 100 }]);
    expect(story.complete).toEqual(['complete']);
    expect(story.redriven).toEqual(['growing', true, 1]);
    expect(story.aborted).toEqual([['complete', 'aborted'], { 2: 100 }]);
    expect(story.denials).toEqual([]);
  });
});
