export { rehearse, type RehearsalOptions } from './rehearse.ts';
export type { EpochCounts } from './counts.ts';
export type { Refused, Rehearsed, ReleaseResult, Scene } from './scene.ts';
