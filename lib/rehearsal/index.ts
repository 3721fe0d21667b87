export { rehearse, type RehearsalOptions } from './rehearse.ts';
export { recordingFrom, rerun, shadowed, type Rerun, type RunAnswer, type ShadowCandidate } from './shadow.ts';
export type { EpochCounts, VersionCounts } from './counts.ts';
export type { Refused, Rehearsed, ReleaseResult, Scene, ShiftResult } from './scene.ts';
