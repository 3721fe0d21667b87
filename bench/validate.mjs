// Validates a project of 10,000 documents of about 1 kB by 50 schemas with the built command line, as a person does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, row } from './figures.mjs';
import { writeProject } from './project.mjs';

const CLI = fileURLToPath(new URL('../dist/bin/start.cjs', import.meta.url));
const APPLICATIONS = 10;
const TARGET_SECONDS = 4;
const ROUNDS = 3;

export function validate() {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-validate-'));
  try {
    const { bytes, documents, schemas } = writeProject(directory, APPLICATIONS);
    const runs = Array.from({ length: ROUNDS }, () => {
      const begun = performance.now();
      const { status, stdout } = spawnSync(process.execPath, [CLI, 'validate', directory, '--json'], { encoding: 'utf8', maxBuffer: 64 << 20 });
      if (status !== 0 || JSON.parse(stdout).targets.reduce((sum, one) => sum + one.documents.length, 0) !== documents) throw new Error(`it is not valid: ${stdout.slice(0, 500)}`);
      return (performance.now() - begun) / 1000;
    });
    const seconds = median(runs);
    console.log('Validate');
    row(`${documents} documents, ${schemas} schemas`, `${seconds.toFixed(2)} s`, '', `target ${TARGET_SECONDS} s: ${seconds <= TARGET_SECONDS ? 'met' : 'MISSED'}; ${Math.round(bytes / documents)} bytes each`);
    return seconds <= TARGET_SECONDS;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
