import { Arn, ArnFormat, CfnDeletionPolicy, Fn, Stack, Token } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachineAlias, CfnStateMachineVersion, type CfnStateMachine, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import { checkedRetention } from '../core/shift/prune.ts';
import type { Permit } from './permit.ts';
import { Pruning } from './pruning.ts';

/** An alias executions are started on: created here, or imported. */
export interface IWorkflowAlias extends IConstruct {
  readonly aliasArn: string;
  readonly aliasName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** Lets somebody start executions on this alias, and on nothing else of the machine. */
  grantStartExecution(grantee: IGrantable): Grant;
}

abstract class AliasBase extends Construct implements IWorkflowAlias {
  abstract readonly aliasArn: string;
  abstract readonly aliasName: string;
  abstract readonly stateMachineArn: string;
  abstract readonly stateMachineName: string;

  grantStartExecution(grantee: IGrantable): Grant {
    const { actions, on, when } = startPermit(this);
    return Grant.addToPrincipal({ grantee, actions: [...actions], resourceArns: [...on], conditions: { ...when } });
  }
}

/** Whose alias it is. */
export interface WorkflowAliasProps {
  readonly stateMachine: StateMachine;
  /** @default 'live' */
  readonly aliasName?: string;
  /**
   * How many of the state machine's newest versions are kept whatever uses them, 1 to 900. When the stack is done with an update, older ones that no alias and no running
   * execution needs are deleted. @default 50
   */
  readonly retainedVersions?: number;
  /** @internal Whether the controller of shifts prunes this state machine. @default - where the alias is shifted */
  readonly _prunedByShifts?: boolean;
  /** @internal The version the alias routes to as far as the stack says, once there are versions. @default - the newest: each new one takes the alias at once */
  readonly _route?: (version: CfnStateMachineVersion) => string;
}

/** State machines whose versions the controller of shifts deletes: it knows which ones a shift needs. */
const shifted = new WeakSet<StateMachine>();

/**
 * The alias executions are started on, and the versions behind it. Each revision of the machine becomes a version that stays, because
 * executions are bound to theirs for life, until nothing needs it; the alias names the newest, without CloudFormation's DeploymentPreference, which would fail
 * whenever somebody else has shifted it.
 */
export class WorkflowAlias extends AliasBase {
  /** An alias that another stack created. */
  static fromWorkflowAliasArn(scope: Construct, id: string, aliasArn: string): IWorkflowAlias {
    return new ImportedAlias(scope, id, aliasArn);
  }

  readonly aliasArn: string;
  readonly aliasName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;
  /** The version this template publishes. */
  readonly versionArn: string;
  /** @internal */
  readonly _version: CfnStateMachineVersion;

  constructor(scope: Construct, id: string, { stateMachine, aliasName = 'live', retainedVersions, _route, _prunedByShifts = _route !== undefined }: WorkflowAliasProps) {
    super(scope, id);
    const retained = checkedRetention(retainedVersions);
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: stateMachine.stateMachineArn,
      stateMachineRevisionId: (stateMachine.node.defaultChild as CfnStateMachine).attrStateMachineRevisionId,
    });
    // Step Functions keeps 1000 versions, and deletes them with their machine. CloudFormation deletes none that it published: executions run on it.
    version.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    version.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    const alias = new CfnStateMachineAlias(this, 'Resource', { name: aliasName, routingConfiguration: [{ stateMachineVersionArn: _route?.(version) ?? version.ref, weight: 100 }] });
    this.aliasArn = alias.ref;
    this.aliasName = aliasName;
    this.stateMachineArn = stateMachine.stateMachineArn;
    this.stateMachineName = stateMachine.stateMachineName;
    this.versionArn = version.ref;
    this._version = version;
    if (_prunedByShifts) shifted.add(stateMachine);
    else if (!shifted.has(stateMachine)) Pruning.add(Stack.of(this), stateMachine, version, retained);
  }
}

class ImportedAlias extends AliasBase {
  readonly aliasArn: string;
  readonly aliasName: string;
  readonly stateMachineArn: string;
  readonly stateMachineName: string;

  constructor(scope: Construct, id: string, aliasArn: string) {
    super(scope, id);
    this.aliasArn = aliasArn;
    // arn:aws:states:region:account:stateMachine:name:alias
    const parts = Token.isUnresolved(aliasArn) ? undefined : Arn.split(aliasArn, ArnFormat.COLON_RESOURCE_NAME).resourceName?.split(':');
    this.stateMachineName = parts?.[0] ?? Fn.select(6, Fn.split(':', aliasArn));
    this.aliasName = parts?.[1] ?? Fn.select(7, Fn.split(':', aliasArn));
    this.stateMachineArn = Stack.of(this).formatArn({ service: 'states', resource: 'stateMachine', resourceName: this.stateMachineName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}

/** Starting executions on an alias: Step Functions checks the machine's own ARN, and tells the alias as its qualifier. */
export function startPermit({ stateMachineArn, aliasName }: IWorkflowAlias): Permit {
  return { actions: ['states:StartExecution'], on: [stateMachineArn], when: { StringEquals: { 'states:StateMachineQualifier': aliasName } } };
}

/** The ARNs of a machine's executions, by a wildcard for their names. */
export function executionsOf(scope: Construct, stateMachineName: string): string {
  return Stack.of(scope).formatArn({ service: 'states', resource: 'execution', resourceName: `${stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
