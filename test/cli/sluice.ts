import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const BIN = fileURLToPath(new URL('../../dist/bin/start.cjs', import.meta.url));

/** What a command line printed, and its exit code. */
export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command line that runs: the built one, as a child process with a plain environment and a temporary folder of its own. */
export class Sluice {
  /** The child's temporary folder. */
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
  readonly process: ChildProcess;
  readonly ended: Promise<Ran>;
  #stdout = '';
  #stderr = '';

  constructor(args: readonly string[], environment: Readonly<Record<string, string>> = {}, directory?: string) {
    if (!existsSync(BIN)) throw new Error('the command line is not built; run npm run build first');
    this.process = spawn(process.execPath, [BIN, ...args], { env: environmentOf(this.folder, environment), stdio: ['ignore', 'pipe', 'pipe'], ...(directory === undefined ? {} : { cwd: directory }) });
    this.process.stdout?.setEncoding('utf8').on('data', (text: string) => { this.#stdout += text; });
    this.process.stderr?.setEncoding('utf8').on('data', (text: string) => { this.#stderr += text; });
    this.ended = new Promise((resolve) => {
      this.process.once('close', (code) => { resolve({ code, stdout: this.#stdout, stderr: this.#stderr }); });
    });
  }

  /** Resolves with stdout so far as soon as it matches; rejects when the process ends before. */
  async says(pattern: RegExp): Promise<string> {
    return await new Promise((resolve, reject) => {
      const look = (): void => { if (pattern.test(this.#stdout)) resolve(this.#stdout); };
      this.process.stdout?.on('data', look);
      look();
      void this.ended.then((ran) => { reject(new Error(`it ended without saying ${String(pattern)}: ${JSON.stringify(ran)}`)); });
    });
  }

  /** Ends it, whatever it does. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.process.kill('SIGKILL');
    await this.ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Runs a command line to its end, in a directory other than this one where it is given. */
export async function sluice(args: readonly string[], environment: Readonly<Record<string, string>> = {}, directory?: string): Promise<Ran> {
  await using child = new Sluice(args, environment, directory);
  return await child.ended;
}

/** The plain environment of a command line with a temporary folder. */
export function environmentOf(folder: string, environment: Readonly<Record<string, string>>): Record<string, string> {
  const { PATH = '', SystemRoot = '', NODE_COMPILE_CACHE = '' } = process.env;
  return { PATH, SystemRoot, NODE_COMPILE_CACHE, TMPDIR: folder, TEMP: folder, LANG: 'C.UTF-8', SHELL: '/bin/sh', ...environment };
}
