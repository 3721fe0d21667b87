import { Ajv2020 } from 'ajv/dist/2020.js';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppConfigPlane } from '../../lib/adapters/plane/index.ts';
import { standing } from '../../lib/adapters/standing.ts';
import { EpochStore } from '../../lib/adapters/store/index.ts';
import { labelOf, type Digest, type Release } from '../../lib/core/index.ts';
import { canonical } from '../../lib/documents/index.ts';
import { composition } from '../../lib/documents/composition.ts';
import type { ApprovalRules, Rules } from '../../lib/core/rules.ts';
import { Fault } from '../../lib/core/fault.ts';
import { bytesOf, schemaOf } from '../fixtures/epochs.ts';
import { NAMES, Stage } from '../fixtures/stage.ts';

const APPROVALS: ApprovalRules = { owners: [{ documents: 'limits', owners: ['@risk'], approvals: 2 }], people: { '@risk': ['*:ada@example.org', '*:bob@example.org', 'AROARISK:*'] } };
const [ADA, BOB, EVE] = ['AROAAPPROVER:ada@example.org', 'AROAAPPROVER:bob@example.org', 'AROAAPPROVER:eve@example.org'] as const;
const PLAN: Digest = `sha256:${'1'.repeat(64)}`;

let stage: Stage;
let plane: AppConfigPlane;
let epochs: EpochStore;

beforeAll(async () => {
  stage = await Stage.open();
  epochs = new EpochStore(stage.store);
  plane = await AppConfigPlane.open({ region: stage.engine.region, endpoint: stage.engine.endpoint, credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' } });
  await stage.guard();
  await epochs.saveSchema(schemaOf().bytes);
  const first = composed(10, 'on');
  for (const bytes of first.schemas.values()) await epochs.saveSchema(bytes);
  await stage.deploy(await stage.createVersion(first.bytes));
});
afterAll(async () => {
  plane.close();
  await stage.close();
});

function place(): { applicationId: string; environmentId: string; profileId: string; profile: string } {
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = stage.ids;
  return { applicationId: ApplicationId, environmentId: EnvironmentId, profileId: ConfigurationProfileId, profile: NAMES.profile };
}

function rulesWith(approvals: ApprovalRules | undefined): Rules {
  return { sluice: 1, application: 'orders', environment: 'prod', invariants: [], allowed: [], ...(approvals === undefined ? {} : { approvals }) };
}

/** An epoch of two documents by rules; `limits` is the one that has owners. */
function composed(timeoutSeconds: number, mode: string, approvals: ApprovalRules | undefined = APPROVALS): { bytes: Uint8Array; digest: Digest; schemas: ReadonlyMap<Digest, Uint8Array> } {
  const { digest: schema } = schemaOf();
  const free = schemaOf({ type: 'object' });
  const made = composition({ limits: { schema, content: { timeoutSeconds } }, free: { schema: free.digest, content: { mode } } }, new Map([[free.digest, free.bytes]]), rulesWith(approvals));
  if (made instanceof Fault) throw made;
  return made;
}

interface Asked {
  readonly bytes: Uint8Array;
  readonly digest: Digest;
  readonly schemas: ReadonlyMap<Digest, Uint8Array>;
}

/** A version that `sluice release` made, and its label; nothing is started. */
async function released({ bytes, digest, schemas }: Asked, base?: Partial<Release['base']>): Promise<{ version: number; label: string }> {
  const { base: seen } = await standing(plane, epochs, place());
  const release: Release = { ...NAMES, base: { ...seen, ...base }, digest, strategy: { growthType: 'LINEAR', growthFactor: 100, durationMinutes: 0, bakeMinutes: 0 }, commit: null };
  const label = labelOf(release);
  for (const schema of schemas.values()) await epochs.saveSchema(schema);
  await epochs.saveProvenance(place(), { sluice: 1, ...release, label, plan: PLAN, subject: null, author: null, signature: null, approvals: [], createdAt: '2026-01-01T00:00:00.000Z' });
  return { version: await plane.createVersion(place(), bytes, { label }), label };
}

async function approve(label: string, epoch: Digest, ...who: string[]): Promise<void> {
  for (const one of who) await epochs.saveApproval(place(), label, one, { by: 'whatever name', at: '2026-01-01T00:00:00.000Z', plan: PLAN, epoch });
}

/** Makes an epoch live with all it needs. */
async function live(asked: Asked): Promise<void> {
  const { version, label } = await released(asked);
  await approve(label, asked.digest, ADA, BOB);
  await stage.deploy(version);
}

const TOO_FEW = /SLUICE-GATE-8: the change of limits in orders\/prod has (\d) of the 2 approvals it needs.*have @risk run `sluice approve`/;

describe('a project that lets the gate ask for approvals', () => {
  it('has its rules written as schemas/rules.schema.json says', () => {
    const conforms = new Ajv2020().compile(JSON.parse(readFileSync('schemas/rules.schema.json', 'utf8')) as object);

    expect(conforms(rulesWith(APPROVALS))).toBe(true);
    expect(conforms({ ...rulesWith(APPROVALS), approvals: { owners: [] } })).toBe(false);
  });

  it('starts what two owners approved, and nothing that one of them did, nobody did, or others did', async () => {
    const asked = composed(11, 'on');
    const { version, label } = await released(asked);
    const refused = async (): Promise<string | undefined> => TOO_FEW.exec(await stage.deploy(version).then(() => 'started', (error: unknown) => (error as Error).message))?.[1];

    const nobody = await refused();
    await approve(label, asked.digest, EVE, ADA);
    const one = await refused();
    await approve(label, asked.digest, BOB);
    const number = await stage.deploy(version);

    expect([nobody, one]).toEqual(['0', '1']);
    expect(await epochs.deployment(place(), number)).toMatchObject({ canary: { digest: asked.digest, rules: expect.stringMatching(/^sha256:/) as string } });
  });

  it('asks nobody for a document that nobody owns, in the console either', async () => {
    await live(composed(12, 'on'));

    expect(await stage.deploy(await stage.createVersion(composed(12, 'changed in the console').bytes))).toBeGreaterThan(1);
  });

  it.each<[string, () => Promise<number>]>([
    ['in the console', () => stage.createVersion(composed(20, 'on').bytes)],
    ['by an approval of another epoch', async () => {
      const { version, label } = await released(composed(21, 'on'));
      await approve(label, composed(20, 'on').digest, ADA, BOB);
      return version;
    }],
    ['by an approval of another plan', async () => {
      const asked = composed(22, 'on');
      const { version, label } = await released(asked);
      for (const who of [ADA, BOB]) await epochs.saveApproval(place(), label, who, { by: who, at: '', plan: `sha256:${'2'.repeat(64)}`, epoch: asked.digest });
      return version;
    }],
    ['by an approval over something else than is live', async () => {
      const asked = composed(23, 'on');
      const { version, label } = await released(asked, { digest: composed(1, 'never').digest });
      await approve(label, asked.digest, ADA, BOB);
      return version;
    }],
    ['by names that were typed', async () => {
      const asked = composed(24, 'on');
      const { version, label } = await released(asked);
      await approve(label, asked.digest, 'ada', 'AROARISKY:bob');
      return version;
    }],
    ['by an approval in a folder of somebody\'s own', async () => {
      const asked = composed(25, 'on');
      const { version, label } = await released(asked);
      const body = bytesOf(JSON.stringify({ by: 'x', at: '', plan: PLAN, epoch: asked.digest }));
      for (const who of [ADA, BOB]) await stage.store.put(`approvals/${place().applicationId}/${place().environmentId}/${label}/mine/${who}.json`, body, 'application/json');
      return version;
    }],
  ])('refuses a change of an owned document %s', async (_, made) => {
    await expect(stage.deploy(await made())).rejects.toThrow(TOO_FEW);
  });

  it('lets nobody free themselves of approvals: who changes them needs them', async () => {
    const lax = composed(12, 'on', { ...APPROVALS, owners: [] });
    const { version, label } = await released(lax);

    await expect(stage.deploy(version)).rejects.toThrow(/SLUICE-GATE-8: the change of sluice.yaml in orders\/prod has 0 of the 2/);
    await approve(label, lax.digest, ADA, BOB);
    await stage.deploy(version);

    expect(await stage.deploy((await released(composed(30, 'on', { ...APPROVALS, owners: [] }))).version)).toBeGreaterThan(1);
  });

  it('is refused in another environment than its rules are of', async () => {
    const rules = bytesOf(canonical({ ...rulesWith(undefined), environment: 'staging' }));
    const digest = await epochs.saveSchema(rules);
    const epoch = { ...JSON.parse(Buffer.from(composed(31, 'on').bytes).toString()) as object, rules: digest };

    await expect(stage.deploy(await stage.createVersion(bytesOf(canonical(epoch))))).rejects.toThrow('SLUICE-GATE-7: the epoch is by the rules of orders/staging, and this is orders/prod');
  });
});
