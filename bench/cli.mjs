// How long the command line takes until it has answered, from the start of its process; beside it, what Node.js alone takes; and how long a plan takes.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { median, row } from './figures.mjs';
import { plan } from './plan.mjs';

const RUNS = 15;
/** Our target for `sluice --version`. */
const VERSION_MS = 80;
const SLUICE = fileURLToPath(new URL('../dist/bin/start.cjs', import.meta.url));

function once(args) {
  const begun = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - begun;
}

export function cli() {
  const ours = [];
  const bare = [];
  for (let run = 0; run < RUNS; run += 1) {
    ours.push(once([SLUICE, '--version']));
    bare.push(once(['--eval', '0']));
  }
  const ms = median(ours);
  console.log('Command line');
  row('sluice --version', `${ms.toFixed(0)} ms`, '', `target ${VERSION_MS} ms: ${ms <= VERSION_MS ? 'met' : 'MISSED'}; Node.js alone ${median(bare).toFixed(0)} ms, ${(ms / median(bare)).toFixed(2)} times that`);
  return plan() && ms <= VERSION_MS;
}
