import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cohortCountsOf, countsOf, metricCost, metricLine, metricNames, METRIC_TIERS, MONTH_HOURS, type CountedPlace, type Settled } from '../../lib/core/index.ts';

const QUIET: CountedPlace = { name: 'orders/production' };

describe('what the counts cost', () => {
  test('is the metrics of an environment and of the one epoch it is on', () => {
    const { lines, most, months, usd } = metricCost([QUIET]);

    expect(lines).toEqual([
      { name: 'orders/production', scope: 'environment', metrics: 6, most: 1, months: 6 },
      { name: 'orders/production', scope: 'epoch', metrics: 5, most: 1, months: 5 },
    ]);
    expect([most, months]).toEqual([11, 11]);
    expect(usd).toBeCloseTo(3.3, 12);
  });

  test('grows by the hours in which two epochs are counted, and by the workflows that shift', () => {
    const { lines, most } = metricCost([{ ...QUIET, slow: true, custom: 2, releases: { times: 10, minutes: 90 }, shifting: [{ times: 1, minutes: 30 }] }]);

    expect(lines.slice(1)).toEqual([
      // Each begins, and is complete or rolled back, by the judge perhaps.
      { name: 'orders/production', scope: 'rollout', metrics: 4, most: 1, months: 10 * 3 / MONTH_HOURS },
      { name: 'orders/production', scope: 'epoch', metrics: 8, most: 2, months: 8 * (MONTH_HOURS + 30) / MONTH_HOURS },
      { name: 'orders/production', scope: 'workflow-version', metrics: 6, most: 2, months: 6 * (MONTH_HOURS + 2) / MONTH_HOURS },
    ]);
    expect(most).toBe(7 + 4 + 16 + 12);
  });

  test('is billed tier by tier', () => {
    const places = Array.from({ length: 1000 }, (): CountedPlace => QUIET);

    expect(metricCost(places).usd).toBeCloseTo(10_000 * 0.3 + 1000 * 0.1, 6);
    expect(metricCost(places, [{ upTo: Infinity, usd: 1 }]).usd).toBeCloseTo(11_000, 6);
  });

  test('is never more for less, nor beyond the first tier\'s price', () => {
    const turnover = fc.record({ times: fc.nat(1000), minutes: fc.nat(2880) });
    fc.assert(fc.property(turnover, turnover, fc.nat(50), fc.boolean(), (releases, shift, custom, slow) => {
      const [less, more] = [metricCost([{ ...QUIET, releases, custom }]), metricCost([{ ...QUIET, releases, custom, slow, shifting: [shift] }])];

      expect(more.usd).toBeGreaterThanOrEqual(less.usd);
      expect(more.usd).toBeLessThanOrEqual(more.months * METRIC_TIERS[0]!.usd + 1e-9);
    }));
  });

  test('knows every metric that an end is counted by', () => {
    const settled: Settled = { execution: 'e', status: 'FAILED', startedAt: 0, at: 10, input: null, output: null, redrives: 0 };
    const [slow, late] = [{ slowMs: 5, settleWithinMs: 60 }, { slowMs: 5, settleWithinMs: 5 }];
    const names = (line: string): string[] => (JSON.parse(line) as { _aws: { CloudWatchMetrics: { Metrics: { Name: string }[] }[] } })._aws.CloudWatchMetrics[0]!.Metrics.map(({ Name }) => Name);
    const counted = [countsOf(settled, true, 5), cohortCountsOf(settled, true, slow), cohortCountsOf(settled, true, late)]
      .flatMap((counts) => names(metricLine({ application: 'a', environment: 'e', at: 0, counts })));

    expect(metricNames('epoch', { slow: true, judged: true })).toEqual(expect.arrayContaining([...new Set(counted)]));
    expect(metricNames('epoch', { slow: true, judged: true })).toHaveLength(new Set(counted).size + 1);
  });
});
