// Prints what the built files weigh. The limits themselves are tests; this is for reading.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const root = new URL('../', import.meta.url);
const built = ['dist/lambda', 'dist/lib/runtime', 'dist/lib/core', 'engine/dist'];

for (const folder of built) {
  const at = new URL(`${folder}/`, root);
  if (!existsSync(at)) {
    console.log(`${folder.padEnd(28)} not built`);
    continue;
  }
  const scripts = readdirSync(at, { recursive: true }).filter((name) => /\.m?js$/.test(name)).sort();
  if (folder === 'dist/lambda') for (const name of scripts.filter((script) => script.endsWith('.mjs'))) console.log(line(`${folder}/${name}`, [name], at));
  else console.log(line(`${folder} (${scripts.length} files)`, scripts, at));
}

function line(label, names, at) {
  const bytes = Buffer.concat(names.map((name) => readFileSync(new URL(name, at))));
  return `${label.padEnd(36)} ${(bytes.length / 1024).toFixed(1).padStart(8)} kB  ${(gzipSync(bytes).length / 1024).toFixed(1).padStart(7)} kB gzip`;
}
