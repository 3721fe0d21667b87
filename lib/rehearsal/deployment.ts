import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Engine } from 'sluice-engine';
import { peer, together } from '../adapters/peer.ts';
import { packageRoot } from './assets.ts';

/** How the reference app gets onto the engine. */
export type Way =
  /** The real `cdk` command, as users run it, in a process of its own. */
  | 'cdk'
  /** Synthesised by the app and handed over in this process: quicker, for tests. */
  | 'assembly';

/** What to deploy, and whom to tell. */
export interface DeploymentOptions {
  /** The file of the `cdk` command; without it the app is synthesised and handed over in this process. */
  readonly cdk: string | undefined;
  readonly unpinned: boolean;
  readonly onStep: (command: string) => void;
}

const STACK = 'Orders';

/** What a way needs: the file of the `cdk` command, or nothing. @throws Fault `SLUICE-PEER-1` when a part of the CDK is not installed. */
export async function findCdk(way: Way): Promise<string | undefined> {
  const { resolve } = createRequire(import.meta.url);
  const [manifest] = await together(
    way === 'cdk' ? peer('aws-cdk', async () => resolve('aws-cdk/package.json')) : Promise.resolve(undefined),
    peer('aws-cdk-lib', async () => resolve('aws-cdk-lib')),
    peer('constructs', async () => resolve('constructs')),
  );
  return manifest === undefined ? undefined : join(dirname(manifest), 'bin', 'cdk');
}

/** What was deployed, and what comes next. */
export interface Deployment {
  /** The stack's outputs. */
  readonly outputs: Readonly<Record<string, string>>;
  /** The folder of the cloud assembly of the app's next version, which is still to be deployed. */
  readonly next: string;
}

/** Deploys bin/app.ts to an engine, and synthesises its next version. @throws an Error with the command's output when it fails. */
export function deploy(engine: Engine, library: typeof import('sluice-engine'), folder: string, options: DeploymentOptions): Promise<Deployment> {
  return options.cdk !== undefined ? byCdk(engine, folder, options.cdk, options) : byAssembly(engine, library, folder, options);
}

async function byCdk(engine: Engine, folder: string, cdk: string, { unpinned, onStep }: DeploymentOptions): Promise<Deployment> {
  const outputs = join(folder, 'outputs.json');
  const environment = {
    AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'AKIAREHEARSAL', AWS_SECRET_ACCESS_KEY: 'rehearsal',
    // The command keeps a cache of accounts in the home folder, and the app stages files; both go with the folder.
    HOME: folder, TMPDIR: folder, CI: 'true',
    // A rehearsal reports to nobody; and the reference app's templates are validated by a test, which takes longer than all of its deployment.
    CDK_DISABLE_CLI_TELEMETRY: 'true', CDK_DISABLE_VERSION_CHECK: '1', CDK_VALIDATION: 'false',
  };
  const run = (...args: string[]): Promise<void> => {
    onStep(`cdk ${args[0] ?? ''}`);
    return command(process.execPath, [cdk, ...args, '--output', join(folder, 'bootstrap.out'), '--no-notices'], environment);
  };
  // The app is synthesised meanwhile. CloudFormation is told directly: a change set that nobody looks at takes `cdk` a second and a half.
  const [[assembly, next]] = await Promise.all([synthesise(engine, folder, unpinned), run('bootstrap', `aws://${engine.account}/${engine.region}`, '--app', '')]);
  await run('deploy', '--app', assembly, '--method=direct', '--require-approval=never', '--outputs-file', outputs);
  return { outputs: (JSON.parse(readFileSync(outputs, 'utf8')) as Record<string, Record<string, string>>)[STACK] ?? {}, next };
}

async function byAssembly(engine: Engine, library: typeof import('sluice-engine'), folder: string, { unpinned, onStep }: DeploymentOptions): Promise<Deployment> {
  onStep('cdk synth');
  const [assembly, next] = await synthesise(engine, folder, unpinned);
  const stacks = await library.deployAssembly(engine, assembly);
  return { outputs: stacks.find(({ name }) => name === STACK)?.outputs ?? {}, next };
}

/** Runs an app once for each outdir and context, as `cdk` would, but in one process: loading the CDK takes longer than synthesising. */
const SYNTHESES = `const [app, ...syntheses] = JSON.parse(process.argv[1]);
for (const [number, environment] of syntheses.entries()) await import((Object.assign(process.env, environment), app + '?' + number));`;

/** Nobody reads where in the code of the app something was made, which is a tenth of the synthesis. */
const TEMPLATES_ONLY = {
  '@aws-cdk/core:validateAgainstDefaultRules': false, 'aws:cdk:disable-creation-stack-traces': true, 'aws:cdk:disable-stack-trace': true, 'aws:cdk:disable-logicalId-metadata': true,
};

/** Synthesises both versions of bin/app.ts; answers the folders of their cloud assemblies. */
async function synthesise(engine: Engine, folder: string, unpinned: boolean): Promise<readonly [string, string]> {
  const [first, next] = [join(folder, 'cdk.out'), join(folder, 'next.out')];
  const context = { ...TEMPLATES_ONLY, ...(unpinned ? { unpinned: 'true' } : {}) };
  const syntheses = [
    { CDK_OUTDIR: first, CDK_CONTEXT_JSON: JSON.stringify(context) },
    { CDK_OUTDIR: next, CDK_CONTEXT_JSON: JSON.stringify({ ...context, version: '2' }) },
  ];
  await command(process.execPath, ['--input-type=module', '--eval', SYNTHESES, JSON.stringify([pathToFileURL(join(packageRoot(), 'dist/bin/app.js')), ...syntheses])], {
    TMPDIR: folder, CDK_VALIDATION: 'false', CDK_DEFAULT_ACCOUNT: engine.account, CDK_DEFAULT_REGION: engine.region,
  });
  return [first, next];
}

/** Runs a command in the package's folder; its output is shown only when it fails. */
function command(file: string, args: readonly string[], environment: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, { cwd: packageRoot(), env: { ...process.env, ...environment }, stdio: ['ignore', 'pipe', 'pipe'] });
    const kill = (): void => { child.kill('SIGKILL'); };
    // Before the folder goes that it writes to.
    process.prependOnceListener('exit', kill);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => { printed += chunk.toString(); });
    child.on('error', reject);
    child.on('close', (status) => {
      process.off('exit', kill);
      if (status === 0) resolve();
      else reject(new Error(`${args.slice(0, 2).join(' ')} ended with ${status ?? 'a signal'}:\n${printed.slice(-4000)}`));
    });
  });
}
