import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import { completeRules, Fault, historyOf, judge, judgement, parseVerdictRecord, replay, type JudgeRules, type MetricWindow, type VerdictRecord } from '../../../lib/core/index.ts';
import { GOLDEN, windowsOfRows, type Row } from './golden.ts';

const ONE = { metrics: { ExecutionsFailed: {} } } satisfies JudgeRules;
const BAD = windowsOfRows(GOLDEN.mixture.rows, 'ExecutionsFailed', 0.1);
const QUIET = windowsOfRows([[3, 600, 27, 5400], [2, 600, 25, 5400]], 'ExecutionsFailed', 0.1);

/** Windows with one thing wrong. */
function but(change: Record<string, unknown>): readonly MetricWindow[] {
  return [{ ...QUIET[0], ...change } as MetricWindow];
}

describe('a verdict', () => {
  test('to roll back says who fails how often, how sure that is, and what would have changed it', () => {
    const verdict = judge(BAD, ONE);

    expect(verdict.reason).toBe(
      'ExecutionsFailed: canary 19 bad of 3600 (0.53 %), control 30 bad of 32400 (0.093 %), at least 1.9 times the odds; '
      + 'a harmless release looks like this in at most one of 212055 rollouts, and the rules take back at one in 100',
    );
    expect(verdict.change.text).toBe('with 3 fewer bad of the 600 canary executions in the window that decided (ExecutionsFailed), it would not have been rolled back then');
    expect(verdict.metrics['ExecutionsFailed']).toMatchObject({ windows: 6, telling: 6, canary: { starts: 3600, bad: 19 }, control: { starts: 32_400, bad: 30 }, phi: 1, phiWindows: 0 });
    expect(verdict.p).toBeCloseTo(Math.exp(-verdict.peakLnE), 15);
  });

  test('to continue says what it saw, how much is missing, and what would roll back', () => {
    const verdict = judge(QUIET, ONE);

    expect(verdict).toMatchObject({ kind: 'continue', because: 'not-enough-evidence', crossedAt: null, p: 1 });
    expect(verdict.reason).toMatch(/^ExecutionsFailed: canary 5 bad of 1200 \(0\.42 %\), control 52 bad of 10800 \(0\.48 %\); the evidence against the canary is [\d.]+, a rollback needs 100$/);
    expect(verdict.change).toMatchObject({ kind: 'more-bad', metric: 'ExecutionsFailed', of: 600 });
  });

  test('means what it says of its change: that many more roll back, one less does not; that many fewer would not have', () => {
    const [waiting, decided] = [judge(QUIET, ONE).change, judge(BAD, ONE).change];
    if (waiting.kind === 'none' || decided.kind === 'none') throw new Error('there is a change');
    const next = (bad: number): MetricWindow[] => windowsOfRows([...GOLDEN_QUIET, [bad, waiting.of, 26, 5400]], 'ExecutionsFailed', 0.1);
    const fewer = (count: number): MetricWindow[] => BAD.slice(0, 5).map((window, index) => (index < 4 ? window : { ...window, canary: { ...window.canary, bad: window.canary.bad - count } }));

    expect([waiting.bad, waiting.bad - 1].map((bad) => judge(next(bad), ONE).kind)).toEqual(['roll-back', 'continue']);
    expect([decided.bad, decided.bad - 1].map((count) => judge(fewer(count), ONE).kind)).toEqual(['continue', 'roll-back']);
  });

  test('bounds the odds ratio from below: at that tolerance it is just rolled back, at a little more it is not', () => {
    const { oddsRatio, oddsRatioAtLeast } = judge(BAD, ONE).metrics['ExecutionsFailed'] ?? {};
    const kind = (tolerate: number): string => judge(BAD, { ...ONE, tolerate }).kind;

    expect(oddsRatio).toBeCloseTo(5.72, 2);
    expect(oddsRatioAtLeast).toBeGreaterThan(1.5);
    expect([kind((oddsRatioAtLeast as number) * 0.999), kind((oddsRatioAtLeast as number) * 1.001)]).toEqual(['roll-back', 'continue']);
  });

  test('names the metric that decides, of several', () => {
    const verdict = judge([...QUIET, ...windowsOfRows([[60, 600, 30, 5400], [50, 600, 30, 5400]], 'ExecutionsSlow')]);

    expect(verdict).toMatchObject({ kind: 'roll-back', change: { metric: 'ExecutionsSlow' } });
    expect(verdict.reason).toMatch(/^ExecutionsSlow: canary 110 bad of 1200/);
    expect(Object.keys(verdict.metrics)).toEqual(['ExecutionsFailed', 'ExecutionsSlow', 'ExecutionsTimedOut']);
  });

  test('divides the evidence by how much errors clump, when history says so', () => {
    const history = windowsOfRows(Array.from({ length: 30 }, (_, index): Row => [index % 3 === 0 ? 15 : 0, 600, 27, 5400]));
    const [raw, tempered, told] = [judge(BAD, ONE), judge(BAD, ONE, { history }), judge(BAD, { metrics: { ExecutionsFailed: { phi: 4 } } })];

    expect(tempered.metrics['ExecutionsFailed']?.phi).toBeGreaterThan(5);
    expect(tempered.metrics['ExecutionsFailed']?.phiWindows).toBe(30);
    expect([raw.kind, tempered.kind]).toEqual(['roll-back', 'continue']);
    expect(told.lnE).toBeLessThan(raw.lnE);
    expect(told.metrics['ExecutionsFailed']?.canary.interval.high).toBeGreaterThan(raw.metrics['ExecutionsFailed']?.canary.interval.high as number);
  });
});

const GOLDEN_QUIET: readonly Row[] = [[3, 600, 27, 5400], [2, 600, 25, 5400]];

describe('a history of neighbouring minutes', () => {
  test('pairs each two that touch, by metric, whatever their order, and leaves out who has no neighbour', () => {
    const minute = (start: number, metric = 'ExecutionsFailed'): { metric: string; start: number; end: number; starts: number; bad: number } => ({ metric, start, end: start + 1, starts: 10 + start, bad: start });

    expect(historyOf([minute(4), minute(1), minute(0), minute(2), minute(5), minute(7), minute(0, 'ExecutionsSlow')])).toEqual([
      { metric: 'ExecutionsFailed', start: 0, end: 2, canary: { starts: 10, bad: 0 }, control: { starts: 11, bad: 1 } },
      { metric: 'ExecutionsFailed', start: 4, end: 6, canary: { starts: 14, bad: 4 }, control: { starts: 15, bad: 5 } },
    ]);
  });
});

describe('with nothing to see, or too little', () => {
  test.each<[string, readonly MetricWindow[], string]>([
    ['no window', [], 'there is nothing to compare: no execution was counted'],
    ['no canary', windowsOfRows([[0, 0, 3, 500]]), 'there is nothing to compare: none of the 500 executions was on the canary'],
    ['no control', windowsOfRows([[3, 500, 0, 0]]), 'there is nothing to compare: all 500 executions were on the canary, there is no control'],
    ['never both at once', windowsOfRows([[3, 500, 0, 0], [0, 0, 3, 500]]), 'there is nothing to compare: canary and control did not run at the same time'],
  ])('%s: it continues and says so', (_, windows, reason) => {
    expect(judge(windows, ONE)).toMatchObject({ kind: 'continue', because: 'no-data', reason, change: { kind: 'none' } });
  });

  test('blind ticks roll back only where the rules say so, and only when there are enough of them', () => {
    const kinds = (rules: JudgeRules, ticks: readonly number[]): string[] => ticks.map((blindTicks) => judge([], rules, { blindTicks }).kind);

    expect(kinds({}, [0, 5, 500])).toEqual(['continue', 'continue', 'continue']);
    expect(kinds({ onNoData: 'roll-back', blindTicks: 3 }, [0, 2, 3, 4])).toEqual(['continue', 'continue', 'roll-back', 'roll-back']);
    expect(judge([], { onNoData: 'roll-back' }, { blindTicks: 5 })).toMatchObject({ because: 'blind', reason: 'there was nothing to see for 5 ticks in a row, and the rules roll back then' });
  });

  test('below the least exposure it continues, whatever it sees, and rolls back once that is reached', () => {
    const verdict = judge(BAD, { ...ONE, leastExposure: 3601 });

    expect(verdict).toMatchObject({ kind: 'continue', because: 'least-exposure' });
    expect(verdict.reason).toContain('fewer than 3601 canary executions have started');
    expect(judge(BAD, { ...ONE, leastExposure: 3600 }).kind).toBe('roll-back');
  });
});

describe('the sample ratio', () => {
  const lopsided = windowsOfRows(Array.from({ length: 5 }, (): Row => [3, 750, 27, 5250]), 'ExecutionsFailed', 0.1);
  const harmful = windowsOfRows([[30, 600, 5, 5400], [30, 600, 5, 5400]]).map((window) => ({ ...window, start: window.start + 1e6, end: window.end + 1e6 }));

  test('is told when it is not as meant, and judged on', () => {
    const verdict = judge(lopsided, ONE);

    expect(verdict.sampleRatio).toMatchObject({ kind: 'mismatch', share: 0.125, meant: 0.1 });
    expect(verdict.reason).toContain('note that 13 % of the executions are on the canary where 10 % were meant to be');
    expect(judge([...lopsided, ...harmful], ONE).kind).toBe('roll-back');
  });

  test('holds a rollback back where the rules say so', () => {
    expect(judge([...lopsided, ...harmful], { ...ONE, onSampleRatio: 'continue' })).toMatchObject({ kind: 'continue', because: 'sample-ratio' });
  });

  test('is right for cohorts as meant, counts each minute once whatever the number of metrics, and is not checked unless meant', () => {
    const twice = [...QUIET, ...QUIET.map((window) => ({ ...window, metric: 'ExecutionsSlow' }))];

    expect(judge(QUIET, ONE).sampleRatio).toMatchObject({ kind: 'as-meant', share: 0.1, meant: 0.1 });
    expect(judge(twice).sampleRatio.p).toBe(judge(QUIET).sampleRatio.p);
    expect(judge(windowsOfRows(GOLDEN_QUIET), ONE).sampleRatio.kind).toBe('not-checked');
  });
});

describe('promotion', () => {
  test('comes when the canary is proven safe, by each metric, and never unless asked for', () => {
    const equal = windowsOfRows(Array.from({ length: 20 }, (): Row => [3, 3000, 3, 3000]));
    const rules = { ...ONE, promote: { beta: 0.05, margin: 2 } } satisfies JudgeRules;

    expect(judge(equal, rules)).toMatchObject({ kind: 'promote', because: 'proven-safe' });
    expect(judge(equal.slice(0, 3), rules).kind).toBe('continue');
    expect(judge(equal, ONE).kind).toBe('continue');
    expect(judge(equal, { ...rules, metrics: { ExecutionsFailed: {}, ExecutionsSlow: {} } }).kind).toBe('continue');
    expect(judge(BAD, rules).kind).toBe('roll-back');
  });
});

describe('what cannot be judged', () => {
  test.each<[string, () => unknown, string]>([
    ['a negative count', () => judge(but({ canary: { starts: 10, bad: -1 } }), ONE), 'SLUICE-JUDGE-4: windows[0].canary.bad must be a whole number, 0 or more, got -1; count each execution once, in the window in which it started'],
    ['half an execution', () => judge(but({ control: { starts: 1.5, bad: 0 } }), ONE), 'SLUICE-JUDGE-4: windows[0].control.starts must be a whole number, 0 or more, got 1.5'],
    ['more bad than started', () => judge(but({ canary: { starts: 1, bad: 2 } }), ONE), 'SLUICE-JUDGE-4: windows[0].canary.bad must be at most starts, 1, got 2'],
    ['a canary without a control', () => judge(but({ control: undefined }), ONE), 'SLUICE-JUDGE-3: windows[0] has no control; count both cohorts in each window'],
    ['overlapping windows', () => judge([...QUIET, ...but({ start: 30_000, end: 31_000 })], ONE), 'SLUICE-JUDGE-5: two windows of ExecutionsFailed overlap: [0, 60000) and [30000, 31000); count each stretch of time once'],
    ['an unknown metric', () => judge(but({ metric: 'Sales' }), ONE), 'SLUICE-JUDGE-2: windows[0] counts by the unknown metric "Sales"; use one of the metrics of the rules: ExecutionsFailed'],
    ['an exposure of everybody', () => judge(but({ exposure: 1 }), ONE), 'SLUICE-JUDGE-1: windows[0].exposure must be a share above 0 and below 1, got 1'],
    ['a window that ends before it starts', () => judge(but({ end: 0 }), ONE), 'SLUICE-JUDGE-1: windows[0].end must be epoch milliseconds after start, got 0'],
    ['no list', () => judge('all' as unknown as MetricWindow[], ONE), 'SLUICE-JUDGE-1: windows must be a list, got "all"'],
    ['no window', () => judge([7] as unknown as MetricWindow[], ONE), 'SLUICE-JUDGE-1: windows[0] must be an object, got 7'],
    ['a negative number of ticks', () => judge([], ONE, { blindTicks: -1 }), 'SLUICE-JUDGE-1: blindTicks must be a whole number, 0 or more, got -1'],
    ['an alpha of 0', () => judge([], { alpha: 0 }), 'SLUICE-JUDGE-6: rules.alpha must be a chance above 0 and at most 0.5, got 0; leave it out for the default, 0.01'],
    ['an alpha that is no number', () => completeRules({ alpha: '1 %' }), 'SLUICE-JUDGE-6: rules.alpha must be a chance above 0 and at most 0.5, got "1 %"'],
    ['a tolerance below 1', () => completeRules({ tolerate: 0.9 }), 'SLUICE-JUDGE-6: rules.tolerate must be a ratio of 1 or more, got 0.9; leave it out for the default, 1'],
    ['no metrics', () => completeRules({ metrics: {} }), 'SLUICE-JUDGE-6: rules.metrics must be at least one metric, got {}'],
    ['a weight of 0', () => completeRules({ metrics: { ExecutionsFailed: { weight: 0 } } }), 'SLUICE-JUDGE-6: rules.metrics.ExecutionsFailed.weight must be a number above 0, got 0'],
    ['another test', () => completeRules({ metrics: { ExecutionsFailed: { test: 't' } } }), 'SLUICE-JUDGE-6: rules.metrics.ExecutionsFailed.test must be one of counts, sign, got "t"'],
    ['another way with no data', () => completeRules({ onNoData: 'panic' }), 'SLUICE-JUDGE-6: rules.onNoData must be one of continue, roll-back, got "panic"; leave it out for the default, continue'],
    ['a margin of 1', () => completeRules({ promote: { margin: 1 } }), 'SLUICE-JUDGE-6: rules.promote.margin must be an odds ratio above 1, got 1'],
    ['an unknown rule', () => completeRules({ aplha: 0.01 }), 'SLUICE-JUDGE-7: the judge has no rule aplha; use one of alpha, tolerate, metrics'],
    ['an unknown rule of a metric', () => completeRules({ metrics: { ExecutionsFailed: { wieght: 1 } } }), 'SLUICE-JUDGE-7: the judge has no rule metrics.ExecutionsFailed.wieght; use one of weight, test, tolerate, phi'],
    ['rules that are none', () => completeRules(7), 'SLUICE-JUDGE-6: rules.rules must be an object, got 7'],
  ])('%s is refused with its value and the remedy', (_, act, message) => {
    expect(act).toThrow(Fault);
    expect(act).toThrow(message);
  });

  test('rules have defaults, which are complete and complete themselves', () => {
    const rules = completeRules();

    expect(rules).toMatchObject({ alpha: 0.01, tolerate: 1, onNoData: 'continue', blindTicks: 5, leastExposure: 1, promote: null, after: { alpha: 0.001, tolerate: 1.5 } });
    expect(Object.values(rules.metrics).map(({ weight }) => weight)).toEqual([0.5, 0.25, 0.25]);
    expect(completeRules(rules)).toEqual(rules);
  });
});

describe('the record of a verdict', () => {
  const record = judgement({ windows: BAD, rules: ONE, history: [], library: '0.1.0', judgedAt: '2026-11-21T15:00:00Z' });
  const stored = JSON.parse(JSON.stringify(record)) as VerdictRecord;

  test('follows its schema, and is read as it was written', () => {
    const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
    addFormats.default(ajv);
    const valid = ajv.compile(JSON.parse(readFileSync(new URL('../../../schemas/verdict.schema.json', import.meta.url), 'utf8')) as object);

    expect(valid(stored), JSON.stringify(valid.errors)).toBe(true);
    expect(valid({ ...stored, rules: { ...stored.rules, alpha: 0 } })).toBe(false);
    expect(parseVerdictRecord(stored)).toEqual(record);
  });

  test('replays to the same verdict, whatever order its windows are in', () => {
    expect(replay(stored)).toEqual({ verdict: record.verdict, differences: [] });
    expect(replay({ ...stored, windows: stored.windows.toReversed() }).differences).toEqual([]);
  });

  test.each([20, 2880])('of %i minutes takes at most 600 bytes a minute by the usual metrics and 60 kB besides, and replays; AppConfig allows two days', (minutes) => {
    const busy = { starts: 123_456, bad: 1234 };
    const windows = Array.from({ length: minutes }, (_, minute) => ['ExecutionsFailed', 'ExecutionsTimedOut', 'ExecutionsSlow'].map((metric): MetricWindow => (
      { metric, start: 1_767_225_600_000 + minute * 60_000, end: 1_767_225_660_000 + minute * 60_000, canary: busy, control: busy, exposure: 0.125 }))).flat();
    const history = Array.from({ length: 180 }, (_, at): MetricWindow => ({ ...windows[at % 60]!, start: at * 60_000, end: (at + 1) * 60_000 }));

    const before = history.map(({ metric, start, end }) => ({ metric, start, end, ...busy }));

    const text = JSON.stringify({ ...judgement({ windows, history, library: '0.1.0', judgedAt: '2026-11-21T15:00:00Z' }), before });

    expect(text.length).toBeLessThan(600 * minutes + 60_000);
    expect(replay(JSON.parse(text) as VerdictRecord).differences).toEqual([]);
  });

  test('replays with other numbers only when something was changed, and says where', () => {
    const [first, ...others] = stored.windows as [MetricWindow, ...MetricWindow[]];
    const forged = replay({ ...stored, windows: [{ ...first, canary: { starts: 600, bad: 0 } }, ...others] });

    expect(forged.differences[0]).toMatch(/^verdict\.lnE: 12\.26\d+, now \d/);
    expect(forged.differences.some((difference) => difference.startsWith('verdict.reason: '))).toBe(true);
    expect(replay({ ...stored, verdict: { ...stored.verdict, lnE: stored.verdict.lnE * (1 + 1e-11) } }).differences).toHaveLength(1);
    expect(replay({ ...stored, verdict: { ...stored.verdict, lnE: stored.verdict.lnE * (1 + 1e-14) } }).differences).toEqual([]);
  });

  test.each([
    ['another version', { sluice: 2 }, '"sluice" must be 1'],
    ['no windows', { windows: 7 }, '"windows" must be a list, got 7'],
    ['no rules', { rules: null }, '"rules" must be an object, got null'],
    ['no library', { library: 1 }, '"library" must be text, got 1'],
  ])('of %s is refused', (_, change, problem) => {
    expect(parseVerdictRecord({ ...stored, ...change })).toMatchObject({ code: 'SLUICE-JUDGE-8', message: expect.stringContaining(problem) as string });
  });
});
