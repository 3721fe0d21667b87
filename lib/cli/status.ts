import type { Command } from './command.ts';
import { intervalOption, SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice status`. */
export const status: Command = {
  name: 'status',
  summary: 'Show what is live and what is under way',
  about: [
    'For each environment: the version readers get and where it comes from; and of the newest deployment its stage, its exposure, what comes next, the executions of the new and the old epoch since it began, and what the judge said last. Alarms that are switched off are named.',
    'With --watch it is shown again until no deployment is under way: in place on a terminal, else a line for each change.',
  ],
  options: [
    ...SPOT_OPTIONS,
    { type: 'flag', name: 'watch', summary: 'Follow what is under way to its end' },
    intervalOption(),
  ],
  examples: [
    { line: 'sluice status', does: 'every environment of the project' },
    { line: 'sluice status --env production --watch', does: 'one rollout, until it is over' },
  ],
  run: async (given, tell) => (await import('./acts/status.ts')).status(given, tell),
};
