import type { Command } from './command.ts';

/** `sluice demo`, which is `npm start`. */
export const demo: Command = {
  name: 'demo',
  summary: 'Play five releases and a shift on a local AWS',
  about: [
    'Executions run while configurations are rolled out: a good one, one that harms executions and is rolled back by AppConfig, one that turns bad after it is complete and is reverted by Sluice, and one that is refused. Then a new version of the workflow, wrong by its code, gets a tenth of the executions and goes back.',
    'It is played in virtual time, takes under a minute, needs no account and leaves nothing behind. The exit code is 1 when the story does not end as promised.',
  ],
  options: [
    { type: 'text', name: 'seed', value: 'S', default: 'sluice', summary: 'Same seed, same history' },
    { type: 'number', name: 'every', value: 'S', least: 1, most: 60, default: '2', summary: 'Virtual seconds between two orders: fewer are played sooner' },
    { type: 'flag', name: 'unpinned', summary: 'Let each task read what is live, to see what pins are for' },
  ],
  examples: [
    { line: 'sluice demo', does: 'the story as it unfolds' },
    { line: 'sluice demo --unpinned', does: 'executions that read two configurations' },
    { line: 'sluice demo --json', does: 'one object: releases, refusals, shifts, history' },
  ],
  run: async (given, tell) => (await import('./acts/demo.ts')).demo(given, tell),
};
