import { ArnFormat, CustomResource, Duration, Stack, type CfnElement } from 'aws-cdk-lib';
import { Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { CfnStateMachineVersion, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { shiftingKey } from '../core/shift/record.ts';
import { appConfigArn } from './arn.ts';
import { permit, type Permit } from './permit.ts';
import type { Place } from './place.ts';
import { PRUNING } from './pruning.ts';
import type { ShiftPlan } from './shiftPlan.ts';
import type { Shifting } from './shifting.ts';
import { WorkflowTarget } from './target.ts';

/** Whose versions are shifted. */
export interface ShiftedProps {
  readonly environment: Place;
  readonly plan: ShiftPlan;
  readonly stateMachine: StateMachine;
  /** The machine's name, as text. */
  readonly name: string;
  readonly aliasName: string;
  readonly retainedVersions: number;
  /** Whether its versions declare what they run with. */
  readonly declares: boolean;
}

/** One workflow that shifts: its alias stays where it is for the stack, and a stack that is done starts the controller. */
export class Shifted extends Construct {
  readonly #shifting: Shifting;
  readonly #props: ShiftedProps;

  constructor(scope: Construct, id: string, props: ShiftedProps) {
    super(scope, id);
    this.#props = props;
    this.#shifting = props.environment._shifting(Stack.of(this));
  }

  get #machineArn(): string {
    return Stack.of(this).formatArn({ service: 'states', resource: 'stateMachine', resourceName: this.#props.name, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }

  /** Where the alias routes to as far as the stack says, from the day on which it began to shift. */
  route(version: CfnStateMachineVersion): string {
    const { route } = this.#shifting;
    const looking = permit(this, 'Looking', route.role, [{ actions: ['states:DescribeStateMachineAlias', 'states:ListStateMachineVersions'], on: [this.#machineArn] }]);
    const resource = new CustomResource(this, 'Route', {
      resourceType: 'Custom::SluiceShiftRoute', serviceToken: route.function.functionArn, serviceTimeout: Duration.minutes(2),
      properties: { StateMachineArn: this.#props.stateMachine.stateMachineArn, AliasName: this.#props.aliasName },
    });
    resource.node.addDependency(route, looking, version);
    return resource.getAttString('VersionArn');
  }

  /** Starts the controller each time the stack is done with an update: it finds for itself whether there is a new version. */
  begin(aliasArn: string, version: CfnElement): void {
    const { environment, plan, name, aliasName, retainedVersions, declares } = this.#props;
    const [stack, { alias, decide, role, stateMachineArn }] = [Stack.of(this), this.#shifting];
    alias.node.addDependency(permit(this, 'Moving', role, [
      { actions: ['states:DescribeStateMachineAlias', 'states:UpdateStateMachineAlias'], on: [this.#machineArn] },
      { actions: ['cloudformation:DescribeStackResource'], on: [stack.stackId] },
    ]));
    alias.node.addDependency(permit(this, 'Pruning', decide.role, [{ actions: PRUNING, on: [this.#machineArn] }]));
    const conditions = this.#conditions();
    if (conditions.length > 0) alias.node.addDependency(permit(this, 'Conditions', decide.role, conditions));
    const of = {
      workflow: name, aliasArn, application: environment.applicationName, applicationId: environment.applicationId,
      environment: environment.environmentName, environmentId: environment.environmentId, plan: plan.plan, retainedVersions,
      ...(declares ? { profile: { id: environment.profileId, name: environment.profileName } } : {}),
    };
    const target = (more: object): WorkflowTarget => new WorkflowTarget(alias, { input: RuleTargetInput.fromObject({ of, version: { stack: stack.stackId, logicalId: stack.getLogicalId(version) }, refused: {}, ...more }) });
    new Rule(this, 'Done', {
      description: `Stack ${stack.stackName} is done`,
      eventPattern: {
        source: ['aws.cloudformation'], detailType: ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [stack.stackId], 'status-details': { status: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'] } },
      },
      targets: [target({})],
    });
    const takesBack = environment._takesBack();
    if (takesBack !== undefined) {
      const { store } = environment;
      permit(this, 'TakingBack', takesBack, [
        { actions: ['s3:PutObject'], on: [store.arnForObjects(shiftingKey(name)), store.arnForObjects(`shifts/${name}/*`)], wildcard: 'Shifts are numbered, which no stack knows.' },
      ]);
      // What the roll-back handler has set on its way back after it was complete.
      new Rule(this, 'TakenBack', {
        description: `A complete shift of ${name} is taken back`,
        eventPattern: { source: ['sluice'], detailType: ['Sluice Shift Taken Back'], detail: { application: [environment.applicationName], environment: [environment.environmentName], workflow: [name] } },
        targets: [target({})],
      });
    }
    // Whatever ended the controller before its shift, another execution goes on with that; it waits first, and only for its own workflow, so that no
    // defect makes a storm. The input names the alias; a name holds neither an asterisk nor a backslash.
    new Rule(this, 'Again', {
      description: `An execution of ${this.#shifting.node.path} ended before its shift of ${name}`,
      eventPattern: {
        source: ['aws.states'], detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'], input: [{ wildcard: `*:stateMachine:${name}:${aliasName}"*` }] },
      },
      targets: [target({ again: true })],
    });
  }

  /** What the controller looks at before executions start on a new version. */
  #conditions(): Permit[] {
    const { environment: { applicationId, profileId, store }, plan, declares } = this.#props;
    const [application, profile] = [appConfigArn(this, applicationId), appConfigArn(this, `${applicationId}/configurationprofile/${profileId}`)];
    return [
      ...(declares ? [
        { actions: ['states:DescribeStateMachine'], on: [this.#machineArn] },
        { actions: ['appconfig:GetHostedConfigurationVersion'], on: [application, profile, `${profile}/hostedconfigurationversion/*`], wildcard: 'Versions are numbered by AppConfig.' },
      ] : []),
      ...(plan.plan.shadow === undefined ? [] : [{ actions: ['s3:GetObject'], on: [store.arnForObjects('shadows/*')], wildcard: 'Objects are named by version and time, which no stack knows.' }]),
    ];
  }
}
