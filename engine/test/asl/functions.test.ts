import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { play, single, type Played } from './play.ts';

function call(expression: string, input: unknown = {}, seed: string = 'play'): Promise<Played> {
  return play(single({ Type: 'Pass', Parameters: { 'r.$': expression }, End: true }), { input, seed });
}

describe('an intrinsic function', () => {
  test.each([
    ['States.Array(1, \'a\', $.x, null)', [1, 'a', { y: 2 }, null]],
    ['States.ArrayPartition($.list, 2)', [[1, 2], [3, 2]]],
    ['States.ArrayContains($.list, 3)', true],
    ['States.ArrayRange(1, 9, 3)', [1, 4, 7]],
    ['States.ArrayRange(3, 1, -1)', [3, 2, 1]],
    ['States.ArrayGetItem($.list, 1)', 2],
    ['States.ArrayLength($.list)', 4],
    ['States.ArrayUnique($.list)', [1, 2, 3]],
    ['States.Base64Encode(\'Grüße\')', 'R3LDvMOfZQ=='],
    ['States.Base64Decode(\'R3LDvMOfZQ==\')', 'Grüße'],
    ['States.JsonMerge($.x, $.z, false)', { y: 2, w: 4 }],
    ['States.JsonToString($.x)', '{"y":2}'],
    ['States.StringToJson(\'[1, {"a": null}]\')', [1, { a: null }]],
    ['States.StringToJson(\'\')', null],
    ['States.MathAdd(1.5, 1.51)', 4],
    ['States.MathAdd(-1.5, 0)', -1],
    ['States.MathAdd(-0.5, 0.5)', 1],
    ['States.MathAdd(1.49, 1.5)', 3],
    ['States.StringSplit(\'a,b;;c\', \',;\')', ['a', 'b', 'c']],
    ['States.Format(\'{} of {}: {}\', 1, $.x, \'it\\\'s\')', '1 of {y=2}: it\'s'],
    ['States.Format(\'\\{\\} stays, {} goes\', true)', '{} stays, true goes'],
    ['States.ArrayLength(States.StringSplit(States.Format(\'{},{}\', 1, 2), \',\'))', 2],
  ])('%s', async (expression, expected) => {
    const { output } = await call(expression, { x: { y: 2 }, z: { w: 4 }, list: [1, 2, 3, 2] });

    expect(output).toEqual({ r: expected });
  });

  test('States.Hash agrees with the algorithms it names', async () => {
    for (const [name, algorithm] of [['MD5', 'md5'], ['SHA-1', 'sha1'], ['SHA-256', 'sha256'], ['SHA-384', 'sha384'], ['SHA-512', 'sha512']]) {
      expect((await call(`States.Hash('text', '${name}')`)).output).toEqual({ r: createHash(String(algorithm)).update('text').digest('hex') });
    }
  });

  test('States.MathRandom stays between its bounds and gives a seed\'s number again', async () => {
    await fc.assert(fc.asyncProperty(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: 1, max: 1000 }), fc.string(), async (from, length, seed) => {
      const { output } = await call('States.MathRandom($.from, $.to)', { from, to: from + length }, seed);
      const { r } = output as { r: number };

      expect(Number.isInteger(r) && r >= from && r < from + length).toBe(true);
    }), { numRuns: 50 });
    const [one, other] = await Promise.all(['a', 'b'].map((seed) => call('States.MathRandom(0, 1000000, 7)', {}, seed)));
    expect(one?.output).toEqual(other?.output);
  });

  test('of a missing path fails in AWS\'s words, which name the whole expression', async () => {
    const { outcome } = await call('States.Format(\'{}\', $.nope)', { other: 1 });

    expect(outcome).toEqual({
      status: 'FAILED', error: 'States.Runtime',
      cause: 'An error occurred while executing the state \'Only\' (entered at the event id #2). The function \'States.Format(\'{}\', $.nope)\' had the following error: The JsonPath argument for the field \'$.nope\' could not be found in the input \'{"other":1}\'',
    });
  });

  test.each(['States.ArrayRange(0, 5000, 1)', 'States.ArrayRange(0, 5, 0)', 'States.ArrayGetItem($.list, 9)', 'States.StringToJson(\'{\')', 'States.JsonMerge($, $, true)', 'States.Format(\'{}\')', 'States.Hash(1, \'CRC\')', 'States.ArrayLength(1)'])(
    '%s is refused as an intrinsic failure', async (expression) => {
      expect((await call(expression, { list: [] })).outcome).toMatchObject({ status: 'FAILED', error: 'States.IntrinsicFailure' });
    },
  );
});
