import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fits, inWaves, ownershipOf } from '../../lib/core/index.ts';
import { assemble, canonical, excerpt, mergePatch, PROJECT_SCHEMA, selected, type Assembly } from '../../lib/documents/index.ts';
import { beginning } from '../../lib/documents/project/beginning.ts';

const ANY = '{ "type": "object" }';
const SMALLEST = 'sluice: 1\napplications:\n  orders:\n    environments:\n      staging: {}\n      production: {}\n';
const BOUNDED = '{ "type": "object", "additionalProperties": false, "properties": { "seconds": { "type": "integer", "maximum": 60 }, "hosts": { "type": "array" } } }';

function files(texts: Readonly<Record<string, string>>): { path: string; bytes: Uint8Array }[] {
  return Object.entries(texts).map(([path, text]) => ({ path, bytes: new TextEncoder().encode(text) }));
}

function assembled(texts: Readonly<Record<string, string>>): Assembly {
  const made = assemble(files(texts));
  if ('faults' in made) throw new Error(made.faults.map(({ message }) => message).join('\n'));
  return made;
}

function refused(texts: Readonly<Record<string, string>>): string[] {
  const made = assemble(files(texts));
  return 'faults' in made ? made.faults.map(({ message }) => message) : [];
}

describe('a project', () => {
  it('gives each environment its documents, changed by its overlay', () => {
    const { targets } = assembled({
      'sluice.yaml': SMALLEST,
      'config/orders/limits.yaml': 'seconds: 30\nhosts: [a, b]\n', 'config/orders/limits.schema.json': BOUNDED,
      'config/orders/production/limits.yaml': 'seconds: 10\nhosts: [c]\n', 'config/README.md': 'why',
    });

    expect(targets.map((target) => [target.environment.name, target.composition.epoch.documents['limits']?.content])).toEqual([
      ['staging', { seconds: 30, hosts: ['a', 'b'] }],
      ['production', { seconds: 10, hosts: ['c'] }],
    ]);
  });

  it('has its environments in the order in which they are written, one wave after the other', () => {
    const { project } = assembled({ 'sluice.yaml': SMALLEST, 'config/orders/a.yaml': '{}', 'config/orders/a.schema.json': ANY });
    const [orders] = project.applications;

    expect(orders && inWaves(orders.environments).map((wave) => wave.map(({ name, profile, plan }) => [name, profile, plan.kind]))).toEqual([
      [['staging', 'orders-staging', 'canary']],
      [['production', 'orders-production', 'canary']],
    ]);
  });

  it('rolls out two environments of one wave beside each other, each with its own plan', () => {
    const { project } = assembled({
      'sluice.yaml': `sluice: 1
applications:
  orders:
    environments:
      staging: { plan: slow, profile: old-name, region: eu-central-1, guards: [orders-5xx], signed: true, approved: false, heal: [queued] }
      us: { wave: 2, plan: all-at-once }
      eu: { wave: 2, plan: { kind: linear, stepPercent: 50, minutes: 4 } }
plans:
  slow: { kind: canary, percent: 1, minutes: 60, bakeMinutes: 0 }
`,
      'config/orders/a.yaml': '{}', 'config/orders/a.schema.json': ANY,
    });
    const [orders] = project.applications;

    expect(orders && inWaves(orders.environments).map((wave) => wave.map(({ name }) => name))).toEqual([['staging'], ['us', 'eu']]);
    expect(orders?.environments).toEqual([
      { name: 'staging', profile: 'old-name', wave: 1, region: 'eu-central-1', guards: ['orders-5xx'], signed: true, approved: false, heal: ['queued'], plan: { kind: 'canary', percent: 1, minutes: 60, bakeMinutes: 0 } },
      { name: 'us', profile: 'orders-us', wave: 2, guards: [], signed: false, approved: false, heal: [], plan: { kind: 'all-at-once', bakeMinutes: 10 } },
      { name: 'eu', profile: 'orders-eu', wave: 2, guards: [], signed: false, approved: false, heal: [], plan: { kind: 'linear', stepPercent: 50, minutes: 4 } },
    ]);
  });

  it('lets documents share a schema, and the last entry that fits counts, for owners too', () => {
    const { project, targets } = assembled({
      'sluice.yaml': `${SMALLEST}    schemas:\n      - { documents: 'tenant-*', schema: tenant }\n    owners:\n      - { documents: '*', owners: ['@all'] }\n      - { documents: 'tenant-b', owners: ['@b', '@c'], approvals: 2 }\n`,
      'config/orders/tenant-a.yaml': 'seconds: 1', 'config/orders/tenant-b.yaml': 'seconds: 2', 'config/orders/tenant.schema.json': BOUNDED,
    });
    const [orders] = project.applications;

    expect(targets[0]?.composition.schemas.size).toBe(1);
    expect(orders && ['tenant-a', 'tenant-b'].map((name) => ownershipOf(orders, name))).toEqual([
      { documents: '*', owners: ['@all'], approvals: 1 },
      { documents: 'tenant-b', owners: ['@b', '@c'], approvals: 2 },
    ]);
  });

  it('shows a value of an overlay in the overlay, and one of the base in the base, once', () => {
    const made = assemble(files({
      'sluice.yaml': SMALLEST,
      'config/orders/limits.yaml': 'hosts: none\nseconds: 30\n', 'config/orders/limits.schema.json': BOUNDED,
      'config/orders/production/limits.yaml': '# hurried\nseconds: 100\n',
    }));

    expect('faults' in made && made.faults.map((one) => excerpt(one, made.files))).toEqual([
      'SLUICE-DOC-10: config/orders/limits.yaml:1:8: $.hosts must be array, got "none"; correct the value, or change the schema first\n  |\n1 | hosts: none\n  |        ^^^^',
      'SLUICE-DOC-10: config/orders/production/limits.yaml:2:10: $.seconds must be at most 60, got 100; correct the value, or change the schema first\n  |\n2 | seconds: 100\n  |          ^^^',
    ]);
  });

  it('has for its bytes the canonical text of its epoch', () => {
    const { targets } = assembled({
      'sluice.yaml': SMALLEST, 'config/orders/b.yaml': 'é: [1.0, "\\u20ac"]\na: { z: null, y: -0.0 }\n', 'config/orders/b.schema.json': ANY, 'config/orders/B.json': '{"b":{},"a":1e3}', 'config/orders/B.schema.json': ANY,
      'config/orders/production/b.yaml': 'a: { x: "\\n" }\n',
    });

    for (const { composition } of targets) expect(new TextDecoder().decode(composition.bytes)).toBe(canonical(composition.epoch));
  });

  it('composes the same bytes whatever the order of files', () => {
    const texts = files(Object.fromEntries(beginning('orders')));
    const digests = (made: ReturnType<typeof assemble>): unknown => ('faults' in made ? made.faults : made.targets.map(({ composition }) => composition.digest));

    fc.assert(fc.property(fc.shuffledSubarray(texts, { minLength: texts.length }), (shuffled) => {
      expect(digests(assemble(shuffled))).toEqual(digests(assemble(texts)));
    }), { numRuns: 10 });
  });

  const DOCUMENT = { 'config/orders/limits.yaml': 'seconds: 1', 'config/orders/limits.schema.json': BOUNDED };

  it.each<[string, Record<string, string>, string[]]>([
    ['no sluice.yaml', {}, ['SLUICE-PROJECT-1: there is no sluice.yaml in . or in a directory above it; run sluice init, or name the directory of the project']],
    ['a misspelt member', { 'sluice.yaml': 'sluice: 1\naplications: {}\n' }, [
      'SLUICE-PROJECT-2: sluice.yaml:2:1: $.aplications is not a member the schema knows, got {}; did you mean applications?',
    ]],
    ['a plan that AppConfig cannot play', { 'sluice.yaml': `${SMALLEST}plans:\n  odd: { kind: steps, steps: [{ percent: 3, minutes: 5 }, { percent: 100, minutes: 5 }] }\n`, ...DOCUMENT }, [
      'SLUICE-PROJECT-2: sluice.yaml:8:8: the plan steps must be one that AppConfig can play, got {"kind":"steps","steps":[{"minutes":5,"percent":3},{"minutes":5,"percent":100}]}; SLUICE-PLAN-3: the steps 3 % for 5 min, 100 % for 5 min are neither equal steps nor doubling ones of equal length, and AppConfig can express no other; use a linear plan, or a canary plan whose exposure doubles',
    ]],
    ['a plan that is not there', { 'sluice.yaml': SMALLEST.replace('staging: {}', 'staging: { plan: cannary }'), ...DOCUMENT }, ['SLUICE-PROJECT-7: sluice.yaml:5:24: there is no plan cannary; use one of all-at-once, canary, linear, or add it under plans']],
    ['a folder of no application', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/order/a.yaml': '{}' }, ['SLUICE-PROJECT-3: the folder config/order is of no application in sluice.yaml, which has orders; did you mean orders?']],
    ['a folder of no environment', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/orders/prodution/limits.yaml': '{}' }, ['SLUICE-PROJECT-4: the folder config/orders/prodution is of no environment of orders, which has staging, production; did you mean production?']],
    ['an application without documents', { 'sluice.yaml': SMALLEST }, ['SLUICE-PROJECT-5: sluice.yaml:3:3: the application orders has no documents; add config/orders/<document>.yaml with its <document>.schema.json, or remove the application']],
    ['an overlay of no document', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/orders/production/limit.yaml': '{}' }, ['SLUICE-PROJECT-6: the overlay config/orders/production/limit.yaml changes the document limit, which orders does not have; did you mean limits?']],
    ['a file beside the folders', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/limits.yaml': '{}' }, ['SLUICE-PROJECT-8: config/limits.yaml is no part of a project: it lies in no folder of an application; keep documents in config/<application> and overlays in config/<application>/<environment>, and nothing below']],
    ['a file too deep', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/orders/production/eu/limits.yaml': '{}' }, ['SLUICE-PROJECT-8: config/orders/production/eu/limits.yaml is no part of a project: it lies too deep; keep documents in config/<application> and overlays in config/<application>/<environment>, and nothing below']],
    ['a schema in an overlay', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/orders/production/limits.schema.json': '{}' }, ['SLUICE-PROJECT-8: config/orders/production/limits.schema.json is no part of a project: a document has the same schema in all environments; keep documents in config/<application> and overlays in config/<application>/<environment>, and nothing below']],
    ['owners of nothing', { 'sluice.yaml': `${SMALLEST}    owners: [{ documents: limit, owners: ['@a'] }]\n`, ...DOCUMENT }, ['SLUICE-PROJECT-9: sluice.yaml:7:27: "limit" fits no document of orders, which has limits; did you mean limits?']],
    ['a shared schema that is not there', { 'sluice.yaml': `${SMALLEST}    schemas: [{ documents: 'limits', schema: common }]\n`, 'config/orders/limits.yaml': '{}' }, ['SLUICE-PROJECT-10: sluice.yaml:7:46: there is no schema config/orders/common.schema.json; add it, or correct the name']],
    ['a schema that nobody uses', { 'sluice.yaml': SMALLEST, ...DOCUMENT, 'config/orders/hosts.schema.json': ANY }, ['SLUICE-DIR-5: the schema config/orders/hosts.schema.json has no document; add hosts.yaml, or delete the schema']],
    ['an invariant of no environment', { 'sluice.yaml': `${SMALLEST}    invariants: [{ name: a, rule: 'true', message: b, environments: [prod] }]\n`, ...DOCUMENT }, ['SLUICE-PROJECT-2: sluice.yaml:7:70: an invariant must name an environment of orders, got prod; use one of staging, production']],
    ['a name that climbs', { 'sluice.yaml': 'sluice: 1\napplications:\n  ../other:\n    environments: { a: {} }\n' }, ['SLUICE-PROJECT-2: sluice.yaml:3:3: $.applications["../other"] must match pattern "^[A-Za-z][A-Za-z0-9_-]{0,63}$", got "../other"; correct it']],
  ])('is refused for %s, by name', (_, texts, messages) => {
    expect(refused(texts)).toEqual(messages);
  });

  it('tells an environment that no application has', () => {
    const project = assembled({ 'sluice.yaml': SMALLEST, ...DOCUMENT });

    expect(selected(project, 'staging')).toHaveLength(1);
    expect(selected(project)).toHaveLength(2);
    expect(String(selected(project, 'stagign'))).toBe('SluiceFault: SLUICE-PROJECT-12: no application has an environment stagign, they have staging, production; did you mean staging?');
  });
});

describe('two revisions that have files in common', () => {
  const LIMIT_OF_TEN = BOUNDED.replace('60', '10');
  const ALLOWING = `${SMALLEST}secrets: { allow: [{ document: orders/keys, path: $.apiToken }] }\n`;
  const choices: Readonly<Record<string, readonly string[]>> = {
    'sluice.yaml': [SMALLEST, ALLOWING],
    'config/orders/limits.yaml': ['seconds: 30\n', 'seconds: 5\n', 'seconds: 90\n', 'seconds: *none\n'],
    'config/orders/limits.schema.json': [BOUNDED, LIMIT_OF_TEN, '{ "type": "objekt" }'],
    'config/orders/production/limits.yaml': ['{}', 'seconds: 10\n', 'seconds: 61\n'],
    'config/orders/keys.yaml': ['apiToken: plain-text-of-a-key\n', 'apiToken: ssm:/orders/token\n'],
    'config/orders/keys.schema.json': [ANY],
  };

  it('are told as if each were alone', () => {
    const revision = fc.record(Object.fromEntries(Object.entries(choices).map(([path, texts]) => [path, fc.constantFrom(...texts)])));
    let [good, bad] = [0, 0];

    fc.assert(fc.property(fc.array(revision, { minLength: 2, maxLength: 4 }), (revisions) => {
      const shared = new Map(Object.entries(choices).flatMap(([path, texts]) => texts.map((text) => [path + text, { path, bytes: new TextEncoder().encode(text) }] as const)));
      for (const texts of revisions) {
        const [together, alone] = [assemble(Object.entries(texts).map(([path, text]) => shared.get(path + text)!)), assemble(files(texts))];
        expect(told(together)).toEqual(told(alone));
        if ('faults' in alone) bad += 1;
        else good += 1;
      }
    }), { numRuns: 60 });
    expect(Math.min(good, bad)).toBeGreaterThan(0);
  });

  function told(made: ReturnType<typeof assemble>): unknown {
    if ('faults' in made) return made.faults.map(({ message, place }) => [message, place?.toString()]);
    return made.targets.map(({ environment, composition }) => [environment.name, composition.digest, composition.epoch]);
  }
});

describe('schemas/sluice.schema.json', () => {
  it('is what sluice.yaml is judged by', async () => {
    await expect(`${JSON.stringify(PROJECT_SCHEMA, null, 2)}\n`).toMatchFileSnapshot('../../schemas/sluice.schema.json');
  });
});

describe('a merge patch', () => {
  // Source: RFC 7396, appendix A.
  it.each<[string, string, string]>([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'], ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'], ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'], ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'], ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'], ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'], ['["a","b"]', '["c","d"]', '["c","d"]'],
    ['{"a":"b"}', '["c"]', '["c"]'], ['{"a":"foo"}', 'null', 'null'], ['{"a":"foo"}', '"bar"', '"bar"'], ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'], ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('of %s by %s is %s', (target, patch, result) => {
    expect(mergePatch(JSON.parse(target), JSON.parse(patch))).toEqual(JSON.parse(result));
  });

  it('changes nothing the second time, and leaves what it is given alone', () => {
    fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (target, patch) => {
      const before = canonical(target);
      const once = mergePatch(target, patch);

      expect(mergePatch(once, patch)).toEqual(once);
      expect(canonical(target)).toBe(before);
    }));
  });
});

describe('a pattern of names', () => {
  it.each([['*', 'any', true], ['tenant-*', 'tenant-a', true], ['tenant-*', 'tenant', false], ['a*b*c', 'a1b2c', true], ['ab*ba', 'aba', false], ['a*b*b', 'ab', false], ['a', 'ab', false], ['a.c', 'abc', false]])('%s fits %s: %s', (pattern, name, answer) => {
    expect(fits(pattern, name)).toBe(answer);
  });
});
