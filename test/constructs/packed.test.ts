import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Packed } from '../package/packed.ts';

/** Whether the step of .ci/run asks that takes what is too long for each run of the tests. */
const CI = process.env['SLUICE_CDK'] === 'oldest';
const APP = `
const app = new App({ outdir: 'cdk.out' });
new Configuration(new Stack(app, 'Orders'), 'orders', { directory: 'config' }).addEnvironment('production');
const { template } = app.synth().getStackByName('Orders');
console.log(Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Lambda::Function').length);
`;
const ESM = `import { App, Stack } from 'aws-cdk-lib';\nimport { Configuration } from 'sluice/constructs';\n${APP}`;
const ONE = "import { createRequire } from 'node:module'; import { Configuration } from 'sluice/constructs'; console.log('one:', Configuration === createRequire(import.meta.url)('sluice/constructs').Configuration);";
const COMMONJS = `const { App, Stack } = require('aws-cdk-lib');\nconst { Configuration } = require('sluice/constructs');\n${APP}`;

describe('the constructs from the packed tarball', { timeout: 120_000 }, () => {
  let packed: Packed;

  /** An app's folder with the tarball, and the CDK: this project's own. */
  let newest: string;

  function project(title: string, addCdk: (folder: string) => void): string {
    const folder = packed.alone(title);
    addCdk(folder);
    mkdirSync(join(folder, 'config'));
    writeFileSync(join(folder, 'config', 'limits.yaml'), 'items: 20\n');
    writeFileSync(join(folder, 'config', 'limits.schema.json'), '{"type":"object"}');
    writeFileSync(join(folder, 'app.mjs'), ESM);
    writeFileSync(join(folder, 'app.cjs'), COMMONJS);
    writeFileSync(join(folder, 'one.mjs'), ONE);
    return folder;
  }

  function link(folder: string): void {
    for (const name of ['aws-cdk-lib', 'constructs']) symlinkSync(resolve('node_modules', name), join(folder, 'node_modules', name), 'dir');
  }

  function install(folder: string): void {
    const { peerDependencies } = packed.manifest('sluice') as unknown as { peerDependencies: Record<string, string> };
    const wanted = ['aws-cdk-lib', 'constructs'].map((name) => `${name}@${peerDependencies[name]!.replace('^', '')}`);
    execFileSync('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', ...wanted], { cwd: folder });
  }

  beforeAll(() => {
    packed = new Packed();
    newest = project('newest', link);
  }, 120_000);

  afterAll(() => {
    packed.remove();
  }, 60_000);

  // To install the oldest takes longer than all else here: .ci/run asks for it.
  const others = CI ? [['the oldest aws-cdk-lib it declares', () => project('oldest', install)] as const] : [];

  // A module that is required runs before the one that is named, as a part of the same process: to load the CDK takes longest.
  it.each([['this project\'s aws-cdk-lib', () => newest] as const, ...others])('synthesise with %s, from a CommonJS app and from an ECMAScript one, and are one, whether imported or required', (_, folderOf) => {
    const { stdout, stderr } = packed.node(folderOf(), '--require', './app.cjs', '--import', './one.mjs', 'app.mjs');

    expect(stdout.trim().split('\n'), stderr).toEqual(['6', 'one: true', '6']);
  });

  it('synthesise in an app that esbuild made one file of, as CommonJS and as an ES module', async () => {
    const built = (['cjs', 'esm'] as const).map((format) => ({ format, outfile: join(newest, 'built', format === 'esm' ? 'app.mjs' : 'app.cjs') }));

    for (const { format, outfile } of built) {
      // Libraries in CommonJS want a require, which an ES module has to make.
      const banner = format === 'esm' ? { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" } : {};
      await build({ entryPoints: [join(newest, 'app.mjs')], outfile, bundle: true, platform: 'node', format, banner, external: ['aws-cdk-lib', 'constructs'], logLevel: 'silent' });
    }
    const { stdout, stderr } = packed.node(newest, '--require', './built/app.cjs', 'built/app.mjs');

    expect(stdout.trim().split('\n'), stderr).toEqual(['6', '6']);
    for (const { outfile } of built) expect(readFileSync(outfile, 'utf8')).not.toMatch(/from ?"sluice|require\("sluice/);
  });

  // The compiler reads all types of the CDK: .ci/run asks for this too.
  it.each(CI ? ['oldest'] : [])('have types for both', () => {
    writeFileSync(join(newest, 'app.mts'), ESM.replace("import { App", "import type {} from 'node:fs';\nimport { App").replace('{ template }', '{ template }: { template: { Resources: Record<string, { Type: string }> } }'));
    writeFileSync(join(newest, 'app.cts'), ESM.replace('{ template }', '{ template }: { template: { Resources: Record<string, { Type: string }> } }'));
    symlinkSync(resolve('node_modules', '@types'), join(newest, 'node_modules', '@types'), 'dir');

    const { stdout, code } = packed.node(newest, resolve('node_modules/typescript/bin/tsc'), '--noEmit', '--module', 'nodenext', '--target', 'es2023', '--strict', '--skipLibCheck', '--types', 'node', 'app.mts', 'app.cts');

    expect(stdout).toBe('');
    expect(code).toBe(0);
  });
});
