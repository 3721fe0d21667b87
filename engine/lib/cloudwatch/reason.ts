import type { AlarmState } from '../ports.ts';
import type { Comparison, Evidence, Point } from './rule.ts';
import { doubleText, instantText, slotText } from './text.ts';

const WORDS: Readonly<Record<Comparison, string>> = {
  GreaterThanThreshold: 'greater than',
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
};

/** The sentence CloudWatch gives for a metric alarm's state, as recorded. */
export function reasonOf(state: AlarmState, evidence: Evidence): string {
  const { rule, filled } = evidence;
  const periods = rule.evaluationPeriods;
  if (state === 'INSUFFICIENT_DATA') return `Insufficient Data: ${count(periods, 'datapoint')} ${were(periods)} unknown.`;
  const treated = `${count(filled, 'missing datapoint')} ${were(filled)} treated as [${rule.missing === 'breaching' ? 'Breaching' : 'NonBreaching'}]`;
  const shown = evidence.evaluated.filter((point): point is Point => point.value !== undefined);
  if (shown.length === 0) return `Threshold Crossed: no datapoints were received for ${count(filled, 'period')} and ${treated}.`;
  const values = shown.map(({ value, time }) => `${doubleText(value)} (${slotText(time)})`).join(', ');
  const minimum = state === 'ALARM' ? rule.datapointsToAlarm : periods - rule.datapointsToAlarm + 1;
  const made = filled > 0 && (rule.missing === 'breaching' || rule.missing === 'notBreaching');
  return `Threshold Crossed: ${shown.length} out of the last ${periods} datapoints [${values}] ${were(shown.length)} ${state === 'ALARM' ? '' : 'not '}${WORDS[rule.comparison]} the threshold (${doubleText(rule.threshold)})`
    + `${made ? ` and ${treated}` : ''} (minimum ${count(minimum, 'datapoint')} for ${state === 'ALARM' ? 'OK -> ALARM' : 'ALARM -> OK'} transition).`;
}

/** The JSON beside the sentence: key order, Java's doubles and absent members as recorded. */
export function reasonDataOf({ rule, now, real, evaluated }: Evidence): string {
  const oldest = real.at(-1);
  const parts = [
    '"version":"1.0"',
    `"queryDate":"${instantText(now)}"`,
    ...(oldest ? [`"startDate":"${instantText(oldest.time)}"`] : []),
    ...(rule.unit !== undefined && !rule.expression ? [`"unit":${JSON.stringify(rule.unit)}`] : []),
    ...(rule.statistic !== undefined && !rule.expression ? [`"statistic":${JSON.stringify(rule.statistic)}`] : []),
    `"period":${rule.period}`,
    `"recentDatapoints":[${recent(real, rule.period).join(',')}]`,
    `"threshold":${doubleText(rule.threshold)}`,
    `"evaluatedDatapoints":[${evaluated.map((point) => evaluatedPoint(point, rule.expression)).join(',')}]`,
  ];
  return `{${parts.join(',')}}`;
}

/** Oldest first, with null for the gaps between real points. */
function recent(real: readonly Point[], period: number): string[] {
  const values: string[] = [];
  let previous: Point | undefined;
  for (const point of [...real].reverse()) {
    const gaps = previous ? Math.round((point.time - previous.time) / (period * 1000)) - 1 : 0;
    values.push(...Array<string>(gaps).fill('null'), doubleText(point.value));
    previous = point;
  }
  return values;
}

function evaluatedPoint(point: Evidence['evaluated'][number], expression: boolean): string {
  const time = `"timestamp":"${instantText(point.time)}"`;
  if (point.value === undefined) return `{${time}}`;
  const samples = point.sampleCount === undefined || expression ? '' : `,"sampleCount":${doubleText(point.sampleCount)}`;
  return `{${time}${samples},"value":${doubleText(point.value)}}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function were(number: number): string {
  return number === 1 ? 'was' : 'were';
}
