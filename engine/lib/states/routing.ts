import type { Alias, Route } from './alias.ts';
import { machineAddress } from './arn.ts';
import { versionOf, type Machines } from './machines.ts';
import { invalid, noResource, violation } from './refusal.ts';
import type { StateMachine } from './stateMachine.ts';

/** One entry of a routing configuration as requests write it. */
export interface RouteInput {
  readonly stateMachineVersionArn: string;
  readonly weight: number;
}

const MOST_ROUTES = 2;
const REASON = 'INVALID_ROUTING_CONFIGURATION';

/** The routes a request asks for, and the machine they belong to; throws ValidationException and ResourceNotFound. */
export function checkedRoutes(machines: Machines, input: readonly RouteInput[]): { readonly machine: StateMachine; readonly routes: readonly Route[] } {
  checkShape(input);
  const arns = input.map((route) => route.stateMachineVersionArn);
  const received = `Received: [${arns.join(', ')}]`;
  const addresses = arns.map((arn) => machineAddress(arn));
  if (addresses.some(({ qualifier = '' }) => !/^\d+$/.test(qualifier))) throw invalid(`Routing configuration must contain state machine version ARNs. ${received}`, REASON);
  if (new Set(arns).size < arns.length) throw invalid(`Routing configuration must contain distinct state machine version ARNs. ${received}`, REASON);
  if (new Set(addresses.map(({ machineArn }) => machineArn)).size > 1) throw invalid(`Routing configuration must contain state machine version ARNs for the same state machine. ${received}`, REASON);
  const weights = input.map(({ weight }) => weight);
  if (weights.reduce((sum, weight) => sum + weight, 0) !== 100) throw invalid(`Sum of routing configuration weights must equal 100. Received: [${weights.join(', ')}]`, REASON);
  const machine = machines.peek(addresses[0]!.machineArn);
  if (!machine) throw noResource(arns[0]!);
  const routes = input.map(({ stateMachineVersionArn, weight }, at) => {
    const version = versionOf(machine, addresses[at]!.qualifier);
    if (!version) throw noResource(stateMachineVersionArn);
    return { version, weight };
  });
  return { machine, routes };
}

/** Refuses a routing configuration for an alias of another machine. */
export function checkOwner(alias: Alias, owner: StateMachine, machine: StateMachine, input: readonly RouteInput[]): void {
  if (owner === machine) return;
  const received = input.map(({ stateMachineVersionArn }) => stateMachineVersionArn).join(', ');
  throw invalid(`Routing configuration of ${alias.name} must contain state machine version ARNs for the same state machine. Received: [${received}]`, REASON);
}

/** A routing configuration as answers write it. */
export function describeRoutes(routes: readonly Route[]): RouteInput[] {
  return routes.map(({ version, weight }) => ({ stateMachineVersionArn: version.arn, weight }));
}

/** Whether two routing configurations send the same shares to the same versions, in the same order. */
export function sameRoutes(one: readonly Route[], other: readonly Route[]): boolean {
  return one.length === other.length && one.every(({ version, weight }, at) => other[at]!.version === version && other[at]!.weight === weight);
}

function checkShape(input: readonly RouteInput[]): void {
  const text = (): string => `[${input.map(({ stateMachineVersionArn, weight }) => `RoutingConfigurationListItem(stateMachineVersionArn=${stateMachineVersionArn}, weight=${weight})`).join(', ')}]`;
  if (input.length === 0) throw violation('[]', 'routingConfiguration', 'Member must have length greater than or equal to 1');
  if (input.length > MOST_ROUTES) throw violation(text(), 'routingConfiguration', `Member must have length less than or equal to ${MOST_ROUTES}`);
  for (const [at, { weight }] of input.entries()) {
    const member = `routingConfiguration.${at + 1}.member.weight`;
    if (weight > 100) throw violation(String(weight), member, 'Member must have value less than or equal to 100');
    if (weight < 0) throw violation(String(weight), member, 'Member must have value greater than or equal to 0');
  }
}
