import type { Turnover } from '../metricCost.ts';
import type { AlarmState } from '../rollout.ts';
import type { CommandRight, ToldBy } from './command.ts';
import type { Duty } from './duty.ts';

/** Something that was looked at: what it is, or why it cannot be seen. */
export type Seen<Value> = { readonly seen: Value } | { readonly hidden: Hidden };

/** Why something cannot be seen: an error by its parts. */
export interface Hidden {
  readonly code: string;
  readonly text: string;
  readonly remedy: string;
}

/** What is known of whoever asks, and of the machine. */
export interface CallerFacts {
  /** The version of this command line, and of Node.js. */
  readonly version: string;
  readonly node: string;
  readonly caller: Seen<Caller>;
  /** How far AWS's clock is ahead of this machine's, milliseconds; nothing when AWS did not answer. */
  readonly aheadMs?: number;
}

/** Who asks, as STS knows them. */
export interface Caller {
  readonly arn: string;
  /** As `aws:userid` in policies; of a role's session `<id of the role>:<name of the session>`. */
  readonly userId: string;
  readonly account: string;
  readonly region: string;
}

/** What is known of one environment. */
export interface PlaceFacts {
  readonly place: string;
  readonly profile: string;
  /** Whether AppConfig knows the names. */
  readonly ids: Seen<{ readonly applicationId: string; readonly environmentId: string; readonly profileId: string }>;
  /** Nothing more was looked at when the names are not known. */
  readonly more?: PlaceDetail;
}

/** What hangs on an environment. */
export interface PlaceDetail {
  /** The bucket of the epoch store, which could be listed. */
  readonly store: Seen<string>;
  /** Types of the profile's validators. */
  readonly validators: Seen<readonly string[]>;
  readonly extensions: Seen<readonly ExtensionFacts[]>;
  readonly monitors: Seen<readonly MonitorFacts[]>;
  readonly functions: Seen<readonly FunctionFacts[]>;
  readonly rights: Seen<readonly Rights[]>;
  /** Which commands the caller may run, and how that is known; nothing when it is not. */
  readonly commands?: CommandRights;
  /** Releases in the last thirty days. */
  readonly releases: Seen<Required<Turnover>>;
}

/** An extension that is associated with the profile, its environment or its application. */
export interface ExtensionFacts {
  readonly id: string;
  /** The action points at which it is asked or told. */
  readonly points: readonly string[];
}

/** An alarm that AppConfig watches. */
export interface MonitorFacts {
  readonly name: string;
  readonly state: AlarmState;
  readonly actionsEnabled: boolean;
}

/** A function that handles for an environment, or reads its configuration. */
export interface FunctionFacts {
  readonly name: string;
  /** Which of Sluice's own handlers it is. */
  readonly handler?: string;
  readonly version?: string;
  /** Those of Sluice's own handlers. */
  readonly variables?: Readonly<Record<string, string>>;
  /** As Lambda names it, `Active` when all is well. */
  readonly state?: string;
  readonly layers: readonly string[];
  /** The rules that call it. */
  readonly rules: Seen<readonly { readonly name: string; readonly enabled: boolean }[]>;
}

/** Which commands the caller may run. */
export interface CommandRights {
  readonly by: ToldBy;
  readonly rights: readonly CommandRight[];
}

/** What the caller may do of one duty. */
export interface Rights {
  readonly duty: Duty;
  /** Actions that are denied, of all that it takes. */
  readonly lacking: readonly string[];
  readonly of: number;
}
