import { readdirSync, readFileSync } from 'node:fs';
import { rehearse, type Rehearsed, type Scene } from 'sluice/rehearsal';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { demo } from '../../lib/cli/demo.ts';
import type { Event } from '../../lib/cli/event.ts';
import { Given } from '../../lib/cli/option.ts';
import { KEPT } from './scenes.ts';
import { Sluice, type Ran } from './sluice.ts';

/** The scenes of the story of this seed, played by the sources. */
const scenes: Scene[] = [];
const SEED = 'sluice';
/** With few orders the alarm may come before the judge has seen enough; with more, as below and in .ci/run, the judge comes first. */
const FIRST: unknown = expect.stringMatching(/^(judge|monitor)$/);

describe('sluice demo --json', () => {
  let ran: Ran;
  let left: readonly string[];
  let told: Rehearsed;
  let delayed: Rehearsed;

  beforeAll(async () => {
    // An order of ten: .ci/run plays all of them to the end.
    await using child = new Sluice(['demo', '--json', '--seed', SEED, '--every', '20']);
    // Most of its time it waits for its delays, in which the built one plays.
    delayed = await rehearse({ seed: SEED, everyMs: 20_000, jitterMs: 5, onScene: (scene) => scenes.push(scene) });
    ran = await child.ended;
    left = readdirSync(child.folder);
    told = JSON.parse(ran.stdout) as Rehearsed;
  }, 300_000);

  it('happens the same way for the same seed, built or from its sources, also when threads are delayed at random', () => {
    expect(told).toEqual({ ...delayed, wallSeconds: expect.any(Number) });
  });

  it('shows the counts by epoch that the product itself measured', () => {
    const stages = scenes.filter((scene) => scene.kind === 'stage');
    const rolledBack = stages.find(({ state }) => state === 'ROLLED_BACK');
    const grown = stages.filter(({ release, state }) => release === 2 && state === 'DEPLOYING').map(({ percent }) => percent);

    expect(rolledBack?.canary.failed).toBeGreaterThan(0);
    expect(rolledBack?.control).toMatchObject({ failed: 0 });
    expect(grown).toEqual([...new Set(grown)]);
  });

  it('plays the story, prints one object and nothing else, and leaves nothing behind', () => {
    expect({ code: ran.code, stderr: ran.stderr }).toEqual({ code: 0, stderr: '' });
    expect(told).toMatchObject({
      releases: ['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED'].map((state) => ({ state, epoch: { digest: expect.stringMatching(/^sha256:/) } })),
      refused: [{ path: 'git' }, { path: 'console' }],
      executions: { mixed: 0 },
      seed: SEED,
      history: expect.stringMatching(/^[0-9a-f]{64}$/),
      wallSeconds: expect.any(Number),
    });
    expect(left).toEqual([]);
  });

  it('completes the good release, rolls the bad one back and reverts the one that turns bad later', () => {
    expect(told.releases.map(({ state, decidedBy }) => [state, decidedBy])).toEqual([
      ['COMPLETE', 'AppConfig'], ['COMPLETE', 'AppConfig'], ['ROLLED_BACK', FIRST], ['REVERTED', 'roll-back'],
    ]);
  });

  it('lets the bad release harm few executions, by the code of their own tasks, and the good one none', () => {
    const [, good, bad, late] = told.releases;

    expect(good).toMatchObject({ failed: 0 });
    expect(bad!.failed).toBeGreaterThan(0);
    expect(bad!.failed).toBe(bad!.pinned);
    expect(bad!.failed / told.executions.total).toBeLessThan(0.02);
    expect(late!.failed).toBeGreaterThan(0);
    expect(told.executions.failed).toBe(bad!.failed + late!.failed + told.shifts[0]!.failed);
  });

  it('refuses the change that breaks its schema on the git path and on the console path, with the place', () => {
    expect(told.refused.map(({ path }) => path)).toEqual(['git', 'console']);
    expect(told.refused[0]!.message).toContain('limits.yaml:2:16');
    expect(told.refused[1]).toMatchObject({ code: 'BadRequestException' });
    for (const { message } of told.refused) expect(message).toContain('itemsPerOrder');
  });

  it('ends with a shift that goes back, with no more than the share of the canary harmed', () => {
    expect(told.shifts).toMatchObject([{ from: '1', to: '2', state: 'rolled-back', decidedBy: FIRST }]);
    const [{ started, failed, virtualMinutes }] = told.shifts as [Rehearsed['shifts'][number]];
    const ordersMeanwhile = virtualMinutes * 3;

    expect(started).toBeGreaterThan(0);
    expect(failed).toBe(started);
    // A tenth of them is drawn, order by order.
    expect(failed / ordersMeanwhile).toBeLessThan(0.2);
  });

  it('reads one epoch per execution, from the first task to the last', () => {
    expect(told.executions.mixed).toBe(0);
    expect(told.executions.total).toBeGreaterThan(475);
  });
});

afterAll(() => {
  vi.doUnmock('../../lib/rehearsal/rehearse.ts');
});

/** Text without its numbers, which other versions of Node.js draw otherwise, its bars and its line breaks. */
const masked = (text: string): string => text.replace(/\d[\d,.:]*/g, '#').replace(/[\s█░]+/g, ' ').trim();

/** The same with one row for rows in a row: with two orders of five the judge takes longer. */
const rowOnce = (text: string): string => masked(text).replace(/(# # %( #){4} )+/g, '$1');

it('sluice demo prints what README shows, another seed happens another way, and Ctrl-C in its midst leaves nothing behind', async () => {
  const shown = /```\n(Release 3: [\s\S]*?)```/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1];
  await using child = new Sluice(['demo', '--seed', 'story', '--every', '5']);

  const printed = await child.says(/Release 4: /);

  expect(rowOnce(printed)).toContain(rowOnce(shown ?? 'an excerpt of the storyboard'));
  // When the second release begins does not depend on how many orders there are.
  const begun = scenes.flatMap((scene) => (scene.kind === 'release' && scene.release === 2 ? [new Date(scene.time).toISOString().slice(11, 19)] : []));
  const another = /Release 2: [\s\S]*?(\d\d:\d\d:\d\d)/.exec(printed)?.[1];
  expect(begun).toEqual([expect.stringMatching(/^00:1/)]);
  expect(another).toMatch(/^00:1/);
  expect(begun).not.toEqual([another]);

  child.process.kill('SIGINT');

  expect(await child.ended).toMatchObject({ code: 130, stderr: '' });
  expect(readdirSync(child.folder)).toEqual([]);
}, 300_000);

it('sluice demo says what of the story was not kept, and ends with 1', async () => {
  vi.doMock('../../lib/rehearsal/rehearse.ts', () => ({ rehearse: async () => ({ ...KEPT, executions: { ...KEPT.executions, mixed: 3 } }) }));
  const told: Event[] = [];

  const code = await demo.run(new Given([], new Map([['seed', 'sluice'], ['every', '2']])), (event) => { told.push(event); });

  expect(code).toBe(1);
  expect(told.map(({ kind }) => kind)).toEqual(['opening', 'finished', 'failed']);
  expect(told.at(-1)).toMatchObject({ message: 'SLUICE-DEMO-1: the story did not end as promised: 3 pinned executions read more than one configuration; this is a defect; report it with the seed, sluice' });
});
