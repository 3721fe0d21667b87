import type { ActionInvocation, BoundExtension, Deployment, DeploymentEvent, DeploymentState, Environment } from './state.ts';

/** Whether a deployment occupies its environment. */
export function isUnderWay(state: DeploymentState): boolean {
  return state === 'VALIDATING' || state === 'DEPLOYING' || state === 'BAKING' || state === 'ROLLING_BACK';
}

/** The deployment that occupies an environment, if one does. */
export function underWayIn(environment: Environment): Deployment | undefined {
  const newest = environment.deployments.get(environment.deployments.size);
  return newest && isUnderWay(newest.state) ? newest : undefined;
}

/** A deployment as Start-, Get- and StopDeployment answer it. */
export function deploymentShape(deployment: Deployment): Record<string, unknown> {
  const { strategy } = deployment;
  return {
    ApplicationId: deployment.applicationId,
    EnvironmentId: deployment.environmentId,
    DeploymentStrategyId: deployment.strategyId,
    ConfigurationProfileId: deployment.profileId,
    DeploymentNumber: deployment.number,
    ConfigurationName: deployment.configurationName,
    ConfigurationLocationUri: deployment.locationUri,
    ConfigurationVersion: deployment.configurationVersion,
    ...(deployment.description && { Description: deployment.description }),
    DeploymentDurationInMinutes: strategy.durationMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.bakeMinutes,
    State: deployment.state,
    EventLog: deployment.events.map(eventShape),
    PercentageComplete: deployment.percentage,
    StartedAt: deployment.startedAt,
    CompletedAt: deployment.completedAt,
    AppliedExtensions: deployment.extensions.map(extensionShape),
    KmsKeyArn: deployment.kmsKeyArn,
    KmsKeyIdentifier: deployment.kmsKeyIdentifier,
    VersionLabel: deployment.versionLabel,
  };
}

/** A deployment as ListDeployments answers it. */
export function deploymentSummary(deployment: Deployment): Record<string, unknown> {
  const { strategy } = deployment;
  return {
    DeploymentNumber: deployment.number,
    ConfigurationProfileId: deployment.profileId,
    ConfigurationName: deployment.configurationName,
    ConfigurationVersion: deployment.configurationVersion,
    DeploymentDurationInMinutes: strategy.durationMinutes,
    GrowthType: strategy.growthType,
    GrowthFactor: strategy.growthFactor,
    FinalBakeTimeInMinutes: strategy.bakeMinutes,
    State: deployment.state,
    PercentageComplete: deployment.percentage,
    StartedAt: deployment.startedAt,
    CompletedAt: deployment.completedAt,
    VersionLabel: deployment.versionLabel,
    Type: 'USER',
  };
}

function eventShape(event: DeploymentEvent): Record<string, unknown> {
  return {
    EventType: event.type,
    TriggeredBy: event.triggeredBy,
    Description: event.description,
    ...(event.actionInvocations && event.actionInvocations.length > 0 && { ActionInvocations: event.actionInvocations.map(invocationShape) }),
    OccurredAt: event.occurredAt,
  };
}

function invocationShape(invocation: ActionInvocation): Record<string, unknown> {
  return {
    ExtensionIdentifier: invocation.extensionIdentifier,
    ActionName: invocation.actionName,
    Uri: invocation.uri,
    RoleArn: invocation.roleArn,
    ErrorMessage: invocation.errorMessage,
    ErrorCode: invocation.errorCode,
    InvocationId: invocation.invocationId,
  };
}

function extensionShape(extension: BoundExtension): Record<string, unknown> {
  return {
    ExtensionId: extension.extensionId,
    ExtensionAssociationId: extension.associationId,
    VersionNumber: extension.versionNumber,
    Parameters: extension.parameters,
  };
}
