import type { Command } from './command.ts';
import { intervalOption, SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice drift`. */
export const drift: Command = {
  name: 'drift',
  summary: 'Explain how git and what is live differ',
  about: [
    'Each environment is in-sync, rolling-out, queued (git is newer), rolled-back (and on which evidence), edited (in the console), missing or unknown.',
    'With --heal what git says is released over the drift that sluice.yaml allows to be healed, never against a rollout in flight or a rollback. The exit code is 2 when anything is not in sync.',
  ],
  options: [
    ...SPOT_OPTIONS,
    { type: 'flag', name: 'heal', summary: 'Release over what sluice.yaml allows to be healed' },
    intervalOption(' while it heals'),
  ],
  examples: [{ line: 'sluice drift', does: 'every environment of the project' }, { line: 'sluice drift --heal --json', does: 'from a schedule' }],
  run: async (given, tell) => (await import('./acts/drift.ts')).drift(given, tell),
};

/** `sluice adopt <environment>`. */
export const adopt: Command = {
  name: 'adopt',
  summary: 'Take what was edited in the console into git',
  about: [
    'Edits the documents of the project so that they say what is live, and commits them. Comments and order stay. In an application with several environments the environment\'s overlay is edited; with --everywhere the document itself is.',
    'The commit is on the current branch, and the files of the work tree change. With --branch it is on a new branch on top of HEAD, and the work tree stays as it is, drafts in it included.',
  ],
  arguments: [{ name: 'environment', summary: 'an environment, or application/environment' }],
  options: [
    ...SPOT_OPTIONS.filter(({ name }) => name === 'project'),
    { type: 'flag', name: 'everywhere', summary: 'Edit the document of all environments, not the overlay' },
    { type: 'text', name: 'branch', value: 'NAME', bare: true, summary: 'Commit on a new branch (default: sluice/adopt-<application>-<environment>-<deployment>)' },
    { type: 'flag', name: 'no-commit', summary: 'Write the files and leave the commit to you' },
  ],
  examples: [{ line: 'sluice adopt production', does: 'what somebody changed in the console' }, { line: 'sluice adopt production --branch', does: 'a branch to open a pull request with' }],
  run: async (given, tell) => (await import('./acts/adopt.ts')).adopt(given, tell),
};
