import { describe, expect, it } from 'vitest';
import { AFTER_STEP_MS, aftermathOf, PAST_MS, pastOf, presentOf, type AftermathQuestion, type Sum } from '../../lib/core/index.ts';

const HOUR = 3_600_000;
const BEGAN = 30 * 24 * HOUR + 7 * 60_000;
const QUESTION: AftermathQuestion = {
  cohorts: { canary: 'new', control: 'old' }, metrics: ['ExecutionsFailed', 'ExecutionsSlow'], began: BEGAN, complete: BEGAN + 11 * 60_000, now: BEGAN + 3 * HOUR, settleWithinMs: 120_000, shifts: [],
};

/** Counts by five minutes: all had ended but one of each, and one in ten had failed. */
function counted(of: string, from: number, to: number): Sum[] {
  const sums: Sum[] = [];
  for (let at = Math.ceil(from / AFTER_STEP_MS) * AFTER_STEP_MS; at < to; at += AFTER_STEP_MS) {
    for (const [metric, sum] of Object.entries({ ExecutionsStarted: 100, ExecutionsSettled: 99, ExecutionsFailed: 10 })) sums.push({ of, metric, at, sum });
  }
  return sums;
}

const SUMS = [...counted('old', BEGAN - PAST_MS, QUESTION.complete), ...counted('new', BEGAN, QUESTION.now)];

describe('what is known after completion', () => {
  it('is the old epoch by whole hours of a week as far as it had ended at the beginning, and the new one by five minutes since', () => {
    const { before, evidence } = aftermathOf(SUMS, QUESTION);

    expect(before.filter(({ metric }) => metric === 'ExecutionsFailed')).toHaveLength(168);
    expect(before.slice(0, 4)).toEqual([
      { metric: 'ExecutionsFailed', start: BEGAN - PAST_MS + 3 * 60_000, end: BEGAN - PAST_MS + 53 * 60_000, starts: 1000, bad: 100 },
      { metric: 'ExecutionsSlow', start: BEGAN - PAST_MS + 3 * 60_000, end: BEGAN - PAST_MS + 53 * 60_000, starts: 1000, bad: 10 },
      { metric: 'ExecutionsFailed', start: BEGAN - PAST_MS + 53 * 60_000, end: BEGAN - PAST_MS + 113 * 60_000, starts: 1200, bad: 120 },
      { metric: 'ExecutionsSlow', start: BEGAN - PAST_MS + 53 * 60_000, end: BEGAN - PAST_MS + 113 * 60_000, starts: 1200, bad: 12 },
    ]);
    // What began at the hour had not certainly ended when the deployment began, seven minutes later.
    expect(before.at(-1)).toEqual({ metric: 'ExecutionsSlow', start: BEGAN - 67 * 60_000, end: BEGAN - 7 * 60_000, starts: 1200, bad: 12 });
    expect(evidence.windows.slice(0, 1)).toEqual([{ metric: 'ExecutionsFailed', start: BEGAN + 13 * 60_000, end: BEGAN + 18 * 60_000, canary: { starts: 100, bad: 10 }, control: { starts: 0, bad: 0 } }]);
    expect(evidence.history).toEqual([]);
  });

  it('is the same where only the sums since are there, and what an earlier look found of the week before', () => {
    const earlier = aftermathOf(SUMS.filter(({ at }) => at < QUESTION.complete + HOUR), { ...QUESTION, now: QUESTION.complete + HOUR });
    const since = SUMS.filter(({ at }) => at >= presentOf(QUESTION));

    expect(since.length).toBeLessThan(SUMS.filter(({ at }) => at >= pastOf(QUESTION)).length / 10);
    expect(aftermathOf(since, { ...QUESTION, before: earlier.before })).toEqual(aftermathOf(SUMS, QUESTION));
  });
});
