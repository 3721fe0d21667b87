// What each handler weighs, and what loading it costs a cold start. The AWS SDK is Lambda's own: stand-ins take its place while we measure.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { median, row } from './figures.mjs';

const RUNS = 15;
const built = fileURLToPath(new URL('../dist/lambda/', import.meta.url));

/** Targets of ours: kB compressed, and milliseconds of a cold import. The gate carries JSON Schema and linear patterns. */
const GATE = { kb: 150, ms: 250 };
const OTHERS = { kb: 40, ms: 60 };

/** Measures one import in a process of its own, top-level await included: wall and processor time in milliseconds. */
const SCRIPT = `const begun = performance.now(); const before = process.cpuUsage();
await import(process.argv[1]);
const { user, system } = process.cpuUsage(before);
process.stdout.write(JSON.stringify({ wall: performance.now() - begun, cpu: (user + system) / 1000 }));`;

/** A copy of a bundle beside packages of the names it imports, which have what it uses of them and do nothing. */
function besideStandIns(name, folder) {
  const bundle = readFileSync(join(built, name, 'index.mjs'), 'utf8');
  const used = new Set([...bundle.matchAll(/\.([A-Z]\w*(?:Client|Command))\b/g)].map(([, member]) => member));
  for (const [, client] of bundle.matchAll(/\.exports\s*=\s*\w+\(["'](@aws-sdk\/[\w-]+)["']\)/g)) {
    const at = join(folder, 'node_modules', client);
    mkdirSync(at, { recursive: true });
    writeFileSync(join(at, 'package.json'), '{ "type": "commonjs", "exports": "./index.js" }');
    writeFileSync(join(at, 'index.js'), [...used].map((member) => `exports.${member} = class { middlewareStack = { add() {} }; };`).join('\n'));
  }
  cpSync(join(built, name, 'index.mjs'), join(folder, 'index.mjs'));
  return { kb: gzipSync(bundle, { level: 9 }).length / 1024, url: pathToFileURL(join(folder, 'index.mjs')).href };
}

function once(url) {
  const env = { PATH: process.env.PATH, SLUICE_STORE: 'store', SLUICE_GATE: 'gate', SLUICE_APPLICATION: 'a', SLUICE_ENVIRONMENT: 'e', SLUICE_PROFILE: 'p', SLUICE_APPLICATION_ID: 'a', SLUICE_ENVIRONMENT_ID: 'e', SLUICE_PROFILE_ID: 'p', SLUICE_STRATEGY: 's', SLUICE_ALARM: 'alarm' };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', SCRIPT, url], { env, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${url} cannot be imported: ${stderr}`);
  return JSON.parse(stdout);
}

export async function handlers() {
  const names = readdirSync(built).filter((name) => existsSync(join(built, name, 'index.mjs')));
  const folder = mkdtempSync(join(tmpdir(), 'sluice-handlers-'));
  let met = names.length > 0;
  console.log(`Handlers: compressed, and cold import without the AWS SDK (median of ${RUNS} processes)`);
  try {
    for (const name of names) {
      const limit = name === 'gate' ? GATE : OTHERS;
      mkdirSync(join(folder, name));
      const { kb, url } = besideStandIns(name, join(folder, name));
      const runs = Array.from({ length: RUNS }, () => once(url));
      const [wall, cpu] = [median(runs.map((run) => run.wall)), median(runs.map((run) => run.cpu))];
      const good = kb <= limit.kb && wall <= limit.ms;
      met &&= good;
      row(name, `${kb.toFixed(1)} kB`, `${wall.toFixed(0)} ms`, `processor ${cpu.toFixed(0)} ms; target ${limit.kb} kB, ${limit.ms} ms: ${good ? 'met' : 'MISSED'}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return met;
}
