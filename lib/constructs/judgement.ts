import type { Judgement } from '../core/environmentRecord.ts';
import { completeRules } from '../core/judge/rules.ts';
import { SETTLE_WITHIN_MS } from '../core/settlement.ts';
import { rulesOf, type JudgeOptions } from './judge.ts';

/** How an environment judges, for its record: complete; `false` is no judge. */
export function judgementOf(options: JudgeOptions | false): Judgement {
  const { slowerThan, settleWithin } = options === false ? {} : options;
  return {
    judge: options === false ? null : completeRules(rulesOf(options)), slowerThanMs: slowerThan?.toMilliseconds() ?? null, settleWithinMs: settleWithin?.toMilliseconds() ?? SETTLE_WITHIN_MS,
  };
}
