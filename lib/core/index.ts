export { failure, recordOf, refuse, summary, type GateAnswer } from './admission.ts';
export { parseAlarm, stateAt, type AlarmChange } from './alarm.ts';
export { aftermathOf, decideAftermath, isKept, isSchedule, overriddenBy, pastOf, presentOf, watched, type AftermathQuestion } from './aftermath.ts';
export { beginningLine, beginningOf, shiftingOf, versionIn, type Beginning } from './beginning.ts';
export { digestOf, hexOf, isDigest, type Digest } from './digest.ts';
export { ownRules, parseEnvironmentRecord, type EnvironmentRecord, type Judgement } from './environmentRecord.ts';
export { DOCUMENT_NAME, EPOCH_LIMIT, isObject, parseEpoch, type Epoch, type EpochDocument } from './epoch.ts';
export { Fault, fault, shown, type FaultKind, type Place } from './fault.ts';
export { AUTHORING, FAULTS, GUARDING, JUDGING, PLANNING, READING } from './faults/index.ts';
export { AFTER_STEP_MS, aloneOf, ARRIVAL_MS, BEFORE_MS, beforeOf, earliest, evidenceOf, HISTORY_MS, hoursBefore, PAST_MS, type Evidence, type EvidenceQuestion, type Sum } from './evidence.ts';
export { parseHook, type Hook, type Named } from './hook.ts';
export {
  apart, completeRules, foretell, historyOf, judge, JUDGED, judgement, judgeOverTime, leastSeen, parseVerdictRecord, partsNamed, replay, REPLAY_WITHIN, stagesOf, together,
  type AfterRule, type Apart, type Because, type Change, type CohortVerdict, type CompleteRules, type EpochWindow, type Foretold, type Interval, type JudgeContext, type JudgeRules, type JudgeVerdict,
  type MetricRule, type MetricVerdict, type MetricWindow, type OverTimeMetric, type OverTimeVerdict,
  type Part, type PromoteRule, type Prospect, type Replay, type SampleRatio, type Stage, type VerdictRecord,
} from './judge/index.ts';
export { blindness, incomparable, judgedAgain, overTimeOf, rolledBack, rollbackNotice, tickAnswer, type JudgedRecord, type TickAnswer } from './judged.ts';
export { afterKey, deploymentKey, environmentKey, epochKey, lastAfter, overrideKey, overridePrefix, releaseKey, rolledBackKey, schemaKey, sightingIn, verdictKey, verdictPrefix, windowsKey, windowsPrefix } from './layout.ts';
export { metricLine, NAMESPACE, type Counted, type ExecutionMetric, type MetricName, type RolloutMetric, type WorkflowVersion } from './metric.ts';
export {
  metricCost, metricNames, METRIC_TIERS, MONTH_HOURS,
  type CountedPlace, type MetricCost, type MetricCostLine, type MetricScope, type MetricTier, type Turnover,
} from './metricCost.ts';
export { expiry, formatOverride, inForce, OVERRIDE_MOST_MS, parseOverride, type Override, type OverrideEnd, type OverrideEntry } from './override.ts';
export { findPin, isPolicy, parsePin, pinOf, type MovedFrom, type OnRolledBack, type Pin } from './pin.ts';
export type { PlaceIds, PlaceNames } from './place.ts';
export { BAKE_MINUTES, exposure, exposureAt, PLANS, stages, strategyOf, type Plan, type Step, type Strategy, type Timing } from './plan.ts';
export {
  fits, ownershipOf,
  type AllowedValue, type Invariant, type Ownership, type Project, type ProjectApplication, type ProjectEnvironment, type SharedSchema,
} from './project.ts';
export { formatRecord, parseRecord, type DeploymentRecord, type EpochReference } from './record.ts';
export {
  IN_FLIGHT, isReleased, labelOf, nextStep, inWaves,
  type Base, type Observation, type Release, type ReleaseStep, type Version, type Winner,
} from './release.ts';
export { driftOf, mayHeal, type Drift, type DriftEvidence, type DriftOrigin, type DriftState, type Healable } from './drift.ts';
export { formatProvenance, parseProvenance, type Approval, type Provenance, type Signature } from './provenance.ts';
export {
  decideRollback, live, newest, REVERT_WITHIN_MS,
  type AlarmEvidence, type AlarmState, type Deployment, type DeploymentState, type Leave, type RollbackVerdict,
} from './rollout.ts';
export { cohortCountsOf, countsOf, linesOf, mayHaveMoved, outputsOf, parseSettled, promptnessOf, settle, settleByHistory, SETTLE_WITHIN_MS, type Counting, type Promptness, type Settled, type Settlement } from './settlement.ts';
export {
  EPOCH_ROLLED_BACK, formatRolledBack, parseRolledBack, ROLLED_BACK_MOST, rolledBackBy, rolledBackFault, sameRolledBack,
  type RolledBackEpoch, type RolledBackRecord, type ToldState,
} from './rolledBack.ts';
export { exposed, SEEN_BY_ALL_MS, type Sighting } from './sighting.ts';
export { takenBack, type LogLine, type TakenBack, type Taker, type Testimony } from './takenBack.ts';
export { toldRollout, type ToldRollout } from './toldRollout.ts';
export { parseTick, type Tick } from './tick.ts';
export { windowsOf, type Cohort, type Count, type Point, type Window } from './window.ts';
export {
  askedOfShift, beginningOfShift, blueGreenShift, canaryShift, checkedShift, CLAIM_MS, formatShift, linearShift, LOOK_SECONDS, nextOfShift, parseShift, routesOf, SHIFT_BAKE_MINUTES, shiftAtOnce,
  shiftEnded, shiftHolds, shiftingKey, shiftKey, STALE_MS, versionNumber, weightIn,
  type AliasRoute, type Shiftable, type ShiftAsk, type ShiftBeginning, type ShiftDecision, type ShiftEntry, type ShiftRecord, type ShiftReturn, type ShiftSight, type ShiftState,
  type ShiftStep, type ShiftSteps, type ShiftVerdict,
} from './shift/index.ts';
