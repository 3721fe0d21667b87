import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { environmentOf, type Ran } from './sluice.ts';

/**
 * Loads the built command line anew for each line it is sent, with that line's arguments, environment and directory. A line has ended when
 * nothing would keep its process alive.
 */
const SHELL = `
const [entry] = process.argv.splice(1);
const streams = ['stdout', 'stderr'];
let said;
for (const name of streams) {
  process[name].setMaxListeners(0);
  process[name].write = (text) => { said[name] += text; return true; };
}
let number = 0;
process.on('message', async ({ args, env, directory }) => {
  said = { stdout: '', stderr: '' };
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(directory);
  process.argv = [process.execPath, entry, ...args];
  process.exitCode = undefined;
  const before = process.getActiveResourcesInfo().length;
  try {
    await import(entry + '?' + number++);
  } catch (error) {
    said.stderr += error.stack;
    process.exitCode = 1;
  }
  while (process.getActiveResourcesInfo().length > before) await new Promise((resolve) => { setImmediate(resolve); });
  process.send({ code: process.exitCode ?? 0, ...said });
});
process.on('disconnect', () => { process.exit(); });`;

/** How long a line may take, milliseconds: less than a test may, so that one that does not end is the failure of one test. */
const LIMIT = 25_000;

let shell: ChildProcess | undefined;
let free: Promise<unknown> = Promise.resolve();

/**
 * Runs a command line to its end, as `sluice` of ./sluice.ts does, but in a process in which others of the tests run too, one after
 * another. What each command needs to start is seen where it has a process of its own.
 */
export function inShell(args: readonly string[], environment: Readonly<Record<string, string>> = {}, directory: string = process.cwd()): Promise<Ran> {
  const ran = free.then(() => one(args, environment, directory));
  free = ran.catch(() => undefined);
  return ran;
}

async function one(args: readonly string[], environment: Readonly<Record<string, string>>, directory: string): Promise<Ran> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  const child = shell ??= opened();
  const limit = setTimeout(() => { child.kill('SIGKILL'); }, LIMIT);
  try {
    return await new Promise<Ran>((resolve, reject) => {
      const ended = (): void => { reject(new Error(`sluice ${args.join(' ')} ended the process that other command lines run in, or did not end within ${LIMIT / 1000} s`)); };
      child.once('exit', ended);
      child.once('message', (ran) => { child.off('exit', ended); resolve(ran as Ran); });
      child.send({ args, env: environmentOf(folder, environment), directory });
    });
  } finally {
    clearTimeout(limit);
    rmSync(folder, { recursive: true, force: true });
  }
}

function opened(): ChildProcess {
  const { PATH = '', SystemRoot = '', NODE_COMPILE_CACHE = '' } = process.env;
  const entry = pathToFileURL(join(import.meta.dirname, '../../dist/bin/sluice.js')).href;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', SHELL, entry], { env: { PATH, SystemRoot, NODE_COMPILE_CACHE }, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  child.once('exit', () => { shell = undefined; });
  // It ends with the process of the tests.
  child.unref();
  child.channel?.unref();
  return child;
}
