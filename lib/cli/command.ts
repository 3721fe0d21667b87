import type { Event } from './event.ts';
import type { Given, Option } from './option.ts';

/** A command as data. What it does is loaded when it runs, so that help and version cost nothing. */
export interface Command {
  readonly name: string;
  /** One line, for the list of commands. */
  readonly summary: string;
  /** Paragraphs below it, for the command's own help. */
  readonly about: readonly string[];
  /** What follows the name, in order; optional ones come last. */
  readonly arguments?: readonly Argument[];
  readonly options: readonly Option[];
  readonly examples: readonly Example[];
  /** Prints nothing: tells what happens, and answers the exit code. */
  readonly run: (given: Given, tell: (event: Event) => void) => Promise<ExitCode>;
}

/** A word that a command takes by its place. */
export interface Argument {
  readonly name: string;
  /** As `<command> needs {summary}` tells it. */
  readonly summary: string;
  readonly optional?: true;
  /** The words it may be, for completion. @default - any word, such as a file's name */
  readonly words?: readonly string[];
}

/** An example of a command line, and what it does. */
export interface Example {
  readonly line: string;
  readonly does: string;
}

/** 0: as asked. 1: refused or failed. 2: the command line was wrong. */
export type ExitCode = 0 | 1 | 2;
