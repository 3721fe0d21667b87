import type { House } from '../ports.ts';
import type { ActionInvocation, ActionPoint, AppConfigState, Application, BoundExtension, Environment, Profile } from './state.ts';

/** What actions are run for: a version about to be created, or a deployment. */
export interface ExtensionSubject {
  readonly application: Application;
  readonly profile: Profile;
  /** Absent for PRE_CREATE_HOSTED_CONFIGURATION_VERSION. */
  readonly environment?: Environment;
  readonly description?: string;
  /** The associations to run, from `extensionsOf`; a deployment keeps those of its start. */
  readonly extensions: readonly BoundExtension[];
  /** Only of a deployment. */
  readonly deployment?: DeploymentFacts;
}

/** What an action is told about a deployment. */
export interface DeploymentFacts {
  readonly number: number;
  readonly configurationVersion: string;
  /** For AT_DEPLOYMENT_TICK. */
  readonly state?: string;
  /** 0-100, for AT_DEPLOYMENT_TICK. */
  readonly percentage?: number;
}

/** The content a synchronous action is shown and may rewrite. */
export interface ExtensionContent {
  readonly content: Uint8Array;
  readonly contentType: string;
  /** The version's number (or, of a sourced profile, its version) as text. */
  readonly contentVersion: string;
  /** The version before it; PRE_CREATE only. */
  readonly previous?: { readonly content: Uint8Array; readonly contentType: string; readonly contentVersion: string };
}

/** What became of running the actions of one point. */
export interface ExtensionOutcome {
  /** As given, or as the last action rewrote it; absent when no content was given. */
  readonly content?: ExtensionContent;
  readonly invocations: readonly ActionInvocation[];
  /** Only of AT_DEPLOYMENT_TICK: the first answer that was not CONTINUE. */
  readonly rollBack?: { readonly reason: string; readonly failed: boolean };
}

/**
 * The associations on application, environment and profile, in the order of their creation, with parameters resolved.
 * Dynamic parameters (`<extension>#<parameter>`, the extension by id or name) win over the association's own; a key that names
 * no associated extension's dynamic parameter is refused with BadRequestException.
 */
export function extensionsOf(house: House, state: AppConfigState, on: Pick<ExtensionSubject, 'application' | 'environment' | 'profile'>, dynamic: Readonly<Record<string, string>> = {}): readonly BoundExtension[] {
  void [house, state, on, dynamic];
  return [];
}

/**
 * Runs the actions of one point. PRE_* are invoked in series, each receiving the output of the one before, and may rewrite the
 * content or refuse: a refusal, a failure or an overrun of the deadline throws BadRequestException. ON_* are sent off and
 * never fail. AT_DEPLOYMENT_TICK is invoked in series until one does not answer CONTINUE.
 */
export async function runExtensions(house: House, point: ActionPoint, subject: ExtensionSubject, content?: ExtensionContent): Promise<ExtensionOutcome> {
  void [house, point, subject];
  return { ...(content && { content }), invocations: [] };
}
