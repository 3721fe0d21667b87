import type { ShiftState } from '../core/index.ts';
import type { EpochCounts, VersionCounts } from './counts.ts';

/** What a rehearsal shows while it runs. Times are epoch milliseconds on the engine's clock. */
export type Scene =
  | { readonly kind: 'deploy'; readonly time: number; readonly command: string }
  | { readonly kind: 'ready'; readonly time: number; readonly everyMs: number }
  | { readonly kind: 'release'; readonly time: number; readonly release: number; readonly title: string; readonly change: readonly string[] }
  | { readonly kind: 'stage'; readonly time: number; readonly release: number; readonly state: string; readonly percent: number; readonly by: string; readonly canary: EpochCounts; readonly control?: EpochCounts }
  | { readonly kind: 'alarm'; readonly time: number; readonly name: string; readonly state: string }
  | { readonly kind: 'decision'; readonly time: number; readonly release: number; readonly by: string; readonly reason: string }
  | { readonly kind: 'shift'; readonly time: number; readonly shift: number; readonly title: string; readonly change: readonly string[] }
  | { readonly kind: 'shifting'; readonly time: number; readonly state: ShiftState; readonly percent: number; readonly by: 'controller' | 'judge'; readonly text: string; readonly canary: VersionCounts; readonly control: VersionCounts }
  /** The text's first line is the message; the lines below it, if any, show the place in the file. */
  | { readonly kind: 'refused'; readonly time: number; readonly release: number; readonly path: 'git' | 'console'; readonly text: string };

/** One release as it ended. */
export interface ReleaseResult {
  readonly epoch: { readonly version: string; readonly digest: string };
  readonly state: string;
  /** Who ended it: `AppConfig`, `judge` (at a tick), `monitor` (AppConfig, because of the composite alarm) or `roll-back` (Sluice's handler). */
  readonly decidedBy: 'AppConfig' | 'judge' | 'monitor' | 'roll-back';
  /** Executions pinned to the epoch, over the whole rehearsal, but for those of the version of the workflow that is shifted to. */
  readonly pinned: number;
  readonly failed: number;
  /** From StartDeployment until the state above, in minutes. */
  readonly virtualMinutes: number;
}

/** One shift of the workflow as it ended. */
export interface ShiftResult {
  /** The numbers of its versions. */
  readonly from: string;
  readonly to: string;
  readonly state: ShiftState;
  /** Who took it back: `judge`, or `monitor`, the environment's alarm; `controller` when nobody did. */
  readonly decidedBy: 'judge' | 'monitor' | 'controller';
  /** Executions on the new version. */
  readonly started: number;
  readonly failed: number;
  /** From the update of the stack until the state above, in minutes. */
  readonly virtualMinutes: number;
}

/** A refused change. */
export interface Refused {
  readonly path: 'git' | 'console';
  /** The error's code: Sluice's own on the git path, AppConfig's on the console path. */
  readonly code: string;
  readonly message: string;
}

/** What a rehearsal was: everything but the wall time is the same for the same seed. */
export interface Rehearsed {
  readonly releases: readonly ReleaseResult[];
  readonly refused: readonly Refused[];
  readonly shifts: readonly ShiftResult[];
  /** `mixed`: executions whose tasks read more than one digest. */
  readonly executions: { readonly total: number; readonly succeeded: number; readonly failed: number; readonly mixed: number };
  readonly seed: string;
  /** SHA-256 of everything that happened, in hexadecimal. */
  readonly history: string;
  readonly virtualSeconds: number;
}
