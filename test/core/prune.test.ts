import fc from 'fast-check';
import { expect, it } from 'vitest';
import { checkedRetention, MOST_RETAINED_VERSIONS, outlived, RETAINED_VERSIONS } from '../../lib/core/shift/prune.ts';

const arn = (number: number): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:orders:${number}`;

it('no retention needs versions that are older than the newest fifty, but for those of the last shift; the oldest go first', () => {
  const newestFirst = Array.from({ length: 60 }, (_, n) => arn(60 - n));

  expect(outlived(newestFirst, { from: arn(1), to: arn(4), wanted: arn(60) })).toEqual([2, 3, 5, 6, 7, 8, 9, 10].map(arn));
  expect(outlived(newestFirst.slice(0, RETAINED_VERSIONS), { from: arn(11), to: arn(12), wanted: arn(12) })).toEqual([]);
});

it('whatever versions there are, the newest fifty and those of the shift stay, and nothing older does', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(numbers, fc.nat(), fc.nat(), fc.nat(), (all, a, b, c) => {
    const [from, to, wanted] = [a, b, c].map((n) => arn(all[n % all.length]!)) as [string, string, string];
    const gone = outlived(all.map(arn), { from, to, wanted });
    const stays = all.filter((number) => !gone.includes(arn(number)));
    const old = all.toSorted((one, other) => other - one).slice(RETAINED_VERSIONS);

    expect(stays.filter((number) => old.includes(number)).every((number) => [from, to, wanted].includes(arn(number)))).toBe(true);
    expect(all.length - old.length).toBe(Math.min(RETAINED_VERSIONS, all.length));
    expect(gone.every((one) => old.map(arn).includes(one) && ![from, to, wanted].includes(one))).toBe(true);
  }));
});

it('another number is retained where one is given', () => {
  expect(outlived([3, 1, 2, 4].map(arn), { from: arn(2), to: arn(4), wanted: arn(4) }, 1)).toEqual([1, 3].map(arn));
});

it.each([0, 1.5, MOST_RETAINED_VERSIONS + 1, '7', null])('%j versions cannot be retained', (retained) => {
  expect(() => checkedRetention(retained)).toThrow(/^SLUICE-SHIFT-10: .* versions of a workflow cannot be retained; give a whole number from 1 to 900/);
});

it('50 are where nobody says', () => {
  expect([checkedRetention(), checkedRetention(7)]).toEqual([50, 7]);
});
