import type { Settings } from '../settings.ts';

/** How exposure grows, as a deployment strategy says it. */
export interface Growth {
  readonly type: 'LINEAR' | 'EXPONENTIAL';
  /** Percent, above 0 and at most 100: the equal steps of LINEAR, the first step of EXPONENTIAL. */
  readonly factor: number;
  readonly durationMinutes: number;
  readonly bakeMinutes: number;
}

/** One step: from this moment on, this share of readers gets the new version. */
export interface Step {
  /** Milliseconds since the deployment began. */
  readonly at: number;
  /** Percent, above 0 and at most 100. */
  readonly percentage: number;
}

/** When a deployment does what, in milliseconds since it began. */
export interface Timetable {
  /** In order of time; the last one is 100 %. */
  readonly steps: readonly Step[];
  readonly bakeAt: number;
  readonly completeAt: number;
}

/** Steps of a duration above zero: when they come is read from AWS's published log, its user guide or its API reference. */
export type Reading = Settings['appconfig']['linearSteps'];

const MINUTE = 60_000;

/**
 * The timetable of a deployment.
 *
 * `observed` fits the log AWS published (LINEAR 25 % in 15 minutes: a step each 180 s): intervals of duration / (100/G + 1), the
 * first step after the first interval, 100 % one interval before the duration is over. `guide` is the table of the user
 * guide: intervals of duration · G/100, 100 % when the duration is over. `api-reference` begins with the first step.
 * EXPONENTIAL takes G·2^N (N = 0, 1, …, at most 100 %) at intervals by the same reading, counting its own steps.
 * Baking begins when the duration is over. The worker is `lagMs` late with an instant first step and with completion, as recorded.
 */
export function timetableOf(growth: Growth, reading: Reading, lagMs: number): Timetable {
  const duration = growth.durationMinutes * MINUTE;
  const bake = growth.bakeMinutes * MINUTE;
  if (duration === 0) {
    const at = bake === 0 ? 0 : lagMs;
    return { steps: [{ at, percentage: 100 }], bakeAt: at, completeAt: bake === 0 ? 0 : at + bake + lagMs };
  }
  return { steps: stepsOf(growth, duration, reading), bakeAt: duration, completeAt: duration + bake + lagMs };
}

/** Whether a deployment is over within the answer of StartDeployment. */
export function isInstant(growth: Growth): boolean {
  return growth.durationMinutes === 0 && growth.bakeMinutes === 0;
}

function stepsOf(growth: Growth, duration: number, reading: Reading): Step[] {
  const percentages = growth.type === 'LINEAR' ? linear(growth.factor) : exponential(growth.factor);
  const count = growth.type === 'LINEAR' ? 100 / growth.factor : percentages.length;
  const interval = duration / (reading === 'observed' ? count + 1 : count);
  const first = reading === 'api-reference' ? 0 : 1;
  return percentages.map((percentage, index) => ({ at: Math.min(duration, Math.round((index + first) * interval)), percentage }));
}

function linear(factor: number): number[] {
  const percentages: number[] = [];
  for (let step = 1; shown(step * factor) < 100; step += 1) percentages.push(shown(step * factor));
  return [...percentages, 100];
}

function exponential(factor: number): number[] {
  const percentages: number[] = [];
  for (let percentage = factor; shown(percentage) < 100; percentage *= 2) percentages.push(shown(percentage));
  return [...percentages, 100];
}

/** A percentage with the two decimals AWS shows. */
function shown(percentage: number): number {
  return Math.round(percentage * 100) / 100;
}

/** The text of a percentage in the event log: `25.00%`. */
export function percentText(percentage: number): string {
  return `${percentage.toFixed(2)}%`;
}
