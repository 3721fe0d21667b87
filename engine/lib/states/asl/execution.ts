import { walk } from './branch.ts';
import { Cancellation, type CancelSignal, type Stop } from './cancellation.ts';
import { Datum } from './datum.ts';
import { CalledOff, StateFault } from './fault.ts';
import { failureDetails, Journal, withInput, withOutput } from './journal.ts';
import type { Machine } from './machine.ts';
import { pointOf, type Point } from './point.ts';
import type { ExecutionPort, ExecutionRequest, Outcome } from './port.ts';
import { Thread, type Run } from './thread.ts';

/**
 * Runs an execution to its end, from its start or from the point of its redrive, and records every event, ExecutionStarted or
 * ExecutionRedriven and the last one included. `signal` ends it
 * as ABORTED (StopExecution) at once; a definition's TimeoutSeconds ends it as TIMED_OUT. Never rejects but for a
 * defect of the interpreter or its port.
 */
export async function execute(machine: Machine, request: ExecutionRequest, port: ExecutionPort, signal: CancelSignal): Promise<Outcome> {
  const { redrive } = request;
  const journal = new Journal(port, redrive?.lastEvent);
  const cancellation = new Cancellation(signal);
  if (!redrive) journal.write(0, 'ExecutionStarted', 'executionStartedEventDetails', withInput({ roleArn: request.roleArn }, request.input));
  const stopped = new Promise<Stop>((resolve) => { cancellation.listen(resolve); });
  if (machine.timeoutSeconds !== undefined) {
    void port.sleep(machine.timeoutSeconds * 1000, cancellation).then(() => { cancellation.cancel({ status: 'TIMED_OUT' }); });
  }
  const input = Datum.ofText(request.input);
  const run: Run = { port, journal, context: request.context, input: () => input.value, region: request.context.Execution.Id.split(':')[3] ?? '' };
  const thread = new Thread(run, cancellation, 0);
  if (redrive) {
    thread.previous = redrive.lastEvent;
    thread.write('ExecutionRedriven', 'executionRedrivenEventDetails', { redriveCount: redrive.count });
    thread.variables.assign(Object.fromEntries(redrive.point.variables));
  }
  const outcome = await Promise.race([finish(machine, thread, input, stopped, redrive?.point), stopped.then((stop) => stopExecution(thread, stop))]);
  journal.close();
  cancellation.cancel({ status: 'ABORTED' });
  cancellation.release();
  return outcome;
}

async function finish(machine: Machine, thread: Thread, input: Datum, stopped: Promise<Stop>, point: Point | undefined): Promise<Outcome> {
  try {
    const output = await walk(machine.branch, thread, input, point);
    thread.write('ExecutionSucceeded', 'executionSucceededEventDetails', withOutput({}, output.text));
    return { status: 'SUCCEEDED', output: output.text };
  } catch (thrown) {
    if (thrown instanceof CalledOff) return stopOutcome(await stopped);
    if (!(thrown instanceof StateFault)) throw thrown;
    leave(thread, thrown.error);
    thread.write('ExecutionFailed', 'executionFailedEventDetails', failureDetails(thrown.error, thrown.reason));
    return { status: 'FAILED', ...failureDetails(thrown.error, thrown.reason) };
  }
}

/** The last event of an execution that was called off follows none (recorded: previousEventId 0). */
function stopExecution(thread: Thread, stop: Stop): Outcome {
  const { journal } = thread.run;
  leave(thread, undefined);
  const details = failureDetails(stop.error, stop.cause);
  switch (stop.status) {
    case 'ABORTED': journal.write(0, 'ExecutionAborted', 'executionAbortedEventDetails', details); break;
    case 'TIMED_OUT': journal.write(0, 'ExecutionTimedOut', 'executionTimedOutEventDetails', details); break;
    case 'FAILED': journal.write(0, 'ExecutionFailed', 'executionFailedEventDetails', details); break;
  }
  journal.close();
  return stopOutcome(stop);
}

function leave(thread: Thread, error: string | undefined): void {
  const point = pointOf(thread, error);
  if (point) thread.run.port.unfinished?.(point);
}

function stopOutcome(stop: Stop): Outcome {
  return { status: stop.status, ...failureDetails(stop.error, stop.cause) };
}
