import type { Service } from '../wire/index.ts';
import type { Workshop } from './operation.ts';
import { pageOf } from './page.ts';
import { invalid } from './refusal.ts';
import { eventShape, resourceShape } from './shape.ts';
import type { Stack, StackResource } from './stack.ts';

interface OnStack {
  readonly StackName: string;
  readonly NextToken?: string;
}

interface OnResource extends OnStack {
  readonly LogicalResourceId: string;
}

/** The operations on a stack's resources, events and exports. */
export function resourceOperations({ stacks }: Workshop): Service['operations'] {
  const list = (stack: Stack): StackResource[] => [...stack.resources.values()].sort((one, other) => (one.id < other.id ? -1 : 1));
  const inStack = (stack: Stack): Record<string, unknown> => ({ StackName: stack.name, StackId: stack.id });
  return {
    DescribeStackEvents({ StackName, NextToken: token }: OnStack) {
      const stack = stacks.find(StackName);
      const { items, next } = pageOf(stack.events.toReversed(), token);
      return { StackEvents: items.map((event) => eventShape(stack, event)), ...next };
    },
    DescribeStackResource({ StackName, LogicalResourceId: id }: OnResource) {
      const stack = stacks.find(StackName);
      const resource = stack.resources.get(id);
      if (!resource) throw invalid(`Resource ${id} does not exist for stack ${stack.name}`);
      const metadata = resource.metadata === undefined ? {} : { Metadata: JSON.stringify(resource.metadata) };
      return { StackResourceDetail: { ...inStack(stack), ...resourceShape(resource, 'LastUpdatedTimestamp'), ...metadata } };
    },
    DescribeStackResources({ StackName, LogicalResourceId: id, PhysicalResourceId: physical }: { readonly StackName?: string; readonly LogicalResourceId?: string; readonly PhysicalResourceId?: string }) {
      const owner = physical === undefined ? undefined : stacks.live().find((stack) => list(stack).some(({ physicalId }) => physicalId === physical));
      if (physical !== undefined && !owner) throw invalid(`Stack for ${physical} does not exist`);
      const stack = owner ?? stacks.find(StackName);
      const found = list(stack).filter((resource) => (id ?? resource.id) === resource.id);
      return { StackResources: found.map((resource) => ({ ...inStack(stack), ...resourceShape(resource, 'Timestamp') })) };
    },
    ListStackResources({ StackName, NextToken: token }: OnStack) {
      const { items, next } = pageOf(list(stacks.find(StackName)), token);
      return { StackResourceSummaries: items.map((resource) => resourceShape(resource, 'LastUpdatedTimestamp')), ...next };
    },
    ListExports({ NextToken: token }: { readonly NextToken?: string }) {
      const all = stacks.live().flatMap((stack) => stack.outputs.flatMap(({ exportName, value }) => (exportName === undefined ? [] : [{ ExportingStackId: stack.id, Name: exportName, Value: value }])));
      const { items, next } = pageOf(all.sort((one, other) => (one.Name < other.Name ? -1 : 1)), token);
      return { Exports: items, ...next };
    },
    ListImports({ ExportName: name, NextToken: token }: { readonly ExportName: string; readonly NextToken?: string }) {
      const found = stacks.importers(name);
      if (found.length === 0) throw invalid(`Export '${name}' is not imported by any stack.`);
      const { items, next } = pageOf(found.map((stack) => stack.name), token);
      return { Imports: items, ...next };
    },
  };
}
