import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Engine } from 'sluice-engine';

const CDK = join(dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json')), 'bin', 'cdk');
const APP = fileURLToPath(new URL('app/app.mjs', import.meta.url));
const { NODE_COMPILE_CACHE } = process.env;
/** Options of Node.js with which `cdk` is compiled once for a run of the tests. Node.js 20 does not do that by itself. */
export const COMPILED: readonly string[] = NODE_COMPILE_CACHE === undefined || 'enableCompileCache' in Module ? [] : ['--import', new URL('compiled.mjs', import.meta.url).href];

/** What a `cdk` command came to. */
export interface CdkOutcome {
  readonly code: number | null;
  /** Both streams. */
  readonly text: string;
}

/** A place to run the unmodified `cdk` in: a home of its own, and nothing of the machine's AWS configuration. */
export interface Cdk extends Disposable {
  readonly folder: string;
  run(variant: string, ...args: readonly string[]): Promise<CdkOutcome>;
}

/** Prepares to run `cdk` against an engine. */
export function cdkFor(engine: Engine): Cdk {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cdk-'));
  const env = {
    PATH: process.env['PATH'], HOME: folder, AWS_ENDPOINT_URL: engine.endpoint, AWS_REGION: engine.region, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true', CDK_VALIDATION: 'false', CDK_DISABLE_VERSION_CHECK: '1', CDK_DISABLE_CLI_TELEMETRY: 'true', NO_COLOR: '1', CI: '1', NODE_NO_WARNINGS: '1', NODE_COMPILE_CACHE,
  };
  // The app is synthesised once, with all of its variants; later commands are given their folders.
  const place = (variant: string): string[] => {
    const assembly = join(folder, variant);
    return existsSync(join(assembly, 'manifest.json')) ? ['--app', assembly] : ['--app', `${process.execPath} ${APP}`, '--output', assembly];
  };
  return {
    folder,
    run: (variant, ...args) => new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [...COMPILED, CDK, ...args, ...place(variant), '--no-notices'], { cwd: folder, env });
      let text = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => { text += piece.toString(); });
      child.once('error', reject);
      child.once('close', (code) => { resolve({ code, text }); });
    }),
    [Symbol.dispose]: () => { rmSync(folder, { recursive: true, force: true }); },
  };
}
