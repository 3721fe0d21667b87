// Plans a commit that changes 100 documents, with the built command line: in one epoch of 1000 documents, and in 10 of them.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, row } from './figures.mjs';
import { writeProject } from './project.mjs';

const CLI = fileURLToPath(new URL('../dist/bin/start.cjs', import.meta.url));
const CHANGED = 100;
const ROUNDS = 3;
/** Our target, be it in one epoch or in ten. */
const TARGET_SECONDS = 3;
/** Tells the seconds of CPU that the process took, git not among them. */
const TELL = `data:text/javascript,import { writeSync } from 'node:fs'; process.on('exit', () => { const { user, system } = process.cpuUsage(); writeSync(3, String((user + system) / 1e6)); });`;

export function plan() {
  const [one, ten] = [planned(1), planned(10)];
  told('sluice plan', one, `${CHANGED} of ${one.documents} documents changed`);
  told('', ten, `${CHANGED} of ${ten.documents}, in 10 applications`);
  return Math.max(one.seconds, ten.seconds) <= TARGET_SECONDS;
}

function told(name, { seconds, cpu }, of) {
  row(name, `${seconds.toFixed(2)} s`, `${cpu.toFixed(2)} s CPU`, `target ${TARGET_SECONDS} s: ${seconds <= TARGET_SECONDS ? 'met' : 'MISSED'}; ${of}`);
}

function planned(applications) {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-plan-'));
  try {
    const { documents } = writeProject(directory, applications);
    const git = (...args) => execFileSync('git', ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org', ...args], { cwd: directory });
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--no-gpg-sign', '--message', 'Begin');
    for (let index = 0; index < CHANGED; index += 1) {
      const file = join(directory, 'config', `app${index % applications}`, `kind${index % 5}-tenant${index}.yaml`);
      writeFileSync(file, readFileSync(file, 'utf8').replace('retries: 3', 'retries: 4'));
    }
    const runs = Array.from({ length: ROUNDS }, () => once(directory));
    return { documents, seconds: median(runs.map(({ seconds }) => seconds)), cpu: median(runs.map(({ cpu }) => cpu)) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function once(cwd) {
  const begun = performance.now();
  const { status, output } = spawnSync(process.execPath, ['--import', TELL, CLI, 'plan', '--base', 'HEAD', '--json'], { cwd, encoding: 'utf8', maxBuffer: 64 << 20, stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const seconds = (performance.now() - begun) / 1000;
  const changes = status === 2 ? JSON.parse(output[1]).releases.reduce((sum, release) => sum + release.changes.length, 0) : 0;
  if (changes !== CHANGED) throw new Error(`it plans ${changes} changes: ${output[1].slice(0, 500)}${output[2]}`);
  return { seconds, cpu: Number(output[3]) };
}
