import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, it, vi } from 'vitest';
import { demo } from '../../lib/cli/demo.ts';
import type { Event } from '../../lib/cli/event.ts';
import { Given } from '../../lib/cli/option.ts';
import { KEPT } from './scenes.ts';
import { Sluice } from './sluice.ts';

it('sluice demo --json plays the story, prints one object and nothing else, and leaves nothing behind', async () => {
  await using child = new Sluice(['demo', '--json', '--seed', 'a seed']);

  const { code, stdout, stderr } = await child.ended;

  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject({
    releases: ['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED'].map((state) => ({ state, epoch: { digest: expect.stringMatching(/^sha256:/) } })),
    refused: [{ path: 'git' }, { path: 'console' }],
    executions: { mixed: 0 },
    seed: 'a seed',
    history: expect.stringMatching(/^[0-9a-f]{64}$/),
    wallSeconds: expect.any(Number),
  });
  expect(readdirSync(child.folder)).toEqual([]);
}, 120_000);

afterAll(() => {
  vi.doUnmock('../../lib/rehearsal/rehearse.ts');
});

/** Text without its numbers, which other versions of Node.js draw otherwise, its bars and its line breaks. */
const masked = (text: string): string => text.replace(/\d[\d,.:]*/g, '#').replace(/[\s█░]+/g, ' ').trim();

it('sluice demo prints what README shows, and leaves nothing behind when Ctrl-C ends it in its midst', async () => {
  const shown = /```\n(Release 3: [\s\S]*?)```/.exec(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'))?.[1];
  await using child = new Sluice(['demo']);

  const printed = await child.says(/Release 4: /);

  expect(masked(printed)).toContain(masked(shown ?? 'an excerpt of the storyboard'));

  child.process.kill('SIGINT');

  expect(await child.ended).toMatchObject({ code: 130, stderr: '' });
  expect(readdirSync(child.folder)).toEqual([]);
}, 120_000);

it('sluice demo says what of the story was not kept, and ends with 1', async () => {
  vi.doMock('../../lib/rehearsal/rehearse.ts', () => ({ rehearse: async () => ({ ...KEPT, executions: { ...KEPT.executions, mixed: 3 } }) }));
  const told: Event[] = [];

  const code = await demo.run(new Given([], new Map([['seed', 'sluice']])), (event) => { told.push(event); });

  expect(code).toBe(1);
  expect(told.map(({ kind }) => kind)).toEqual(['opening', 'finished', 'failed']);
  expect(told.at(-1)).toMatchObject({ message: 'SLUICE-DEMO-1: the story did not end as promised: 3 pinned executions read more than one configuration; this is a defect; report it with the seed, sluice' });
});
