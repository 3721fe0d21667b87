import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { readAlias, writeAlias, type Alias } from './alias.ts';
import { machineAddress } from './arn.ts';
import { checkAliasName, checkDescription } from './constraint.ts';
import { deleting, versionOf, type Machines } from './machines.ts';
import { pageOf, type PageRequest } from './page.ts';
import { invalid, noResource, quotaExceeded, refusal } from './refusal.ts';
import { checkedRoutes, checkOwner, describeRoutes, sameRoutes, type RouteInput } from './routing.ts';

interface CreateInput {
  readonly name: string;
  readonly description?: string;
  readonly routingConfiguration: readonly RouteInput[];
}

interface AliasInput {
  readonly stateMachineAliasArn: string;
}

interface UpdateInput extends AliasInput {
  readonly description?: string;
  readonly routingConfiguration?: readonly RouteInput[];
}

const MOST_ALIASES = 100;

/** Aliases: created, shifted, described, deleted, listed. */
export function aliasOperations(house: House, machines: Machines): Service['operations'] {
  return {
    CreateStateMachineAlias: (input: CreateInput) => create(house, machines, input),
    UpdateStateMachineAlias: (input: UpdateInput) => update(house, machines, input),
    DescribeStateMachineAlias: ({ stateMachineAliasArn }: AliasInput) => describe(house, machines.alias(stateMachineAliasArn).alias),
    DeleteStateMachineAlias({ stateMachineAliasArn }: AliasInput) {
      const { machineArn, qualifier = '' } = machineAddress(stateMachineAliasArn);
      if (machines.peek(machineArn)?.aliases.delete(qualifier)) house.history.record('states:alias', stateMachineAliasArn, { status: 'DELETED' });
    },
    ListStateMachineAliases: (input: { readonly stateMachineArn: string } & PageRequest) => list(machines, input),
  };
}

function create(house: House, machines: Machines, { name, description, routingConfiguration }: CreateInput): Record<string, unknown> {
  checkAliasName(name);
  checkDescription(description, 'description');
  const { machine, routes } = checkedRoutes(machines, routingConfiguration);
  if (machine.status === 'DELETING') throw deleting(machine);
  const existing = machine.aliases.get(name);
  if (existing) {
    if (sameRoutes(existing.content.routes, routes) && existing.content.description === description) return created(existing);
    throw refusal('ConflictException', 'Failed to create alias because an alias with the same name and a different routing configuration already exists.');
  }
  if (machine.aliases.size >= MOST_ALIASES) throw quotaExceeded(`aliases of ${machine.name}`, MOST_ALIASES);
  const alias: Alias = {
    arn: `${machine.arn}:${name}`, name, creationDate: house.kernel.now(),
    content: { routes, description, updateDate: undefined }, earlier: [],
  };
  machine.aliases.set(name, alias);
  record(house, alias, 'CREATED');
  return created(alias);
}

function created(alias: Alias): Record<string, unknown> {
  return { stateMachineAliasArn: alias.arn, creationDate: alias.creationDate };
}

function update(house: House, machines: Machines, { stateMachineAliasArn, description, routingConfiguration }: UpdateInput): Record<string, unknown> {
  if (description === undefined && routingConfiguration === undefined) throw invalid('Either description or routing configuration must be specified', 'MISSING_REQUIRED_PARAMETER');
  checkDescription(description, 'description');
  const { machine, alias } = machines.alias(stateMachineAliasArn);
  if (machine.status === 'DELETING') throw deleting(machine);
  const asked = routingConfiguration && checkedRoutes(machines, routingConfiguration);
  if (asked) checkOwner(alias, machine, asked.machine, routingConfiguration);
  const updateDate = house.kernel.now();
  const content = { routes: asked?.routes ?? alias.content.routes, description: description ?? alias.content.description, updateDate };
  writeAlias(alias, content, house.settings.states.aliasLagMs);
  record(house, alias, 'UPDATED');
  return { updateDate };
}

function describe(house: House, alias: Alias): Record<string, unknown> {
  const { routes, description, updateDate } = readAlias(alias, house.kernel.now(), house.settings.states.aliasLagMs);
  return {
    stateMachineAliasArn: alias.arn,
    name: alias.name,
    ...(description !== undefined && { description }),
    routingConfiguration: describeRoutes(routes),
    creationDate: alias.creationDate,
    ...(updateDate !== undefined && { updateDate }),
  };
}

function list(machines: Machines, input: { readonly stateMachineArn: string } & PageRequest): Record<string, unknown> {
  const { machine, address } = machines.owner(input.stateMachineArn);
  const version = versionOf(machine, address.qualifier);
  if (address.qualifier !== undefined && !version) throw noResource(input.stateMachineArn);
  const byName = [...machine.aliases.values()].filter(({ content }) => !version || content.routes.some((route) => route.version === version)).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const { items, nextToken } = pageOf(`aliases of ${input.stateMachineArn}`, byName, input, ({ name }) => name);
  const stateMachineAliases = items.map(({ arn, creationDate }) => ({ stateMachineAliasArn: arn, creationDate }));
  return { stateMachineAliases, ...(nextToken !== undefined && { nextToken }) };
}

function record(house: House, alias: Alias, status: string): void {
  house.history.record('states:alias', alias.arn, { status, routes: alias.content.routes.map(({ version, weight }) => [version.number, weight]) });
}
