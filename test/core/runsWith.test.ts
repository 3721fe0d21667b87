import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Conditions } from '../../lib/adapters/conditions.ts';
import { GATE_MS } from '../../lib/adapters/deadline.ts';
import { Fitness } from '../../lib/adapters/fitness.ts';
import { MemoryStore } from '../../lib/adapters/store/memory.ts';
import { digestOf, type Digest } from '../../lib/core/digest.ts';
import { commentOf, declaredIn, misfit, type Fitting, type RunsWith } from '../../lib/core/runsWith.ts';

const digest = (text: string): Digest => digestOf(new TextEncoder().encode(text));
const digests = fc.constantFrom('a', 'b', 'c').map(digest);
const names = fc.constantFrom('limits', 'prices', 'constructor');
const declarations: fc.Arbitrary<RunsWith> = fc.record({
  schemas: fc.dictionary(names, fc.array(digests, { minLength: 1, maxLength: 2 })), epochs: fc.array(digests, { minLength: 1, maxLength: 2 }), since: fc.integer({ min: 1, max: 9 }),
}, { requiredKeys: [] });
const epochs: fc.Arbitrary<Fitting> = fc.record({
  version: fc.oneof(fc.constant(null), fc.integer({ min: 1, max: 9 }).map(String)), digest: digests,
  documents: fc.dictionary(names, digests.map((schema) => ({ schema, content: {} }))),
});

describe('what a version declares to run with', () => {
  it('is read from its definition as it was written, and from none that says nothing', () => {
    fc.assert(fc.property(declarations, fc.string(), (declared, before) => {
      expect(declaredIn(JSON.stringify({ Comment: commentOf(declared), States: {} }))).toEqual(JSON.parse(JSON.stringify(declared)));
      expect(declaredIn(JSON.stringify({ Comment: before, States: {} }))).toBeUndefined();
    }));
  });

  it('is fit by an epoch when all of it holds, and then by each part alone; less is never stricter', () => {
    fc.assert(fc.property(declarations, epochs, (declared, epoch) => {
      const { schemas = {}, ...rest } = declared;
      const parts: RunsWith[] = [...Object.entries(rest).map(([key, value]) => ({ [key]: value })), ...Object.entries(schemas).map(([name, allowed]) => ({ schemas: { [name]: allowed } }))];

      expect(misfit(declared, epoch) === undefined).toBe(parts.every((part) => misfit(part, epoch) === undefined));
      expect(misfit({}, epoch)).toBeUndefined();
    }));
  });

  it.each<[string, RunsWith, Partial<Fitting>, string | undefined]>([
    ['another schema', { schemas: { limits: [digest('b')] } }, {}, `limits is by the schema ${digest('a').slice(0, 19)}, and it declares ${digest('b').slice(0, 19)}`],
    ['one of several schemas', { schemas: { limits: [digest('b'), digest('a')] } }, {}, undefined],
    ['a document that is gone', { schemas: { prices: [digest('a')] } }, {}, 'it needs the document prices, which is not there'],
    ['a document of which every object has one', { schemas: { toString: [digest('a')] } }, {}, 'it needs the document toString, which is not there'],
    ['another epoch', { epochs: [digest('x')] }, {}, `it declares the epochs ${digest('x').slice(0, 19)}, not ${digest('e').slice(0, 19)}`],
    ['an older version', { since: 12 }, { version: '11' }, 'it declares versions from 12 on'],
    ['the first version', { since: 12 }, { version: '12' }, undefined],
    ['one that is still to be created', { since: 12 }, { version: null }, undefined],
  ])('is compared with %s', (_, declared, more, problem) => {
    expect(misfit(declared, { version: '12', digest: digest('e'), documents: { limits: { schema: digest('a') } }, ...more })).toBe(problem);
  });

  it.each(['[runs with] {"schemas":{"limits":["abc"]}}', '[runs with] {', '[runs with] []', '[runs with] {"since":"3"}'])('fits nothing where %s cannot be read', (Comment) => {
    const declared = declaredIn(JSON.stringify({ Comment }));

    expect(misfit(declared!, { version: '1', digest: digest('e'), documents: {} })).toContain('it declares nothing that can be read');
  });
});

it('a gate that cannot read in time what versions declare refuses by that name, with how many workflows it asked', async () => {
  vi.useFakeTimers();
  try {
    const never = (): Promise<never> => new Promise((resolve) => { void resolve; });
    const conditions = new Conditions(new MemoryStore(), new Fitness({ routes: never, definition: never }));
    const place = { applicationId: 'abc1234', environmentId: 'def5678' };
    const asked = conditions.ofDeployment({ place, named: 'orders/production', version: '2', epoch: { sluice: 1, documents: {} }, digest: digestOf(new Uint8Array()), control: null }, ['one', 'two', 'three'], undefined, 0).catch((error: unknown) => error);

    await vi.advanceTimersByTimeAsync(GATE_MS - 1);

    expect(String(await asked)).toContain('SLUICE-GATE-10: what the versions of 3 workflows declare could not be read within 1200 ms');
  } finally {
    vi.useRealTimers();
  }
});
