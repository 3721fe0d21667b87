import type { Command } from './command.ts';
import { SPOT_OPTIONS } from './spotOptions.ts';

/** `sluice explain <deployment>`. */
export const explain: Command = {
  name: 'explain',
  summary: 'Show why the judge let a deployment go on, or took it back',
  about: [
    'Shows the last verdict on a deployment, as the judge keeps one in the epoch store at each tick: the counts on both configurations, how the evidence went, and what would have changed the verdict.',
    'With --replay the verdict is made again from what it was made of; the exit code is 1 when it differs.',
  ],
  arguments: [{ name: 'deployment', summary: 'the number of a deployment' }],
  options: [
    ...SPOT_OPTIONS,
    { type: 'text', name: 'store', value: 'BUCKET', summary: 'The epoch store itself (default: SLUICE_STORE, or that of the environment)' },
    { type: 'flag', name: 'replay', summary: 'Make the verdict again and compare' },
    { type: 'flag', name: 'svg', summary: 'Print how the evidence went as an image' },
  ],
  examples: [
    { line: 'sluice explain 7 --env production', does: 'counts, a chart and the reason' },
    { line: 'sluice explain 7 --store orders-store --replay', does: 'the same, judged again' },
    { line: 'sluice explain 7 --env production --svg > 7.svg', does: 'the chart for a report' },
  ],
  run: async (given, tell) => (await import('./acts/explain.ts')).explain(given, tell),
};
