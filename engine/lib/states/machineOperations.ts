import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { machineAddress } from './arn.ts';
import { definitionWarnings, type Offers } from './asl/index.ts';
import { checkManagedRule } from './child.ts';
import { checkConfiguration, configured, definitionFindings, sameConfiguration, type ConfigurationInput } from './configuration.ts';
import { checkDescription, checkEnumeration, checkName } from './constraint.ts';
import { describeMachine, describeVersion } from './description.ts';
import { deleting, versionOf, type Machines } from './machines.ts';
import { pageOf, type PageRequest } from './page.ts';
import { publish } from './publication.ts';
import { invalid, noMachine, noVersion, refusal, violation } from './refusal.ts';
import { Revision, type StateMachine, type Version } from './stateMachine.ts';
import { checkedTags, type Tag } from './tags.ts';

interface PublishInput {
  readonly publish?: boolean;
  readonly versionDescription?: string;
}

interface CreateInput extends ConfigurationInput, PublishInput {
  readonly name: string;
  readonly type?: 'STANDARD' | 'EXPRESS';
  readonly tags?: readonly Tag[];
}

interface MachineInput {
  readonly stateMachineArn: string;
}

interface DescribeInput extends MachineInput {
  readonly includedData?: string;
}

interface ValidateInput {
  readonly definition: string;
  readonly type?: 'STANDARD' | 'EXPRESS';
  readonly severity?: 'ERROR' | 'WARNING';
  readonly maxResults?: number;
}

const TYPES = ['STANDARD', 'EXPRESS'];
const MOST_DIAGNOSTICS = 100;

/** State machines: created, revised, described, deleted, listed, validated. */
export function machineOperations(house: House, machines: Machines, offers: Offers): Service['operations'] {
  return {
    CreateStateMachine: (input: CreateInput) => create(house, machines, offers, input),
    UpdateStateMachine: (input: MachineInput & ConfigurationInput & PublishInput) => update(house, machines.findActive(input.stateMachineArn), offers, input),
    DescribeStateMachine: (input: DescribeInput) => describe(machines, input),
    DeleteStateMachine: ({ stateMachineArn }: MachineInput) => {
      if (machineAddress(stateMachineArn).qualifier !== undefined) throw invalid(`DeleteStateMachine takes an unqualified state machine ARN, got ${stateMachineArn}; delete versions and aliases by operations of their own`);
      const machine = machines.peek(stateMachineArn);
      if (machine) machines.retire(machine);
    },
    ListStateMachines: (input: PageRequest) => {
      const { items, nextToken } = pageOf('machines', machines.list(), input, ({ name }) => name);
      const stateMachines = items.map(({ arn, name, creationDate }) => ({ stateMachineArn: arn, name, type: 'STANDARD', creationDate }));
      return { stateMachines, ...(nextToken !== undefined && { nextToken }) };
    },
    ValidateStateMachineDefinition: validate,
  };
}

function create(house: House, machines: Machines, offers: Offers, input: CreateInput): Record<string, unknown> {
  checkName(input.name);
  checkEnumeration(input.type, 'type', TYPES);
  checkPublication(input);
  const tags = checkedTags(input.tags ?? [], machines.arnOf(input.name));
  checkConfiguration(input, offers, input.type);
  checkManagedRule(house, machines.arnOf(input.name), input.definition ?? '', input.roleArn ?? '');
  const existing = machines.peek(machines.arnOf(input.name));
  if (existing) return created(existing, sameCreation(existing, input));
  const now = house.kernel.now();
  const machine: StateMachine = {
    arn: machines.arnOf(input.name), name: input.name, creationDate: now,
    status: 'ACTIVE',
    revision: new Revision(undefined, configured(input), now),
    versions: new Map(), lastVersion: 0, aliases: new Map(), tags, executions: new Map(), running: 0,
  };
  machines.add(machine);
  house.history.record('states:machine', machine.name, { status: 'CREATED' });
  return created(machine, input.publish ? publish(house, machine, input.versionDescription) : undefined);
}

function created(machine: StateMachine, version: Version | undefined): Record<string, unknown> {
  return { stateMachineArn: machine.arn, creationDate: machine.creationDate, ...(version && { stateMachineVersionArn: version.arn }) };
}

/**
 * A second creation is answered like the first when it asks for the same; role and tags are not compared. Recorded: what
 * counts is the current definition and whether version 1 is there, with its description, however it was published.
 */
function sameCreation(machine: StateMachine, input: CreateInput): Version | undefined {
  if (machine.status === 'DELETING') throw deleting(machine);
  const exists = (what: string): Error => refusal('StateMachineAlreadyExists', `State Machine Already Exists: ${what}`);
  if (!sameConfiguration({ ...configured(input), roleArn: '' }, { ...machine.revision.source, roleArn: '' })) throw exists(`'${machine.arn}'`);
  const first = machine.versions.get(1);
  if (!input.publish) {
    if (first) throw exists('This state machine was already created with a published version.');
    return undefined;
  }
  if (!first) throw exists(`'${machine.arn}'`);
  if ((first.description ?? '') !== (input.versionDescription ?? '')) throw exists('This state machine was already created with a published version using a different description.');
  return first;
}

function update(house: House, machine: StateMachine, offers: Offers, input: ConfigurationInput & PublishInput): Record<string, unknown> {
  const { definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration } = input;
  if ([definition, roleArn, loggingConfiguration, tracingConfiguration, encryptionConfiguration].every((part) => part === undefined)) {
    throw refusal('MissingRequiredParameter', 'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified');
  }
  checkPublication(input);
  checkConfiguration(input, offers);
  const source = configured(input, machine.revision.source);
  checkManagedRule(house, machine.arn, source.definition, source.roleArn);
  if (!sameConfiguration(source, machine.revision.source)) {
    machine.revision = new Revision(house.draws.uuid(`states:revision:${machine.name}`), source, house.kernel.now());
    house.history.record('states:machine', machine.name, { status: 'REVISED' });
  }
  const version = input.publish ? publish(house, machine, input.versionDescription) : undefined;
  const { id, date } = machine.revision;
  return { updateDate: date, ...(id !== undefined && { revisionId: id }), ...(version && { stateMachineVersionArn: version.arn }) };
}

function checkPublication({ publish: published, versionDescription }: PublishInput): void {
  checkDescription(versionDescription, 'versionDescription');
  if (versionDescription !== undefined && !published) throw invalid('Version description can only be set when publish is true');
}

function describe(machines: Machines, { stateMachineArn, includedData }: DescribeInput): Record<string, unknown> {
  const { machine, address } = machines.owner(stateMachineArn);
  if (address.qualifier === undefined) return describeMachine(machine, includedData);
  const version = versionOf(machine, address.qualifier);
  if (!version) throw /^\d+$/.test(address.qualifier) ? noVersion(stateMachineArn) : noMachine(stateMachineArn);
  return describeVersion(machine, version, includedData);
}

function validate({ definition, type, severity = 'ERROR', maxResults = 0 }: ValidateInput): Record<string, unknown> {
  checkEnumeration(type, 'type', TYPES);
  checkEnumeration(severity, 'severity', ['ERROR', 'WARNING']);
  if (maxResults < 0 || maxResults > MOST_DIAGNOSTICS) {
    throw violation(String(maxResults), 'maxResults', `Member must have value ${maxResults < 0 ? 'greater than or equal to 0' : `less than or equal to ${MOST_DIAGNOSTICS}`}`);
  }
  const errors = definitionFindings(definition, type);
  const readable = !errors.some(({ code }) => code === 'INVALID_JSON_DESCRIPTION') && definition.trim() !== '';
  const all = severity === 'WARNING' && readable ? [...errors, ...definitionWarnings(definition)] : errors;
  const most = maxResults || MOST_DIAGNOSTICS;
  return { result: errors.length > 0 ? 'FAIL' : 'OK', diagnostics: all.slice(0, most), truncated: all.length > most };
}
