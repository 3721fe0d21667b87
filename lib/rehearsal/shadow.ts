import { Answers, compared, Past, pastEvent, recordingOf, type Compared, type Ending, type PlayedAgain, type Recording } from '../core/shadow/index.ts';
import type { EpochReference } from '../core/record.ts';
import { playback, type PlaybackOptions, type Played, type PlayedAnswer, type PlayedCall } from 'sluice-engine';

/** What recorded executions are played again with. */
export interface ShadowCandidate {
  /** The definition; that of each recording where left out. */
  readonly definition?: string;
  /** What the executions' pins name; what they named where left out. */
  readonly epoch?: EpochReference;
  /** States whose functions may run, since they have no side effects. */
  readonly pure?: ReadonlySet<string>;
  /** Runs the function of a pure state. */
  readonly run?: (call: PlayedCall) => Promise<RunAnswer>;
}

/** What a function answered: JSON text, or its error. */
export type RunAnswer = { readonly output: string } | { readonly error: string; readonly cause?: string };

/** A recorded execution, and how its own definition does when it is played again. */
export interface Rerun {
  readonly recording: Recording;
  readonly old: PlayedAgain;
}

/** Plays a recorded execution again with its own definition: what candidates are compared with. */
export async function rerun(recording: Recording): Promise<Rerun> {
  const answers = new Answers(recording.attempts);
  return { recording, old: { ending: await played(recording, recording.definition, (call) => recorded(answers, call)), answers } };
}

/**
 * Plays a recorded execution with the candidate, answered from the recording but for pure states, and compares. In virtual time: an answer
 * takes as long as it was recorded to take.
 */
export async function shadowed({ recording, old }: Rerun, candidate: ShadowCandidate): Promise<Compared> {
  const { definition = recording.definition, epoch, pure, run } = candidate;
  const answers = new Answers(recording.attempts, epoch);
  const ending = await played(recording, definition, (call) => {
    const known = recorded(answers, call);
    return run && pure?.has(call.state) === true ? run(call).then((answer) => ran(answer, known)) : known;
  });
  return compared(recording.execution, recording.ending, old, { ending, answers: overlooked(answers, candidate) });
}

/** An execution out of an engine's or AWS's history, or why it cannot be played. */
export function recordingFrom(facts: Pick<Recording, 'execution' | 'stateMachine' | 'definition'>, events: readonly unknown[]): Recording | string {
  return recordingOf(facts, events.map(pastEvent));
}

async function played(recording: Recording, definition: string, answer: PlaybackOptions['answer']): Promise<Ending> {
  const { input, execution: executionArn, stateMachine: stateMachineArn, roleArn, startedAt } = recording;
  return endingOf(await playback({ definition, input, executionArn, stateMachineArn, roleArn, startedAt, seed: executionArn, answer }));
}

function endingOf({ status, output, error, events }: Played): Ending {
  return { status, steps: new Past(events.map(pastEvent)).steps(), ...(output === undefined ? {} : { output }), ...(error === undefined ? {} : { error }) };
}

function recorded(answers: Answers, call: PlayedCall): PlayedAnswer {
  return answers.take(call) ?? { kind: 'silent' };
}

/** A function that ran is taken to need as long as the recorded one; a new one no time. */
function ran(answer: RunAnswer, known: PlayedAnswer): PlayedAnswer {
  const afterMs = known.kind === 'silent' ? 0 : known.afterMs;
  return 'output' in answer ? { kind: 'succeeded', output: answer.output, afterMs } : { kind: 'failed', ...answer, afterMs };
}

/** What pure states are called with is no side effect, and the recording need not answer them. */
function overlooked({ other, unanswered }: Answers, { pure, run }: ShadowCandidate): Pick<Answers, 'other' | 'unanswered'> {
  if (!run || !pure) return { other, unanswered };
  return { other: other.filter(({ state }) => !pure.has(state)), unanswered: unanswered.filter(({ state }) => !pure.has(state)) };
}
