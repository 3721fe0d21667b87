import { isObject } from '../epoch.ts';
import { fault, shown } from '../fault.ts';
import { JUDGING } from '../faults/judging.ts';
import type { Count } from '../window.ts';

/** Counts of both cohorts by one metric over one stretch of time: what the judge reads. */
export interface MetricWindow {
  /** The name of the metric that says which executions are bad, as CloudWatch has it: ExecutionsFailed. */
  readonly metric: string;
  /** The stretch, [start, end), epoch milliseconds. */
  readonly start: number;
  readonly end: number;
  /** Executions of the new epoch that started in the stretch, and how many of those turned out bad. */
  readonly canary: Count;
  /** Those of the old epoch. */
  readonly control: Count;
  /**
   * The share of the counted executions that was meant for the canary, above 0 and below 1.
   * @default none: the window takes no part in the sample-ratio check, nor in a sign test
   */
  readonly exposure?: number;
}

/**
 * The windows in the order of time, checked.
 * @throws Fault `SLUICE-JUDGE-1` to `-5`: malformed windows, unknown metrics, no control, impossible counts, overlaps.
 */
export function checked(windows: readonly MetricWindow[], metrics: readonly string[]): MetricWindow[] {
  const given: unknown = windows;
  if (!Array.isArray(given)) throw fault(JUDGING, 'SLUICE-JUDGE-1', { at: 'windows', expected: 'a list', got: shown(given) });
  windows.forEach((window, index) => check(window, `windows[${index}]`, metrics));
  const sorted = [...windows].sort((one, other) => one.start - other.start || one.end - other.end || order(one.metric, other.metric));
  const last = new Map<string, MetricWindow>();
  for (const window of sorted) {
    const before = last.get(window.metric);
    if (before !== undefined && before.end > window.start) {
      throw fault(JUDGING, 'SLUICE-JUDGE-5', { metric: window.metric, one: stretch(before), other: stretch(window) });
    }
    last.set(window.metric, window);
  }
  return sorted;
}

function check(window: unknown, at: string, metrics: readonly string[]): void {
  if (!isObject(window)) throw fault(JUDGING, 'SLUICE-JUDGE-1', { at, expected: 'an object', got: shown(window) });
  const { metric, start, end, exposure } = window;
  if (typeof metric !== 'string' || !metrics.includes(metric)) throw fault(JUDGING, 'SLUICE-JUDGE-2', { at, got: shown(metric), metrics: metrics.join(', ') });
  if (typeof start !== 'number' || !Number.isFinite(start)) throw fault(JUDGING, 'SLUICE-JUDGE-1', { at: `${at}.start`, expected: 'epoch milliseconds', got: shown(start) });
  if (typeof end !== 'number' || !Number.isFinite(end) || end <= start) throw fault(JUDGING, 'SLUICE-JUDGE-1', { at: `${at}.end`, expected: 'epoch milliseconds after start', got: shown(end) });
  if (exposure !== undefined && !(typeof exposure === 'number' && exposure > 0 && exposure < 1)) {
    throw fault(JUDGING, 'SLUICE-JUDGE-1', { at: `${at}.exposure`, expected: 'a share above 0 and below 1', got: shown(exposure) });
  }
  for (const cohort of ['canary', 'control'] as const) {
    if (!isObject(window[cohort])) throw fault(JUDGING, 'SLUICE-JUDGE-3', { at, cohort });
    checkCount(window[cohort], `${at}.${cohort}`);
  }
}

export function checkCount(count: Readonly<Record<string, unknown>>, at: string): void {
  const { starts, bad } = count;
  if (isCount(starts) && isCount(bad) && bad <= starts) return;
  for (const [field, got] of Object.entries({ starts, bad })) {
    if (!isCount(got)) throw fault(JUDGING, 'SLUICE-JUDGE-4', { at: `${at}.${field}`, expected: 'a whole number, 0 or more', got: shown(got) });
  }
  throw fault(JUDGING, 'SLUICE-JUDGE-4', { at: `${at}.bad`, expected: `at most starts, ${shown(starts)}`, got: shown(bad) });
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

export function stretch({ start, end }: Pick<MetricWindow, 'start' | 'end'>): string {
  return `[${start}, ${end})`;
}

function order(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
