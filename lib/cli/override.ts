import type { Command } from './command.ts';
import { SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice override <environment>`. */
export const override: Command = {
  name: 'override',
  summary: 'Let nothing be taken back for a while, or end that',
  about: [
    'Writes who wants it, why and until when into the epoch store, and disables the actions of the environment\'s own composite alarm, which AppConfig watches: no other alarm is touched, and nobody is paged less. Until then neither that alarm nor the judge nor the roll-back takes a change back; what they would have done is still recorded.',
    'It ends by itself within five minutes after its time, at most a day from now. `sluice roll-back` works all the same.',
  ],
  arguments: [{ name: 'environment', summary: 'an environment, or application/environment' }],
  options: [
    ...SPOT_OPTIONS.filter(({ name }) => name === 'project'),
    { type: 'text', name: 'why', value: 'TEXT', summary: 'What for; needed' },
    { type: 'text', name: 'until', value: 'TIME', summary: 'Until when: 90m, 4h, or a time such as 2026-05-01T12:00Z; needed' },
    { type: 'text', name: 'as', value: 'NAME', summary: 'Who wants it (default: user.name and user.email of git)' },
    { type: 'flag', name: 'end', summary: 'End the override that is in force' },
  ],
  examples: [
    { line: 'sluice override production --until 2h --why "load test"', does: 'nothing is taken back' },
    { line: 'sluice override production --end', does: 'everything is as before' },
  ],
  run: async (given, tell) => (await import('./acts/override.ts')).override(given, tell),
};
