import { rehearse, type Rehearsed, type RehearsalOptions, type Scene } from 'sluice/rehearsal';
import { beforeAll, describe, expect, it } from 'vitest';

const LONG = 120_000;

/** A thirtieth of the demo's orders. */
const CALM: RehearsalOptions = { deployBy: 'assembly', seed: 'again', everyMs: 60_000 };

/** Scenes until a release begins. What comes after it is not played: whoever watches throws. */
async function scenesUntil(release: number, options: RehearsalOptions): Promise<readonly Scene[]> {
  const seen: Scene[] = [];
  const enough = new Error(`release ${release} begins`);
  const onScene = (scene: Scene): void => {
    if (scene.kind === 'release' && scene.release === release) throw enough;
    seen.push(scene);
  };
  await expect(rehearse({ ...options, onScene })).rejects.toBe(enough);
  return seen;
}

describe('the orders story', () => {
  let once: Rehearsed;
  const scenes: Scene[] = [];

  beforeAll(async () => {
    once = await rehearse({ ...CALM, onScene: (scene) => scenes.push(scene) });
  }, LONG);

  it('ends with few orders as with many, whoever decides first', () => {
    expect(once.releases.map(({ state }) => state)).toEqual(['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED']);
    expect(once.shifts.map(({ state }) => state)).toEqual(['rolled-back']);
    expect(once.executions.mixed).toBe(0);
    expect(once.refused.map(({ path }) => path)).toEqual(['git', 'console']);
  });

  it('shows the counts by epoch that the product itself measured', () => {
    const stages = scenes.filter((scene) => scene.kind === 'stage');
    const rolledBack = stages.find(({ state }) => state === 'ROLLED_BACK');
    const grown = stages.filter(({ release, state }) => release === 2 && state === 'DEPLOYING').map(({ percent }) => percent);

    expect(rolledBack?.canary.failed).toBeGreaterThan(0);
    expect(rolledBack?.control).toMatchObject({ failed: 0 });
    expect(grown).toEqual([...new Set(grown)]);
  });

  it('happens the same way again for the same seed, also when threads are delayed at random, and another way for another', async () => {
    expect(await rehearse({ ...CALM, jitterMs: 5 })).toEqual(once);
    const other = await scenesUntil(2, { ...CALM, seed: 'another' });
    expect(other).not.toEqual(scenes.slice(0, other.length));
  }, LONG);

  it('mixes epochs within executions when tasks are not pinned', async () => {
    const { executions } = await rehearse({ ...CALM, seed: 'unpinned', unpinned: true });

    expect(executions.mixed).toBeGreaterThan(0);
  }, LONG);
});
