import type { ExtensionContent, ExtensionSubject } from './actions.ts';
import type { ActionPoint, BoundExtension } from './state.ts';

/**
 * What an action is told. PRE_CREATE's members and their order are as recorded; the other points' are those of AWS's user
 * guide: they add environment, deployment number and version, and AT_DEPLOYMENT_TICK the state and the percentage as text.
 */
export function eventOf(point: ActionPoint, subject: ExtensionSubject, bound: BoundExtension, invocationId: string, content?: ExtensionContent): Readonly<Record<string, unknown>> {
  const { application, environment, profile, deployment, description } = subject;
  const shown = point.startsWith('PRE_') ? content : undefined;
  return {
    InvocationId: invocationId,
    Parameters: bound.parameters,
    Type: typeOf(point),
    Application: { Id: application.id, Name: application.name },
    ...(environment && { Environment: { Id: environment.id, Name: environment.name } }),
    ConfigurationProfile: { Id: profile.id, Name: profile.name },
    ...(shown && { Content: base64(shown.content), ContentType: shown.contentType, ContentVersion: shown.contentVersion }),
    ...(deployment && { DeploymentNumber: deployment.number, ConfigurationVersion: deployment.configurationVersion }),
    ...(deployment?.state !== undefined && { DeploymentState: deployment.state }),
    ...(deployment?.percentage !== undefined && { PercentageComplete: decimal(deployment.percentage) }),
    ...(description !== undefined && { Description: description }),
    ...(shown?.previous && { PreviousContent: { ContentType: shown.previous.contentType, ContentVersion: shown.previous.contentVersion, Content: base64(shown.previous.content) } }),
    ...(point === 'PRE_CREATE_HOSTED_CONFIGURATION_VERSION' && { ConfigurationProfileType: profile.type }),
  };
}

/** A point's name as events write it: `PreStartDeployment`. */
export function typeOf(point: ActionPoint): string {
  return point.split('_').map((word) => word.charAt(0) + word.slice(1).toLowerCase()).join('');
}

function base64(content: Uint8Array): string {
  return Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('base64');
}

/** `75.0`: at least one decimal. */
function decimal(percentage: number): string {
  return Number.isInteger(percentage) ? percentage.toFixed(1) : String(percentage);
}
