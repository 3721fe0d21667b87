import type { Command } from './command.ts';
import { SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice plan`. */
export const plan: Command = {
  name: 'plan',
  summary: 'Show what a release would change, and how',
  about: [
    'Compares the project with what is live in each environment. With --out, `sluice release` releases exactly this plan, or says why it is stale.',
    'With --base it compares with a git revision and asks nothing of AWS. The exit code is 0 when nothing changes, 2 when something does, 1 when the project is refused.',
  ],
  options: [
    ...SPOT_OPTIONS,
    { type: 'text', name: 'base', value: 'REV', summary: 'Compare with this git revision in place of what is live' },
    { type: 'text', name: 'out', value: 'FILE', summary: 'Write the plan, for sluice release; over an earlier plan, over no other file' },
    { type: 'text', name: 'traffic', value: 'N:P', summary: 'Executions a minute, and percent of them that end badly (default: those of last week)' },
    { type: 'flag', name: 'markdown', summary: 'Print it as a comment for a pull request' },
  ],
  examples: [
    { line: 'sluice plan', does: 'what differs from what is live' },
    { line: 'sluice plan --env production --out plan.json', does: 'a plan to approve and release' },
    { line: 'sluice plan --base main --markdown', does: 'a comment for a pull request' },
  ],
  run: async (given, tell) => (await import('./acts/plan.ts')).plan(given, tell),
};
