import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeploymentState } from '@aws-sdk/client-appconfig';
import { describe, expect, it } from 'vitest';
import { Deployed, epochOf } from './deployed.ts';
import { shown } from './shown.ts';

const CONFIG = 'examples/orders/config';

/** The validator is WebAssembly that runs for some seconds once: to optimise it takes longer, and so do threads that collect garbage while both cores are busy. */
const ONCE = ['--liftoff-only', '--single-threaded-gc'];

describe('the reference app', { timeout: 120_000 }, () => {
  const cdkOut = mkdtempSync(join(tmpdir(), 'sluice-app-'));

  it('passes the CDK\'s own validation, with cdk.json\'s rules as errors', () => {
    const { context } = JSON.parse(readFileSync('cdk.json', 'utf8')) as { context: Record<string, unknown> };
    const { CDK_VALIDATION: _, ...env } = process.env;

    const synth = (): Buffer => execFileSync(process.execPath, [...ONCE, 'dist/bin/app.js'], { env: { ...env, CDK_OUTDIR: cdkOut, CDK_CONTEXT_JSON: JSON.stringify(context) }, stdio: 'pipe' });

    expect(context['@aws-cdk/core:validateAgainstDefaultRules']).toBe(true);
    expect(synth).not.toThrow();
  });

  it('runs orders, takes a bad change back while it grows, and one that turns bad later after it was complete; and its dashboard shows all of it', async () => {
    const story = await Deployed.play(cdkOut, async (deployed) => {
      const alias = deployed.stack.outputs['AliasArn']!;
      const order = (n: number): unknown => ({ order: { id: `order-${n}`, items: 1 + (n % 20), region: n % 2 === 0 ? 'eu' : 'us' } });
      const newestIs = (state: DeploymentState) => async (): Promise<boolean> => (await deployed.deployments())[0]?.State === state;
      const seeded = await deployed.deployments();
      const first = await deployed.run(alias, 2, order);
      await deployed.sleep(10);
      await deployed.release(CONFIG, 'examples/orders/releases/3-milliseconds');
      const during = await deployed.run(alias, 15, order, 6, newestIs('ROLLED_BACK'));
      const bad = await deployed.deployments();
      const refused = await deployed.createVersion(Buffer.from(Buffer.from(epochOf([CONFIG]).bytes).toString().replace(/"itemsPerOrder":\d+/, '"itemsPerOrder":"fifty"'))).catch((error: unknown) => (error as Error).message);
      await deployed.sleep(5);
      await deployed.release(CONFIG, 'examples/orders/releases/4-carrier-moves');
      // The carrier moves at 02:40, more than an hour after this is complete.
      await deployed.sleep(130);
      const late = await deployed.run(alias, 10, order, 10, newestIs('REVERTED'));
      const reverted = await deployed.deployments();
      late.push(...await deployed.run(alias, 1, order, 10));
      const { denials } = await deployed.grants();
      return { seeded, first, during, bad, refused, late, reverted, denials, dashboard: await shown(deployed, cdkOut) };
    });

    expect(story.seeded.map(({ State }) => State)).toEqual(['BAKING']);
    expect(new Set(story.first.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    expect(story.bad[0]?.State).toBe('ROLLED_BACK');
    expect(story.during.some(({ status }) => status === 'FAILED')).toBe(true);
    expect(story.refused).toContain('itemsPerOrder');
    expect(story.reverted[0]?.State).toBe('REVERTED');
    expect(story.late.at(-1)?.status).toBe('SUCCEEDED');
    expect(story.denials).toEqual([]);
    const ended = (wanted: string): number => [...story.first, ...story.during, ...story.late].filter(({ status }) => status === wanted).length;
    const [good, bad, late] = [[CONFIG], [CONFIG, 'examples/orders/releases/3-milliseconds'], [CONFIG, 'examples/orders/releases/4-carrier-moves']].map((folders) => epochOf(folders).digest) as [string, string, string];
    const { 'Executions started, by epoch': started, 'Executions failed, by epoch': failed, ...others } = story.dashboard as Record<string, Record<string, number>>;
    expect(Object.keys(started!).sort()).toEqual([good, bad, late].sort());
    expect(total(started!)).toBe(ended('SUCCEEDED') + ended('FAILED'));
    expect(total(failed!)).toBe(ended('FAILED'));
    expect(failed).toMatchObject({ [good]: 0, [bad]: started![bad] });
    expect(others).toEqual({
      // Workflows that let them finish count none.
      'Executions whose epoch was rolled back': {},
      'Rollouts': { 'begun': 3, 'complete': 2, 'rolled back, by whomever': 1, 'reverted after they were complete': 1 },
      'Ticks at which the judge was blind': { JudgeBlind: expect.any(Number) },
      'What takes a change back': 2,
      'Workflow: executions by end': { ExecutionsSucceeded: ended('SUCCEEDED'), ExecutionsFailed: ended('FAILED'), ExecutionsTimedOut: 0, ExecutionsAborted: 0 },
    });
  });
});

function total(sums: Readonly<Record<string, number>>): number {
  return Object.values(sums).reduce((all, one) => all + one, 0);
}
