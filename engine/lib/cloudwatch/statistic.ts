import type { Aggregate } from './aggregate.ts';
import { unimplemented } from './refusal.ts';

/** A statistic over the samples of a period, by CloudWatch's name: `Sum`, `p99.9`. */
export type Statistic =
  | { readonly kind: 'Sum' | 'Average' | 'Minimum' | 'Maximum' | 'SampleCount' }
  | { readonly kind: 'percentile'; readonly percent: number };

const SIMPLE: readonly string[] = ['Sum', 'Average', 'Minimum', 'Maximum', 'SampleCount'];
const PERCENTILE = /^p(\d{1,3}(?:\.\d{1,10})?)$/;
/** Trimmed and winsorized means, percentile ranks and the like: CloudWatch has them, the engine has not. */
const EXTENDED = /^(?:IQM|(?:tm|tc|ts|wm|tm|p)\d|(?:TM|TC|TS|WM|PR)\()/;

/** Reads a statistic's name; undefined for one that CloudWatch does not know, the 501 for one that only the engine does not. */
export function parseStatistic(name: string): Statistic | undefined {
  if (SIMPLE.includes(name)) return { kind: name as 'Sum' };
  const percent = Number(PERCENTILE.exec(name)?.[1] ?? NaN);
  if (percent >= 0 && percent <= 100) return { kind: 'percentile', percent };
  if (EXTENDED.test(name) && !name.startsWith('p')) throw unimplemented(`the statistic ${name}`);
  return undefined;
}

/** A statistic's value; undefined where there are no samples, or where percentiles are not known. */
export function statisticOf(statistic: Statistic, aggregate: Aggregate): number | undefined {
  if (aggregate.count === 0) return undefined;
  switch (statistic.kind) {
    case 'Sum': return aggregate.sum;
    case 'Average': return aggregate.sum / aggregate.count;
    case 'Minimum': return aggregate.minimum;
    case 'Maximum': return aggregate.maximum;
    case 'SampleCount': return aggregate.count;
    case 'percentile': return aggregate.percentile(statistic.percent);
  }
}
