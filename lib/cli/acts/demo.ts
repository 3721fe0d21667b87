import { fault } from '../../core/fault.ts';
import { COMMANDING } from '../../core/faults/commanding.ts';
import type { ExitCode } from '../command.ts';
import type { Event } from '../event.ts';
import { interruption } from '../interruption.ts';
import type { Given } from '../option.ts';
import { broken } from '../promise.ts';

/** Plays the story, and says whether it ended as promised. */
export async function demo(given: Given, tell: (event: Event) => void): Promise<ExitCode> {
  // Nothing is deployed from this machine's Node.js, so the SDK's advice about its version helps nobody here.
  process.env['AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED'] ??= 'true';
  const [seed, unpinned, everyMs] = [given.required('seed'), given.flag('unpinned'), Math.round(Number(given.required('every')) * 1000)];
  const again = process.env['npm_lifecycle_event'] === 'start' ? 'npm start --' : 'sluice demo';
  const begun = performance.now();
  const stop = interruption(() => process.exit(130));
  tell({ kind: 'opening', unpinned });
  const { rehearse } = await import('../../rehearsal/rehearse.ts');
  const result = await rehearse({ seed, unpinned, everyMs, onScene: (scene) => { tell({ kind: 'scene', scene }); } }).finally(stop);
  const problems = broken(result, unpinned);
  tell({ kind: 'finished', result, wallSeconds: Math.round((performance.now() - begun) / 10) / 100, unpinned, again });
  if (problems.length === 0) return 0;
  const { code, message } = fault(COMMANDING, 'SLUICE-DEMO-1', { problems: problems.join(', '), seed });
  tell({ kind: 'failed', code, message });
  return 1;
}
