// Validates a project of 10,000 documents of about 1 kB by 50 schemas with the built command line, as a person does.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, row } from './figures.mjs';

const CLI = fileURLToPath(new URL('../dist/bin/start.cjs', import.meta.url));
const [APPLICATIONS, SCHEMAS, DOCUMENTS] = [10, 5, 200];
const TARGET_SECONDS = 4;
const ROUNDS = 3;

export function validate() {
  const directory = mkdtempSync(join(tmpdir(), 'sluice-bench-validate-'));
  try {
    const { bytes, documents } = write(directory);
    const runs = Array.from({ length: ROUNDS }, () => {
      const begun = performance.now();
      const { status, stdout } = spawnSync(process.execPath, [CLI, 'validate', directory, '--json'], { encoding: 'utf8', maxBuffer: 64 << 20 });
      if (status !== 0 || JSON.parse(stdout).targets.reduce((sum, one) => sum + one.documents.length, 0) !== documents) throw new Error(`it is not valid: ${stdout.slice(0, 500)}`);
      return (performance.now() - begun) / 1000;
    });
    const seconds = median(runs);
    console.log('Validate');
    row(`${documents} documents, ${APPLICATIONS * SCHEMAS} schemas`, `${seconds.toFixed(2)} s`, '', `target ${TARGET_SECONDS} s: ${seconds <= TARGET_SECONDS ? 'met' : 'MISSED'}; ${Math.round(bytes / documents)} bytes each`);
    return seconds <= TARGET_SECONDS;
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function write(directory) {
  const names = (count, stem) => Array.from({ length: count }, (_, index) => `${stem}${index}`);
  const applications = names(APPLICATIONS, 'app').map((name) => `  ${name}:\n    environments: { production: {} }\n    schemas:\n${names(SCHEMAS, 'kind').map((kind) => `      - { documents: '${kind}-*', schema: ${kind} }\n`).join('')}`);
  writeFileSync(join(directory, 'sluice.yaml'), `sluice: 1\napplications:\n${applications.join('')}`);
  let bytes = 0;
  for (const [number, application] of names(APPLICATIONS, 'app').entries()) {
    const folder = join(directory, 'config', application);
    mkdirSync(folder, { recursive: true });
    for (const kind of names(SCHEMAS, 'kind')) {
      writeFileSync(join(folder, `${kind}.schema.json`), JSON.stringify(schema(`${application}-${kind}`)));
      for (let index = 0; index < DOCUMENTS; index++) {
        const text = document(kind, number * DOCUMENTS + index);
        bytes += text.length;
        writeFileSync(join(folder, `${kind}-tenant${index}.yaml`), text);
      }
    }
  }
  return { bytes, documents: APPLICATIONS * SCHEMAS * DOCUMENTS };
}

function document(kind, index) {
  const host = (number) => `  - name: host-${number}.${kind}.example\n    address: 10.${number}.${index >> 8}.${index & 255}\n    port: ${8000 + number}\n    enabled: true\n`;
  return `# The limits of tenant ${index}.\nname: tenant-${index}\nlimits:\n  timeoutSeconds: ${1 + (index % 60)}\n  ratio: 0.25\n  retries: 3 # twice was too little\nmode: patient\nurl: https://tenant-${index}.${kind}.example/charge\nhosts:\n${Array.from({ length: 10 }, (_, number) => host(number)).join('')}`;
}

function schema(title) {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema', title, type: 'object', additionalProperties: false, required: ['name', 'limits', 'hosts'],
    properties: {
      name: { type: 'string', pattern: '^[a-z][a-z0-9-]{0,62}$' },
      mode: { enum: ['patient', 'hurried'] },
      url: { type: 'string', format: 'uri' },
      limits: { type: 'object', additionalProperties: false, properties: { timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60 }, ratio: { type: 'number', maximum: 1 }, retries: { type: 'integer', maximum: 10 } } },
      hosts: {
        type: 'array', minItems: 1, items: {
          type: 'object', additionalProperties: false, required: ['name', 'address'],
          properties: { name: { type: 'string' }, address: { type: 'string', format: 'ipv4' }, port: { type: 'integer', minimum: 1, maximum: 65535 }, enabled: { type: 'boolean' } },
        },
      },
    },
  };
}
