import type { CompleteRules } from '../core/judge/rules.ts';
import type { JudgedRecord } from '../core/judged.ts';
import type { Rehearsed, Scene } from '../rehearsal/scene.ts';
import type { Report } from './report.ts';

/** What commands tell their view. */
export type Event =
  | { readonly kind: 'help'; readonly text: string; readonly asked: boolean }
  | { readonly kind: 'version'; readonly version: string }
  | { readonly kind: 'opening'; readonly unpinned: boolean }
  | { readonly kind: 'scene'; readonly scene: Scene }
  | Finished
  | Listening
  | { readonly kind: 'ending' }
  | Left
  /** Something changed, and the command begins again. */
  | { readonly kind: 'again'; readonly path: string }
  | { readonly kind: 'begun'; readonly directory: string; readonly application: string; readonly files: readonly string[] }
  | { readonly kind: 'typed'; readonly application: string; readonly text: string; readonly file?: string; readonly changed?: boolean }
  | Composed
  | Assembled
  | Explained
  | { readonly kind: 'faulty'; readonly directory: string; readonly faults: readonly Finding[] }
  | { readonly kind: 'report'; readonly report: Report }
  | Failure;

/** The command was left by Ctrl-C; these deployments go on. */
export interface Left {
  readonly kind: 'left';
  readonly underWay: readonly { readonly place: string; readonly deployment: number }[];
}

/** The end of a rehearsal. */
export interface Finished {
  readonly kind: 'finished';
  readonly result: Rehearsed;
  readonly wallSeconds: number;
  readonly unpinned: boolean;
  /** How to run it again: options follow. */
  readonly again: string;
}

/** An engine that answers. */
export interface Listening {
  readonly kind: 'listening';
  readonly endpoint: string;
  /** The agent's address, when it has one. */
  readonly agent?: string;
  readonly clock: string;
  readonly seed: string;
  /** What to export, so that SDKs and the AWS CLI find it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Which shell the lines are for. */
  readonly shell: Shell;
}

/** Shells whose way of exporting a variable is known; `sh` is that of all POSIX shells. */
export type Shell = 'sh' | 'fish' | 'powershell';

/** A directory that can be released. Sizes are bytes of the canonical form. */
export interface Composed {
  readonly kind: 'composed';
  readonly directory: string;
  readonly documents: readonly { readonly name: string; readonly bytes: number; readonly schema: string }[];
  readonly digest: string;
  readonly bytes: number;
  /** The most bytes an epoch may have. */
  readonly most: number;
}

/** A project that can be released: what each environment is to have. */
export interface Assembled {
  readonly kind: 'assembled';
  readonly directory: string;
  readonly targets: readonly (Pick<Composed, 'documents' | 'digest' | 'bytes'> & { readonly application: string; readonly environment: string })[];
  readonly most: number;
}

/** The last verdict of the judge on a deployment. */
export interface Explained {
  readonly kind: 'explained';
  readonly last: JudgedRecord;
  readonly ticks: number;
  /** Ticks at which nothing could be seen. */
  readonly blind: number;
  /** The rules the environment judges by now, null where it has no judge; nothing when that is not known. */
  readonly rulesNow?: CompleteRules | null;
  /** Whether only the chart is wanted, as an image. */
  readonly svg: boolean;
  /** Where the verdict made again differs; only when that was asked for. */
  readonly differences?: readonly string[];
}

/** One fault of a directory or a project. */
export interface Finding {
  readonly code: string;
  /** All of it in one line, with the remedy. */
  readonly message: string;
  readonly remedy: string;
  /** The message without code, place and remedy. */
  readonly problem: string;
  readonly place?: { readonly path: string; readonly line: number; readonly column: number };
  /** The file, when it is about one as a whole. */
  readonly file?: string;
  /** The line it is about with a mark below, as a compiler shows it. */
  readonly source: readonly string[];
}

/** Why a command did not do what was asked. */
export interface Failure {
  readonly kind: 'failed';
  readonly code: string;
  readonly message: string;
  /** A command line to try. */
  readonly hint?: string;
  /** Only for defects. */
  readonly trace?: string;
}
