import type { Properties } from './provider.ts';
import type { Rollback } from './rollback.ts';
import type { DeletionPolicy, UpdateReplacePolicy } from './template/document.ts';
import type { ParameterValue } from './template/parameters.ts';

/** What an operation does to a stack or a resource. */
export type Verb = 'CREATE' | 'UPDATE' | 'DELETE' | 'ROLLBACK' | 'UPDATE_ROLLBACK';

/** A resource as its stack holds it. */
export interface StackResource {
  readonly id: string;
  readonly type: string;
  /** The physical id; empty until there is one. */
  readonly physicalId: string;
  readonly ref: unknown;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Every intrinsic function carried out. */
  readonly properties: Properties;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: UpdateReplacePolicy;
  readonly metadata?: unknown;
  /** Such as CREATE_COMPLETE. */
  status: string;
  reason?: string | undefined;
  /** Epoch milliseconds of the last change of status. */
  updated: number;
}

/** One line of a stack's history. */
export interface StackEvent {
  readonly eventId: string;
  readonly operationId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** Epoch milliseconds. */
  readonly time: number;
  readonly status: string;
  readonly reason?: string;
  readonly properties?: string;
  readonly token?: string;
}

export interface StackTag {
  readonly Key: string;
  readonly Value: string;
}

/** An output as it is shown and, with a name, exported. */
export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description?: string;
  readonly exportName?: string;
}

/** What a stack is asked to be: everything a request gives that later requests may refer to. */
export interface StackRequest {
  /** The template's text as it was given. */
  readonly template: string;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly tags: readonly StackTag[];
  readonly capabilities: readonly string[];
  readonly notificationArns: readonly string[];
  readonly roleArn?: string;
  readonly description?: string;
}

/** A stack. Its members change as its operations go on. */
export interface Stack {
  readonly name: string;
  /** The ARN. */
  readonly id: string;
  readonly created: number;
  /** What the stack is made from: of the operation under way, or of the last one that succeeded. */
  request: StackRequest;
  status: string;
  reason?: string | undefined;
  readonly resources: Map<string, StackResource>;
  outputs: readonly StackOutput[];
  /** Oldest first. */
  readonly events: StackEvent[];
  readonly changeSets: Map<string, ChangeSet>;
  /** Client request tokens and the digests of what they asked for. */
  readonly tokens: Map<string, string>;
  /** Names of exports of other stacks that this one uses. */
  readonly imports: Set<string>;
  lastOperations: readonly { readonly OperationType: string; readonly OperationId: string }[];
  updatedAt?: number;
  deletedAt?: number;
  changeSetId?: string;
  terminationProtection: boolean;
  disableRollback: boolean;
  /** What is left of a rollback that failed. */
  rollback?: Rollback | undefined;
  timeoutMinutes?: number;
}

/** One resource's change as a change set shows it. */
export interface ResourceChange {
  readonly action: 'Add' | 'Modify' | 'Remove';
  readonly id: string;
  readonly type: string;
  readonly physicalId?: string;
  readonly replacement?: 'True' | 'False' | 'Conditional';
  readonly scope: readonly ('Properties' | 'Tags' | 'DeletionPolicy' | 'UpdateReplacePolicy' | 'Metadata')[];
  readonly details: readonly ChangeDetail[];
  readonly before?: Properties;
  readonly after?: Properties;
  readonly policy?: 'Delete' | 'Retain' | 'ReplaceAndDelete' | 'ReplaceAndRetain';
}

export interface ChangeDetail {
  readonly attribute: ResourceChange['scope'][number];
  readonly name?: string;
  readonly recreation: 'Never' | 'Always';
  /** Dynamic: it depends on something that is only known when the change set is executed. */
  readonly evaluation: 'Static' | 'Dynamic';
  readonly source: 'DirectModification' | 'ResourceReference' | 'ResourceAttribute';
  readonly cause?: string;
}

/** A proposed change of a stack. */
export interface ChangeSet {
  readonly name: string;
  /** The ARN. */
  readonly id: string;
  readonly kind: 'CREATE' | 'UPDATE';
  readonly created: number;
  readonly description?: string;
  readonly request: StackRequest;
  readonly changes: readonly ResourceChange[];
  readonly onFailure?: string;
  status: 'CREATE_COMPLETE' | 'FAILED' | 'DELETE_COMPLETE';
  reason?: string;
  execution: 'AVAILABLE' | 'UNAVAILABLE' | 'EXECUTE_IN_PROGRESS' | 'EXECUTE_COMPLETE' | 'EXECUTE_FAILED' | 'OBSOLETE';
}
