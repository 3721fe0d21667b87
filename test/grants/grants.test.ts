import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutations, type Mutation, type Template } from './mutation.ts';
import { play, type Ending } from './story.ts';

const LONG = 60_000;
/** How many grants are taken away unless all are asked for; each takes about 1.5 s of CPU. */
const SAMPLE = 16;

const folder = mkdtempSync(join(tmpdir(), 'sluice-grants-'));
const path = join(folder, 'Orders.template.json');
execFileSync(process.execPath, ['dist/bin/app.js'], { env: { ...process.env, CDK_OUTDIR: folder, CDK_VALIDATION: 'false' } });
const synthesised = readFileSync(path, 'utf8');

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** SLUICE_GRANTS=all takes each grant away, as CI does; any other value is the seed of a sample. */
function chosen(all: readonly Mutation[], seed: string): readonly Mutation[] {
  if (seed === 'all') return all;
  const rank = ({ name }: Mutation): string => createHash('sha256').update(`${seed} ${name}`).digest('hex');
  return all.toSorted((one, other) => (rank(one) < rank(other) ? -1 : 1)).slice(0, SAMPLE);
}

describe('the policies of the reference app', { timeout: LONG }, () => {
  let whole: Ending;

  beforeAll(async () => {
    whole = await play(folder);
  }, LONG);

  it('let the story end well, and nothing in it is denied', () => {
    expect({ failed: whole.failed, denials: whole.denials }).toEqual({ failed: undefined, denials: [] });
  });

  it('grant no action on any resource that the story does not use', () => {
    const unused = whole.grants.filter(({ uses }) => uses === 0).map(({ holder, action, resource }) => `${holder}: ${action} on ${resource}`);

    expect(unused).toEqual([]);
    expect(whole.grants.length).toBeGreaterThan(50);
  });

  it.each(chosen(mutations(JSON.parse(synthesised) as Template), process.env['SLUICE_GRANTS'] ?? 'grants').map((one) => [one.name, one] as const))('are missed without %s', async (_, { action, template }) => {
    writeFileSync(path, JSON.stringify(template));

    const { failed, denials } = await play(folder);

    expect(failed).toBeDefined();
    expect(denials.map((denial) => denial.action)).toContainEqual(expect.stringMatching(new RegExp(`^${action}`)));
  });
});
