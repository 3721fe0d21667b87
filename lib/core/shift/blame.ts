import type { Sum } from '../evidence.ts';
import { judgeOverTime, type EpochWindow } from '../judge/overTime.ts';
import type { JudgeRules } from '../judge/rules.ts';
import { versionNumber, type ShiftRecord } from './record.ts';

/** Which of two changes the evidence blames for what is bad by now: a shift that is complete, or a configuration. */
export interface Blame {
  readonly blames: 'shift' | 'configuration' | 'undecided';
  /** Why, for a person. */
  readonly reason: string;
  /**
   * Whether that is clear enough for the configuration to stay: the new version does worse than the old one did on the same epoch, and a configuration that came
   * first did no harm that would have been seen. Of a shift only.
   */
  readonly clear: boolean;
}

/** When a change went from nobody to everybody, epoch milliseconds. */
export interface Change {
  readonly from: number;
  readonly until: number;
}

/** What blame is found by. */
export interface BlameQuestion {
  /** What was counted on all epochs. */
  readonly windows: readonly EpochWindow[];
  /** The same of the workflow alone: on the old version until the shift, on the new one since. @default nothing, and then nothing is clear */
  readonly byVersion?: readonly EpochWindow[];
  readonly shift: Change & { readonly text: string };
  readonly configuration: Change & { readonly text: string };
  readonly rules: JudgeRules;
}

/**
 * Which of a shift and a configuration deployment made it worse, by what was counted before both, between them and after both, whatever executions ran on. The
 * one after which it turned for the worse by the comparison over time, and the other not, is blamed; where that is so of both or neither it is not decided.
 * @throws Fault as `judgeOverTime` does.
 */
export function blameOf({ byVersion = [], ...question }: BlameQuestion): Blame {
  const found = turned(question);
  if (found.blames !== 'shift') return found;
  const ofVersion = turned({ ...question, windows: byVersion });
  const shown = ofVersion.blames === 'shift' && wouldHaveShown({ ...question, windows: byVersion });
  return shown ? { ...found, reason: `${found.reason}; so does what was counted by version: ${ofVersion.reason}`, clear: true } : found;
}

/** When what was counted turned for the worse: after which of two changes, and not after the other. */
function turned({ windows, shift, configuration, rules }: BlameQuestion): Blame {
  const { earlier, later, before, between, after } = parted({ windows, shift, configuration });
  const undecided = (why: string): Blame => ({ blames: 'undecided', clear: false, reason: `the evidence does not tell whether ${shift.text} or ${configuration.text} is to blame: ${why}` });
  if (between.length === 0) return undecided('nothing was counted between them');
  const turns = [[earlier, judgeOverTime(before, between, rules)], [later, judgeOverTime(between, after, rules)]] as const;
  const worse = turns.filter(([, { kind }]) => kind === 'roll-back');
  const [turn] = worse;
  if (turn === undefined) return undecided('it is not worse after the one nor after the other');
  if (worse.length > 1) return undecided('it is worse after each of them');
  const [to, { reason }] = turn;
  return { blames: to === shift ? 'shift' : 'configuration', clear: false, reason: `the evidence blames ${to.text}: ${reason}` };
}

/**
 * Whether harm of the configuration would have been seen. Harm that was there before the configuration is not its own. Where the configuration came first, as
 * many must have begun between it and the shift that rates as they are since the shift would have taken it back.
 */
function wouldHaveShown({ windows, shift, configuration, rules }: BlameQuestion): boolean {
  const { earlier, before, between, after } = parted({ windows, shift, configuration });
  if (earlier === shift) return true;
  const rates = new Map<string, { starts: number; bad: number }>();
  for (const { metric, starts, bad } of after) {
    const so = rates.get(metric) ?? { starts: 0, bad: 0 };
    rates.set(metric, { starts: so.starts + starts, bad: so.bad + bad });
  }
  const asSince = between.map((window): EpochWindow => {
    const { starts, bad } = rates.get(window.metric) ?? { starts: 0, bad: 0 };
    return { ...window, bad: starts === 0 ? 0 : Math.floor((window.starts * bad) / starts) };
  });
  return judgeOverTime(before, asSince, rules).kind === 'roll-back';
}

function parted<To extends Change>({ windows, shift, configuration }: { readonly windows: readonly EpochWindow[]; readonly shift: To; readonly configuration: To }): { readonly [part in 'before' | 'between' | 'after']: EpochWindow[] } & { readonly earlier: To; readonly later: To } {
  const [earlier, later] = shift.from < configuration.from ? [shift, configuration] : [configuration, shift];
  return {
    earlier, later,
    before: windows.filter(({ end }) => end <= earlier.from),
    between: windows.filter(({ start, end }) => start >= earlier.until && end <= later.from),
    after: windows.filter(({ start }) => start >= later.until),
  };
}

/** The sums of a workflow's versions that are compared: of the old one what began before the shift, of the new one what began after it. */
export function sumsByVersion(sums: readonly Sum[], { from, to }: Pick<ShiftRecord, 'from' | 'to'>, shift: Change): Sum[] {
  return sums.filter(({ of, at }) => (at < shift.from ? of === versionNumber(from) : at >= shift.until && of === versionNumber(to)));
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
