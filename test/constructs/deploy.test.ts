import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Deployed, epochOf } from './deployed.ts';

const CONFIG = 'examples/orders/config';

describe('the reference app on the engine', () => {
  it('runs orders, takes a bad change back while it grows, and one that turns bad later after it was complete', { timeout: 120_000 }, async () => {
    const cdkOut = mkdtempSync(join(tmpdir(), 'sluice-app-'));
    execFileSync(process.execPath, ['dist/bin/app.js'], { env: { ...process.env, CDK_OUTDIR: cdkOut, CDK_VALIDATION: 'false' } });

    const story = await Deployed.play(cdkOut, async (deployed) => {
      const alias = deployed.stack.outputs['AliasArn']!;
      const order = (n: number): unknown => ({ order: { id: `order-${n}`, items: 1 + (n % 20), region: n % 2 === 0 ? 'eu' : 'us' } });
      const seeded = await deployed.deployments();
      const first = await deployed.run(alias, 2, order);
      await deployed.sleep(10);
      await deployed.release(CONFIG, 'examples/orders/releases/3-milliseconds');
      const during = await deployed.run(alias, 15, order);
      const bad = await deployed.deployments();
      const refused = await deployed.createVersion(Buffer.from(Buffer.from(epochOf([CONFIG]).bytes).toString().replace(/"itemsPerOrder":\d+/, '"itemsPerOrder":"fifty"'))).catch((error: unknown) => (error as Error).message);
      await deployed.sleep(5);
      await deployed.release(CONFIG, 'examples/orders/releases/4-carrier-moves');
      // The carrier moves at 02:40, more than an hour after this is complete.
      await deployed.sleep(95);
      const late = await deployed.run(alias, 45, order);
      const reverted = await deployed.deployments();
      const { denials } = await deployed.grants();
      return { seeded, first, during, bad, refused, late, reverted, denials };
    });

    expect(story.seeded.map(({ State }) => State)).toEqual(['BAKING']);
    expect(new Set(story.first.map(({ status }) => status))).toEqual(new Set(['SUCCEEDED']));
    expect(story.bad[0]?.State).toBe('ROLLED_BACK');
    expect(story.during.some(({ status }) => status === 'FAILED')).toBe(true);
    expect(story.refused).toContain('itemsPerOrder');
    expect(story.reverted[0]?.State).toBe('REVERTED');
    expect(story.late.at(-1)?.status).toBe('SUCCEEDED');
    expect(story.denials).toEqual([]);
  });
});
