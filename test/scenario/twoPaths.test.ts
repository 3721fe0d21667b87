import { CreateHostedConfigurationVersionCommand } from '@aws-sdk/client-appconfig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EpochStore } from '../../lib/adapters/store/index.ts';
import { assemble, canonical, compose } from '../../lib/documents/index.ts';
import { upheld } from '../../lib/documents/project/breaches.ts';
import { bytesOf, schemaOf } from '../fixtures/epochs.ts';
import { Stage } from '../fixtures/stage.ts';

const SCHEMA = {
  type: 'object', additionalProperties: false, required: ['timeoutSeconds', 'mode', 'hosts'],
  properties: {
    timeoutSeconds: { type: 'integer', minimum: 1, maximum: 60 },
    mode: { enum: ['fast', 'safe'] },
    hosts: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true, items: { type: 'object', required: ['name'], additionalProperties: false, properties: { name: { type: 'string', pattern: '^[a-z]+$' }, port: { type: 'number', multipleOf: 1 } } } },
    until: { type: 'string', format: 'date' },
    tags: { type: 'object', maxProperties: 1, propertyNames: { pattern: '^[a-z]+$' } },
  },
};
const GOOD = { timeoutSeconds: 30, mode: 'safe', hosts: [{ name: 'a' }] };

/** Twenty changes, each bad in its own way. */
const BAD: readonly (readonly [string, Record<string, unknown>])[] = [
  ['a word for a number', { ...GOOD, timeoutSeconds: 'thirty' }],
  ['a fraction', { ...GOOD, timeoutSeconds: 1.5 }],
  ['too little', { ...GOOD, timeoutSeconds: 0 }],
  ['too much', { ...GOOD, timeoutSeconds: 61 }],
  ['null', { ...GOOD, timeoutSeconds: null }],
  ['a list for a number', { ...GOOD, timeoutSeconds: [30] }],
  ['a missing member', { timeoutSeconds: 30, mode: 'safe' }],
  ['all members missing', {}],
  ['an unknown member', { ...GOOD, timeoutSecond: 30 }],
  ['a word that is none of those', { ...GOOD, mode: 'sage' }],
  ['a word in capitals', { ...GOOD, mode: 'SAFE' }],
  ['no host', { ...GOOD, hosts: [] }],
  ['three hosts', { ...GOOD, hosts: [{ name: 'a' }, { name: 'b' }, { name: 'c' }] }],
  ['the same host twice', { ...GOOD, hosts: [{ name: 'a' }, { name: 'a' }] }],
  ['a host without its name', { ...GOOD, hosts: [{ port: 80 }] }],
  ['a name that does not fit', { ...GOOD, hosts: [{ name: 'A1' }] }],
  ['an unknown member of a host', { ...GOOD, hosts: [{ name: 'a', prot: 80 }] }],
  ['a day that is none', { ...GOOD, until: '2026-02-30' }],
  ['too many tags', { ...GOOD, tags: { a: 1, b: 2 } }],
  ['a tag that cannot be called so', { ...GOOD, tags: { B: 1 } }],
];

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open();
  await stage.guard();
  await new EpochStore(stage.store).saveSchema(schemaOf(SCHEMA).bytes);
});
afterAll(() => stage.close());

/** What is wrong, from `$` to the value that was got. */
function problems(text: string): string[] {
  return [...text.matchAll(/(SLUICE-DOC-\d+): [^$]*(\$.*?); /g)].map(([, code = '', problem = '']) => `${code} ${problem}`).sort();
}

describe('a bad change', () => {
  it.each(BAD)('with %s gets the same refusal in git and in the console', async (_, content) => {
    const composed = compose([{ path: 'limits.json', bytes: bytesOf(JSON.stringify(content)) }, { path: 'limits.schema.json', bytes: bytesOf(JSON.stringify(SCHEMA)) }]);
    const git = 'faults' in composed ? composed.faults.map(({ message }) => message).join('\n') : 'it was let through';

    const { EnvironmentId: _environment, ...profile } = stage.ids;
    const console = await stage.appconfig.send(new CreateHostedConfigurationVersionCommand({
      ...profile, ContentType: 'application/json', Content: bytesOf(canonical({ sluice: 1, documents: { limits: { schema: schemaOf(SCHEMA).digest, content } } })),
    })).then(() => 'it was let through', (error: unknown) => (error as Error).message);

    expect(problems(git).length).toBeGreaterThan(0);
    expect(problems(console)).toEqual(problems(git));
  });

  it('is no good one: that passes both', async () => {
    expect(await stage.createVersion(bytesOf(canonical({ sluice: 1, documents: { limits: { schema: schemaOf(SCHEMA).digest, content: GOOD } } })))).toBe(1);
  });
});

/** A project that has invariants and an allowance beside the schema. */
const MANIFEST = `sluice: 1
applications:
  orders:
    environments: { prod: { profile: prod } }
    invariants:
      - { name: patient, rule: documents.limits.timeoutSeconds >= 5.0, message: wait for five seconds }
      - { name: named, rule: documents.limits.tags.team == "a", message: say whose it is }
      - { name: gently, rule: "live == null || documents.limits.timeoutSeconds <= live.limits.timeoutSeconds * 2.0", message: double at most }
secrets:
  allow:
    - { document: orders/limits, path: $.tags.key, reason: a documented example }
`;
const PROJECT_SCHEMA = { ...SCHEMA, properties: { ...SCHEMA.properties, tags: { type: 'object' } } };
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const FINE = { ...GOOD, tags: { team: 'a', key: KEY } };

function project(content: object): ReturnType<typeof assemble> {
  return assemble([
    { path: 'sluice.yaml', bytes: bytesOf(MANIFEST) }, { path: 'config/orders/limits.json', bytes: bytesOf(JSON.stringify(content)) },
    { path: 'config/orders/limits.schema.json', bytes: bytesOf(JSON.stringify(PROJECT_SCHEMA)) },
  ]);
}

/** What is wrong, without where it was written. */
function said(text: string): string[] {
  return [...text.matchAll(/(SLUICE-(?:RULE|SECRET)-\d): \S+ (.*?;)/g)].map(([, code = '', problem = '']) => `${code} ${problem}`).sort();
}

describe('what no schema says', () => {
  const fine = project(FINE);
  if ('faults' in fine) throw fine.faults[0]!;
  const [target] = fine.targets;
  const epochWith = (content: object): Uint8Array => bytesOf(canonical({ ...target!.composition.epoch, documents: { limits: { ...target!.composition.epoch.documents['limits'], content } } }));

  beforeAll(async () => {
    for (const bytes of target!.composition.schemas.values()) await new EpochStore(stage.store).saveSchema(bytes);
  });

  it.each<[string, object]>([
    ['a plain secret', { ...FINE, hosts: [{ name: KEY }] }],
    ['a secret where only another one is allowed', { ...FINE, tags: { team: KEY, key: KEY } }],
    ['an invariant that does not hold', { ...FINE, timeoutSeconds: 4 }],
    ['an invariant that fails', { ...FINE, tags: { key: KEY } }],
    ['both invariants broken', { ...FINE, timeoutSeconds: 4, tags: { key: KEY } }],
  ])('refuses %s alike in git and in the console', async (_, content) => {
    const made = project(content);
    const git = upheld(made, () => undefined);
    const { EnvironmentId: _environment, ...profile } = stage.ids;

    const console = await stage.appconfig.send(new CreateHostedConfigurationVersionCommand({ ...profile, ContentType: 'application/json', Content: epochWith(content) })).then(() => 'it was let through', (error: unknown) => (error as Error).message);

    const refused = said('faults' in git ? git.faults.map(({ message }) => message).join('\n') : 'it was let through');
    expect(refused.length).toBeGreaterThan(0);
    expect(said(console)).toEqual(refused);
    expect(console).not.toContain(KEY);
  });

  it('judges by what is live only where something is live: when a deployment begins', async () => {
    await stage.deploy(await stage.createVersion(epochWith(FINE)));
    const version = await stage.createVersion(epochWith({ ...FINE, timeoutSeconds: 60 }));
    await stage.deploy(version);
    const shorter = await stage.createVersion(epochWith({ ...FINE, timeoutSeconds: 20 }));
    await stage.deploy(shorter);

    await expect(stage.deploy(version)).rejects.toThrow('SLUICE-RULE-1: orders/prod: the invariant gently does not hold in prod: double at most');
  });

  it('judges what leaves the rules out in the console by those in force, one change after the other', async () => {
    const { rules: _, ...without } = target!.composition.epoch;
    const bare = async (timeoutSeconds: number, tags: object): Promise<number> => stage.deploy(await stage.createVersion(bytesOf(canonical({ ...without, documents: { limits: { ...without.documents['limits'], content: { ...GOOD, timeoutSeconds, tags } } } }))));

    await expect(bare(4, { team: 'a' })).rejects.toThrow('SLUICE-RULE-1: orders/prod: the invariant patient does not hold');
    const number = await bare(30, { team: 'a' });
    await expect(bare(30, { team: 'b' })).rejects.toThrow('the invariant named does not hold');
    await expect(bare(31, { team: 'a', key: KEY })).rejects.toThrow('SLUICE-SECRET-1');

    const { ApplicationId: applicationId, EnvironmentId: environmentId } = stage.ids;
    expect(await new EpochStore(stage.store).deployment({ applicationId, environmentId }, number)).toMatchObject({ canary: { rules: target!.composition.epoch.rules } });
    await expect(stage.createVersion(bytesOf(canonical({ ...target!.composition.epoch, rules: `sha256:${'00'.repeat(32)}` })))).rejects.toThrow('SLUICE-GATE-6');
  });
});
