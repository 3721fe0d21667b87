import { ArnFormat, CfnDeletionPolicy, Stack } from 'aws-cdk-lib';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachineAlias, CfnStateMachineVersion, type CfnStateMachine, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';

/** Whose alias it is. */
export interface WorkflowAliasProps {
  readonly stateMachine: StateMachine;
  /** @default 'live' */
  readonly aliasName?: string;
}

/**
 * The alias executions are started on, and the versions behind it. Each revision of the machine becomes a version that stays, because
 * executions are bound to theirs for life; the alias names the newest, without CloudFormation's DeploymentPreference, which would fail
 * whenever somebody else has shifted it.
 */
export class WorkflowAlias extends Construct {
  readonly aliasName: string;
  readonly aliasArn: string;
  /** The version this template publishes. */
  readonly versionArn: string;
  readonly #stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { stateMachine, aliasName = 'live' }: WorkflowAliasProps) {
    super(scope, id);
    this.#stateMachine = stateMachine;
    const version = new CfnStateMachineVersion(this, 'Version', {
      stateMachineArn: stateMachine.stateMachineArn,
      stateMachineRevisionId: (stateMachine.node.defaultChild as CfnStateMachine).attrStateMachineRevisionId,
    });
    // Step Functions keeps 1000 versions, and deletes them with their machine.
    version.cfnOptions.deletionPolicy = CfnDeletionPolicy.RETAIN;
    version.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.RETAIN;
    const alias = new CfnStateMachineAlias(this, 'Resource', { name: aliasName, routingConfiguration: [{ stateMachineVersionArn: version.ref, weight: 100 }] });
    this.aliasName = aliasName;
    this.aliasArn = alias.ref;
    this.versionArn = version.ref;
  }

  /**
   * Lets somebody start executions on this alias, and on nothing else of the machine.
   * Step Functions checks the machine's own ARN and tells the alias in `states:StateMachineQualifier`.
   */
  grantStartExecution(grantee: IGrantable): Grant {
    return Grant.addToPrincipal({ grantee, ...this.startPermit });
  }

  /** The permission to start executions on this alias. */
  get startPermit(): { readonly actions: string[]; readonly resourceArns: string[]; readonly conditions: Record<string, Record<string, string>> } {
    return {
      actions: ['states:StartExecution'],
      resourceArns: [this.#stateMachine.stateMachineArn],
      conditions: { StringEquals: { 'states:StateMachineQualifier': this.aliasName } },
    };
  }

  /** The ARNs of the machine's executions. */
  get executionArns(): string {
    return executionsOf(this.#stateMachine);
  }
}

/** The ARNs of a machine's executions, by a wildcard for their names. */
export function executionsOf(stateMachine: StateMachine): string {
  return Stack.of(stateMachine).formatArn({ service: 'states', resource: 'execution', resourceName: `${stateMachine.stateMachineName}:*`, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
}
