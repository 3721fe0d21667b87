import type { MetricName } from './metric.ts';

/** What CloudWatch takes for custom metrics: the first so many for so much each, and so on. */
export interface MetricTier {
  /** How many metrics it reaches to, those of the tiers before it included. */
  readonly upTo: number;
  /** US dollars for one metric in a month; CloudWatch counts it by the hour, and an hour without data costs nothing. */
  readonly usd: number;
}

/** CloudWatch's prices for custom metrics in us-east-1, which most regions share; https://aws.amazon.com/cloudwatch/pricing, read in 2026. */
export const METRIC_TIERS: readonly MetricTier[] = [
  { upTo: 10_000, usd: 0.3 }, { upTo: 250_000, usd: 0.1 }, { upTo: 1_000_000, usd: 0.05 }, { upTo: Infinity, usd: 0.02 },
];

/** Hours in a month, as AWS counts them. */
export const MONTH_HOURS = 730;

/** Something that grows from one to another: releases of an environment, or shifts of a workflow. */
export interface Turnover {
  /** How often in a month. @default 0 */
  readonly times?: number;
  /** For how long both are counted, minutes: growth and bake. @default 0 */
  readonly minutes?: number;
}

/** What is counted in one environment. */
export interface CountedPlace {
  /** Of application and environment. */
  readonly name: string;
  /** Whether slow executions are counted: `slowerThan` is set. @default false */
  readonly slow?: boolean;
  /** Whether the environment has a judge. @default true */
  readonly judged?: boolean;
  /** Metrics of your own that are counted by epoch. @default 0 */
  readonly custom?: number;
  /** Releases in a month. @default none */
  readonly releases?: Turnover;
  /** Workflows whose versions shift; others are not counted by version. @default none */
  readonly shifting?: readonly Turnover[];
}

/** By what metrics are kept apart. */
export type MetricScope = 'environment' | 'rollout' | 'epoch' | 'workflow-version';

/** The metrics that are kept of an environment, of its rollouts, of an epoch, or of a workflow's version; each is a custom metric of CloudWatch. */
export function metricNames(scope: MetricScope, { slow, judged }: { readonly slow: boolean; readonly judged: boolean }): readonly MetricName[] {
  const executions: readonly MetricName[] = ['ExecutionsStarted', 'ExecutionsSettled', 'ExecutionsFailed', 'ExecutionsTimedOut', ...(slow ? ['ExecutionsSlow' as const] : [])];
  if (scope === 'rollout') return ['RolloutsBegun', 'RolloutsCompleted', 'RolloutsRolledBack', ...(judged ? ['RollbacksJudged' as const] : [])];
  return scope === 'environment' ? [...executions, 'RollbacksDecided', ...(judged ? ['JudgeBlind' as const] : [])] : [...executions, 'ExecutionsLate'];
}

/** One line of the bill. */
export interface MetricCostLine {
  readonly name: string;
  readonly scope: MetricScope;
  /** Metrics of one environment, one epoch or one version. */
  readonly metrics: number;
  /** How many of those are counted at the same time at most: one, or an old one and a new one. */
  readonly most: number;
  /** Metrics for a whole month: metrics times the hours in which they had data, in months. */
  readonly months: number;
}

/** What the custom metrics of some environments come to in a month. */
export interface MetricCost {
  readonly lines: readonly MetricCostLine[];
  /** Custom metrics at the same time, at most. */
  readonly most: number;
  /** Metrics for a whole month, as they are billed. */
  readonly months: number;
  /** US dollars in a month. */
  readonly usd: number;
}

/**
 * What the counts cost. It is bounded, however long a project lives: an epoch or a version is billed only in the hours in which something began on it,
 * so one is, or two while one takes the other's place; each turnover adds its minutes, and an hour for those it began and ended in. By version only
 * workflows are counted that shift. Metrics of your own by other dimensions, alarms and requests are not in it.
 */
export function metricCost(places: readonly CountedPlace[], tiers: readonly MetricTier[] = METRIC_TIERS): MetricCost {
  const lines = places.flatMap(linesOf);
  const months = sum(lines.map((line) => line.months));
  return { lines, most: sum(lines.map(({ metrics, most }) => metrics * most)), months, usd: billed(months, tiers) };
}

function linesOf({ name, slow = false, judged = true, custom = 0, releases = {}, shifting = [] }: CountedPlace): MetricCostLine[] {
  const of = (scope: MetricScope, more: number): number => metricNames(scope, { slow, judged }).length + more;
  const turned = (scope: MetricScope, metrics: number, turnover: Turnover): MetricCostLine => ({
    name, scope, metrics, most: (turnover.times ?? 0) > 0 ? 2 : 1, months: metrics * hoursOf(turnover) / MONTH_HOURS,
  });
  const environment = of('environment', 0);
  return [
    { name, scope: 'environment', metrics: environment, most: 1, months: environment },
    ...rolledOut(name, of('rollout', 0), releases),
    turned('epoch', of('epoch', custom), releases),
    ...shifting.map((turnover) => turned('workflow-version', of('workflow-version', 0), turnover)),
  ];
}

/** One that begins has data in one hour, and in another when it ends; one that the judge takes back, a metric more. */
function rolledOut(name: string, metrics: number, { times = 0 }: Turnover): MetricCostLine[] {
  return times === 0 ? [] : [{ name, scope: 'rollout', metrics, most: 1, months: times * (metrics - 1) / MONTH_HOURS }];
}

/** Hours of epochs or versions in a month: one of them always, and the other's. */
function hoursOf({ times = 0, minutes = 0 }: Turnover): number {
  return MONTH_HOURS + times * (Math.ceil(minutes / 60) + 1);
}

function billed(months: number, tiers: readonly MetricTier[]): number {
  return sum(tiers.map(({ upTo, usd }, at) => Math.max(0, Math.min(months, upTo) - (tiers[at - 1]?.upTo ?? 0)) * usd));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
