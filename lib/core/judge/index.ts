export { foretell, leastSeen, stagesOf, type Foretold, type Prospect, type Stage } from './foretell.ts';
export { historyOf } from './history.ts';
export { judge, type JudgeContext } from './judge.ts';
export { judgeOverTime, type EpochWindow, type OverTimeMetric, type OverTimeVerdict } from './overTime.ts';
export { apart, partsNamed, together, type Apart, type Part } from './parts.ts';
export { judgement, parseVerdictRecord, replay, REPLAY_WITHIN, type Replay, type VerdictRecord } from './record.ts';
export {
  completeRules, JUDGED, type AfterRule, type CompleteRules, type JudgeRules, type MetricRule, type PromoteRule,
} from './rules.ts';
export type { Because, Change, CohortVerdict, Interval, JudgeVerdict, MetricVerdict, SampleRatio } from './verdict.ts';
export type { MetricWindow } from './window.ts';
