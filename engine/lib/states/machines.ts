import type { House } from '../ports.ts';
import type { Alias } from './alias.ts';
import { machineAddress, type MachineAddress } from './arn.ts';
import { noMachine, noResource, refusal } from './refusal.ts';
import type { StateMachine, Version } from './stateMachine.ts';

/** The state machines of the account. */
export class Machines {
  readonly #house: House;
  /** By unqualified ARN. */
  readonly #all: Map<string, StateMachine> = new Map();

  constructor(house: House) {
    this.#house = house;
  }

  /** The ARN a machine of this name has. */
  arnOf(name: string): string {
    return `arn:aws:states:${this.#house.region}:${this.#house.account}:stateMachine:${name}`;
  }

  /** In the order of their names. */
  list(): StateMachine[] {
    return [...this.#all.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  add(machine: StateMachine): void {
    this.#all.set(machine.arn, machine);
  }

  /** The machine an unqualified ARN names; undefined when there is none. Throws InvalidArn. */
  peek(arn: string): StateMachine | undefined {
    machineAddress(arn);
    return this.#all.get(arn);
  }

  /** As `peek`, but throws StateMachineDoesNotExist. */
  find(arn: string): StateMachine {
    const machine = this.peek(arn);
    if (!machine) throw noMachine(arn);
    return machine;
  }

  /** As `find`, for an operation that changes the machine: throws StateMachineDeleting too. */
  findActive(arn: string): StateMachine {
    const machine = this.find(arn);
    if (machine.status === 'DELETING') throw deleting(machine);
    return machine;
  }

  /** The machine a qualified or unqualified ARN belongs to. Throws InvalidArn and StateMachineDoesNotExist. */
  owner(arn: string): { readonly machine: StateMachine; readonly address: MachineAddress } {
    const address = machineAddress(arn);
    const machine = this.#all.get(address.machineArn);
    if (!machine) throw noMachine(arn);
    return { machine, address };
  }

  /** The alias an ARN names, with its machine. Throws InvalidArn and ResourceNotFound. */
  alias(arn: string): { readonly machine: StateMachine; readonly alias: Alias } {
    const { machineArn, qualifier = '' } = machineAddress(arn);
    const machine = this.#all.get(machineArn);
    const alias = machine?.aliases.get(qualifier);
    if (!machine || !alias) throw noResource(arn);
    return { machine, alias };
  }

  /** Begins the end of a machine: it is gone, with its executions, once none of them runs and the lag has passed. */
  retire(machine: StateMachine): void {
    if (machine.status === 'DELETING') return;
    machine.status = 'DELETING';
    this.#house.history.record('states:machine', machine.name, { status: 'DELETING' });
    this.settle(machine);
  }

  /** To be called when an execution of a machine has ended. */
  settle(machine: StateMachine): void {
    if (machine.status !== 'DELETING' || machine.running > 0) return;
    const { kernel, settings, history } = this.#house;
    kernel.at(kernel.now() + settings.states.deletionLagMs, () => {
      this.#all.delete(machine.arn);
      history.record('states:machine', machine.name, { status: 'DELETED' });
    });
  }
}

/** The refusal of changing or starting a machine that is on its way out. */
export function deleting(machine: StateMachine): Error {
  return refusal('StateMachineDeleting', `State Machine is being deleted: '${machine.arn}'`);
}

/** The version a qualifier names. */
export function versionOf(machine: StateMachine, qualifier: string | undefined): Version | undefined {
  return qualifier !== undefined && /^[1-9]\d*$/.test(qualifier) ? machine.versions.get(Number(qualifier)) : undefined;
}
