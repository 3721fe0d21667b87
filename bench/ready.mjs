// How long a local AWS takes until it answers, from the start of its process, and what it holds in memory then.
import { median, row } from './figures.mjs';
import { ministack } from './ministack.mjs';
import { once } from './process.mjs';

const RUNS = 7;

/** Targets of ours, on two cores. */
const READY_MS = 400;
const MEMORY_MB = 120;

export async function ready() {
  const script = "import('sluice-engine').then(({ startEngine }) => startEngine({ port: Number(process.env.PORT) }))";
  const peer = ministack.installed();
  const ours = [];
  const theirs = [];
  for (let run = 0; run < RUNS; run += 1) {
    ours.push(await once(process.execPath, ['-e', script], (port) => ({ PORT: String(port) }), '/_engine/health'));
    if (peer !== undefined) theirs.push(await ministack.start(peer));
  }
  const [ms, mb] = [median(ours.map((one) => one.ms)), median(ours.map((one) => one.mb))];
  console.log('Engine ready');
  row('sluice-engine', `${ms.toFixed(0)} ms`, `${mb.toFixed(0)} MB`, `target ${READY_MS} ms, ${MEMORY_MB} MB: ${ms <= READY_MS && mb <= MEMORY_MB ? 'met' : 'MISSED'}`);
  if (peer !== undefined) {
    const [peerMs, peerMb] = [median(theirs.map((one) => one.ms)), median(theirs.map((one) => one.mb))];
    row(ministack.name, `${peerMs.toFixed(0)} ms`, `${peerMb.toFixed(0)} MB`, `ours / theirs: time ${(ms / peerMs).toFixed(2)}, memory ${(mb / peerMb).toFixed(2)}`);
  } else {
    row(ministack.name, '-', '-', `not measured: it needs ${ministack.needs}`);
  }
  return ms <= READY_MS && mb <= MEMORY_MB;
}
