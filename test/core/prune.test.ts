import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Fault } from '../../lib/core/fault.ts';
import { checkedRetention, MOST_RETAINED_VERSIONS, outlived, parsePruning, RETAINED_VERSIONS } from '../../lib/core/shift/prune.ts';

const arn = (number: number): string => `arn:aws:states:eu-west-1:123456789012:stateMachine:orders:${number}`;

it('no retention needs versions that are older than the newest fifty, but for those of the last shift; the oldest go first', () => {
  const newestFirst = Array.from({ length: 60 }, (_, n) => arn(60 - n));

  expect(outlived(newestFirst, { kept: [arn(1), arn(4), arn(60)] })).toEqual([2, 3, 5, 6, 7, 8, 9, 10].map(arn));
  expect(outlived(newestFirst.slice(0, RETAINED_VERSIONS), { kept: [arn(11), arn(12)] })).toEqual([]);
});

it('whatever versions there are, the newest fifty and those of the shift stay, and nothing older does', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(numbers, fc.nat(), fc.nat(), fc.nat(), (all, a, b, c) => {
    const kept = [a, b, c].map((n) => arn(all[n % all.length]!));
    const gone = outlived(all.map(arn), { kept });
    const stays = all.filter((number) => !gone.includes(arn(number)));
    const old = all.toSorted((one, other) => other - one).slice(RETAINED_VERSIONS);

    expect(stays.filter((number) => old.includes(number)).every((number) => kept.includes(arn(number)))).toBe(true);
    expect(all.length - old.length).toBe(Math.min(RETAINED_VERSIONS, all.length));
    expect(gone.every((one) => old.map(arn).includes(one) && !kept.includes(one))).toBe(true);
  }));
});

it('another number is retained where one is given', () => {
  expect(outlived([3, 1, 2, 4].map(arn), { kept: [arn(2), arn(4)], retained: 1 })).toEqual([1, 3].map(arn));
});

it.each([0, 1.5, MOST_RETAINED_VERSIONS + 1, '7', null])('%j versions cannot be retained', (retained) => {
  expect(() => checkedRetention(retained)).toThrow(/^SLUICE-SHIFT-10: .* versions of a workflow cannot be retained; give a whole number from 1 to 900/);
});

it('50 are where nobody says', () => {
  expect([checkedRetention(), checkedRetention(7)]).toEqual([50, 7]);
});

it('what a stack went to, and whatever came later, stays: the stack may go back to it', () => {
  const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 2000 }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(numbers, fc.nat(), fc.integer({ min: 1, max: 60 }), (all, at, retained) => {
    const since = all[at % all.length]!;
    const newest = all.toSorted((one, other) => other - one).slice(0, retained);

    const expected = all.filter((number) => number < since && !newest.includes(number)).toSorted((one, other) => one - other);
    expect(outlived(all.map(arn), { retained, since: arn(since) })).toEqual(expected.map(arn));
  }));
});

it('of a state machine with two aliases in a stack stays what either needs', () => {
  const other = arn(2).replace('orders', 'refunds');

  expect(parsePruning({ published: [{ version: arn(9), retained: 3 }, { version: arn(7), retained: 1 }, { version: other }] })).toEqual(new Map([
    [arn(9).slice(0, -2), { retained: 3, since: arn(7) }], [other.slice(0, -2), { retained: 50, since: other }],
  ]));
});

it.each([[undefined, '"published" must be a list'], [{ published: {} }, '"published" must be a list'], [{ published: [{}] }, '"version" must be the ARN of one'], [{ published: [{ version: 'arn:live' }] }, '"version" must be the ARN of one']])('%j asks the pruner for nothing', (event, problem) => {
  const read = parsePruning(event);

  expect(read instanceof Fault ? read.message : read).toContain(`SLUICE-HOOK-1: the handler prune cannot read its event: ${problem}`);
});
