import type { EpochWindow, OverTimeVerdict } from '../judge/overTime.ts';
import type { MetricWindow } from '../judge/window.ts';
import { live, REVERT_WITHIN_MS, type Deployment } from '../rollout.ts';

/** What was counted of the old version beside the new one. */
export function besides(windows: readonly MetricWindow[]): EpochWindow[] {
  return windows.flatMap(({ metric, start, end, canary, control }) => (canary.starts > 0 && control.starts > 0 ? [{ metric, start, end, ...control }] : []));
}

/**
 * What else may be to blame for what no comparison side by side says of a shift: that the old version has turned for the worse too, and a configuration that
 * can still be taken back; in words, or nothing. `old` compares the old version beside the new one with what it was like before; `now` is epoch milliseconds.
 */
export function suspected(deployments: readonly Deployment[], old: OverTimeVerdict | undefined, now: number): string | undefined {
  const last = live(deployments);
  const recent = last !== undefined && now - (last.completedAt ?? last.startedAt) <= REVERT_WITHIN_MS ? last : undefined;
  const configuration = recent && `deployment ${recent.number} of the configuration, complete since ${new Date(recent.completedAt ?? recent.startedAt).toISOString()},`;
  if (old?.kind === 'roll-back') return `the old version has turned for the worse beside it (${old.reason})${configuration === undefined ? '' : `: ${configuration} may be to blame instead`}`;
  return configuration && `${configuration} may be to blame as well`;
}
