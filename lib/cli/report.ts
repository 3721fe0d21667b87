import type { DeploymentDetail } from '../adapters/plane/index.ts';
import type { Progress } from '../adapters/releasing.ts';
import type { CommandRights } from '../core/checkup/facts.ts';
import type { CheckFinding } from '../core/checkup/finding.ts';
import type { LastVerdict } from '../adapters/store/index.ts';
import type { DriftState } from '../core/drift.ts';
import type { Override, OverrideEntry } from '../core/override.ts';
import type { Provenance } from '../core/provenance.ts';
import type { ShadowRecord } from '../core/shadow/index.ts';
import type { TakenBack } from '../core/takenBack.ts';
import type { Base } from '../core/release.ts';
import type { Deployment } from '../core/rollout.ts';
import type { ShiftAsk, ShiftRecord } from '../core/shift/record.ts';
import type { Answerable, DocumentChange, Outgrown, PlanFile } from '../documents/index.ts';

/** What the commands tell that release, follow and undo. */
export type Report =
  | PlanReport
  | { readonly kind: 'approved'; readonly by: string; readonly releases: readonly { readonly place: string; readonly label: string }[] }
  | { readonly kind: 'progress'; readonly place: string; readonly progress: Progress; readonly at: number }
  | ReleaseReport
  | StatusReport
  | HistoryReport
  | ShowReport
  | DiffReport
  | BlameReport
  | { readonly kind: 'rolled-back'; readonly place: string; readonly deployment: number; readonly state: 'ROLLED_BACK' | 'REVERTED'; readonly serves: string | null; readonly undeclared?: readonly string[]; readonly untold?: string }
  | OverrideReport
  | { readonly kind: 'revert-made'; readonly place: string; readonly deployment: number; readonly branch: string; readonly commit: string; readonly message: string }
  | ShiftsReport
  | ShiftAskedReport
  | DriftReport
  | { readonly kind: 'adopted'; readonly place: string; readonly files: readonly string[]; readonly commit: string | null; readonly branch: string | null; readonly message: string }
  | ExaminedReport
  | ShadowedReport
  | { readonly kind: 'script'; readonly shell: string; readonly text: string };

/** What doctor found: of the caller first, then of each environment. */
export interface ExaminedReport {
  readonly kind: 'examined';
  readonly sections: readonly { readonly place?: string; readonly findings: readonly CheckFinding[]; readonly commands?: CommandRights }[];
}

/** What a shadow found, and where it is kept. */
export interface ShadowedReport {
  readonly kind: 'shadowed';
  readonly record: ShadowRecord;
  readonly key?: string;
}

/** What a plan would do in one environment. */
export interface PlanEntry {
  readonly place: string;
  readonly wave: number;
  /** What is live, in words; nothing before the first release. */
  readonly live?: string;
  readonly base?: Base;
  readonly changes: readonly DocumentChange[];
  readonly answerable: readonly Answerable[];
  /** From each minute on, which percentage has the new epoch. */
  readonly exposure: readonly { readonly atMinutes: number; readonly percent: number }[];
  /** When the rollout is over, minutes. */
  readonly endMinutes: number;
  /** What would be seen, and how soon; nothing when no traffic is known. */
  readonly foresight?: Foresight;
  readonly calls: readonly string[];
  /** What is live that the new schemas refuse. */
  readonly outgrown: readonly Outgrown[];
  /** What stands in the way, in words. */
  readonly obstacle?: string;
}

/** What the judge would see of harm. */
export interface Foresight {
  /** Executions a minute, and the share of them that ends badly. */
  readonly executions: number;
  readonly rate: number;
  /** Where these numbers come from. */
  readonly source: string;
  /** Whether the environment has a judge. */
  readonly judged: boolean;
  /** The rules of the environment that are not the usual ones, in words. */
  readonly rules?: readonly string[];
  /** If as many times as many executions end badly: when it is seen, minutes, and how many were harmed; null when it is not. */
  readonly harms: readonly { readonly times: number; readonly minutes: number | null; readonly harmed: number }[];
}

/** A plan. */
export interface PlanReport {
  readonly kind: 'planned';
  readonly plan: PlanFile;
  readonly entries: readonly PlanEntry[];
  readonly unchanged: readonly string[];
  /** What it was compared with, when that is a revision and not what is live. */
  readonly revision?: string;
  readonly dirty: boolean;
  readonly out?: string;
  readonly markdown: boolean;
}

/** The end of a release. */
export interface ReleaseReport {
  readonly kind: 'released';
  readonly plan: string;
  readonly results: readonly { readonly place: string; readonly state: string; readonly deployment?: number; readonly version?: string; readonly code?: string; readonly problem?: string }[];
}

/** An override that was written or ended. */
export interface OverrideReport {
  readonly kind: 'overridden';
  readonly place: string;
  /** The alarm whose actions are disabled, or enabled again. */
  readonly alarm: string;
  readonly entry: OverrideEntry;
}

/** One environment as it stands. */
export interface Status {
  /** What keeps changes from being taken back. */
  readonly override?: Override;
  readonly place: string;
  readonly base: Base;
  readonly provenance?: Provenance;
  /** The newest deployment with its log. */
  readonly newest?: DeploymentDetail;
  /** Where the newest one comes from. */
  readonly from?: Provenance;
  /** Counts of the cohorts since the newest deployment began. */
  readonly counts?: { readonly canary: Counted; readonly control?: Counted };
  /** Why there are no counts. */
  readonly uncounted?: string;
  /** How the environment judges, where that is not as usual: `null` for not at all, else its own rules in words. */
  readonly judge?: readonly string[] | null;
  /** What the judge said last of the newest deployment. */
  readonly verdict?: LastVerdict;
  /** Alarms of the environment whose actions are disabled, so that they take nothing back. */
  readonly switchedOff?: readonly string[];
  /** Versions that have executions and do not declare to run with what is live, in the gate's words. */
  readonly undeclared?: readonly string[];
}

/** Executions of one cohort. */
export interface Counted {
  readonly digest: string;
  readonly started: number;
  readonly failed: number;
  /** Those that moved away from it, or failed, since it was rolled back. @default 0 */
  readonly moved?: number;
  readonly recalled?: number;
}

/** How environments stand. */
export interface StatusReport {
  readonly kind: 'status';
  readonly statuses: readonly Status[];
  /** AWS's time, epoch milliseconds. */
  readonly now: number;
  /** Whether it is shown again and again. */
  readonly watched: boolean;
  readonly last: boolean;
}

/** What was asked of a shift, and how it stands then. */
export interface ShiftAskedReport {
  readonly kind: 'shift-asked';
  readonly place: string;
  readonly action: ShiftAsk;
  readonly shift: ShiftRecord;
}

/** The newest shift of each workflow. */
export interface ShiftsReport {
  readonly kind: 'shifts';
  readonly places: readonly { readonly place: string; readonly shifts: readonly ShiftRecord[] }[];
  /** AWS's time, epoch milliseconds. */
  readonly now: number;
  /** Whether it is shown again and again. */
  readonly watched: boolean;
  readonly last: boolean;
}

/** The deployments of environments, newest first. */
export interface HistoryReport {
  readonly kind: 'history';
  /** With who overrode the taking back of changes, oldest first. */
  readonly places: readonly { readonly place: string; readonly entries: readonly HistoryEntry[]; readonly overrides: readonly OverrideEntry[] }[];
}

/** A deployment and where it came from. */
export interface HistoryEntry {
  readonly deployment: Deployment;
  readonly provenance?: Provenance;
  /** Nothing where all that ran went on to their end, or nobody knows. */
  readonly leftBehind?: LeftBehind;
}

/** What became of executions whose epoch was taken back while they ran. */
export interface LeftBehind {
  /** Pinned anew at a safe point. */
  readonly moved: number;
  /** Failed for it. */
  readonly recalled: number;
}

/** One deployment in full. */
export interface ShowReport {
  readonly kind: 'shown';
  readonly place: string;
  readonly deployment: DeploymentDetail;
  readonly provenance?: Provenance;
  readonly digest?: string;
  readonly leftBehind?: LeftBehind;
  readonly changes: readonly DocumentChange[];
}

/** What differs between two epochs. */
export interface DiffReport {
  readonly kind: 'compared';
  readonly place: string;
  readonly from: string;
  readonly to: string;
  readonly changes: readonly DocumentChange[];
}

/** Who a value comes from. */
export interface BlameReport {
  readonly kind: 'blamed';
  readonly place: string;
  readonly document: string;
  readonly path: string;
  readonly value: unknown;
  /** The deployment that brought it; nothing when it is older than all that is known. */
  readonly entry?: HistoryEntry;
  readonly before?: unknown;
}

/** How git and AWS differ. */
export interface DriftReport {
  readonly kind: 'drift';
  readonly environments: readonly DriftEntry[];
}

/** How one environment differs from git, and what to do about it. */
export interface DriftEntry {
  readonly place: string;
  readonly state: DriftState;
  readonly explanation: string;
  readonly deployment?: number;
  /** Who took back what git says, when it was. */
  readonly by?: TakenBack;
  /** What AppConfig logged of it: who or what, when, why. */
  readonly evidence: readonly string[];
  /** What would make readers get what git says. */
  readonly changes: readonly DocumentChange[];
  /** A command line to go on with; nothing when all is well. */
  readonly next?: string;
  /** What became of healing, where it was asked for. */
  readonly healing?: string;
}
