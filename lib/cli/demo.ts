import { fault } from '../core/fault.ts';
import { COMMANDING } from '../core/faults/commanding.ts';
import type { Command, ExitCode } from './command.ts';
import type { Event } from './event.ts';
import { interruption } from './interruption.ts';
import type { Given } from './option.ts';
import { broken } from './promise.ts';

/** `sluice demo`, which is `npm start`. */
export const demo: Command = {
  name: 'demo',
  summary: 'Play five releases on a local AWS, in virtual time',
  about: [
    'Executions run while configurations are rolled out: a good one, one that harms executions and is rolled back by AppConfig, one that turns bad after it is complete and is reverted by Sluice, and one that is refused.',
    'It takes under a minute, needs no account and leaves nothing behind. The exit code is 1 when the story does not end as promised.',
  ],
  options: [
    { type: 'text', name: 'seed', value: 'S', default: 'sluice', summary: 'Same seed, same history' },
    { type: 'flag', name: 'unpinned', summary: 'Let each task read what is live, to see what pins are for' },
  ],
  examples: [
    { line: 'sluice demo', does: 'the story as it unfolds' },
    { line: 'sluice demo --unpinned', does: 'executions that read two configurations' },
    { line: 'sluice demo --json', does: 'one object: releases, refusals, executions, history' },
  ],
  run,
};

async function run(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  // Nothing is deployed from this machine's Node.js, so the SDK's advice about its version helps nobody here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [seed, unpinned] = [given.required('seed'), given.flag('unpinned')];
  const again = process.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'sluice demo';
  const begun = performance.now();
  const stop = interruption(() => process.exit(130));
  tell({ kind: 'opening', unpinned });
  const { rehearse } = await import('../rehearsal/rehearse.ts');
  const result = await rehearse({ seed, unpinned, onScene: (scene) => { tell({ kind: 'scene', scene }); } }).finally(stop);
  const problems = broken(result, unpinned);
  tell({ kind: 'finished', result, wallSeconds: Math.round((performance.now() - begun) / 10) / 100, unpinned, again });
  if (problems.length === 0) return 0;
  const { code, message } = fault(COMMANDING, 'SLUICE-DEMO-1', { problems: problems.join(', '), seed });
  tell({ kind: 'failed', code, message });
  return 1;
}
