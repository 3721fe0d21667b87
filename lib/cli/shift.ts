import type { Command } from './command.ts';
import { SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice shift [action] [workflow]`. */
export const shift: Command = {
  name: 'shift',
  summary: 'Show how workflows shift to new versions; pause, promote, abort',
  about: [
    'status (the default) shows the newest shift of each workflow: weights, counts of both versions, the judge\'s word. With --watch it is shown again until none is under way.',
    'pause holds a shift where it is, resume lets it go on; promote gives the new version everybody at once, and bakes; abort goes back to the old version. The controller hears of it within 30 seconds. Each is kept in the record with who asked, and why.',
  ],
  arguments: [
    { name: 'action', summary: 'status, pause, resume, promote or abort', optional: true, words: ['status', 'pause', 'resume', 'promote', 'abort'] },
    { name: 'workflow', summary: 'the name of a state machine, where several shift', optional: true },
  ],
  options: [
    ...SPOT_OPTIONS,
    { type: 'text', name: 'why', value: 'TEXT', summary: 'Kept with what is asked' },
    { type: 'text', name: 'as', value: 'NAME', summary: 'Who asks (default: user.name and user.email of git)' },
    { type: 'flag', name: 'watch', summary: 'Follow what is under way to its end' },
    { type: 'number', name: 'interval', value: 'SECONDS', least: 0.01, most: 3600, default: '5', summary: 'How often it is looked at' },
  ],
  examples: [
    { line: 'sluice shift --env production --watch', does: 'follow what shifts' },
    { line: 'sluice shift abort --env production --why slow', does: 'back to the old version' },
  ],
  run: async (given, tell) => (await import('./acts/shift.ts')).shift(given, tell),
};
