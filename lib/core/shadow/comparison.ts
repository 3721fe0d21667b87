import type { Answers, OtherCall } from './answers.ts';
import { differencesOf, TOLD, valueOf, type Difference } from './difference.ts';
import type { Ending } from './recording.ts';

/** How a candidate did with a recorded execution. */
export type OutcomeKind =
  | 'same'
  /** It ends well, where the old one did not. */
  | 'newly-succeeding'
  | 'newly-failing'
  | 'different-output'
  /** A task that is answered from the recording was called with another input, or one that the old version never called. */
  | 'different-call'
  /** Other states, or in another order within a branch. */
  | 'different-path'
  /** It called a task more often than was recorded, so nobody knows. */
  | 'unanswered'
  /** The old definition itself does not come to the recorded end, so nothing can be said. */
  | 'unreproducible';

/** What became of one execution. */
export interface Compared {
  readonly execution: string;
  readonly kind: OutcomeKind;
  /** In words, for people. */
  readonly explanation: string;
  /** The first of them. */
  readonly differences: readonly Difference[];
}

/** An execution as it was played: its end, and how its tasks were answered. */
export interface PlayedAgain {
  readonly ending: Ending;
  readonly answers: Pick<Answers, 'other' | 'unanswered'>;
}

/**
 * Compares a candidate with the old definition, both played with the same recorded answers, draws and clock, so that ids and times are no
 * differences. What the old definition does otherwise than its own recording is none of the candidate's.
 */
export function compared(execution: string, recorded: Ending, old: PlayedAgain, candidate: PlayedAgain): Compared {
  const told = (kind: OutcomeKind, explanation: string, differences: readonly Difference[] = []): Compared => ({ execution, kind, explanation, differences: differences.slice(0, TOLD) });
  if (old.ending.status !== recorded.status || !sameSteps(old.ending, recorded)) return told('unreproducible', `played again, the old version ${ended(old.ending)} by ${stepsBetween(recorded, old.ending)}, and was recorded as ${recorded.status}`);
  const [unanswered] = candidate.answers.unanswered;
  if (unanswered?.isNew === true) return told('different-call', `it calls ${unanswered.state}, which the old version did not`, [{ path: unanswered.state }]);
  if (unanswered !== undefined) return told('unanswered', `it calls ${unanswered.state} more often than was recorded`);
  if (candidate.ending.status === 'RUNNING') return told('unanswered', 'it waits for what the recording never answered');
  const [was, is] = [old.ending, candidate.ending];
  if (is.status !== was.status || is.error !== was.error) {
    const ends = [{ path: 'status', before: was.status, after: is.status }, { path: 'error', before: was.error, after: is.error }].filter(({ before, after }) => before !== after);
    if (was.status === 'SUCCEEDED') return told('newly-failing', `it ${ended(is)}, where the old version succeeded`, ends);
    if (is.status === 'SUCCEEDED') return told('newly-succeeding', `it succeeds, where the old version ${ended(was)}`, ends);
    return told('different-output', `it ${ended(is)}, where the old version ${ended(was)}`, ends);
  }
  const output = differencesOf(valueOf(was.output), valueOf(is.output), 'output');
  if (output.length > 0) return told('different-output', `its output differs in ${places(output)}`, output);
  const calls = callsBeyond(old.answers.other, candidate.answers.other);
  if (calls.length > 0) return told('different-call', `it calls with other input: ${places(calls)}`, calls);
  if (!sameSteps(was, is)) return told('different-path', `it goes another way: ${stepsBetween(was, is)}`);
  return told('same', '');
}

function callsBeyond(old: readonly OtherCall[], candidate: readonly OtherCall[]): Difference[] {
  const known = new Set(old.flatMap(({ state, differences }) => differences.map(({ path }) => `${state} ${path}`)));
  return candidate.flatMap(({ state, differences }) => differences.filter(({ path }) => !known.has(`${state} ${path}`)).map((difference) => ({ ...difference, path: difference.path === '' ? state : `${state}: ${difference.path}` })));
}

function sameSteps(one: Ending, other: Ending): boolean {
  return one.steps.length === other.steps.length && one.steps.every((step, at) => step === other.steps[at]);
}

/** Which steps one took and the other did not: `-A > B, +A > C`. */
function stepsBetween(before: Ending, after: Ending): string {
  const gone = without(before.steps, after.steps).map((step) => `-${step}`);
  const come = without(after.steps, before.steps).map((step) => `+${step}`);
  return [...gone, ...come].slice(0, TOLD).join(', ') || 'the same steps';
}

function without(steps: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return steps.filter((step) => {
    const at = left.indexOf(step);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function ended({ status, error }: Ending): string {
  switch (status) {
    case 'SUCCEEDED': return 'succeeds';
    case 'TIMED_OUT': return 'takes too long';
    case 'RUNNING': return 'does not end';
    case 'FAILED':
    case 'ABORTED': return `fails${error === undefined ? '' : ` with ${error}`}`;
  }
}

function places(differences: readonly Difference[]): string {
  const paths = differences.map(({ path }) => path);
  return paths.length > 3 ? `${paths.slice(0, 3).join(', ')} and ${paths.length - 3} more` : paths.join(', ');
}
