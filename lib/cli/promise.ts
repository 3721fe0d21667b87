import type { Rehearsed } from '../rehearsal/scene.ts';

/** How the releases of the story end. */
const ENDS = ['COMPLETE', 'COMPLETE', 'ROLLED_BACK', 'REVERTED'] as const;

/** What the story promised and did not keep, in words; nothing when it was kept. */
export function broken(result: Rehearsed, unpinned: boolean): string[] {
  const problems: string[] = [];
  for (const [index, state] of ENDS.entries()) {
    const got = result.releases[index]?.state ?? 'missing';
    if (got !== state) problems.push(`release ${index + 1} is ${got} instead of ${state}`);
  }
  for (const path of ['git', 'console'] as const) {
    const count = result.refused.filter((one) => one.path === path).length;
    if (count !== 1) problems.push(`${count} changes instead of 1 were refused on the ${path} path`);
  }
  const shifted = result.shifts.map(({ state }) => state).join(', ');
  if (shifted !== 'rolled-back') problems.push(`the shift of the workflow is ${shifted === '' ? 'missing' : shifted} instead of rolled-back`);
  const { mixed } = result.executions;
  if (!unpinned && mixed > 0) problems.push(`${mixed} pinned executions read more than one configuration`);
  if (unpinned && mixed === 0) problems.push('no unpinned execution read more than one configuration');
  return problems;
}
