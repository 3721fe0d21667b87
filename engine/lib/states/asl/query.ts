import type { Datum } from './datum.ts';
import type { Environment } from './environment.ts';

/** A state's fields as its definition gives them. */
export type Fields = Readonly<Record<string, unknown>>;

/** A state's output and the variables it assigns. */
export interface Produced {
  readonly output: Datum;
  readonly assigned: Readonly<Record<string, unknown>> | undefined;
}

/** Makes the effective input of a state from what it received. */
export type Intake = (received: Datum, environment: Environment) => Datum;

/** Makes output and variables from what the state received, its effective input and its result. */
export type Outlet = (received: Datum, result: Datum, environment: Environment) => Produced;

/** A field that may be a literal or read from data; undefined when the state has neither form. */
export interface Scalar {
  /** The path or expression it was read with, for messages. */
  readonly source: string | undefined;
  /** The value, or why its path found none; throws RuntimeFault. */
  read(data: unknown, environment: Environment): { readonly found: true; readonly value: unknown } | { readonly found: false; readonly reason: string };
}

/** A Choice rule: whether it holds, what it makes of the data, where it leads. */
export interface Rule {
  readonly next: string;
  holds(data: Datum, environment: Environment): boolean;
  readonly produce: Outlet;
}

/** What a query language does for a state; JSONPath is one, JSONata is to be another. */
export interface QueryLanguage {
  /** InputPath and the template (Parameters, which Map has not). */
  intake(state: Fields, template: 'Parameters' | undefined): Intake;
  /** ResultSelector, ResultPath, Assign, OutputPath; which of them the state's type has, validation has seen to. */
  outlet(state: Fields): Outlet;
  /** What a catcher makes of an error's object. */
  catching(catcher: Fields): Outlet;
  /** A field with its Path form: `Seconds` and `SecondsPath`. */
  scalar(state: Fields, name: string): Scalar | undefined;
  /** What Map iterates over. */
  items(state: Fields): (data: Datum, environment: Environment) => readonly unknown[];
  /** What an iteration receives; undefined when it is the item itself. */
  itemTemplate(state: Fields): ((data: Datum, environment: Environment) => unknown) | undefined;
  /** A rule of a Choice state, which gives OutputPath to all its rules. */
  rule(rule: Fields, state: Fields): Rule;
}
