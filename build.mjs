// Builds both packages: TypeScript to dist/, and each handler of lambda/ to one file that Lambda and the engine can load.
// What is built already is not built again; `--force` builds it all the same.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, transform } from 'esbuild';
import { forgetBuilt, isBuilt, keepBuilt } from './tools/built.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
process.chdir(root);
if (!process.argv.includes('--force') && isBuilt(root)) {
  console.log('built already: nothing changed since');
  process.exit(0);
}
forgetBuilt(root);

/** Names stay and lines are short, so that the trace of a defect can be read. */
const READABLE = { minifyWhitespace: true, minifySyntax: true, lineLimit: 120 };

/** What yaml has for browsers asks for nothing of Node.js, and is of ES modules: nothing unused of it is taken along. */
const ALIAS = { yaml: fileURLToPath(new URL('./node_modules/yaml/browser/dist/index.js', import.meta.url)) };

const tsc = fileURLToPath(new URL('./node_modules/typescript/bin/tsc', import.meta.url));

// The engine first: the product's types come from what it builds.
for (const [project, ...options] of [['engine', '--emitDeclarationOnly'], ['.']]) {
  rmSync(`${project}/dist`, { recursive: true, force: true });
  const { status } = spawnSync(process.execPath, [tsc, '-p', project, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

// The engine's 360 files as one: each file costs Node.js half a millisecond to load.
await build({
  entryPoints: ['engine/lib/index.ts'], outfile: 'engine/dist/index.js',
  bundle: true, packages: 'external', format: 'esm', platform: 'node', target: 'node20', logLevel: 'warning',
});

// What runs inside a sandbox as another, of CommonJS: a thread that begins with an ES module takes a tenth longer to begin.
await build({
  entryPoints: ['engine/lib/sandbox/inside/main.ts'], outfile: 'engine/dist/sandbox/inside/main.cjs',
  bundle: true, packages: 'external', format: 'cjs', platform: 'node', target: 'node20', logLevel: 'warning',
  define: { 'import.meta.url': 'moduleUrl' }, banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
});

// Libraries that would be most of an installation, as one small file each. What they are is told in dist/THIRD-PARTY.txt.
const built = [];
built.push(await build({
  entryPoints: readdirSync('lib/documents/vendored').map((name) => `lib/documents/vendored/${name}`), outdir: 'dist/lib/documents/vendored', allowOverwrite: true,
  alias: ALIAS,
  bundle: true, format: 'esm', platform: 'node', target: 'node20', minify: true, mainFields: ['module', 'main'], metafile: true, legalComments: 'none', logLevel: 'warning',
}));

// The command line as one file, and one for each part that a command loads when it is run.
rmSync('dist/lib/cli', { recursive: true });
const { metafile: { outputs: chunks } } = await build({
  entryPoints: ['bin/sluice.ts'], outdir: 'dist/bin', chunkNames: 'sluice/[name]-[hash]', allowOverwrite: true,
  bundle: true, splitting: true, packages: 'external', format: 'esm', platform: 'node', target: 'node20', metafile: true, logLevel: 'warning',
  ...READABLE,
  plugins: [{
    name: 'clients',
    // A fifth of what a command took was Node.js looking for exports. Bundles of handlers say the same below; of chunks, each has to say it itself.
    setup: (bundler) => { bundler.onLoad({ filter: /[/\\]lib[/\\](adapters|rehearsal)[/\\].*\.ts$/ }, ({ path }) => ({ loader: 'ts', contents: requiring(readFileSync(path, 'utf8')) })); },
  }, {
    name: 'vendored',
    // They lie beside the library, for it and for the command line, whose chunks are two folders below dist.
    setup: (bundler) => { bundler.onResolve({ filter: /\/vendored\/\w+\.ts$/ }, ({ path }) => ({ path: `../../lib/documents/vendored/${path.split('/').at(-1).replace('.ts', '.js')}`, external: true })); },
  }],
});
for (const [chunk, { imports }] of Object.entries(chunks)) for (const { path } of imports) if (path.startsWith('@aws-sdk/')) throw new Error(`${chunk} imports ${path}, which is slow; build.mjs lets it be required`);

// What npm links to. Shells and scripts ask for the version often, and a CommonJS file that opens no stream answers 10 ms sooner than an ES module.
const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync('dist/bin/start.cjs', `#!/usr/bin/env node
const [first, ...more] = process.argv.slice(2);
if (more.length === 0 && (first === '--version' || first === '-v')) require('node:fs').writeSync(1, '${version}\\n');
else import('./sluice.js');
`, { mode: 0o755 });

// Handlers of the product, and the tasks of the examples.
const handlers = ['lambda', ...['orders', 'smallest', 'tenants'].map((example) => `examples/${example}/functions`)].flatMap((folder) => readdirSync(folder).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name.slice(0, -3)}`));

/** The SDK's clients are CommonJS: required, they load in half the time, since an import first looks through all of their text for exports. */
const required = {
  name: 'required',
  setup(bundler) {
    bundler.onResolve({ filter: /^@aws-sdk\// }, ({ path, namespace }) => (namespace === 'required' ? { path, external: true } : { path, namespace: 'required' }));
    bundler.onLoad({ filter: /./, namespace: 'required' }, ({ path }) => ({ contents: `module.exports = require('${path}');` }));
  },
};

// One build for each, so that no handler waits for a chunk it shares with another. Lambda brings the AWS SDK along.
built.push(...await Promise.all(handlers.map((name) => build({
  entryPoints: [`${name}.ts`],
  outfile: `dist/${name}/index.mjs`,
  conditions: ['source'], alias: ALIAS, bundle: true, format: 'esm', platform: 'node', target: 'node20', minify: true, keepNames: true,
  plugins: [required], banner: { js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);" },
  mainFields: ['module', 'main'], metafile: true, logLevel: 'warning', legalComments: 'none',
}))));

if (!existsSync('dist/lambda/gate/index.mjs')) throw new Error('no handler was built');

// The constructs once more as CommonJS, as the CDK itself and many apps are: one file with its libraries, which finds the handlers from
// where it lies. In a bundle of an app it has no such place.
built.push(await build({
  entryPoints: ['lib/constructs/entry.ts'],
  outfile: 'dist/lib/constructs/index.cjs',
  alias: ALIAS, mainFields: ['module', 'main'],
  bundle: true, external: ['aws-cdk-lib', 'constructs'], format: 'cjs', platform: 'node', target: 'node20', minify: true, metafile: true, logLevel: 'warning', legalComments: 'none',
  define: { 'import.meta.url': 'moduleUrl' }, banner: { js: "const moduleUrl = typeof __filename === 'string' ? require('node:url').pathToFileURL(__filename).href : undefined;" },
}));

// Node.js' import gets the same file: one instance, whoever loads it. By require, since importing CommonJS first looks through all of its
// text for exports. Bundlers take the ES modules that tsc made.
const require = createRequire(import.meta.url);
const names = Object.keys(require('./dist/lib/constructs/index.cjs')).sort();
writeFileSync('dist/lib/constructs/entry.js', `import { createRequire } from 'node:module';
export const { ${names.join(', ')} } = createRequire(import.meta.url)('./index.cjs');
`);
for (const name of ['entry.d.ts', 'installed.d.ts', 'installed.js']) rmSync(`dist/lib/constructs/${name}`);
copyTypes('dist/lib/constructs/index.d.ts');

writeFileSync('dist/THIRD-PARTY.txt', thirdParty(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));

prune();

// What tsc made, as small as the command line: its comments are in the declarations.
for (const name of readdirSync('dist/lib', { recursive: true }).filter((one) => one.endsWith('.js') && !one.includes('vendored'))) {
  const path = join('dist/lib', name);
  writeFileSync(path, (await transform(readFileSync(path, 'utf8'), { format: 'esm', target: 'node20', legalComments: 'none', ...READABLE })).code);
}

keepBuilt(root);

/** Deletes what tsc made of files that no public name leads to: bundles hold what the command line and the handlers need of them. */
function prune() {
  const reached = new Set();
  const { exports, bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  const named = (entry) => (typeof entry === 'string' ? [entry] : Object.entries(entry).flatMap(([condition, inner]) => (condition === 'source' ? [] : named(inner))));
  const waiting = [...named(exports), ...Object.values(bin), 'dist/bin/app.js'].filter((path) => !path.includes('*')).map((path) => join(path));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path) || !existsSync(path)) continue;
    reached.add(path);
    const types = /\.d\.(c?)ts$/.exec(path);
    for (const [, specifier] of readFileSync(path, 'utf8').matchAll(/(?:from|import|require\()\s*\(?["'](\.[^"']+)["']/g)) {
      waiting.push(join(dirname(path), types === null ? specifier : specifier.replace(/\.c?[jt]s$/, `.d.${types[1]}ts`)));
    }
  }
  const made = ['lib', 'bin', 'lambda'].flatMap((folder) => readdirSync(`dist/${folder}`, { recursive: true }).map((name) => join('dist', folder, name)));
  for (const path of made) if (/\.(js|d\.c?ts)$/.test(path) && !path.startsWith(join('dist', 'bin', 'sluice')) && !reached.has(path)) rmSync(path);
}

/** The packages whose files are inside ours, with their licences in full. */
function thirdParty(inputs) {
  const folders = [...new Set(inputs.flatMap((path) => /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []))].sort();
  const parts = folders.map((folder) => {
    const { name, version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
    const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
    if (file === undefined) throw new Error(`${name} has no licence to tell`);
    return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
  });
  return `Files of this package contain the following packages.\n\n${parts.join(`\n${'-'.repeat(80)}\n\n`)}`;
}

/** A module that requires the SDK's clients where it imported them. */
function requiring(text) {
  const changed = text.replace(/\(\) => import\(('@aws-sdk\/[^']+')\)/g, 'async () => requireFrom(import.meta.url)($1)');
  return changed === text ? text : `import { createRequire as requireFrom } from 'node:module';\n${changed}`;
}

/** Declarations for CommonJS: the same, under names that a CommonJS module may require. */
function copyTypes(path, seen = new Set()) {
  if (seen.has(path)) return;
  seen.add(path);
  const text = readFileSync(path, 'utf8');
  writeFileSync(path.replace(/\.d\.ts$/, '.d.cts'), text.replaceAll(/(from |import\()'(\.[^']+)\.[jt]s'/g, "$1'$2.cjs'"));
  for (const [, , specifier] of text.matchAll(/(from |import\()'(\.[^']+)\.[jt]s'/g)) copyTypes(join(dirname(path), `${specifier}.d.ts`), seen);
}
