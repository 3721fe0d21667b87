import type { Alias } from './alias.ts';
import { compile, type Machine } from './asl/index.ts';
import type { Execution } from './execution.ts';

/** Where and how much an execution logs; kept and described as it was given. */
export interface LoggingConfiguration {
  readonly level?: string;
  readonly includeExecutionData?: boolean;
  readonly destinations?: readonly { readonly cloudWatchLogsLogGroup?: { readonly logGroupArn?: string } }[];
}

/** What an update may change; a change of any of it makes a revision. */
export interface RevisionSource {
  readonly definition: string;
  readonly roleArn: string;
  readonly logging: LoggingConfiguration;
  readonly tracing: boolean;
}

/** One state of what a machine runs; its definition is compiled once, when it is first started. */
export class Revision {
  /** Undefined until a machine is updated for the first time: AWS calls that one INITIAL. */
  readonly id: string | undefined;
  readonly source: RevisionSource;
  /** Epoch milliseconds. */
  readonly date: number;
  #machine: Machine | undefined;

  constructor(id: string | undefined, source: RevisionSource, date: number) {
    this.id = id;
    this.source = source;
    this.date = date;
  }

  get machine(): Machine {
    this.#machine ??= compile(this.source.definition);
    return this.#machine;
  }
}

/** A published revision. */
export interface Version {
  readonly arn: string;
  readonly number: number;
  readonly revision: Revision;
  readonly description: string | undefined;
  /** Epoch milliseconds. */
  readonly creationDate: number;
}

/** A standard state machine with all that hangs on it. */
export interface StateMachine {
  readonly arn: string;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly creationDate: number;
  status: 'ACTIVE' | 'DELETING';
  revision: Revision;
  /** By number, oldest first. */
  readonly versions: Map<number, Version>;
  /** The number of the newest version there ever was: numbers are not used again. */
  lastVersion: number;
  readonly aliases: Map<string, Alias>;
  readonly tags: Map<string, string>;
  /** By name, in the order they were started. */
  readonly executions: Map<string, Execution>;
  running: number;
}
