import type { Command } from './command.ts';
import { SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice shadow <workflow>`. */
export const shadow: Command = {
  name: 'shadow',
  summary: 'Play recorded executions again with what is to come',
  about: [
    'Takes the newest executions of a workflow with their histories and plays them on this machine, in virtual time, with a new version of the workflow or a new epoch. Tasks are answered from the recording and take as long as they took; only states named by --pure call their functions. Ends, outputs, calls and ways are compared.',
    'With --env the result is kept in the epoch store of the environment, where `requireShadow` asks for it; with --accept, that somebody takes what differs as it is. The exit code is 2 when something is different, and 1 when too little can be said.',
  ],
  arguments: [{ name: 'workflow', summary: 'the ARN of the alias whose executions are played; that of a version or state machine does too' }],
  options: [
    { type: 'text', name: 'version', value: 'N', summary: 'The candidate: a version of the workflow, by its number or ARN' },
    { type: 'text', name: 'epoch', value: 'EPOCH', summary: 'The candidate: an epoch, as `sluice diff` names it: a deployment (7), a version (v5), a digest, a git revision, or . for the project' },
    { type: 'text', name: 'pure', value: 'STATES', summary: 'States whose functions have no side effects, with commas between' },
    { type: 'number', name: 'most', value: 'N', least: 1, most: 10_000, default: '500', summary: 'How many executions' },
    { type: 'text', name: 'accept', value: 'WHY', summary: 'Take what differs as it is, and keep why' },
    { type: 'text', name: 'as', value: 'NAME', summary: 'Who accepts (default: user.name and user.email of git)' },
    ...SPOT_OPTIONS,
  ],
  examples: [
    { line: 'sluice shadow $ALIAS --version 8', does: 'before 8 gets any traffic' },
    { line: 'sluice shadow $ALIAS --epoch . --pure Price', does: 'what Price would answer' },
  ],
  run: async (given, tell) => (await import('./acts/shadow.ts')).shadow(given, tell),
};
