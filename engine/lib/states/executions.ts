import type { House } from '../ports.ts';
import { drawVersion, readAlias } from './alias.ts';
import { Archive } from './archive.ts';
import { executionAddress, executionArn } from './arn.ts';
import { Cancellation, execute, findJsonFault, type CancelSignal, type ExecutionPort, type ExecutionRequest, type Outcome } from './asl/index.ts';
import { checkInputLength, checkName } from './constraint.ts';
import { isForgotten, redriveObstacle, type Execution } from './execution.ts';
import { apiObjections } from './integration/parameters.ts';
import type { Integrations } from './integration/integrations.ts';
import { deleting, versionOf, type Machines } from './machines.ts';
import { logOf } from './log.ts';
import { measurements } from './measurement.ts';
import { noAlias, noExecution, noVersion, refusal, unbuilt } from './refusal.ts';
import type { Revision, StateMachine, Version } from './stateMachine.ts';
import { statusChange } from './statusChange.ts';

/** What an execution is started with. */
export interface StartRequest {
  /** Of a machine, a version or an alias. */
  readonly stateMachineArn: string;
  /** @default a UUID */
  readonly name?: string;
  /** JSON text. @default '{}' */
  readonly input?: string;
  readonly traceHeader?: string;
}

/** What an execution is bound to for life. */
interface Binding {
  readonly revision: Revision;
  readonly version: Version | undefined;
  readonly aliasArn: string | undefined;
}

/** Starts executions, runs them to their end and keeps them. */
export class Executions {
  readonly #house: House;
  readonly #machines: Machines;
  readonly #integrations: Integrations;
  readonly #archive: Archive;
  #started = 0;

  constructor(house: House, machines: Machines, integrations: Integrations) {
    this.#house = house;
    this.#machines = machines;
    this.#integrations = integrations;
    this.#archive = new Archive(house.settings.states.historyBytes);
  }

  /** The execution an ARN names. Throws InvalidArn and ExecutionDoesNotExist. */
  find(arn: string): Execution {
    const { machineArn, name } = executionAddress(arn);
    const execution = this.#machines.peek(machineArn)?.executions.get(name);
    if (!execution || isForgotten(execution, this.#house.kernel.now())) throw noExecution(arn);
    return execution;
  }

  /** Starts an execution, or finds the running one of the same name and input. Throws as StartExecution does. */
  start(request: StartRequest): Execution {
    const { machine, address } = this.#machines.owner(request.stateMachineArn);
    if (machine.status === 'DELETING') throw deleting(machine);
    const input = checkedInput(request.input ?? '{}');
    const name = request.name ?? this.#house.draws.uuid(`states:name:${machine.name}`);
    checkName(name);
    const same = this.#namesake(machine, name);
    if (same?.status === 'RUNNING' && same.input === input) return same;
    if (same) throw refusal('ExecutionAlreadyExists', `Execution Already Exists: '${same.arn}'`);
    const execution = this.#admit(machine, name, input, request.traceHeader, this.#bind(machine, address.qualifier, request.stateMachineArn));
    this.#house.kernel.spawn(`execution ${name} of ${machine.name}`, () => this.#run(execution));
    return execution;
  }

  /** Goes on with an execution from where it ended unsuccessfully; answers when. Throws as RedriveExecution does. */
  redrive(execution: Execution, token: string | undefined): number {
    const now = this.#house.kernel.now();
    if (token !== undefined && token === execution.redriveToken && execution.redriveDate !== undefined && execution.status === 'RUNNING') return execution.redriveDate;
    if (execution.machine.status === 'DELETING') throw deleting(execution.machine);
    const obstacle = redriveObstacle(execution, now);
    if (obstacle !== undefined) throw refusal('ExecutionNotRedrivable', `Execution '${execution.arn}' is not redrivable: ${obstacle}`);
    const { events, point } = execution;
    if (!events || !point) throw unbuilt('redriving an execution whose history was dropped (settings.states.historyBytes)');
    this.#archive.release(execution);
    Object.assign(execution, { status: 'RUNNING', stopDate: undefined, output: undefined, error: undefined, cause: undefined, point: undefined, cancellation: new Cancellation(), redriveDate: now, redriveToken: token });
    execution.redrives += 1;
    execution.machine.running += 1;
    this.#tell(execution);
    const redrive = { point, lastEvent: events.length, count: execution.redrives };
    this.#house.kernel.spawn(`redrive of ${execution.name} of ${execution.machine.name}`, () => this.#run(execution, redrive));
    return now;
  }

  /** Ends a running execution as ABORTED; answers when it stopped. */
  stop(execution: Execution, error: string | undefined, cause: string | undefined): number {
    execution.cancellation.cancel({ status: 'ABORTED', ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) });
    return execution.stopDate ?? this.#house.kernel.now();
  }

  /** Resolves in the turn in which an execution ends. */
  ended(execution: Execution): Promise<void> {
    return execution.stopDate === undefined ? new Promise((resolve) => { execution.watchers.push(resolve); }) : Promise.resolve();
  }

  /** The execution that has a name already; on the way, those that AWS would have forgotten are. */
  #namesake(machine: StateMachine, name: string): Execution | undefined {
    const now = this.#house.kernel.now();
    for (const execution of machine.executions.values()) {
      if (!isForgotten(execution, now)) break;
      machine.executions.delete(execution.name);
    }
    const same = machine.executions.get(name);
    if (!same || !isForgotten(same, now)) return same;
    machine.executions.delete(name);
    return undefined;
  }

  #bind(machine: StateMachine, qualifier: string | undefined, arn: string): Binding {
    if (qualifier === undefined) return { revision: machine.revision, version: undefined, aliasArn: undefined };
    const alias = machine.aliases.get(qualifier);
    const { kernel, draws, settings } = this.#house;
    const version = alias ? drawVersion(readAlias(alias, kernel.now(), settings.states.aliasLagMs).routes, draws.number(`states:alias:${alias.arn}`)) : versionOf(machine, qualifier);
    if (!version) throw /^\d+$/.test(qualifier) ? noVersion(arn) : noAlias(arn);
    return { revision: version.revision, version, aliasArn: alias?.arn };
  }

  #admit(machine: StateMachine, name: string, input: string, traceHeader: string | undefined, binding: Binding): Execution {
    const execution: Execution = {
      ...binding, arn: executionArn(machine.arn, name), name, machine, input, traceHeader,
      ordinal: this.#started += 1,
      startDate: this.#house.kernel.now(),
      cancellation: new Cancellation(), watchers: [],
      status: 'RUNNING', stopDate: undefined, output: undefined, error: undefined, cause: undefined,
      events: [], point: undefined, redrives: 0, redriveDate: undefined, redriveToken: undefined,
    };
    machine.executions.set(name, execution);
    machine.running += 1;
    this.#tell(execution);
    return execution;
  }

  async #run(execution: Execution, redrive?: ExecutionRequest['redrive']): Promise<void> {
    const { arn, name, machine, revision, input, startDate, redriveDate } = execution;
    const { roleArn } = revision.source;
    const context = {
      Execution: { Id: arn, Name: name, RoleArn: roleArn, StartTime: new Date(startDate).toISOString(), RedriveCount: execution.redrives, ...(redriveDate !== undefined && { RedriveTime: new Date(redriveDate).toISOString() }) },
      StateMachine: { Id: machine.arn, Name: machine.name },
    };
    const outcome = await execute(revision.machine, { input, roleArn, context, ...(redrive && { redrive }) }, this.#port(execution), execution.cancellation);
    this.#end(execution, outcome);
  }

  #end(execution: Execution, outcome: Outcome): void {
    const { machine, name, version } = execution;
    execution.status = outcome.status;
    execution.stopDate = this.#house.kernel.now();
    if (outcome.status === 'SUCCEEDED') execution.output = outcome.output;
    else {
      execution.error = outcome.error;
      execution.cause = outcome.cause;
    }
    machine.running -= 1;
    const { status, error } = execution;
    this.#house.history.record('states:execution', `${machine.name}:${name}`, { status, ...(error !== undefined && { error }), ...(version && { version: version.number }) });
    this.#tell(execution);
    this.#archive.add(execution);
    this.#machines.settle(machine);
    for (const watcher of execution.watchers.splice(0)) watcher();
  }

  /** The world as the interpreter sees it: the kernel's clock, a stream of draws per execution, what tasks call. */
  #port(execution: Execution): ExecutionPort {
    const { kernel, draws } = this.#house;
    const { arn, machine } = execution;
    const log = logOf(this.#house, execution);
    return {
      now: () => kernel.now(),
      sleep: (ms: number, signal: CancelSignal) => new Promise((resolve) => {
        const timer = kernel.at(kernel.now() + ms, () => {
          leave();
          resolve();
        });
        const leave = signal.listen(() => { timer.cancel(); });
      }),
      random: () => draws.number(arn),
      uuid: () => draws.uuid(arn),
      objections: apiObjections,
      invokeTask: (call) => this.#integrations.run(this, execution, call),
      record: (event) => {
        execution.events?.push(event);
        log?.(event);
      },
      unfinished: (point) => { execution.point = point; },
      interrupted: () => (machine.status === 'DELETING' ? { error: 'States.Runtime', cause: `State machine ${machine.name} has been deleted` } : undefined),
    };
  }

  #tell(execution: Execution): void {
    // AWS documents no metric of redrives; their ends count like others.
    if (execution.status !== 'RUNNING' || execution.redrives === 0) this.#house.ports.metrics.put('AWS/States', measurements(execution));
    this.#house.ports.events.emit(statusChange(execution, this.#house.kernel.now()));
  }
}

function checkedInput(input: string): string {
  checkInputLength(input);
  const fault = input.trim() === '' ? { message: 'Invalid execution input.' } : findJsonFault(input);
  if (fault) throw refusal('InvalidExecutionInput', `Invalid State Machine Execution Input: '${fault.message}'`);
  return input;
}
