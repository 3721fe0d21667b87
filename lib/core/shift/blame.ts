import type { Sum } from '../evidence.ts';
import { judgeOverTime, type EpochWindow } from '../judge/overTime.ts';
import type { JudgeRules } from '../judge/rules.ts';

/** Which of two changes the evidence blames for what is bad by now: a shift that is complete, or a configuration. */
export interface Blame {
  readonly blames: 'shift' | 'configuration' | 'undecided';
  /** Why, for a person. */
  readonly reason: string;
}

/** When a change went from nobody to everybody, epoch milliseconds. */
export interface Change {
  readonly from: number;
  readonly until: number;
}

/**
 * Which of a shift and a configuration deployment made it worse, by what was counted before both, between them and after both, whatever executions ran on. The
 * one after which it turned for the worse by the comparison over time, and the other not, is blamed; where that is so of both or neither it is not decided.
 * @throws Fault as `judgeOverTime` does.
 */
export function blameOf({ windows, shift, configuration, rules }: { readonly windows: readonly EpochWindow[]; readonly shift: Change & { readonly text: string }; readonly configuration: Change & { readonly text: string }; readonly rules: JudgeRules }): Blame {
  const [earlier, later] = shift.from < configuration.from ? [shift, configuration] : [configuration, shift];
  const before = windows.filter(({ end }) => end <= earlier.from);
  const between = windows.filter(({ start, end }) => start >= earlier.until && end <= later.from);
  const after = windows.filter(({ start }) => start >= later.until);
  const undecided = (why: string): Blame => ({ blames: 'undecided', reason: `the evidence does not tell whether ${shift.text} or ${configuration.text} is to blame: ${why}` });
  if (between.length === 0) return undecided('nothing was counted between them');
  const turns = [[earlier, judgeOverTime(before, between, rules)], [later, judgeOverTime(between, after, rules)]] as const;
  const worse = turns.filter(([, { kind }]) => kind === 'roll-back');
  const [turn] = worse;
  if (turn === undefined) return undecided('it is not worse after the one nor after the other');
  if (worse.length > 1) return undecided('it is worse after each of them');
  const [to, { reason }] = turn;
  return { blames: to === shift ? 'shift' : 'configuration', reason: `the evidence blames ${to.text}: ${reason}` };
}

/** What was counted, whatever it is of, in windows of `stepMs` that are over. Bad ends beyond the starts of their window are left out. */
export function pooled(sums: readonly Sum[], { metrics, stepMs, now }: { readonly metrics: readonly string[]; readonly stepMs: number; readonly now: number }): EpochWindow[] {
  const total = (wanted: string): Map<number, number> => {
    const found = new Map<number, number>();
    for (const { metric, at, sum } of sums) if (metric === wanted) found.set(at, (found.get(at) ?? 0) + sum);
    return found;
  };
  const started = [...total('ExecutionsStarted')].filter(([at, starts]) => starts > 0 && at + stepMs <= now).toSorted(([one], [other]) => one - other);
  return metrics.flatMap((metric) => {
    const ends = total(metric);
    return started.map(([at, starts]) => ({ metric, start: at, end: at + stepMs, starts, bad: Math.min(starts, ends.get(at) ?? 0) }));
  });
}
