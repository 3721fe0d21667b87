// A project as it is measured: each application has 5 schemas and 1000 documents of about 1 kB.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [SCHEMAS, DOCUMENTS] = [5, 200];

/** Writes the project, and answers how much it is. */
export function writeProject(directory, count) {
  const names = (most, stem) => Array.from({ length: most }, (_, index) => `${stem}${index}`);
  const applications = names(count, 'app').map((name) => `  ${name}:\n    environments: { production: {} }\n    schemas:\n${names(SCHEMAS, 'kind').map((kind) => `      - { documents: '${kind}-*', schema: ${kind} }\n`).join('')}`);
  writeFileSync(join(directory, 'sluice.yaml'), `sluice: 1\napplications:\n${applications.join('')}`);
  let bytes = 0;
  for (const [number, application] of names(count, 'app').entries()) {
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
  return { bytes, schemas: count * SCHEMAS, documents: count * SCHEMAS * DOCUMENTS };
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
