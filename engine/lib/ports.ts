import type { Draws } from './kernel/draws.ts';
import type { History } from './kernel/history.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Settings } from './settings.ts';
import type { WireFault } from './wire/fault.ts';

/** What every service of the engine is made with. Ports to other services are filled in before the first request. */
export interface House {
  readonly kernel: Kernel;
  readonly draws: Draws;
  readonly history: History;
  readonly settings: Settings;
  readonly account: string;
  readonly region: string;
  readonly ports: Ports;
}

/** What one service may ask of another; each member is implemented by the service it is named after. */
export interface Ports {
  lambda: LambdaPort;
  metrics: MetricsPort;
  alarms: AlarmsPort;
  logs: LogsPort;
  events: EventsPort;
  states: StatesPort;
  objects: ObjectsPort;
  parameters: ParametersPort;
  topics: TopicsPort;
  configuration: ConfigurationPort;
  access: AccessPort;
}

/** Lambda, as other services invoke it. */
export interface LambdaPort {
  /**
   * Invokes a function by name or (qualified) ARN and waits for its answer. Never rejects for a function's own failure;
   * rejects with a WireFault (ResourceNotFoundException, TooManyRequestsException) when there is nothing to invoke.
   */
  invoke(request: InvocationRequest): Promise<InvocationResult>;
  /** Queues an asynchronous invocation with Lambda's retries. */
  invokeAsync(request: InvocationRequest): void;
}

export interface InvocationRequest {
  readonly functionArn: string;
  /** JSON text. */
  readonly payload: string;
  /** Who invokes, for permissions: a service principal such as `appconfig.amazonaws.com`. */
  readonly principal?: string;
  readonly sourceArn?: string;
  /** The role that the service invokes with; without one, the function's resource policy must name the service. */
  readonly roleArn?: string;
}

export interface InvocationResult {
  /** JSON text: the handler's answer, or Lambda's error document. */
  readonly payload: string;
  /** Present when the function failed, timed out or could not start. */
  readonly functionError?: 'Unhandled' | 'Handled';
  readonly executedVersion: string;
  readonly requestId: string;
  /** The last 4 KB of the invocation's log. */
  readonly logTail: string;
}

/** CloudWatch metrics, as EMF lines and services feed them. */
export interface MetricsPort {
  put(namespace: string, data: readonly MetricDatum[]): void;
}

export interface MetricDatum {
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  readonly value: number;
  /** How often the value occurred. @default 1 */
  readonly count?: number;
  readonly unit?: string;
  /** 1 or 60 seconds. @default 60 */
  readonly storageResolution?: number;
}

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** CloudWatch alarms, as AppConfig's monitors read them. */
export interface AlarmsPort {
  /** Undefined when there is no such alarm. */
  find(alarmArn: string): { readonly state: AlarmState; readonly actionsEnabled: boolean; readonly since: number; readonly composite: boolean } | undefined;
  /** Calls back, in the turn of the change, whenever any alarm changes its state. */
  listen(listener: (alarmArn: string, state: AlarmState) => void): void;
}

/** CloudWatch Logs, as Lambda writes them. */
export interface LogsPort {
  /** Whether there is a group, or a stream in it. */
  exists(group: string, stream?: string): boolean;
  append(group: string, stream: string, events: readonly { readonly timestamp: number; readonly message: string }[]): void;
}

/** EventBridge's default bus, as services emit to it. */
export interface EventsPort {
  /** Emits at the present instant; matching rules' targets are invoked in turns of their own. */
  emit(event: { readonly source: string; readonly detailType: string; readonly resources: readonly string[]; readonly detail: unknown; readonly time?: number }): void;
}

/** Step Functions, as EventBridge starts it. */
export interface StatesPort {
  start(request: { readonly stateMachineArn: string; readonly input: string; readonly name?: string }): { readonly executionArn: string };
}

/** S3, as Lambda reads code from it. */
export interface ObjectsPort {
  get(bucket: string, key: string): Uint8Array | undefined;
}

/** SSM parameters, as AppConfig's sourced profiles read them. */
export interface ParametersPort {
  get(name: string): string | undefined;
}

/** SNS, as other services publish to it. */
export interface TopicsPort {
  /** Publishes for somebody, whom the topic's policy must allow, and answers the message's id; throws a WireFault when there is no such topic or it is denied. */
  publish(message: TopicMessage, actor: Actor): string;
}

export interface TopicMessage {
  readonly topicArn: string;
  readonly text: string;
  /** What functions are told instead. @default text */
  readonly lambdaText?: string;
  readonly subject?: string;
  readonly attributes?: Readonly<Record<string, TopicAttribute>>;
}

export interface TopicAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: Uint8Array;
}

/** AppConfig, as the data plane and the agent see it. */
export interface ConfigurationPort {
  /** Ids for names or ids; undefined members were not found, in the order AppConfig resolves them (application, profile, environment). */
  resolve(application: string, environment: string, profile: string): { readonly applicationId?: string; readonly profileId?: string; readonly environmentId?: string };
  /** What is being served for one profile in one environment; undefined when nothing was ever deployed. */
  exposure(applicationId: string, environmentId: string, profileId: string): Exposure | undefined;
  /** Notes that a reader read, for deletion protection. */
  touch(applicationId: string, environmentId: string, profileId: string): void;
}

/** A deployment as readers see it: who falls below the percentage gets the canary, everybody else the control. */
export interface Exposure {
  /** Changes whenever what is served may have changed: the deployment's number and state. */
  readonly deploymentNumber: number;
  /** 0-100; 100 when no deployment is under way. */
  readonly percentage: number;
  /** The version that grows or is complete; absent after the only deployment was reverted or rolled back. */
  readonly canary?: ServedVersion;
  /** The version before it, served to everybody else; absent when there was none. */
  readonly control?: ServedVersion;
  /** Key under which a reader is hashed: independent per deployment, sticky within it. */
  readonly key: string;
}

export interface ServedVersion {
  readonly versionNumber: string;
  readonly label?: string;
  readonly contentType: string;
  readonly content: Uint8Array;
  /** The deployment that put this version out. */
  readonly deploymentNumber: number;
  /** Feature flags are served as a plain client gets them: values, with each flag's default variant. */
  readonly kind: 'freeform' | 'flags';
}

/** Who acts. */
export type Actor =
  /** The holder of an access key; without one, or with one nobody issued, the account's administrator. */
  | { readonly kind: 'key'; readonly accessKeyId?: string }
  /** A service with a role it was given; the role must trust it. */
  | { readonly kind: 'role'; readonly roleArn: string; readonly service: string; readonly sourceArn?: string; readonly session?: string }
  /** A service in its own name, as a resource's policy allows it. */
  | { readonly kind: 'service'; readonly service: string; readonly sourceArn?: string };

/** IAM, as services ask it before they act for somebody; calls over the wire have been asked for already. */
export interface AccessPort {
  /** AWS's words for why an action is denied; undefined when it is allowed. */
  denial(actor: Actor, action: string, resource: string, context?: Readonly<Record<string, string>>): string | undefined;
  /** The fault of a call that an actor may not make, all of whose actions and resources are looked up; undefined when he may. */
  refusalOf(actor: Actor, call: { readonly service: string; readonly operation: string; readonly input: Readonly<Record<string, unknown>> }): WireFault | undefined;
  /** What an actor is told instead of a service's refusal of a call he was allowed: that refusal itself, unless it would tell too much. */
  concealed(actor: Actor, call: { readonly service: string; readonly operation: string; readonly input: Readonly<Record<string, unknown>> }, refusal: WireFault): WireFault;
  /** Whether what belongs to a role is checked: it exists in IAM, or the engine is strict. Scripts that never made the role go unchecked. */
  guarded(roleArn: string): boolean;
}
