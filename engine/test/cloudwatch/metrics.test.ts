import { CloudWatchClient, GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand, PutMetricDataCommand, type GetMetricDataCommandInput, type MetricDataQuery, type MetricDatum } from '@aws-sdk/client-cloudwatch';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../rig.ts';

const START = Date.parse('2026-09-14T01:08:00Z');
const at = (seconds: number): Date => new Date(START + seconds * 1000);
const NAMESPACE = 'Shop';

let rig: Rig;
let cloudWatch: CloudWatchClient;

beforeEach(async () => {
  rig = await startRig({ start: START + 390_000 });
  cloudWatch = rig.client(CloudWatchClient);
});
afterEach(async () => { await rig.close(); });

async function put(...MetricData: MetricDatum[]): Promise<void> {
  await cloudWatch.send(new PutMetricDataCommand({ Namespace: NAMESPACE, MetricData }));
}

const query = (Id: string, MetricName: string, Stat = 'Sum', Period = 60): MetricDataQuery => ({ Id, MetricStat: { Metric: { Namespace: NAMESPACE, MetricName }, Period, Stat } });

async function read(queries: MetricDataQuery[], more: Partial<GetMetricDataCommandInput> = {}): Promise<Record<string, [string | undefined, (number | undefined)[], number[]]>> {
  const { MetricDataResults = [] } = await cloudWatch.send(new GetMetricDataCommand({ StartTime: at(0), EndTime: at(300), ScanBy: 'TimestampAscending', MetricDataQueries: queries, ...more }));
  return Object.fromEntries(MetricDataResults.map(({ Id = '', StatusCode, Values = [], Timestamps = [] }) => [Id, [StatusCode, Values, Timestamps.map((time) => (time.getTime() - START) / 1000)]]));
}

const ALL = ['SampleCount', 'Sum', 'Minimum', 'Maximum', 'Average'] as const;

async function statistics(MetricName: string, more: object = {}): Promise<object[]> {
  const { Datapoints = [] } = await cloudWatch.send(new GetMetricStatisticsCommand({ Namespace: NAMESPACE, MetricName, StartTime: at(0), EndTime: at(300), Period: 60, Statistics: [...ALL], ...more }));
  return Datapoints;
}

describe('what is published', () => {
  it.each([
    ['values, each once', { Values: [2, 4, 6] }, { SampleCount: 3, Sum: 12, Minimum: 2, Maximum: 6, Average: 4 }],
    ['values with counts', { Values: [2, 10], Counts: [2, 3] }, { SampleCount: 5, Sum: 34, Minimum: 2, Maximum: 10, Average: 6.8 }],
    ['values with fractional counts', { Values: [2, 10], Counts: [0.5, 1.5] }, { SampleCount: 2, Sum: 16, Minimum: 2, Maximum: 10, Average: 8 }],
    ['a value counted no time, which is the minimum all the same', { Values: [1, 2], Counts: [0, 1] }, { SampleCount: 1, Sum: 2, Minimum: 1, Maximum: 2, Average: 2 }],
    ['statistics', { StatisticValues: { SampleCount: 3, Sum: 15, Minimum: 1, Maximum: 9 } }, { SampleCount: 3, Sum: 15, Minimum: 1, Maximum: 9, Average: 5 }],
    ['statistics that do not add up', { StatisticValues: { SampleCount: 2, Sum: 100, Minimum: 1, Maximum: 2 } }, { SampleCount: 2, Sum: 100, Minimum: 1, Maximum: 2, Average: 50 }],
    ['statistics beside values, which count', { Values: [1], StatisticValues: { SampleCount: 1, Sum: 2, Minimum: 2, Maximum: 2 } }, { SampleCount: 1, Sum: 2, Minimum: 2, Maximum: 2, Average: 2 }],
  ])('is read again: %s', async (_what, datum, expected) => {
    await put({ MetricName: 'M', Timestamp: at(0), ...datum });

    expect(await statistics('M')).toEqual([{ Timestamp: at(0), Unit: 'None', ...expected }]);
  });

  it('adds up, and keeps dimensions apart whatever their order', async () => {
    const [one, two] = [{ Name: 'A', Value: 'one' }, { Name: 'B', Value: 'two' }];
    await put({ MetricName: 'M', Timestamp: at(0), Value: 3, Dimensions: [one, two] }, { MetricName: 'M', Timestamp: at(0), Value: 7, Dimensions: [one] }, { MetricName: 'M', Timestamp: at(0), Value: 11 });
    await put({ MetricName: 'M', Timestamp: at(0), Value: 5, Dimensions: [two, one] });

    expect(await statistics('M', { Dimensions: [one, two] })).toMatchObject([{ SampleCount: 2, Sum: 8 }]);
    expect(await statistics('M', { Dimensions: [one] })).toMatchObject([{ Sum: 7 }]);
    expect(await statistics('M')).toMatchObject([{ Sum: 11 }]);
    expect(await statistics('M', { Dimensions: [two] })).toEqual([]);
  });

  it('is kept apart by unit', async () => {
    await put({ MetricName: 'M', Timestamp: at(0), Value: 1, Unit: 'Seconds' }, { MetricName: 'M', Timestamp: at(0), Value: 1000, Unit: 'Milliseconds' });
    const { MetricDataResults } = await cloudWatch.send(new GetMetricDataCommand({ StartTime: at(0), EndTime: at(300), MetricDataQueries: [query('all', 'M')] }));

    expect((await statistics('M')).map((point) => (point as { Unit: string }).Unit).sort()).toEqual(['Milliseconds', 'Seconds']);
    expect(await statistics('M', { Unit: 'Bytes' })).toEqual([]);
    expect(MetricDataResults).toMatchObject([{ Values: [1000], Messages: [{ Code: 'MultipleUnits', Value: "Multiple units returned: '[Milliseconds, Seconds]'" }] }]);
  });

  it('in high resolution is there by the second, in standard resolution by the minute', async () => {
    const points = [[1, 2], [2, 3], [5, 7], [60, 11], [61, 13]] as const;
    await put(...points.flatMap(([second, Value]) => [{ MetricName: 'High', Timestamp: at(second), Value, StorageResolution: 1 }, { MetricName: 'Standard', Timestamp: at(second), Value }]));

    expect(await read([query('high', 'High', 'Sum', 1), query('standard', 'Standard', 'Sum', 1), query('five', 'High', 'Sum', 5), query('minute', 'High')])).toEqual({
      high: ['Complete', [2, 3, 7, 11, 13], [1, 2, 5, 60, 61]],
      standard: ['Complete', [12, 24], [0, 60]],
      five: ['Complete', [5, 7, 24], [0, 5, 60]],
      minute: ['Complete', [12, 24], [0, 60]],
    });
  });

  it('in high resolution is forgotten by the second after three hours, and not by the minute', async () => {
    await put({ MetricName: 'M', Timestamp: at(1), Value: 5, StorageResolution: 1 });
    await rig.advance(5 * 3_600_000);
    await put({ MetricName: 'M', Value: 1, StorageResolution: 1 });

    expect(await read([query('second', 'M', 'Sum', 1), query('minute', 'M')])).toEqual({ second: ['Complete', [], []], minute: ['Complete', [5], [0]] });
  });
});

describe('percentiles', () => {
  it.each([
    ['of counted values', { Values: [2, 10], Counts: [2, 3] }, { p0: 2, p50: 9.874619498547638, p90: 9.974797183077614, p100: 10 }],
    ['of equal samples', { StatisticValues: { SampleCount: 3, Sum: 21, Minimum: 7, Maximum: 7 } }, { p0: 7, p50: 7, p90: 7, p100: 7 }],
    ['of zeros', { Values: [0], Counts: [100] }, { p0: 0, p50: 0, p90: 0, p100: 0 }],
    ['beside a minimum that occurred no time', { Values: [1, 2], Counts: [0, 1] }, { p0: 1, p50: 1.974192037264866, p90: 1.9948115572606542, p100: 2 }],
    ['of statistics: the ends only', { StatisticValues: { SampleCount: 3, Sum: 15, Minimum: 1, Maximum: 9 } }, { p0: 1, p100: 9 }],
    ['of negative values: the ends only', { Values: [-1, 3] }, { p0: -1, p100: 3 }],
  ])('are those that were recorded: %s', async (_what, datum, expected) => {
    await put({ MetricName: 'M', Timestamp: at(0), ...datum });
    const [point] = await statistics('M', { Statistics: undefined, ExtendedStatistics: ['p0', 'p50', 'p90', 'p100'] }) as [{ ExtendedStatistics: Record<string, number> }];

    const near = Object.fromEntries(Object.entries(expected as Record<string, number>).map(([name, value]) => [name, expect.closeTo(value, 10) as number]));
    expect(point.ExtendedStatistics).toEqual(near);
  });

  it('lie within a tenth of the true ones, and in order', async () => {
    await fc.assert(fc.asyncProperty(fc.array(fc.double({ min: 0.001, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }), fc.uuid(), async (values, name) => {
      await put({ MetricName: name, Timestamp: at(0), Values: values });
      const sorted = [...values].sort((a, b) => a - b);
      const [point] = await statistics(name, { Statistics: undefined, ExtendedStatistics: ['p25', 'p50', 'p99'] }) as [{ ExtendedStatistics: Record<string, number> }];
      const { p25 = NaN, p50 = NaN, p99 = NaN } = point.ExtendedStatistics;

      expect(p25).toBeLessThanOrEqual(p50);
      expect(p50).toBeLessThanOrEqual(p99);
      const middle = sorted[Math.ceil(values.length / 2) - 1]!;
      expect(p50 / middle).toBeGreaterThan(1 / 1.1001);
      expect(p50 / middle).toBeLessThan(1.1001);
    }), { numRuns: 40 });
  });
});

describe('GetMetricData', () => {
  const scalar = [2, 4, 8, 16, 32].map((Value, index) => ({ MetricName: 'Scalar', Timestamp: at(index * 60), Value }));

  it('computes expressions period by period', async () => {
    await put(...scalar, { MetricName: 'Gaps', Timestamp: at(60), Value: 10 }, { MetricName: 'Gaps', Timestamp: at(180), Value: 0 });
    const results = await read([
      { ...query('m', 'Scalar'), ReturnData: false }, { ...query('g', 'Gaps'), ReturnData: false },
      { Id: 'double', Expression: 'm*2' }, { Id: 'choice', Expression: 'IF(m>=8,m,0)' }, { Id: 'total', Expression: 'SUM([m,m])' }, { Id: 'filled', Expression: 'FILL(g,0)' },
      { Id: 'repeat', Expression: 'FILL(g,REPEAT)' }, { Id: 'linear', Expression: 'FILL(g,LINEAR)' }, { Id: 'ratio', Expression: 'm/g' }, { Id: 'share', Expression: '100*m/SUM(m)' },
      { Id: 'each', Expression: 'SUM(METRICS())' }, { Id: 'most', Expression: 'MAX(METRICS("Scal")) - MIN([m, g])' }, { Id: 'power', Expression: '-m^2 + (m > 4 AND m < 20) * 1000' }, { Id: 'flat', Expression: 'TIME_SERIES(3)+PERIOD(m)' },
    ]);
    const minutes = [0, 60, 120, 180, 240];

    expect(results).toEqual({
      double: ['Complete', [4, 8, 16, 32, 64], minutes],
      choice: ['Complete', [0, 0, 8, 16, 32], minutes],
      total: ['Complete', [4, 8, 16, 32, 64], minutes],
      filled: ['Complete', [0, 10, 0, 0, 0], minutes],
      repeat: ['Complete', [10, 10, 0, 0], minutes.slice(1)],
      linear: ['Complete', [10, 5, 0, 0], minutes.slice(1)],
      ratio: ['Complete', [0.4], [60]],
      share: ['Complete', [2, 4, 8, 16, 32].map((value) => (100 * value) / 62), minutes],
      each: ['Complete', [2, 14, 8, 16, 32], minutes],
      most: ['Complete', [0, 0, 0, 16, 0], minutes],
      power: ['Complete', [4, 16, 1064, 1256, 1024], minutes],
      flat: ['Complete', [63, 63, 63, 63, 63], minutes],
    });
  });

  it.each(['TimestampAscending', 'TimestampDescending'] as const)('pages by MaxDatapoints, %s', async (ScanBy) => {
    await put(...scalar);
    const pages: [string | undefined, number[] | undefined][] = [];
    let NextToken: string | undefined;
    do {
      const page = await cloudWatch.send(new GetMetricDataCommand({ StartTime: at(0), EndTime: at(300), ScanBy, MaxDatapoints: 2, MetricDataQueries: [query('m', 'Scalar')], ...(NextToken !== undefined && { NextToken }) }));
      pages.push([page.MetricDataResults?.[0]?.StatusCode, page.MetricDataResults?.[0]?.Values]);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);
    const values = ScanBy === 'TimestampAscending' ? [2, 4, 8, 16, 32] : [32, 16, 8, 4, 2];

    expect(pages).toEqual([['PartialData', values.slice(0, 2)], ['PartialData', values.slice(2, 4)], ['Complete', values.slice(4)]]);
  });

  it('labels by metric, and by statistic where one metric is asked for twice', async () => {
    await put(...scalar);
    const { MetricDataResults = [] } = await cloudWatch.send(new GetMetricDataCommand({ StartTime: at(0), EndTime: at(300), MetricDataQueries: [query('a', 'Scalar', 'p90'), query('b', 'Scalar', 'Sum'), { ...query('c', 'Scalar'), Label: 'mine' }, { Id: 'd', Expression: 'a+b' }] }));

    expect(MetricDataResults.map(({ Label }) => Label)).toEqual(['Scalar p90', 'Scalar Sum', 'mine', 'd']);
  });

  it('forbids metrics of another account', async () => {
    await put(...scalar);
    const { MetricDataResults } = await cloudWatch.send(new GetMetricDataCommand({ StartTime: at(0), EndTime: at(300), MetricDataQueries: [{ ...query('m', 'Scalar'), AccountId: '111111111111' }, { ...query('n', 'Scalar'), AccountId: '000000000000' }] }));

    expect(MetricDataResults).toMatchObject([{ StatusCode: 'Forbidden', Values: [] }, { StatusCode: 'Complete', Values: [32, 16, 8, 4, 2] }]);
  });

  it.each([
    ['one id twice', [query('m', 'Scalar'), query('m', 'Weighted')], 'ValidationError', 'The values for parameter id in MetricDataQueries are not unique.'],
    ['both kinds at once', [{ ...query('m', 'Scalar'), Expression: '1+1' }], 'ValidationError', 'The parameters MetricDataQueries.member.1.Expression and MetricDataQueries.member.1.MetricStat are mutually exclusive and you have specified both.'],
    ['an unknown function', [{ Id: 'bad', Expression: 'NOT_A_FUNCTION(m)' }, query('m', 'Scalar')], 'ValidationError', "Error in expression 'bad': Function 'NOT_A_FUNCTION' not found"],
    ['a bad id', [query('Bad', 'Scalar')], 'ValidationError', 'The value for parameter MetricDataQueries.member.1.Id is not matching the expected pattern ^[a-z][a-zA-Z0-9_]*$.'],
    ['a bad statistic', [query('m', 'Scalar', 'not-a-stat')], 'ValidationError', 'The value for parameter MetricDataQueries.member.1.MetricStat.Stat is not a valid statistic.'],
    ['a function that the engine has not', [query('m', 'Scalar'), { Id: 'r', Expression: 'RATE(m)' }], 'NotImplemented', 'sluice-engine does not implement the metric math function RATE; see engine/operations.md'],
    ['a search', [{ Id: 's', Expression: "SEARCH('{Shop}', 'Sum')" }], 'NotImplemented', 'sluice-engine does not implement SEARCH expressions in s; see engine/operations.md'],
    ['a query language', [{ Id: 's', Expression: 'SELECT AVG(M) FROM Shop', Period: 60 }], 'NotImplemented', 'sluice-engine does not implement Metrics Insights queries in s; see engine/operations.md'],
    ['expressions in a circle', [{ Id: 'a', Expression: 'b+1' }, { Id: 'b', Expression: 'a+1' }], 'ValidationError', "Error in expression 'a': Circular dependency"],
    ['an expression that is none', [{ Id: 'a', Expression: '1 + (2' }], 'ValidationError', "Error in expression 'a': missing ')'"],
  ])('refuses %s', async (_what, queries, name, message) => {
    await expect(read(queries)).rejects.toMatchObject({ name, message });
  });

  it('refuses a token that no page gave', async () => {
    await expect(read([query('m', 'Scalar')], { NextToken: 'invalid-owned-token' })).rejects.toMatchObject({ name: 'InvalidNextToken' });
  });
});

describe('PutMetricData refuses, and then counts nothing of the request', () => {
  const NAME = 'MetricData.member.2';

  it.each([
    ['no value', {}, 'InvalidParameterCombinationException', 'At least one of the parameters must be specified.'],
    ['a value and values', { Value: 1, Values: [2] }, 'InvalidParameterCombinationException', `The parameters ${NAME}.Value and ${NAME}.Values are mutually exclusive and you have specified both.`],
    ['a value and statistics', { Value: 1, StatisticValues: { SampleCount: 1, Sum: 2, Minimum: 2, Maximum: 2 } }, 'InvalidParameterCombinationException', `The parameters ${NAME}.Value and ${NAME}.StatisticValues are mutually exclusive and you have specified both.`],
    ['counts without values', { Counts: [1] }, 'InvalidParameterCombinationException', 'The parameter values must appears when the counts parameter is specified.'],
    ['fewer counts than values', { Values: [1, 2], Counts: [1] }, 'InvalidParameterValueException', `The parameters ${NAME}.Values and ${NAME}.Counts must be of the same size.`],
    ['a negative count', { Values: [1], Counts: [-1] }, 'InvalidParameterValueException', `The parameter ${NAME}.Counts must contain only values greater than 0.`],
    ['no samples', { StatisticValues: { SampleCount: 0, Sum: 1, Minimum: 1, Maximum: 1 } }, 'InvalidParameterValueException', `The parameter ${NAME}.StatisticValues.SampleCount must be greater than 0.`],
    ['a minimum above the maximum', { StatisticValues: { SampleCount: 2, Sum: 3, Minimum: 2, Maximum: 1 } }, 'InvalidParameterValueException', `The parameter ${NAME}.StatisticValues.Maximum must be greater than ${NAME}.StatisticValues.Minimum.`],
    ['a resolution of two seconds', { Value: 1, StorageResolution: 2 }, 'InvalidParameterValueException', `The parameter ${NAME}.StorageResolution must be a value in the set [ 1, 60 ].`],
    ['a value beyond 2^360', { Value: 4.6970851655476665e108 }, 'InvalidParameterValueException', `The value 4.6970851655476665E108 for parameter ${NAME}.Value is invalid.`],
    ['one dimension twice', { Value: 1, Dimensions: [{ Name: 'A', Value: 'one' }, { Name: 'A', Value: 'one' }] }, 'InvalidParameterValueException', 'No metric may specify the same dimension name twice.'],
    ['more than two weeks ago', { Value: 1, Timestamp: at(-15 * 86_400) }, 'InvalidParameterValueException', `The parameter ${NAME}.Timestamp must specify a time within the past two weeks.`],
    ['more than two hours ahead', { Value: 1, Timestamp: at(3 * 3600) }, 'InvalidParameterValueException', `The parameter ${NAME}.Timestamp must specify a time no more than two hours in the future.`],
  ])('%s', async (_what, datum, name, message) => {
    await expect(put({ MetricName: 'Good', Value: 1 }, { MetricName: 'Bad', ...datum })).rejects.toMatchObject({ name, message });

    expect((await cloudWatch.send(new ListMetricsCommand({}))).Metrics).toEqual([]);
  });

  it('nothing at all, and AWS\'s own namespaces', async () => {
    await expect(put()).rejects.toMatchObject({ name: 'MissingRequiredParameterException', message: 'At least one MetricDatum object must be present in the request.' });
    await expect(cloudWatch.send(new PutMetricDataCommand({ Namespace: 'AWS/Mine', MetricData: [{ MetricName: 'M', Value: 1 }] }))).rejects.toMatchObject({ name: 'InvalidParameterValueException', message: 'The value AWS/ for parameter Namespace is invalid.' });
  });
});

describe('GetMetricStatistics', () => {
  it('leaves out the minute that EndTime cuts, and takes the one that StartTime cuts', async () => {
    await put({ MetricName: 'M', Timestamp: at(0), Value: 2 }, { MetricName: 'M', Timestamp: at(60), Value: 4 });

    expect(await statistics('M', { EndTime: at(61) })).toMatchObject([{ Sum: 2 }]);
    expect(await statistics('M', { StartTime: at(61), EndTime: at(120) })).toMatchObject([{ Sum: 4 }]);
  });

  it.each([
    ['no time at all', { EndTime: at(0) }, 'InvalidParameterValueException', 'The parameter StartTime must be less than the parameter EndTime.'],
    ['seven seconds', { Period: 7 }, 'InvalidParameterValueException', 'The parameter Period must be a value in the set [1, 5, 10, 20, 30].'],
    ['too many periods', { StartTime: at(-86_400) }, 'InvalidParameterCombinationException', 'You have requested up to 1445 datapoints, which exceeds the limit of 1440. You may reduce the datapoints requested by increasing Period, or decreasing the time range.'],
    ['the median', { Statistics: ['Median'] }, 'InvalidParameterValueException', 'The parameter Statistics.member.1.<list element> must be a value in the set [SampleCount, Average, Sum, Minimum, Maximum].'],
    ['an impossible percentile', { Statistics: undefined, ExtendedStatistics: ['p101'] }, 'InvalidParameterValueException', 'The value p101 for parameter ExtendedStatistics.member.1.<list element> is not supported.'],
  ])('refuses %s', async (_what, more, name, message) => {
    await expect(statistics('M', more)).rejects.toMatchObject({ name, message });
  });
});

describe('ListMetrics', () => {
  it('finds by namespace, name, dimensions and recent use', async () => {
    await put({ MetricName: 'Old', Timestamp: at(-4 * 3600), Value: 1 }, { MetricName: 'New', Value: 1, Dimensions: [{ Name: 'A', Value: 'one' }, { Name: 'B', Value: 'two' }] });
    const names = async (input: object): Promise<(string | undefined)[] | undefined> => (await cloudWatch.send(new ListMetricsCommand(input))).Metrics?.map(({ MetricName }) => MetricName);

    expect(await names({ Namespace: NAMESPACE })).toEqual(['Old', 'New']);
    expect(await names({ Dimensions: [{ Name: 'A' }] })).toEqual(['New']);
    expect(await names({ Dimensions: [{ Name: 'A', Value: 'wrong' }] })).toEqual([]);
    expect(await names({ RecentlyActive: 'PT3H' })).toEqual(['New']);
    await expect(names({ RecentlyActive: 'PT1H' })).rejects.toMatchObject({ message: 'Request parameter recentlyActive value is invalid' });
    await expect(names({ NextToken: 'x' })).rejects.toMatchObject({ message: 'Request parameter NextToken is invalid' });
  });
});
