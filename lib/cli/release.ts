import type { Command } from './command.ts';
import { intervalOption, SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice release [plan]`. */
export const release: Command = {
  name: 'release',
  summary: 'Release the project, or exactly one plan',
  about: [
    'Stores schemas and where the bytes come from, creates the hosted configuration version under AppConfig\'s lock, starts the deployment and follows it. Environments go wave by wave; a wave begins when the one before is complete.',
    'Broken off anywhere and begun again, it goes on where it was: nothing is lost, nothing is done twice. Of two releases at once one wins, and the other is told which.',
  ],
  arguments: [{ name: 'plan', summary: 'a plan that sluice plan --out wrote', optional: true }],
  options: [
    ...SPOT_OPTIONS,
    { type: 'flag', name: 'queue', summary: 'Wait for a deployment or a shift under way, then plan again' },
    { type: 'flag', name: 'again', summary: 'Deploy again what was taken back' },
    { type: 'flag', name: 'detach', summary: 'Do not follow: end when the deployment has begun' },
    { type: 'flag', name: 'behind', summary: 'Release although what is live comes from a commit this one lacks' },
    { type: 'flag', name: 'uncommitted', summary: 'Release what is in no commit' },
    intervalOption(),
  ],
  examples: [
    { line: 'sluice release plan.json', does: 'exactly that plan, or why it is stale' },
    { line: 'sluice release --env staging', does: 'what the project says now' },
    { line: 'sluice release --queue', does: 'after what is under way' },
  ],
  run: async (given, tell) => (await import('./acts/release.ts')).release(given, tell),
};
