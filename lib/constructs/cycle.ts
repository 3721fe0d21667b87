import { CfnElement, Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';

/**
 * Refuses at synth what CloudFormation would refuse at deployment: an environment whose alarm watches, or whose workflow runs, a function
 * that in turn waits for the environment.
 */
export function refuseCycles(environment: Construct, resources: readonly CfnElement[]): void {
  environment.node.addValidation({
    validate: () => {
      const cycle = resources.map(cycleThrough).find((one) => one !== undefined);
      return cycle === undefined ? [] : [fault(BUILDING, 'SLUICE-CDK-9', { environment: environment.node.path, cycle: cycle.join(' -> ') }).message];
    },
  });
}

/** The logical ids of the shortest way from a resource back to itself in its stack; nothing when there is none. */
function cycleThrough(resource: CfnElement): string[] | undefined {
  const stack = Stack.of(resource);
  const start = String(stack.resolve(resource.logicalId));
  const edges = new Map(elementsOf(stack).map((element) => [String(stack.resolve(element.logicalId)), element]));
  const cameFrom = new Map<string, string>();
  const queue = [start];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const element = edges.get(next);
    if (element === undefined) continue;
    for (const target of referencesOf(stack.resolve((element as unknown as { _toCloudFormation(): object })._toCloudFormation()))) {
      if (target === start) return [...wayTo(next, cameFrom), start];
      if (cameFrom.has(target) || !edges.has(target)) continue;
      cameFrom.set(target, next);
      queue.push(target);
    }
  }
  return undefined;
}

function wayTo(end: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const way = [end];
  for (let before = cameFrom.get(end); before !== undefined; before = cameFrom.get(before)) way.unshift(before);
  return way;
}

function elementsOf(stack: Stack): CfnElement[] {
  return stack.node.findAll().filter((one): one is CfnElement => CfnElement.isCfnElement(one) && Stack.of(one) === stack);
}

/** The logical ids a resolved template fragment refers to. */
function referencesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(referencesOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]: [string, unknown]) => {
    if (key === 'Ref') return [String(member)];
    if (key === 'Fn::GetAtt') return [String(Array.isArray(member) ? member[0] : member)];
    if (key === 'DependsOn') return [member].flat().map(String);
    return referencesOf(member);
  });
}
