import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../lib/cloudwatch/evaluation.ts';
import type { Missing, Point, Rule } from '../../lib/cloudwatch/rule.ts';
import { RECORDED } from './recorded.ts';
import { slowly } from './reference.ts';

describe('an alarm decides as CloudWatch was recorded to', () => {
  it.each(RECORDED)('with $name', ({ rule, points, now, state, reason, reasonData }) => {
    const verdict = evaluate(points, rule, Date.parse(`2026-09-14T${now}Z`));

    expect(verdict).toEqual({ kind: 'state', state, reason, reasonData });
  });

  it('keeps its state for a percentile of too few samples where those are ignored', () => {
    const rule: Rule = { ...RECORDED.at(-1)!.rule, percentile: { percent: 90, lowSamples: 'ignore' } };
    const at = (sampleCount: number): Point[] => [{ time: Date.parse('2026-09-14T06:43:00Z'), value: 10, sampleCount }];
    const now = Date.parse('2026-09-14T06:43:25.741Z');

    expect(evaluate(at(99), rule, now)).toEqual({ kind: 'keep', because: 'too few samples' });
    expect(evaluate(at(100), rule, now)).toMatchObject({ kind: 'state', state: 'ALARM' });
  });

  it('waits with a lone breaching point until M periods have passed', () => {
    const { rule, points } = RECORDED.find(({ name }) => name.startsWith('a lone breaching point, two'))!;

    expect(evaluate(points, rule, Date.parse('2026-09-14T05:47:17.551Z'))).toEqual({ kind: 'keep', because: 'too early to tell' });
  });
});

/** The rows of the user guide's two tables of how missing data are evaluated; O good, X breaching, - missing, oldest first. */
const GUIDE: readonly (readonly [string, number, Readonly<Record<Missing, string>>])[] = [
  ['O-X-X', 3, { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  ['----O', 3, { missing: 'OK', ignore: 'OK', breaching: 'OK', notBreaching: 'OK' }],
  ['-----', 3, { missing: 'INSUFFICIENT_DATA', ignore: 'keep', breaching: 'ALARM', notBreaching: 'OK' }],
  ['OXX-X', 3, { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['--X--', 3, { missing: 'ALARM', ignore: 'keep', breaching: 'ALARM', notBreaching: 'OK' }],
  ['O-X-X', 2, { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['OOXOX', 2, { missing: 'ALARM', ignore: 'ALARM', breaching: 'ALARM', notBreaching: 'ALARM' }],
  ['O-X--', 2, { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['----O', 2, { missing: 'OK', ignore: 'OK', breaching: 'ALARM', notBreaching: 'OK' }],
  ['---X-', 2, { missing: 'ALARM', ignore: 'keep', breaching: 'ALARM', notBreaching: 'OK' }],
];

const NOW = Date.parse('2026-01-01T01:00:00Z');

function pointsOf(picture: string, period: number, newest: number): Point[] {
  return picture.split('').map((mark, index) => ({ mark, time: newest - (picture.length - 1 - index) * period * 1000 }))
    .filter(({ mark }) => mark !== '-').map(({ mark, time }) => ({ time, value: mark === 'X' ? 1 : 0, sampleCount: 1 }));
}

function minutely(evaluationPeriods: number, datapointsToAlarm: number, missing: Missing): Rule {
  return { comparison: 'GreaterThanThreshold', threshold: 0.5, period: 60, evaluationPeriods, datapointsToAlarm, missing, expression: false, statistic: 'Sum' };
}

function outcome(picture: string, rule: Rule): string {
  const verdict = evaluate(pointsOf(picture, rule.period, NOW - 60_000), rule, NOW + 7_000);
  return verdict.kind === 'keep' ? 'keep' : verdict.state;
}

describe('an alarm treats missing data as the user guide says', () => {
  it.each(GUIDE)('%s with M = %i of 3', (picture, m, expected) => {
    const found = Object.fromEntries(Object.keys(expected).map((missing) => [missing, outcome(picture, minutely(3, m, missing as Missing))]));

    expect(found).toEqual(expected);
  });
});

describe('an alarm agrees with a slow second evaluation', () => {
  const settings = fc.integer({ min: 1, max: 6 }).chain((n) => fc.record({ n: fc.constant(n), m: fc.integer({ min: 1, max: n }), missing: fc.constantFrom<Missing>('missing', 'ignore', 'breaching', 'notBreaching') }));
  const pictures = fc.array(fc.constantFrom('O', 'X', '-', '-'), { minLength: 8, maxLength: 14 }).map((marks) => marks.join(''));

  it('for any data, M of N and treatment', () => {
    fc.assert(fc.property(pictures, settings, (picture, { n, m, missing }) => {
      expect(outcome(picture, minutely(n, m, missing))).toBe(slowly(picture, n, m, missing));
    }), { numRuns: 2000 });
  });

  it('whatever the order in which points come, and however many lie outside its range', () => {
    fc.assert(fc.property(pictures, settings, fc.integer(), (picture, { n, m, missing }, seed) => {
      const rule = minutely(n, m, missing);
      const points = pointsOf(picture, 60, NOW - 60_000);
      const older = { time: NOW - 40 * 60_000, value: 1, sampleCount: 1 };
      const shuffled = [...points, older].sort((a, b) => (a.time ^ seed) - (b.time ^ seed));

      expect(evaluate(shuffled, rule, NOW)).toEqual(evaluate(points, rule, NOW));
    }));
  });
});
