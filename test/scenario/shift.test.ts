import { Duration } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { ShiftPlan } from '../../lib/constructs/index.ts';
import { conditioned } from './conditions.ts';
import { Shop } from './shifting.ts';
import { CANARY, CONFIG, PATIENT, played, tally } from './shifts.ts';

/** How the shifts of the first story ended, and those of the second. */
const ASKED = ['complete', 'aborted', 'aborted'];
const JUDGED = ['complete', 'rolled-back', 'rolled-back', 'rolled-back'];

describe('a workflow that shifts', { timeout: 300_000 }, () => {
  it('that shifts from its second version on keeps its alias for it, is paused, promoted, redriven and aborted, and each ends as it says', async () => {
    const { asked, denials } = await played();

    expect(asked.kept).toEqual({ 1: 100 });
    expect(asked.paused).toEqual(['growing', true, { 1: 75, 2: 25 }]);
    expect(asked.promoted).toEqual(['baking', { 2: 100 }]);
    expect(asked.complete).toEqual(['complete']);
    expect(asked.redriven).toEqual(['growing', true, 1]);
    expect(asked.aborted).toEqual([['complete', 'aborted'], { 2: 100 }]);
    expect(asked.deleted).toEqual(['growing', expect.stringMatching(/^SLUICE-SHIFT-14: the alias of answers cannot be given 25 % of version 4: Sfn\.\w+: /), { 2: 100 }]);
    expect(asked.gone).toEqual([['complete', 'aborted', 'aborted'], { 2: 100 }]);
    expect(denials).toEqual([]);
  });

  it('takes good versions to everybody, and harm back; the old version answers with the old code', async () => {
    const { judged, denials } = await played();

    expect(judged.middle).toEqual({ 2: 75, 5: 25 });
    expect(Object.keys(judged.growing)).toEqual(['five', 'two']);
    expect(judged.refused).toContain('SLUICE-SHIFT-2: production is shifting answers from version 2 to version 5 (growing)');
    expect(judged.good).toEqual([{ 5: 100 }, { five: 6 }, [...ASKED, 'complete']]);
    expect(judged.bad).toEqual([{ 5: 100 }, { five: 6 }, [...ASKED, 'complete', 'rolled-back']]);
    // A quarter of those that began in the minutes until it was seen.
    expect(judged.harmed['FAILED']).toBeLessThan(0.25 * 96);
    expect(judged.harmed).not.toHaveProperty('six');
    expect(judged.routes).toEqual({ 5: 100 });
    expect(judged.looped).toMatchObject({ state: 'rolled-back', to: expect.stringMatching(/:7$/), verdict: { counts: { ExecutionsTimedOut: { control: { bad: 0 } } } } });
    expect(judged.looped!.verdict!.counts['ExecutionsTimedOut']!.canary.bad).toBeGreaterThan(3);
    expect(judged.baked).toMatchObject([{ state: 'rolled-back', plan: { steps: [] }, reason: expect.stringMatching(/^ExecutionsFailed: .* since, .* before; compared over time/) }, { 5: 100 }]);
    expect(denials).toEqual([]);
  });

  it('goes on when its controller is killed, lets a newer version take the place of one that grows, and leaves an alias to whoever moved it', async () => {
    const { killed } = await played();

    expect(killed.statuses).toEqual(['RUNNING', 'ABORTED', ...killed.before]);
    expect(killed.before[0]).toBe('SUCCEEDED');
    expect(killed.successor).toBe(true);
    expect(killed.overtaken).toEqual([[...ASKED, ...JUDGED, 'superseded'], { 5: 75, 10: 25 }]);
    expect([killed.ends, killed.routes, killed.running]).toEqual([[...ASKED, ...JUDGED, 'superseded', 'overridden'], { 5: 40, 10: 60 }, []]);
  });

  it('waits for a configuration, plays each plan, hears the alarm, and comes to its end though the controller is killed after each of its effects; all behind reads that lag', async () => {
    const minutes = (many: number): Duration => Duration.minutes(many);
    const story = await Shop.play(CANARY, async (shop) => {
      const first = [await shop.routes(), await shop.shift()];
      const ended = async (): Promise<unknown[]> => [(await shop.ends()).at(-1), await shop.routes(), (await shop.shift())!.log.map(({ weight }) => weight).filter((weight, at, all) => weight !== all[at - 1])];
      await shop.deployed.release(CONFIG, PATIENT);
      await shop.deploy({ answer: 'two' }, ShiftPlan.linear({ stepPercent: 30, every: minutes(1), bakeTime: minutes(1) }));
      await shop.deployed.sleep(5);
      const waiting = [(await shop.shift())?.reason, await shop.routes()];
      await shop.deployed.sleep(34);
      const linear = await ended();

      await shop.deploy({ answer: 'three' }, ShiftPlan.blueGreen({ hold: minutes(3), bakeTime: minutes(1) }));
      await shop.deployed.sleep(2);
      const tried = [await shop.routes(), tally(await shop.run(0.1, 5, (await shop.shift())!.to)), tally(await shop.run(0.1))];
      await shop.deployed.sleep(6);
      const blueGreen = await ended();

      await shop.deploy({ answer: 'four' }, ShiftPlan.allAtOnce({ bakeTime: minutes(10) }));
      await shop.deployed.sleep(2);
      const atOnce = [(await shop.shift())?.state, await shop.routes()];
      await shop.ring();
      await shop.deployed.sleep(1.5);
      const rung = [await ended(), (await shop.shift())?.reason];

      await shop.deploy({ answer: 'five', flaky: true }, ShiftPlan.canary({ percent: 25, hold: minutes(1), bakeTime: minutes(1), onInconclusive: 'hold' }));
      await shop.deployed.sleep(4);
      const holds = [(await shop.shift())?.state, (await shop.shift())?.holds, await shop.routes()];
      await shop.ask('promote');
      await shop.deployed.sleep(3.5);
      const promoted = await ended();

      await shop.deploy({ answer: 'six' }, ShiftPlan.canary({ percent: 25, hold: minutes(1), onInconclusive: 'roll-back' }));
      await shop.deployed.sleep(5);
      const unproven = [await ended(), (await shop.shift())?.reason];

      await shop.deploy({ answer: 'seven', flaky: true }, ShiftPlan.canary({ percent: 50, hold: Duration.hours(5), bakeTime: minutes(1), promoteEarly: true }));
      await shop.run(4, 1.5);
      const proven = [await ended(), (await shop.shift())?.log.find(({ state }) => state === 'baking')?.text];

      const killed = shop.killing();
      await shop.deploy({ answer: 'eight' }, ShiftPlan.canary({ percent: 25, hold: minutes(3), bakeTime: minutes(2) }));
      await shop.deployed.sleep(12);
      const survived = [await ended(), killed().slice(0, 9), (await shop.controllers()).filter(({ status }) => status === 'RUNNING')];
      return { first, waiting, linear, tried, blueGreen, atOnce, rung, holds, promoted, unproven, proven, survived, versions: await shop.versions(), denials: (await shop.deployed.grants()).denials };
    }, { aliasLagMs: 20_000, retainedVersions: 3, judge: { metrics: { ExecutionsFailed: {} } } });

    expect(story.first).toEqual([{ 1: 100 }, undefined]);
    expect(story.waiting).toEqual(['waits for configuration deployment 2 to end', { 1: 100 }]);
    expect(story.linear).toEqual(['complete', { 2: 100 }, [0, 30, 60, 90, 100]]);
    expect(story.tried).toEqual([{ 2: 100 }, { three: 1 }, { two: 1 }]);
    expect(story.blueGreen).toEqual(['complete', { 3: 100 }, [0, 100]]);
    expect(story.atOnce).toEqual(['baking', { 4: 100 }]);
    expect(story.rung).toEqual([['rolled-back', { 3: 100 }, [0, 100, 0]], expect.stringMatching(/^the alarm \S+ rings; deployment 2 of the configuration, complete since \S+, may be to blame as well$/)]);
    expect(story.holds).toEqual(['growing', expect.stringContaining('neither harm nor safety was shown'), { 3: 75, 5: 25 }]);
    expect(story.promoted).toEqual(['complete', { 5: 100 }, [0, 25, 100]]);
    expect(story.unproven).toEqual([['rolled-back', { 5: 100 }, [0, 25, 0]], expect.stringContaining('neither harm nor safety was shown')]);
    expect(story.proven).toEqual([['complete', { 7: 100 }, [0, 50, 100]], expect.stringMatching(/^proven safe: /)]);
    const effects = ['begun', 'kept', 'answered', 'moved'];
    expect(story.survived).toEqual([['complete', { 8: 100 }, [0, 25, 100]], [...effects, ...effects, 'begun'], []]);
    expect(story.versions).toEqual([6, 7, 8]);
    expect(story.denials).toEqual([]);
  });

  it('waits for what it declares to run with and for what must be shown of it, and goes back when its configuration did; the gate asks the same of epochs', async () => {
    const story = await conditioned();

    const [old, is] = story.schemas;
    expect(story.undeclared).toContain(`SLUICE-GATE-9: version 1 of answers, on which 100 % of its executions start, does not declare to run with this configuration: limits is by the schema ${is}, and it declares ${old}`);
    expect(story.waits).toMatchObject([{ state: 'waiting', reason: expect.stringContaining(`waits: SLUICE-SHIFT-9: version 2 of answers does not declare to run with version 1 of the configuration, which is live: limits is by the schema ${old}, and it declares ${is}; release`) }, { 1: 100 }]);
    expect(story.unshown).toMatchObject({ state: 'waiting', reason: expect.stringContaining('waits: SLUICE-SHADOW-6: version 3 of answers must be shown by a shadow first, and there is none that counts: none is kept; run `sluice shadow ') });
    expect(story.same).toBe('same');
    expect(story.shifted).toEqual([['superseded', 'complete'], { 3: 100 }]);
    expect(story.unplayed).toContain('SLUICE-SHADOW-6: version 2 of orders/production must be shown by a shadow first, and there is none that counts: none is kept; run `sluice shadow $ALIAS --epoch v2 --env orders/production`');
    expect(story.released).toBe('');
    expect(story.growing).toEqual({ 3: 75, 4: 25 });
    expect(story.back).toMatchObject([{ state: 'rolled-back', reason: expect.stringContaining('SLUICE-SHIFT-9: version 4 of answers does not declare to run with version 1') }, { 3: 100 }]);
    expect(story.denials).toEqual([]);
  });
});
