import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aloneOf, ARRIVAL_MS, beforeOf, earliest, evidenceOf, exposed, HISTORY_MS, judge, parseTick, SEEN_BY_ALL_MS, sightingIn, verdictKey, Fault, type Digest, type EvidenceQuestion, type MetricWindow, type Sum } from '../../lib/core/index.ts';

const MINUTE = 60_000;
const CANARY: Digest = `sha256:${'ca'.repeat(32)}`;
const CONTROL: Digest = `sha256:${'c0'.repeat(32)}`;
const OTHER: Digest = `sha256:${'0f'.repeat(32)}`;
const METRICS = ['ExecutionsFailed', 'ExecutionsSlow'];

function question(now: number, more: Partial<EvidenceQuestion> = {}): EvidenceQuestion {
  return { cohorts: { canary: CANARY, control: CONTROL }, metrics: METRICS, since: 0, now, settleWithinMs: 5 * MINUTE, ...more };
}

/** The sums of one cohort in one minute. */
function minute(epoch: Digest, at: number, starts: number, settled: number, failed = 0, slow = 0): Sum[] {
  const counts = { ExecutionsStarted: starts, ExecutionsSettled: settled, ExecutionsFailed: failed, ExecutionsSlow: slow };
  return Object.entries(counts).map(([metric, sum]) => ({ of: epoch, metric, at, sum }));
}

describe('evidence', () => {
  test('is final when all that began in a minute has ended, once its counts have had time to arrive', () => {
    const sums = [...minute(CANARY, 0, 10, 10, 2), ...minute(CONTROL, 0, 90, 90, 1)];

    expect(evidenceOf(sums, question(MINUTE + ARRIVAL_MS - 1))).toMatchObject({ windows: [], pending: 1 });
    expect(evidenceOf(sums, question(MINUTE + ARRIVAL_MS)).windows).toEqual([
      { metric: 'ExecutionsFailed', start: 0, end: MINUTE, canary: { starts: 10, bad: 2 }, control: { starts: 90, bad: 1 } },
      { metric: 'ExecutionsSlow', start: 0, end: MINUTE, canary: { starts: 10, bad: 0 }, control: { starts: 90, bad: 0 } },
    ]);
  });

  test('waits for what has not ended, as long as it says; then that is slow, and late', () => {
    const sums = [...minute(CANARY, 0, 10, 7, 0, 1), ...minute(CONTROL, 0, 90, 89)];
    const final = 6 * MINUTE + ARRIVAL_MS;

    expect(evidenceOf(sums, question(final - 1)).windows).toEqual([]);
    const { windows, late } = evidenceOf(sums, question(final));

    expect(late).toEqual({ canary: 3, control: 1 });
    expect(windows[1]).toMatchObject({ metric: 'ExecutionsSlow', canary: { starts: 10, bad: 4 }, control: { starts: 90, bad: 1 } });
  });

  test('holds no minute after one that is not final, so that later ticks see the same beginning', () => {
    const sums = [...minute(CONTROL, 0, 9, 9), ...minute(CONTROL, MINUTE, 9, 8), ...minute(CONTROL, 2 * MINUTE, 9, 9)];

    const { windows, pending } = evidenceOf(sums, question(4 * MINUTE));

    expect(windows.map(({ start }) => start)).toEqual([0, 0]);
    expect(pending).toBe(2);
  });

  test('leaves out the minute in which the deployment began, and epochs that are neither', () => {
    const sums = [...minute(CONTROL, 0, 9, 9), ...minute(OTHER, MINUTE, 9, 9, 9), ...minute(CONTROL, MINUTE, 5, 5)];

    expect(evidenceOf(sums, question(10 * MINUTE, { since: 1 })).windows[0]).toMatchObject({ start: MINUTE, canary: { starts: 0 }, control: { starts: 5, bad: 0 } });
  });

  test('leaves out ends that were told twice, and says how many', () => {
    const sums = [...minute(CANARY, 0, 2, 3, 3), ...minute(CONTROL, 0, 9, 9)];

    expect(evidenceOf(sums, question(10 * MINUTE))).toMatchObject({ surplus: 1, windows: [{ canary: { starts: 2, bad: 2 } }, {}] });
  });

  test('knows what the old epoch was like in the hour before, as far as its ends are known', () => {
    const began = 120 * MINUTE;
    const sums = [
      ...minute(CONTROL, 59 * MINUTE, 9, 9, 9), ...minute(CONTROL, 60 * MINUTE, 9, 9, 1), ...minute(CONTROL, 61 * MINUTE, 9, 8, 2),
      ...minute(OTHER, 62 * MINUTE, 9, 9, 9), ...minute(CONTROL, 118 * MINUTE, 9, 8, 3), ...minute(CONTROL, 119 * MINUTE, 9, 9, 4), ...minute(CONTROL, 120 * MINUTE, 9, 9, 5),
    ];

    const before = beforeOf(sums, question(began + 2 * MINUTE, { since: began, metrics: ['ExecutionsFailed'] }));

    expect(before.map(({ start, starts, bad }) => [start / MINUTE, starts, bad])).toEqual([[60, 9, 1], [61, 9, 2], [119, 9, 4]]);
  });

  test('knows the minutes in which the new epoch was alone', () => {
    const sums = [...minute(CANARY, 0, 10, 10, 2), ...minute(CONTROL, 0, 90, 90, 1), ...minute(CANARY, MINUTE, 100, 100, 3)];

    expect(aloneOf(evidenceOf(sums, question(10 * MINUTE, { metrics: ['ExecutionsFailed'] })).windows)).toEqual([{ metric: 'ExecutionsFailed', start: MINUTE, end: 2 * MINUTE, starts: 100, bad: 3 }]);
  });

  test('whatever was counted, can be judged, and grows only at its end as time goes on', () => {
    const sums = fc.array(fc.record({
      of: fc.constantFrom(CANARY, CONTROL, OTHER), metric: fc.constantFrom('ExecutionsStarted', 'ExecutionsSettled', ...METRICS),
      at: fc.integer({ min: 0, max: 9 }).map((n) => n * MINUTE), sum: fc.integer({ min: 0, max: 50 }),
    }), { maxLength: 60 });

    fc.assert(fc.property(sums, fc.integer({ min: 0, max: 20 * MINUTE }), fc.integer({ min: 0, max: 5 * MINUTE }), (list, now, later) => {
      const [before, after] = [evidenceOf(list, question(now)), evidenceOf(list, question(now + later))];

      expect(after.windows.slice(0, before.windows.length)).toEqual(before.windows);
      expect(judge(after.windows, { metrics: { ExecutionsFailed: {}, ExecutionsSlow: {} } }).lnE).toBeTypeOf('number');
    }));
  });
});

describe('the history', () => {
  const since = 1000 * MINUTE;
  const ask = (now: number): EvidenceQuestion => question(now, { since });
  /** The beginning of the last minute that is final when the deployment begins: a minute, its arrival and five minutes before it. */
  const last = since - 7 * MINUTE;

  test('is of the old epoch\'s minutes before the deployment, in pairs', () => {
    const sums = [...minute(CONTROL, last - MINUTE, 10, 10, 1, 2), ...minute(CONTROL, last, 20, 20, 3), ...minute(CANARY, last, 50, 50, 50), ...minute(CONTROL, since, 9, 9, 9)];

    const { history, windows } = evidenceOf(sums, ask(since + 10 * MINUTE));

    expect(history).toEqual([
      { metric: 'ExecutionsFailed', start: last - MINUTE, end: last + MINUTE, canary: { starts: 10, bad: 1 }, control: { starts: 20, bad: 3 } },
      { metric: 'ExecutionsSlow', start: last - MINUTE, end: last + MINUTE, canary: { starts: 10, bad: 2 }, control: { starts: 20, bad: 0 } },
    ]);
    expect(windows.map(({ start, control }) => [start, control.bad])).toEqual([[since, 9], [since, 0]]);
  });

  test('reaches two hours back from the last minute whose every end was known or given up, and no further', () => {
    const from = earliest(ask(since));
    const sums = [from - MINUTE, from, from + MINUTE, last, last + MINUTE].flatMap((at) => minute(CONTROL, at, 10, 10, 1));

    expect(last - from).toBe(HISTORY_MS);
    expect(evidenceOf(sums, ask(since)).history.map(({ start, end }) => [start, end])).toEqual([[from, from + 2 * MINUTE], [from, from + 2 * MINUTE]]);
  });

  test('is the same at each tick, whatever was counted', () => {
    const sums = fc.array(fc.record({
      of: fc.constantFrom(CANARY, CONTROL, OTHER), metric: fc.constantFrom('ExecutionsStarted', 'ExecutionsSettled', ...METRICS),
      at: fc.integer({ min: 985, max: 1005 }).map((n) => n * MINUTE), sum: fc.integer({ min: 0, max: 50 }),
    }), { maxLength: 60 });

    fc.assert(fc.property(sums, fc.integer({ min: 0, max: 20 * MINUTE }), (list, later) => {
      const { history, windows } = evidenceOf(list, ask(since + later));

      expect(history).toEqual(evidenceOf(list, ask(since)).history);
      expect(judge(windows, { metrics: { ExecutionsFailed: {}, ExecutionsSlow: {} } }, { history }).lnE).toBeTypeOf('number');
    }));
  });
});

describe('the share that was meant', () => {
  const window = (start: number): MetricWindow => ({ metric: 'ExecutionsFailed', start, end: start + MINUTE, canary: { starts: 1, bad: 0 }, control: { starts: 9, bad: 0 } });
  const [first, second] = [10 * MINUTE - SEEN_BY_ALL_MS, 11 * MINUTE];

  test.each([
    ['two ticks of one percentage, a minute before it and after it', [[first, 10], [second, 10]], 0.1],
    ['ticks in any order, others around them', [[second + MINUTE, 20], [second, 12.5], [first, 12.5], [0, 10]], 0.125],
    ['a first tick when agents may not have heard yet', [[first + 1, 10], [second, 10]], undefined],
    ['a second tick before it was over', [[first, 10], [second - 1, 10]], undefined],
    ['exposure that grew meanwhile', [[first, 10], [second, 20]], undefined],
    ['one tick alone', [[first, 10]], undefined],
    ['nobody exposed', [[first, 0], [second, 0]], undefined],
    ['everybody exposed', [[first, 100], [second, 100]], undefined],
  ] as const)('is known of a window by %s', (_, ticks, meant) => {
    expect(exposed([window(10 * MINUTE)], ticks.map(([at, percent]) => ({ at, percent })))[0]?.exposure).toBe(meant);
  });

  test('is told by the names of verdicts', () => {
    const place = { applicationId: 'abc1234', environmentId: 'def5678' };
    const at = '2026-01-01T00:00:00.000Z';

    expect(sightingIn(verdictKey(place, 7, at, false, 12.5))).toEqual({ at: Date.parse(at), percent: 12.5 });
    expect(sightingIn(verdictKey(place, 7, at, true, 0))).toEqual({ at: Date.parse(at), percent: 0 });
    expect(sightingIn(verdictKey(place, 7, at, true))).toBeUndefined();
    expect(sightingIn(verdictKey(place, 7, 'yesterday', true, 10))).toBeUndefined();
  });
});

describe('a tick', () => {
  const event = { Type: 'AtDeploymentTick', Application: { Id: 'abc1234' }, Environment: { Id: 'def5678', Name: 'prod' }, DeploymentNumber: 7, DeploymentState: 'DEPLOYING', PercentageComplete: '75.0' };

  test('is read tolerantly', () => {
    const place = { applicationId: 'abc1234', environmentId: 'def5678' };

    expect(parseTick(event)).toEqual({ ...place, deployment: 7, state: 'DEPLOYING', percent: 75 });
    expect(parseTick({ ...event, DeploymentNumber: '7', DeploymentState: undefined, PercentageComplete: undefined })).toEqual({ ...place, deployment: 7 });
  });

  test.each([
    [null], [{ ...event, Type: 'OnDeploymentStep' }], [{ ...event, Application: {} }], [{ ...event, Environment: undefined }], [{ ...event, DeploymentNumber: 'x' }], [{ ...event, DeploymentNumber: 0 }],
  ])('that cannot be read is a fault: %j', (broken) => {
    expect(parseTick(broken)).toBeInstanceOf(Fault);
    expect((parseTick(broken) as Fault).code).toBe('SLUICE-HOOK-1');
  });
});
