// How long a local AWS takes until it answers, from the start of its process, and what it holds in memory then.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { median, row } from './figures.mjs';

const RUNS = 7;
const folder = fileURLToPath(new URL('.', import.meta.url));

/** Targets of ours, on two cores. */
const READY_MS = 400;
const MEMORY_MB = 120;

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** Starts a process and asks it until it answers; answers milliseconds and MB. */
async function once(command, args, environment, path, port) {
  const begun = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...environment } });
  try {
    for (;;) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
      if (answer?.ok) break;
      if (child.exitCode !== null || performance.now() - begun > 60_000) throw new Error(`${command} did not become ready`);
      await new Promise((resolve) => { setTimeout(resolve, 2); });
    }
    const ms = performance.now() - begun;
    const memory = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
    return { ms, mb: Number(memory?.[1] ?? 0) / 1000 };
  } finally {
    child.kill('SIGKILL');
    await new Promise((resolve) => { child.once('exit', resolve); });
  }
}

/** MiniStack from PyPI, in a virtual environment of the bench's own; undefined where that can't be had. */
function ministack() {
  const venv = `${folder}.venv`;
  const binary = `${venv}/bin/ministack`;
  if (existsSync(binary)) return binary;
  if (spawnSync('python3', ['-m', 'venv', venv], { stdio: 'ignore' }).status !== 0) return undefined;
  return spawnSync(`${venv}/bin/pip`, ['install', '--quiet', 'ministack==1.5.33'], { stdio: 'ignore' }).status === 0 ? binary : undefined;
}

export async function ready() {
  const script = "import('sluice-engine').then(({ startEngine }) => startEngine({ port: Number(process.env.PORT) }))";
  const peer = ministack();
  const ours = [];
  const theirs = [];
  for (let run = 0; run < RUNS; run += 1) {
    const port = await freePort();
    ours.push(await once(process.execPath, ['-e', script], { PORT: String(port) }, '/_engine/health', port));
    if (!peer) continue;
    const other = await freePort();
    theirs.push(await once(peer, [], { GATEWAY_PORT: String(other) }, '/_ministack/health', other));
  }
  const [ms, mb] = [median(ours.map((one) => one.ms)), median(ours.map((one) => one.mb))];
  console.log('Engine ready');
  row('sluice-engine', `${ms.toFixed(0)} ms`, `${mb.toFixed(0)} MB`, `target ${READY_MS} ms, ${MEMORY_MB} MB: ${ms <= READY_MS && mb <= MEMORY_MB ? 'met' : 'MISSED'}`);
  if (peer) {
    const [peerMs, peerMb] = [median(theirs.map((one) => one.ms)), median(theirs.map((one) => one.mb))];
    row('MiniStack 1.5.33', `${peerMs.toFixed(0)} ms`, `${peerMb.toFixed(0)} MB`, `ours / theirs: time ${(ms / peerMs).toFixed(2)}, memory ${(mb / peerMb).toFixed(2)}`);
  } else {
    row('MiniStack', '-', '-', 'not measured: it needs python3 with venv and PyPI');
  }
  return ms <= READY_MS && mb <= MEMORY_MB;
}
