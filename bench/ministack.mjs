// MiniStack, another local AWS, from PyPI, in a virtual environment of the bench's own.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { once } from './process.mjs';

const venv = fileURLToPath(new URL('.venv', import.meta.url));
const version = '1.5.33';

export const ministack = {
  name: `MiniStack ${version}`,
  needs: 'python3 with venv and PyPI',
  /** The command to start it, once it is installed; undefined where it can't be had. */
  installed() {
    const command = `${venv}/bin/ministack`;
    if (existsSync(command)) return command;
    if (spawnSync('python3', ['-m', 'venv', venv], { stdio: 'ignore' }).status !== 0) return undefined;
    return spawnSync(`${venv}/bin/pip`, ['install', '--quiet', `ministack==${version}`], { stdio: 'ignore' }).status === 0 ? command : undefined;
  },
  /** Milliseconds until it answers, and MB that it holds then. */
  start: (command) => once(command, [], (port) => ({ GATEWAY_PORT: String(port) }), '/_ministack/health'),
};
