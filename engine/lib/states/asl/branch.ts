import type { Datum } from './datum.ts';
import { RuntimeFault, StateFault } from './fault.ts';
import { withInput, withOutput, withVariables } from './journal.ts';
import type { Point } from './point.ts';
import type { Produced } from './query.ts';
import type { Thread } from './thread.ts';
import { Visit } from './visit.ts';

/** What a visit to a state ends with; no next state ends the branch. */
export interface Step extends Produced {
  readonly next: string | undefined;
}

/** A compiled state. */
export interface State {
  readonly name: string;
  readonly type: string;
  /** The types of the events of entering and leaving it, such as `PassStateEntered`. */
  readonly enteredType: string;
  readonly exitedType: string;
  /** Throws StateFault or RuntimeFault when the state fails and nothing catches that. */
  run(visit: Visit): Step | Promise<Step>;
}

/** States that belong together: a whole machine, a branch of Parallel, the processor of Map. */
export interface Branch {
  readonly startAt: string;
  readonly states: ReadonlyMap<string, State>;
}

/** Runs a thread through a branch from its first state, or a point, to an end; throws StateFault when a state fails. */
export async function walk(branch: Branch, thread: Thread, input: Datum, point?: Point): Promise<Datum> {
  let received = point?.received ?? input;
  let next: string | undefined = point?.state ?? branch.startAt;
  let resumed = point;
  while (next !== undefined) {
    thread.check();
    const state = branch.states.get(next);
    if (!state) throw new StateFault('States.Runtime', `There is no state '${next}'`);
    const step = await visitState(state, thread, received, resumed);
    resumed = undefined;
    received = step.output;
    next = step.next;
  }
  return received;
}

/** Visits a state; one that is resumed was entered before. */
async function visitState(state: State, thread: Thread, received: Datum, resumed: Point | undefined): Promise<Step> {
  const entered = resumed?.entered ?? thread.write(state.enteredType, 'stateEnteredEventDetails', withInput({ name: state.name }, received.text));
  const visit = new Visit(thread, state.name, received, entered, resumed?.lanes);
  thread.visiting = state.type;
  thread.state = state.name;
  thread.received = received;
  thread.entered = entered;
  thread.lanes = undefined;
  const step = await outcome(state, visit);
  thread.visiting = undefined;
  if (step.output.tooLarge) throw dataLimitExceeded(state.name);
  const details = withVariables({ name: state.name }, step.assigned);
  thread.write(state.exitedType, 'stateExitedEventDetails', withOutput(details, step.output.text));
  if (step.assigned) thread.variables.assign(step.assigned);
  return step;
}

async function outcome(state: State, visit: Visit): Promise<Step> {
  try {
    const running = state.run(visit);
    return running instanceof Promise ? await running : running;
  } catch (thrown) {
    if (thrown instanceof RuntimeFault) throw visit.faultOf(thrown);
    throw thrown;
  }
}

/** The error for a result that is longer than AWS carries; `source` is a state or a task's resource. */
export function dataLimitExceeded(source: string): StateFault {
  return new StateFault('States.DataLimitExceeded', `The state/task '${source}' returned a result with a size exceeding the maximum number of bytes service limit.`);
}
