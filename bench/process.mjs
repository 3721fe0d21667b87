// A process from its start until it answers over HTTP.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => { server.once('listening', resolve); });
  const { port } = server.address();
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

/** Starts a process and asks it until it answers; answers milliseconds and MB. What it leaves in its folder for temporary files goes with it. */
export async function once(command, args, environmentOf, path) {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const begun = performance.now();
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, TMPDIR: folder, ...environmentOf(port) } });
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
    if (child.exitCode === null && child.kill('SIGKILL')) await new Promise((resolve) => { child.once('exit', resolve); });
    rmSync(folder, { recursive: true, force: true });
  }
}
