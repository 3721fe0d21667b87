import type { Command } from './command.ts';
import { SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice doctor`. */
export const doctor: Command = {
  name: 'doctor',
  summary: 'Look for what is missing or broken in AWS',
  about: [
    'Looks, and changes nothing: who asks and which commands they may run, as iam:SimulatePrincipalPolicy tells or, where that is denied, as reading is tried; and of each environment its store, validators, gate, judge, alarms, handlers with their versions and rules, the agents of its readers, and what its custom metrics cost.',
    'What is wrong is a warning when it may be meant, and a failure when it must be mended; each has its remedy. The exit code is 1 when anything fails.',
  ],
  options: SPOT_OPTIONS,
  examples: [
    { line: 'sluice doctor', does: 'every environment of the project' },
    { line: 'sluice doctor --env orders/production', does: 'from anywhere, without the project' },
  ],
  run: async (given, tell) => (await import('./acts/doctor.ts')).doctor(given, tell),
};
