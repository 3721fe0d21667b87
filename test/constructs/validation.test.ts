import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

/** The validator is WebAssembly that runs for some seconds once: to optimise it takes longer, and so do threads that collect garbage while both cores are busy. */
const ONCE = ['--liftoff-only', '--single-threaded-gc'];

it('the reference app passes the CDK\'s own validation, with cdk.json\'s rules as errors', { timeout: 60_000 }, () => {
  const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
  const { CDK_VALIDATION: _, ...env } = process.env;
  const cdkOut = mkdtempSync(join(tmpdir(), 'sluice-app-'));

  const synth = (): Buffer => execFileSync(process.execPath, [...ONCE, 'dist/bin/app.js'], { env: { ...env, CDK_OUTDIR: cdkOut, CDK_CONTEXT_JSON: JSON.stringify(context) }, stdio: 'pipe' });

  expect(context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
  expect(synth).not.toThrow();
});
