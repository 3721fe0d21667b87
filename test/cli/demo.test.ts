import { readdirSync, readFileSync } from 'node:fs';
import { rehearse, type Rehearsed, type Scene } from 'sluice/rehearsal';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { COMPILED } from '../../engine/test/cloudformation/cdk.ts';
import { demo } from '../../lib/cli/demo.ts';
import type { Event } from '../../lib/cli/event.ts';
import { Given } from '../../lib/cli/option.ts';
import { HumanView } from '../../lib/cli/views/human.ts';
import { styleOf } from '../../lib/cli/views/terminal.ts';
import { KEPT } from './scenes.ts';
import { Sluice, type Ran } from './sluice.ts';

const SEED = 'story';
/** Who else tells it: .ci/run asks for the built command line, which takes as long again. */
const TWICE: readonly string[] = process.env['SLUICE_STORY'] === 'twice' ? ['the built command line'] : [];
/** For the `cdk` that the command line starts. */
const QUICKLY = COMPILED.length === 0 ? {} : { NODE_OPTIONS: COMPILED.join(' ') };
/** The scenes of the story of this seed, played by the sources. */
const scenes: Scene[] = [];
/** What a person would see of it. */
let storyboard: string;
let told: Rehearsed;

describe('the story of sluice demo', () => {
  beforeAll(async () => {
    // Two orders of five: .ci/run plays all of them to the end. With fewer the alarm may come before the judge has seen enough.
    told = await rehearse({ seed: SEED, everyMs: 5000, deployBy: 'assembly', onScene: (scene) => scenes.push(scene) });
    storyboard = shown([{ kind: 'opening', unpinned: false }, ...scenes.map((scene): Event => ({ kind: 'scene', scene })), { kind: 'finished', result: told, wallSeconds: 30, unpinned: false, again: 'sluice demo' }]);
  }, 300_000);

  it('shows the counts by epoch that the product itself measured', () => {
    const stages = scenes.filter((scene) => scene.kind === 'stage');
    const rolledBack = stages.find(({ state }) => state === 'ROLLED_BACK');
    const grown = stages.filter(({ release, state }) => release === 2 && state === 'DEPLOYING').map(({ percent }) => percent);

    expect(rolledBack?.canary.failed).toBeGreaterThan(0);
    expect(rolledBack?.control).toMatchObject({ failed: 0 });
    expect(grown).toEqual([...new Set(grown)]);
  });

  it('plays four releases, refuses a fifth on both paths, and mixes none', () => {
    expect(told).toMatchObject({
      releases: ['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED'].map((state) => ({ state, epoch: { digest: expect.stringMatching(/^sha256:/) } })),
      refused: [{ path: 'git' }, { path: 'console' }],
      executions: { mixed: 0 },
      seed: SEED,
      history: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
  });

  it('completes the good release, rolls the bad one back and reverts the one that turns bad later', () => {
    expect(told.releases.map(({ state, decidedBy }) => [state, decidedBy])).toEqual([
      ['COMPLETE', 'AppConfig'], ['COMPLETE', 'AppConfig'], ['ROLLED_BACK', 'judge'], ['REVERTED', 'roll-back'],
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

  it('ends with a shift that goes back by the word of the judge, with no more than the share of the canary harmed', () => {
    expect(told.shifts).toMatchObject([{ from: '1', to: '2', state: 'rolled-back', decidedBy: 'judge' }]);
    const [{ started, failed, virtualMinutes }] = told.shifts as [Rehearsed['shifts'][number]];
    const ordersMeanwhile = virtualMinutes * 12;

    expect(started).toBeGreaterThan(0);
    expect(failed).toBe(started);
    // A tenth of them is drawn, order by order.
    expect(failed / ordersMeanwhile).toBeLessThan(0.2);
  });

  it('reads one epoch per execution, from the first task to the last', () => {
    expect(told.executions.mixed).toBe(0);
    expect(told.executions.total).toBeGreaterThan(1900);
  });
});

afterAll(() => {
  vi.doUnmock('../../lib/rehearsal/rehearse.ts');
});

/** What the command line prints of some events, where there is no colour. */
function shown(events: readonly Event[]): string {
  let printed = '';
  const view = new HumanView({ out: (text) => { printed += `${text}\n`; }, err: (text) => { throw new Error(text); }, style: styleOf(false, true), watched: false });
  for (const event of events) view.show(event);
  return printed;
}

/** The story until the exposure of the second release has grown. */
const UNDER_WAY = /^[\s\S]*?Release 2: [\s\S]*? exposure [\s\S]*? % .*\n/;

/** Text without its numbers, which other versions of Node.js draw otherwise, its bars and its line breaks. */
const masked = (text: string): string => text.replace(/\d[\d,.:]*/g, '#').replace(/[\s█░]+/g, ' ').trim();

/** The same with one row for rows in a row: with two orders of five the judge takes longer. */
const rowOnce = (text: string): string => masked(text).replace(/(# # %( #){4} )+/g, '$1');

describe('sluice demo', () => {
  it('tells the story that README shows, without colour in 80 columns', () => {
    const excerpt = /```\n(Release 3: [\s\S]*?)```/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1];

    expect(rowOnce(storyboard)).toContain(rowOnce(excerpt ?? 'an excerpt of the storyboard'));
    expect(storyboard.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(storyboard).toContain(`Seed ${SEED}, history ${told.history.slice(0, 12)}.`);
  });

  it('leaves nothing behind when Ctrl-C comes while `cdk` deploys', async () => {
    await using child = new Sluice(['demo'], QUICKLY);

    const printed = await child.says(/\$ cdk bootstrap\n/);
    child.process.kill('SIGINT');

    expect(printed).toMatch(/guards and all:\n {2}\$ cdk bootstrap\n$/);
    expect(await child.ended).toMatchObject({ code: 130, stderr: '' });
    expect(readdirSync(child.folder)).toEqual([]);
  });
});

describe.each(TWICE)('the story of few orders and without pins, told twice, by %s and by the sources', () => {
  // A thirtieth of the demo's orders.
  const [seed, everyMs, unpinned] = ['unpinned', 60_000, true];
  const scenes: Scene[] = [];
  let ran: Ran & { readonly left: readonly string[] };
  let delayed: Rehearsed;

  beforeAll(async () => {
    await using child = new Sluice(['demo', '--json', '--seed', seed, '--every', '60', '--unpinned'], QUICKLY);
    delayed = await rehearse({ deployBy: 'assembly', seed, everyMs, unpinned, jitterMs: 5, onScene: (scene) => scenes.push(scene) });
    ran = { ...await child.ended, left: readdirSync(child.folder) };
  }, 300_000);

  it('is one, deployed by `cdk` or in process, also when threads are delayed at random; --json prints one object and nothing else, and leaves nothing behind', () => {
    expect({ ...ran, stdout: JSON.parse(ran.stdout) as unknown }).toEqual({ code: 0, stdout: { ...delayed, wallSeconds: expect.any(Number) }, stderr: '', left: [] });
  });

  it('ends with few orders as with many, whoever decides first; and tasks that are not pinned mix epochs within executions', () => {
    const { releases, shifts, refused, executions } = delayed;

    expect(releases.map(({ state }) => state)).toEqual(['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED']);
    expect(shifts.map(({ state }) => state)).toEqual(['rolled-back']);
    expect(refused.map(({ path }) => path)).toEqual(['git', 'console']);
    expect(executions.mixed).toBeGreaterThan(0);
  });

  it('is printed as it happens, another seed happens another way, and Ctrl-C in its midst leaves nothing behind', async () => {
    const storyboard = shown([{ kind: 'opening', unpinned }, ...scenes.map((scene): Event => ({ kind: 'scene', scene }))]);
    await using child = new Sluice(['demo', '--every', '60', '--unpinned'], QUICKLY);

    const printed = await child.says(UNDER_WAY);
    child.process.kill('SIGINT');

    // When the second release begins does not depend on how many orders there are.
    const [begun, again] = [storyboard, printed].map((text) => masked(UNDER_WAY.exec(text)?.[0].replace(/( {2}\$ cdk \w+\n)+/, '') ?? text));
    expect(printed).toContain('guards and all:\n  $ cdk bootstrap\n  $ cdk deploy\n');
    expect(again).toBe(begun);
    const [one, another] = [storyboard, printed].map((text) => /Release 2: [\s\S]*?(\d\d:\d\d:\d\d)/.exec(text)?.[1]);
    expect(one).toMatch(/^00:1/);
    expect(another).toMatch(/^00:1/);
    expect(one).not.toBe(another);
    expect(await child.ended).toMatchObject({ code: 130, stderr: '' });
    expect(readdirSync(child.folder)).toEqual([]);
  }, 300_000);
});

it('sluice demo says what of the story was not kept, and ends with 1', async () => {
  vi.doMock('../../lib/rehearsal/rehearse.ts', () => ({ rehearse: async () => ({ ...KEPT, executions: { ...KEPT.executions, mixed: 3 } }) }));
  const told: Event[] = [];

  const code = await demo.run(new Given([], new Map([['seed', 'sluice'], ['every', '2']])), (event) => { told.push(event); });

  expect(code).toBe(1);
  expect(told.map(({ kind }) => kind)).toEqual(['opening', 'finished', 'failed']);
  expect(told.at(-1)).toMatchObject({ message: 'SLUICE-DEMO-1: the story did not end as promised: 3 pinned executions read more than one configuration; this is a defect; report it with the seed, sluice' });
});
