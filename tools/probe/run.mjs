// Builds the probe from its sources, so that a clone needs no other step, and runs it. Ctrl-C sweeps first; a second one ends at once.
import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

// Within node_modules, so that the SDK clients are found from there.
const folder = fileURLToPath(new URL('../../node_modules/.cache/sluice-probe', import.meta.url));
mkdirSync(folder, { recursive: true });
const outfile = `${folder}/main.mjs`;
await build({
  entryPoints: [fileURLToPath(new URL('./main.ts', import.meta.url))],
  outfile, bundle: true, packages: 'external', format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning',
});
const { main } = await import(pathToFileURL(outfile).href);

const interruption = new AbortController();
for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(name, () => {
    if (interruption.signal.aborted) process.exit(130);
    process.stderr.write('\ninterrupted: sweeping; a second Ctrl-C leaves everything where it is\n');
    interruption.abort(new Error('interrupted'));
  });
}
process.exitCode = await main(process.argv.slice(2), process.env, { out: (text) => process.stdout.write(text), err: (text) => process.stderr.write(text) }, interruption.signal);
