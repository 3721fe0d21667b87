import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apart, judgement, partsNamed, replay, together, type Apart, type Digest, type EpochWindow, type MetricWindow, type VerdictRecord } from '../../../lib/core/index.ts';

const MINUTE = 60_000;
const METRICS = ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsSlow'];
const BEGAN = 1_767_225_600_000;

type Whole = VerdictRecord & { readonly before: readonly EpochWindow[] };

/** Minutes of a busy environment, by the three usual metrics. */
function minutes(count: number, from = BEGAN): MetricWindow[] {
  return Array.from({ length: count }, (_, minute) => METRICS.map((metric, index): MetricWindow => ({
    metric, start: from + minute * MINUTE, end: from + (minute + 1) * MINUTE, canary: { starts: 12_345, bad: 123 + (minute * 7 + index) % 50 }, control: { starts: 123_456, bad: 1234 }, exposure: 0.125,
  }))).flat();
}

const history = minutes(60, BEGAN - 120 * MINUTE);
const before = minutes(60, BEGAN - 60 * MINUTE).map(({ metric, start, end, control }): EpochWindow => ({ metric, start, end, ...control }));

function whole(windows: readonly MetricWindow[]): Whole {
  return { ...judgement({ windows, history, library: '0.1.0', judgedAt: '2026-11-21T15:00:00Z' }), before };
}

/** What the store keeps of a record's parts, by digest. */
function kept(...records: readonly Whole[]): Map<Digest, Uint8Array> {
  return new Map(records.flatMap((record) => apart(record).parts.map(({ digest, bytes }) => [digest, bytes])));
}

/** What a record was like after so many minutes, but for its numbers. */
function after(record: Whole, tick: number): Whole {
  return { ...record, windows: record.windows.slice(0, tick * METRICS.length), verdict: { ...record.verdict, course: record.verdict.course.slice(0, tick) } };
}

describe('a record taken apart', () => {
  test('and put together again is the same, whatever its windows are', () => {
    const window = fc.record({ metric: fc.constantFrom(...METRICS), at: fc.integer({ min: 0, max: 200 }), bad: fc.nat(9), exposed: fc.boolean() });

    fc.assert(fc.property(fc.array(window, { maxLength: 120 }), fc.nat(40), (drawn, past) => {
      const windows = drawn.map(({ metric, at, bad, exposed }): MetricWindow => ({ metric, start: at * MINUTE, end: (at + 1) * MINUTE, canary: { starts: 9, bad }, control: { starts: 9, bad: 0 }, ...(exposed ? { exposure: 0.5 } : {}) }));
      const record = { windows, history: windows.slice(0, past), before: windows.slice(past).map(({ metric, start, end, canary }) => ({ metric, start, end, ...canary })), verdict: { course: windows.map(({ end, canary }) => ({ at: end, lnE: canary.bad / 7 })).sort((one, other) => one.at - other.at) } };
      const { record: stored, parts } = apart(record);
      const read = JSON.parse(JSON.stringify(stored)) as Apart<typeof record>;

      expect(together(read, (digest) => parts.find((part) => part.digest === digest)?.bytes)).toEqual(record);
      expect(new Set(partsNamed(read))).toEqual(new Set(parts.map(({ digest }) => digest)));
    }));
  });

  test('shares all but the newest windows with the record of the tick before, and replays', () => {
    const [one, other] = [whole(minutes(200)), whole(minutes(201))];
    const [earlier, later] = [apart(one), apart(other)];

    expect(later.parts.filter(({ digest }) => !earlier.parts.some((part) => part.digest === digest)).length).toBeLessThanOrEqual(1);
    expect(later.record.windows.length).toBeLessThanOrEqual(20 * METRICS.length);
    const again = together(JSON.parse(JSON.stringify(later.record)) as Apart<Whole>, (digest) => kept(other).get(digest));
    expect(replay(again)).toEqual({ verdict: other.verdict, differences: [] });
  });

  test('of few windows holds them all itself', () => {
    const record = { windows: minutes(5), history: [], before: [], verdict: { course: [{ at: BEGAN + MINUTE, lnE: 0.5 }] } };

    expect(apart(record)).toEqual({ record, parts: [] });
  });

  test.each([
    ['is missing', () => undefined, 'is not in the store'],
    ['was changed', () => new TextEncoder().encode('[]'), 'is not what it was'],
  ])('one of whose parts %s is refused', (_, bytesOf, problem) => {
    const { record } = apart(whole(minutes(30)));

    expect(() => together(record, bytesOf)).toThrow(expect.objectContaining({ code: 'SLUICE-JUDGE-8', message: expect.stringContaining(problem) as string }));
  });
});

test('the verdicts on the two days that are the most AppConfig allows take less than 45 MB together, and none more than 25 kB; those of half an hour less than 350 kB', () => {
  const all = minutes(2880);
  const judged = whole(all);
  const step = 37;
  const sizes = Array.from({ length: Math.floor(2880 / step) }, (_, at) => (at + 1) * step).map((tick) => JSON.stringify(apart(after(judged, tick)).record).length);
  const parts = [...kept(judged).values()].reduce((sum, { length }) => sum + length, 0);
  const short = whole(minutes(30));
  const half = Array.from({ length: 30 }, (_, tick) => JSON.stringify(apart(after(short, tick + 1)).record).length);
  const sum = (lengths: readonly number[]): number => lengths.reduce((total, length) => total + length, 0);

  expect(Math.max(...sizes)).toBeLessThan(25_000);
  expect(sum(sizes) * step + parts).toBeLessThan(45_000_000);
  expect(sum(half) + [...kept(short).values()].reduce((total, { length }) => total + length, 0)).toBeLessThan(350_000);
});
