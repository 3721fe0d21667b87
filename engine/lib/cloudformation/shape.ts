import type { ChangeSet, ResourceChange, Stack, StackEvent, StackResource } from './stack.ts';
import type { ParameterValue } from './template/parameters.ts';

/** A stack as DescribeStacks shows it. */
export function stackShape(stack: Stack): Record<string, unknown> {
  const { request } = stack;
  return {
    StackName: stack.name,
    StackId: stack.id,
    CreationTime: stack.created,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    ChangeSetId: stack.changeSetId,
    Description: request.description,
    Parameters: parametersShape(request.parameters),
    Outputs: stack.outputs.map(({ key, value, description, exportName }) => ({ OutputKey: key, OutputValue: value, Description: description, ExportName: exportName })),
    Tags: request.tags,
    Capabilities: request.capabilities,
    NotificationARNs: request.notificationArns,
    RoleARN: request.roleArn,
    DisableRollback: stack.disableRollback,
    TimeoutInMinutes: stack.timeoutMinutes,
    EnableTerminationProtection: stack.terminationProtection,
    RollbackConfiguration: {},
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    DeploymentConfig: { Mode: 'STANDARD', DisableRollback: stack.disableRollback },
    LastOperations: stack.lastOperations,
  };
}

/** A stack as ListStacks shows it. */
export function stackSummary(stack: Stack): Record<string, unknown> {
  return {
    StackName: stack.name,
    StackId: stack.id,
    TemplateDescription: stack.request.description,
    CreationTime: stack.created,
    LastUpdatedTime: stack.updatedAt,
    DeletionTime: stack.deletedAt,
    StackStatus: stack.status,
    StackStatusReason: stack.reason,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
    LastOperations: stack.lastOperations,
  };
}

/** Parameters as stacks and change sets show them; secrets are not shown. */
export function parametersShape(parameters: ReadonlyMap<string, ParameterValue>): Record<string, unknown>[] {
  return [...parameters.values()].map(({ key, text, resolved, noEcho }) => ({
    ParameterKey: key,
    ParameterValue: noEcho ? '****' : text,
    ...(resolved !== undefined && { ResolvedValue: resolved }),
  }));
}

/** An event as DescribeStackEvents shows it. */
export function eventShape(stack: Stack, event: StackEvent): Record<string, unknown> {
  return {
    StackId: stack.id,
    StackName: stack.name,
    EventId: event.eventId,
    OperationId: event.operationId,
    LogicalResourceId: event.logicalId,
    PhysicalResourceId: event.physicalId,
    ResourceType: event.type,
    Timestamp: event.time,
    ResourceStatus: event.status,
    ResourceStatusReason: event.reason,
    ResourceProperties: event.properties,
    ClientRequestToken: event.token,
  };
}

/** A resource as the calls on resources show it; `time` is the name they give the time. */
export function resourceShape(resource: StackResource, time: 'Timestamp' | 'LastUpdatedTimestamp'): Record<string, unknown> {
  return {
    LogicalResourceId: resource.id,
    PhysicalResourceId: resource.physicalId,
    ResourceType: resource.type,
    [time]: resource.updated,
    ResourceStatus: resource.status,
    ResourceStatusReason: resource.reason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

/** A change set as DescribeChangeSet shows it, without its changes. */
export function changeSetShape(stack: Stack, set: ChangeSet): Record<string, unknown> {
  return {
    ...changeSetSummary(stack, set),
    Parameters: parametersShape(set.request.parameters),
    NotificationARNs: set.request.notificationArns,
    RollbackConfiguration: {},
    Capabilities: set.request.capabilities,
    Tags: set.request.tags,
    OnStackFailure: set.onFailure,
  };
}

/** A change set as ListChangeSets shows it. */
export function changeSetSummary(stack: Stack, set: ChangeSet): Record<string, unknown> {
  return {
    StackId: stack.id,
    StackName: stack.name,
    ChangeSetId: set.id,
    ChangeSetName: set.name,
    Description: set.description,
    CreationTime: set.created,
    Status: set.status,
    StatusReason: set.reason,
    ExecutionStatus: set.execution,
    IncludeNestedStacks: false,
  };
}

/** A change as a change set shows it; values of properties only where they are asked for. */
export function changeShape(change: ResourceChange, values: boolean): Record<string, unknown> {
  const context = (properties: ResourceChange['before']): string | undefined => (values && properties ? JSON.stringify({ Properties: properties }) : undefined);
  return {
    Type: 'Resource',
    ResourceChange: {
      PolicyAction: change.policy,
      Action: change.action,
      LogicalResourceId: change.id,
      PhysicalResourceId: change.physicalId,
      ResourceType: change.type,
      Replacement: change.replacement,
      Scope: change.scope,
      Details: change.details.map(({ attribute, name, recreation, evaluation, source, cause }) => ({
        Target: { Attribute: attribute, Name: name, RequiresRecreation: recreation },
        Evaluation: evaluation,
        ChangeSource: source,
        CausingEntity: cause,
      })),
      BeforeContext: context(change.before),
      AfterContext: context(change.after),
    },
  };
}
