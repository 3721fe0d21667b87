import type { House } from '../ports.ts';
import { ask, invokerOf, PRINCIPAL, refusalOf, type Answer } from './answer.ts';
import { applicationPath, arnOf, environmentPath, profilePath } from './arn.ts';
import { associationArn } from './associations.ts';
import { authored } from './authored.ts';
import { eventOf, typeOf } from './event.ts';
import { extensionArn } from './extensions.ts';
import { badRequest } from './refusal.ts';
import type { Action, ActionInvocation, ActionPoint, AppConfigState, Application, BoundExtension, Environment, Profile } from './state.ts';

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
  const places = [applicationPath(on.application), ...(on.environment ? [environmentPath(on.environment)] : []), profilePath(on.profile)].map((path) => arnOf(house, path));
  const used = new Set<string>();
  const bound = [...state.associations.values()].filter(({ resourceArn }) => places.includes(resourceArn)).flatMap((association): BoundExtension[] => {
    const extension = state.extensions.get(association.extensionId) ?? authored(house).find(({ id }) => id === association.extensionId);
    const version = extension?.versions.get(association.extensionVersion);
    if (!extension || !version) return [];
    const parameters: Record<string, string> = { ...association.parameters };
    for (const [name] of Object.entries(version.parameters).filter(([, parameter]) => parameter.dynamic)) {
      for (const key of [`${extension.id}#${name}`, `${extension.name}#${name}`]) {
        if (!Object.hasOwn(dynamic, key)) continue;
        used.add(key);
        parameters[name] = dynamic[key] ?? '';
      }
    }
    return [{
      associationId: association.id,
      associationArn: associationArn(house, association),
      extensionId: extension.id,
      extensionName: extension.name,
      versionNumber: version.number,
      parameters,
      actions: version.actions,
    }];
  });
  const unused = Object.keys(dynamic).find((key) => !used.has(key));
  if (unused !== undefined) throw badRequest(`DynamicExtensionParameters has the key ${unused}, which names no dynamic parameter of an associated extension; write <extension>#<parameter>.`);
  const { flagsAssociationId } = on.profile;
  return flagsAssociationId === undefined ? bound : [...bound, flagsExtension(house, flagsAssociationId)];
}

/** AppConfig's own extension of feature flags, as deployments list it; what it does, the engine does by itself. */
function flagsExtension(house: House, associationId: string): BoundExtension {
  const id = 'AWS.AppConfig.FeatureFlags';
  return { associationId, associationArn: associationArn(house, { id: associationId }), extensionId: id, extensionName: id, versionNumber: 1, parameters: {}, actions: {} };
}

/**
 * Runs the actions of one point. PRE_* are invoked in series, each receiving the output of the one before, and may rewrite the
 * content or refuse: a refusal, a failure or an overrun of the deadline throws BadRequestException. ON_* are sent off and
 * never fail. AT_DEPLOYMENT_TICK is invoked in series until one does not answer CONTINUE.
 */
export async function runExtensions(house: House, point: ActionPoint, subject: ExtensionSubject, content?: ExtensionContent): Promise<ExtensionOutcome> {
  const invocations: ActionInvocation[] = [];
  let current = content;
  for (const bound of subject.extensions) {
    for (const action of bound.actions[point] ?? []) {
      const invocationId = house.draws.id('appconfig:invocation');
      const event = eventOf(point, subject, bound, invocationId, current);
      const note = (failure?: { readonly code: string; readonly message: string }): void => {
        invocations.push(invocationOf(house, bound, action, invocationId, failure));
        house.history.record('appconfig:action', bound.associationArn, { point, action: action.name, outcome: failure?.code ?? 'ok' });
      };
      if (point.startsWith('ON_')) {
        note(send(house, point, bound, action, event));
        continue;
      }
      const { extensionDeadlineMs, tickDeadlineMs } = house.settings.appconfig;
      const answer = await ask(house, action.uri, event, point === 'AT_DEPLOYMENT_TICK' ? tickDeadlineMs : extensionDeadlineMs, invokingOf(house, bound, action));
      if (point === 'AT_DEPLOYMENT_TICK') {
        const rollBack = verdictOf(answer);
        note(answer.kind === 'failed' ? answer : undefined);
        if (rollBack) return { invocations, rollBack };
        continue;
      }
      const refusal = refusalOf(answer);
      note(refusal && { code: refusal.error, message: refusal.message });
      if (refusal) throw badRequest(`${refusal.error}: ${refusal.message}`, refusal.members);
      current = current && rewritten(current, answer, bound);
    }
  }
  return { ...(current && { content: current }), invocations };
}

/** For whom an action is invoked. */
function invokingOf({ settings }: House, { associationArn }: BoundExtension, { roleArn }: Action): { readonly sourceArn?: string; readonly roleArn?: string } {
  return { ...(settings.appconfig.extensionSourceArn && { sourceArn: associationArn }), ...(roleArn !== undefined && { roleArn }) };
}

/** Sends an event off; what becomes of it does not matter to the deployment, only that it could not even be sent is told. */
function send(house: House, point: ActionPoint, bound: BoundExtension, action: Action, event: Readonly<Record<string, unknown>>): { code: string; message: string } | undefined {
  if (action.uri.includes(':event-bus/')) {
    const denied = action.roleArn === undefined ? undefined : house.ports.access.denial({ kind: 'role', service: PRINCIPAL, ...invokingOf(house, bound, action), roleArn: action.roleArn }, 'events:PutEvents', action.uri);
    if (denied !== undefined) return { code: 'AccessDeniedException', message: denied };
    house.ports.events.emit({ source: 'aws.appconfig', detailType: detailTypeOf(point), resources: [bound.associationArn], detail: event });
    return undefined;
  }
  try {
    house.ports.lambda.invokeAsync({ functionArn: action.uri, payload: JSON.stringify(event), ...invokerOf(invokingOf(house, bound, action)) });
    return undefined;
  } catch (cause) {
    if (!(cause instanceof Error)) throw cause;
    return { code: cause.name, message: cause.message };
  }
}

/** `On Deployment Start`; a rollback's is `On Deployment Rollback`. */
function detailTypeOf(point: ActionPoint): string {
  if (point === 'ON_DEPLOYMENT_ROLLED_BACK') return 'On Deployment Rollback';
  return typeOf(point).replace(/(?<=[a-z])(?=[A-Z])/g, ' ');
}

/** Anything but CONTINUE takes the deployment back: the directive to do so, a failure, an answer that is neither. */
function verdictOf(answer: Answer): ExtensionOutcome['rollBack'] {
  if (answer.kind === 'failed') return { reason: `${answer.code}: ${answer.message}`, failed: true };
  const { Directive: directive, Description: description } = answer.value;
  if (directive === 'CONTINUE') return undefined;
  if (directive === 'ROLL_BACK') return { reason: typeof description === 'string' ? description : '', failed: false };
  return { reason: `the answer's Directive must be CONTINUE or ROLL_BACK, got ${JSON.stringify(directive) ?? 'none'}`, failed: true };
}

function rewritten(current: ExtensionContent, answer: Answer, bound: BoundExtension): ExtensionContent {
  const text = answer.kind === 'answered' ? answer.value['Content'] : undefined;
  if (text === undefined || text === null) return current;
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw badRequest(`Extension ${bound.extensionName} answered a Content that is not base64 text.`);
  return { ...current, content: Buffer.from(text, 'base64') };
}

function invocationOf(house: House, bound: BoundExtension, action: Action, invocationId: string, failure?: { readonly code: string; readonly message: string }): ActionInvocation {
  return {
    extensionIdentifier: extensionArn(house, { id: bound.extensionId }, { number: bound.versionNumber }),
    actionName: action.name,
    uri: action.uri,
    ...(action.roleArn !== undefined && { roleArn: action.roleArn }),
    invocationId,
    ...(failure && { errorCode: failure.code, errorMessage: failure.message }),
  };
}
