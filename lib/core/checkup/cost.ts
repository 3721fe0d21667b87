import { isObject } from '../epoch.ts';
import { metricCost, metricNames, type Turnover } from '../metricCost.ts';
import type { Deployment } from '../rollout.ts';
import type { FunctionFacts } from './facts.ts';
import { well, type CheckFinding } from './finding.ts';

/** How long back releases are counted for a month of the bill. */
const MONTH_MS = 30 * 86_400_000;

/** How often a profile was released in the last thirty days, and for how long both epochs were there, on average. Times are epoch milliseconds. */
export function turnoverOf(deployments: readonly Deployment[], profile: string, now: number): Required<Turnover> {
  const lasted = deployments.filter((one) => one.profile === profile && one.startedAt >= now - MONTH_MS).map(({ startedAt, completedAt = now }) => Math.max(0, completedAt - startedAt) / 60_000);
  return { times: lasted.length, minutes: lasted.reduce((sum, minutes) => sum + minutes, 0) / Math.max(1, lasted.length) };
}

/** What the custom metrics of an environment come to in a month, by the variables of its handlers and by how often it was released. */
export function costed(name: string, functions: readonly FunctionFacts[], releases: Required<Turnover>): readonly CheckFinding[] {
  const variables = (handler: string): Readonly<Record<string, string>> | undefined => functions.find((one) => one.handler === handler)?.variables;
  const [settle, judge] = [variables('settle'), variables('judge')];
  // Without it nothing is counted, which is a fault of its own.
  if (settle === undefined) return [];
  const slow = settle['SLUICE_SLOW_MS'] !== undefined;
  const shifting = (settle['SLUICE_SHIFTING'] ?? '').split(',').filter((workflow) => workflow !== '').map(() => ({}));
  const { lines, usd } = metricCost([{ name, slow, judged: judge !== undefined, custom: ownMetrics(judge), releases, shifting }]);
  const count = lines.filter(({ scope }) => scope !== 'rollout').reduce((sum, { metrics }) => sum + metrics, 0);
  const often = `${releases.times} release${releases.times === 1 ? '' : 's'} in 30 days`;
  return [well('costs', `about ${usd.toFixed(2)} USD a month for ${count} custom metrics in CloudWatch, with ${often}`)];
}

/** Metrics that the judge was told of and that Sluice does not count itself. */
function ownMetrics(judge: Readonly<Record<string, string>> | undefined): number {
  const counted: readonly string[] = metricNames('epoch', { slow: true, judged: true });
  return Object.keys(judgedBy(judge?.['SLUICE_JUDGE'] ?? '{}')).filter((name) => !counted.includes(name)).length;
}

/** The metrics of the judge's rules; none of rules that cannot be read, which the judge says itself. */
function judgedBy(text: string): object {
  try {
    const rules: unknown = JSON.parse(text);
    return isObject(rules) && isObject(rules['metrics']) ? rules['metrics'] : {};
  } catch {
    return {};
  }
}
