import type { Point, Rule } from '../../lib/cloudwatch/rule.ts';

/** One evaluation of a real alarm, as CloudWatch's history told it. */
export interface RecordedEvaluation {
  readonly name: string;
  readonly rule: Rule;
  readonly points: readonly Point[];
  /** When CloudWatch looked. */
  readonly now: string;
  readonly state: string;
  readonly reason: string;
  readonly reasonData: string;
}

const DAY = '2026-09-14T';
const plain: Rule = {
  comparison: 'GreaterThanThreshold', threshold: 50, period: 10, evaluationPeriods: 3, datapointsToAlarm: 3, missing: 'missing', expression: false, statistic: 'Average', unit: 'Count',
};
const m2: Rule = { ...plain, datapointsToAlarm: 2 };
const breaching: Rule = { ...plain, missing: 'breaching' };
const ignore: Rule = { ...plain, missing: 'ignore' };
const p90: Rule = {
  comparison: 'GreaterThanThreshold', threshold: 5, period: 10, evaluationPeriods: 1, datapointsToAlarm: 1, missing: 'ignore', expression: false, statistic: 'p90', percentile: { percent: 90, lowSamples: 'evaluate' },
};
const math: Rule = { comparison: 'GreaterThanThreshold', threshold: 5, period: 10, evaluationPeriods: 1, datapointsToAlarm: 1, missing: 'ignore', expression: true };
const fillMath: Rule = { ...math, threshold: 10, missing: 'breaching' };

function points(...given: readonly (readonly [string, number, number?])[]): Point[] {
  return given.map(([time, value, sampleCount]) => ({ time: Date.parse(`${DAY}${time}Z`), value, sampleCount: sampleCount ?? 1 }));
}

const dense = points(['05:42:20', 100], ['05:42:30', 0], ['05:42:40', 100]);
const lone = points(['05:46:50', 100]);
const sparse = points(['05:50:50', 0], ['05:51:10', 100], ['05:51:30', 100]);
const good = points(['05:54:10', 0]);

/** Writes reason data the way CloudWatch does, from the parts that differ. */
function data(now: string, rule: Rule, start: string | undefined, recent: string, evaluated: string): string {
  const unit = rule.unit === undefined ? '' : `"unit":"${rule.unit}",`;
  const statistic = rule.expression ? '' : `"statistic":"${rule.statistic ?? ''}",`;
  const began = start === undefined ? '' : `"startDate":"${DAY}${start}.000+0000",`;
  const slots = evaluated.split(' ').map((slot) => {
    const [time, samples, value] = slot.split('=');
    return `{"timestamp":"${DAY}${time ?? ''}.000+0000"${samples === undefined || samples === '' ? '' : `,"sampleCount":${samples}`}${value === undefined ? '' : `,"value":${value}`}}`;
  });
  return `{"version":"1.0","queryDate":"${DAY}${now}+0000",${began}${unit}${statistic}"period":10,"recentDatapoints":[${recent}],"threshold":${rule.threshold}.0,"evaluatedDatapoints":[${slots.join(',')}]}`;
}

/** Recorded from AWS in September 2026 (alarm histories published with github.com/radkawar/stackd, Apache-2.0): 10 s alarms over sparse data, with their whole reasons. */
export const RECORDED: readonly RecordedEvaluation[] = [
  { name: 'two breaching points that are not neighbours', rule: m2, points: dense, now: '05:43:07.551', state: 'ALARM',
    reason: 'Threshold Crossed: 2 out of the last 3 datapoints [100.0 (14/09/26 05:42:40), 100.0 (14/09/26 05:42:20)] were greater than the threshold (50.0) (minimum 2 datapoints for OK -> ALARM transition).',
    reasonData: data('05:43:07.551', m2, '05:42:20', '100.0,0.0,100.0', '05:42:40=1.0=100.0 05:42:20=1.0=100.0') },
  { name: 'a plain metric seen ten seconds late', rule: m2, points: dense, now: '05:42:57.551', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:42:30)] was not greater than the threshold (50.0) (minimum 2 datapoints for ALARM -> OK transition).',
    reasonData: data('05:42:57.551', m2, '05:42:20', '100.0,0.0', '05:42:30=1.0=0.0 05:42:10') },
  { name: 'real points before breaching fills', rule: breaching, points: dense, now: '05:43:04.472', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:42:30)] was not greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).',
    reasonData: data('05:43:04.472', breaching, '05:42:20', '100.0,0.0,100.0', '05:42:30=1.0=0.0') },
  { name: 'real points where missing data are ignored', rule: ignore, points: dense, now: '05:43:00.813', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:42:30)] was not greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).',
    reasonData: data('05:43:00.813', ignore, '05:42:20', '100.0,0.0,100.0', '05:42:30=1.0=0.0') },
  { name: 'the oldest breaching point out of range', rule: m2, points: dense, now: '05:44:17.553', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:42:30)] was not greater than the threshold (50.0) (minimum 2 datapoints for ALARM -> OK transition).',
    reasonData: data('05:44:17.553', m2, '05:42:30', '0.0,100.0', '05:43:50 05:42:30=1.0=0.0') },
  { name: 'one old breaching point alone', rule: m2, points: dense, now: '05:44:27.550', state: 'ALARM',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [100.0 (14/09/26 05:42:40)] was greater than the threshold (50.0) (minimum 2 datapoints for OK -> ALARM transition).',
    reasonData: data('05:44:27.550', m2, '05:42:40', '100.0', '05:44:00 05:42:40=1.0=100.0') },
  { name: 'every point out of range', rule: plain, points: dense, now: '05:44:38.775', state: 'INSUFFICIENT_DATA',
    reason: 'Insufficient Data: 3 datapoints were unknown.',
    reasonData: data('05:44:38.775', plain, undefined, '', '05:44:10 05:44:00 05:43:50') },
  { name: 'a lone breaching point, two periods old, M = 2', rule: m2, points: lone, now: '05:47:27.551', state: 'ALARM',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [100.0 (14/09/26 05:46:50)] was greater than the threshold (50.0) (minimum 2 datapoints for OK -> ALARM transition).',
    reasonData: data('05:47:27.551', m2, '05:46:50', '100.0', '05:47:00 05:46:50=1.0=100.0') },
  { name: 'a lone breaching point, three periods old, M = 3', rule: plain, points: lone, now: '05:47:38.775', state: 'ALARM',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [100.0 (14/09/26 05:46:50)] was greater than the threshold (50.0) (minimum 3 datapoints for OK -> ALARM transition).',
    reasonData: data('05:47:38.775', plain, '05:46:50', '100.0', '05:47:10 05:47:00 05:46:50=1.0=100.0') },
  { name: 'a good point and a gap', rule: plain, points: sparse, now: '05:51:48.775', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:50:50)] was not greater than the threshold (50.0) (minimum 1 datapoint for ALARM -> OK transition).',
    reasonData: data('05:51:48.775', plain, '05:50:50', '0.0,null,100.0', '05:50:50=1.0=0.0') },
  { name: 'three points with gaps between', rule: m2, points: sparse, now: '05:51:57.551', state: 'ALARM',
    reason: 'Threshold Crossed: 2 out of the last 3 datapoints [100.0 (14/09/26 05:51:30), 100.0 (14/09/26 05:51:10)] were greater than the threshold (50.0) (minimum 2 datapoints for OK -> ALARM transition).',
    reasonData: data('05:51:57.551', m2, '05:50:50', '0.0,null,100.0,null,100.0', '05:51:30=1.0=100.0 05:51:10=1.0=100.0') },
  { name: 'only breaching points left, fewer than M', rule: plain, points: sparse, now: '05:52:48.775', state: 'ALARM',
    reason: 'Threshold Crossed: 2 out of the last 3 datapoints [100.0 (14/09/26 05:51:30), 100.0 (14/09/26 05:51:10)] were greater than the threshold (50.0) (minimum 3 datapoints for OK -> ALARM transition).',
    reasonData: data('05:52:48.775', plain, '05:51:10', '100.0,null,100.0', '05:52:20 05:51:30=1.0=100.0 05:51:10=1.0=100.0') },
  { name: 'breaching points and a breaching fill', rule: breaching, points: sparse, now: '05:52:44.472', state: 'ALARM',
    reason: 'Threshold Crossed: 2 out of the last 3 datapoints [100.0 (14/09/26 05:51:30), 100.0 (14/09/26 05:51:10)] were greater than the threshold (50.0) and 1 missing datapoint was treated as [Breaching] (minimum 3 datapoints for OK -> ALARM transition).',
    reasonData: data('05:52:44.472', breaching, '05:51:10', '100.0,null,100.0', '05:52:20 05:51:30=1.0=100.0 05:51:10=1.0=100.0') },
  { name: 'one good point among breaching fills', rule: breaching, points: good, now: '05:54:34.473', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:54:10)] was not greater than the threshold (50.0) and 2 missing datapoints were treated as [Breaching] (minimum 1 datapoint for ALARM -> OK transition).',
    reasonData: data('05:54:34.473', breaching, '05:54:10', '0.0', '05:54:10=1.0=0.0') },
  { name: 'one good point, M = 2', rule: m2, points: good, now: '05:54:37.550', state: 'OK',
    reason: 'Threshold Crossed: 1 out of the last 3 datapoints [0.0 (14/09/26 05:54:10)] was not greater than the threshold (50.0) (minimum 2 datapoints for ALARM -> OK transition).',
    reasonData: data('05:54:37.550', m2, '05:54:10', '0.0', '05:54:10=1.0=0.0 05:54:00') },
  { name: 'no point at all, treated as breaching', rule: breaching, points: good, now: '05:56:04.474', state: 'ALARM',
    reason: 'Threshold Crossed: no datapoints were received for 3 periods and 3 missing datapoints were treated as [Breaching].',
    reasonData: data('05:56:04.474', breaching, undefined, '', '05:55:40 05:55:30 05:55:20') },
  { name: 'an expression, seen without lag', rule: math, points: points(['06:45:40', 1], ['06:46:10', 11]), now: '06:46:28.197', state: 'ALARM',
    reason: 'Threshold Crossed: 1 out of the last 1 datapoints [11.0 (14/09/26 06:46:10)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
    reasonData: data('06:46:28.197', math, '06:46:10', '11.0', '06:46:10==11.0') },
  { name: 'an expression without data, treated as breaching', rule: fillMath, points: [], now: '07:58:33.125', state: 'ALARM',
    reason: 'Threshold Crossed: no datapoints were received for 1 period and 1 missing datapoint was treated as [Breaching].',
    reasonData: data('07:58:33.125', fillMath, undefined, '', '07:58:20') },
  { name: 'a percentile of 101 samples', rule: p90, points: points(['06:46:10', 10, 101]), now: '06:46:35.741', state: 'ALARM',
    reason: 'Threshold Crossed: 1 out of the last 1 datapoints [10.0 (14/09/26 06:46:10)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
    reasonData: data('06:46:35.741', p90, '06:46:10', '10.0', '06:46:10=101.0=10.0') },
  { name: 'a percentile of 99 samples that is evaluated all the same', rule: p90, points: points(['06:43:00', 10, 99]), now: '06:43:25.741', state: 'ALARM',
    reason: 'Threshold Crossed: 1 out of the last 1 datapoints [10.0 (14/09/26 06:43:00)] was greater than the threshold (5.0) (minimum 1 datapoint for OK -> ALARM transition).',
    reasonData: data('06:43:25.741', p90, '06:43:00', '10.0', '06:43:00=99.0=10.0') },
];
