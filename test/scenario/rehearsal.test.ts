import { rehearse } from 'sluice/rehearsal';
import { expect, it } from 'vitest';

it('ends with few orders as with many, whoever decides first; and tasks that are not pinned mix epochs within executions', async () => {
  // A thirtieth of the demo's orders.
  const { releases, shifts, refused, executions } = await rehearse({ deployBy: 'assembly', seed: 'unpinned', everyMs: 60_000, unpinned: true });

  expect(releases.map(({ state }) => state)).toEqual(['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED']);
  expect(shifts.map(({ state }) => state)).toEqual(['rolled-back']);
  expect(refused.map(({ path }) => path)).toEqual(['git', 'console']);
  expect(executions.mixed).toBeGreaterThan(0);
}, 120_000);
