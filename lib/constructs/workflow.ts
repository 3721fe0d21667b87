import { ArnFormat, Names, Stack, type Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Role, ServicePrincipal, type Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CustomState, DefinitionBody, StateMachine, type CfnStateMachine, type IChainable, type LogOptions } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import type { OnRolledBack as Policy } from '../core/pin.ts';
import { commentOf } from '../core/runsWith.ts';
import { checkedRetention } from '../core/shift/prune.ts';
import { acknowledge } from './acknowledgement.ts';
import { executionsOf, WorkflowAlias } from './alias.ts';
import type { OnRolledBack } from './onRolledBack.ts';
import { permit, reason } from './permit.ts';
import type { PinHandler } from './pin.ts';
import { refuseLostPins } from './pinCheck.ts';
import { childPermits } from './pinnedExecution.ts';
import { invokePermit, publishedVersion, registered } from './pinnedTask.ts';
import type { Place } from './place.ts';
import { HandlerRule } from './rule.ts';
import type { RunsWith } from './runsWith.ts';
import { PIN_RETRY } from './safePoint.ts';
import { Shifted } from './shifted.ts';
import type { ShiftPlan } from './shiftPlan.ts';

/** What runs, and by which configuration. */
export interface WorkflowProps {
  /** The environment whose configuration the executions are pinned to. */
  readonly environment: Place;
  /** The states after the pin. */
  readonly definition: IChainable;
  /** Executions are children: they carry their parent's pin at `$.pin` of their input, and draw none. @default false */
  readonly carriesPin?: boolean;
  /**
   * What becomes of executions whose epoch is rolled back while they run: they finish on it, fail at the next task, or move at a safe point.
   * A child's parent says so for both. @default OnRolledBack.finish()
   */
  readonly onRolledBack?: OnRolledBack;
  /** @default - made of the stack's name and the construct's path */
  readonly stateMachineName?: string;
  /** The alias executions are started on. @default 'live' */
  readonly aliasName?: string;
  /**
   * How executions come to a new version: step by step after the stack is done, under the environment's judge and alarm, and back by itself.
   * The first version takes the alias at once. @default - each new version takes the alias at once
   */
  readonly shift?: ShiftPlan;
  /**
   * How many of the newest versions are kept whatever uses them, 1 to 900. When the stack is done with an update, and at the end of a shift, older ones that no alias, no
   * running execution and no shift needs are deleted. @default 50
   */
  readonly retainedVersions?: number;
  /**
   * With which configuration this version runs. The gate refuses an epoch with which a version does not run that has executions, and a shift waits for one with which the
   * new version runs. Each version keeps its own; to take a declaration back, declare `RunsWith.anything()`. @default - anything, and nobody looks
   */
  readonly runsWith?: RunsWith;
  /** @default - none */
  readonly timeout?: Duration;
  /** @default - Step Functions keeps the history; nothing goes to CloudWatch Logs */
  readonly logs?: LogOptions;
  /** @default false */
  readonly tracingEnabled?: boolean;
}

/**
 * A workflow whose executions are pinned: its first state draws the pin, every version is kept for as long as something needs it, and an alias says which one runs.
 * A new version takes the alias at once, or by `shift` step by step; executions on the old one end on the old one, with the old code.
 */
export class Workflow extends Construct {
  readonly stateMachine: StateMachine;
  readonly alias: WorkflowAlias;
  readonly environment: Place;

  constructor(scope: Construct, id: string, props: WorkflowProps) {
    super(scope, id);
    const { environment, definition, carriesPin = false } = props;
    this.environment = environment;
    const stack = Stack.of(this);
    // By a name known now, ends can be counted from before the machine is made: nothing waits for anything in a circle.
    const name = props.stateMachineName ?? Names.uniqueResourceName(this, { maxLength: 80, separator: '-', allowedSpecialCharacters: '-_' });
    // A child counts nothing: its parent counts. One that shifts counts for its version.
    const counting = carriesPin && props.shift === undefined ? [] : [this.#count(stack, name, props.shift !== undefined)];
    const role = new Role(this, 'Role', { assumedBy: stepFunctions(stack), description: `Runs ${this.node.path}` });
    const pin = carriesPin ? undefined : environment._pin(stack);
    const policy = this.#policy(props);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(pin === undefined ? definition : pinState(this, pin, policy).next(definition)), role, stateMachineName: name,
      ...(props.runsWith === undefined ? {} : { comment: commentOf(props.runsWith.declared) }),
      ...(props.timeout === undefined ? {} : { timeout: props.timeout }),
      ...(props.logs === undefined ? {} : { logs: props.logs }),
      ...(props.tracingEnabled === undefined ? {} : { tracingEnabled: props.tracingEnabled }),
    });
    acknowledgeChoices(this.stateMachine, props);
    reason(role, () => [...[...registered(this)].map(({ lambdaFunction }) => invokePermit(lambdaFunction)), ...childPermits(this)]);
    refuseExpress(this.stateMachine);
    refuseLostPins(this.stateMachine, { ...(pin === undefined ? {} : { drawn: { by: 'Pin', handler: pin } }), ...(policy === undefined ? {} : { policy }) });
    const { aliasName = 'live', shift: plan } = props;
    const retainedVersions = checkedRetention(props.retainedVersions);
    const shifted = plan === undefined ? undefined : new Shifted(this, 'Shift', { environment, plan, stateMachine: this.stateMachine, name, aliasName, retainedVersions, declares: props.runsWith !== undefined });
    if (props.runsWith !== undefined) environment._keepFor(this, name, aliasName);
    this.alias = new WorkflowAlias(this, 'Alias', { stateMachine: this.stateMachine, aliasName, retainedVersions, ...(shifted === undefined ? {} : { _route: (version) => shifted.route(version) }) });
    shifted?.begin(this.alias.aliasArn, this.alias._version);
    this.alias.node.addDependency(role, ...counting);
    if (pin !== undefined) this.alias.node.addDependency(pin, pin.reading, ...(policy === undefined ? [] : [pin.seeRolledBack()]), permit(this, 'InvokePin', role, [invokePermit(pin.function)]));
    // Whoever destroys the stack asks AppConfig first: what the first release waited for is deleted after it.
    if (stack === Stack.of(environment)) environment._beforeFirstRelease(this.alias);
  }

  get aliasArn(): string {
    return this.alias.aliasArn;
  }

  /** Lets somebody start executions on the alias. */
  grantStartExecution(grantee: IGrantable): Grant {
    return this.alias.grantStartExecution(grantee);
  }

  /** Executions of all versions that failed, as Step Functions counts them. @default - sum, by five minutes */
  metricFailed(): Metric {
    return this.stateMachine.metricFailed();
  }

  /** What becomes of executions whose epoch is rolled back, as pins say it; nothing when they finish. */
  #policy({ environment, carriesPin = false, onRolledBack }: WorkflowProps): Policy | undefined {
    if (carriesPin && onRolledBack !== undefined) throw fault(BUILDING, 'SLUICE-CDK-19', { workflow: this.node.path });
    if (onRolledBack?._policy === 'fail') environment._readers().seeRolledBack();
    return onRolledBack?._policy;
  }

  /** Executions are counted when they end, whatever ended them: time-outs and states without a function too. */
  #count(stack: Stack, name: string, byVersion: boolean): Construct {
    const settle = this.environment._settle(stack);
    if (byVersion) settle.countVersionsOf(name);
    const counting = new Construct(this, 'Count');
    permit(counting, 'Permits', settle.role, [{
      actions: ['states:GetExecutionHistory'], on: [executionsOf(this, name)], wildcard: 'Executions are named by who starts them.',
    }]);
    new HandlerRule(counting, 'Ends', {
      description: `Executions of ${this.node.path} ${byVersion ? 'begin and end' : 'end'}`,
      handler: settle,
      eventPattern: {
        source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stack.formatArn({ service: 'states', resource: 'stateMachine', resourceName: name, arnFormat: ArnFormat.COLON_RESOURCE_NAME })], status: [...(byVersion ? ['RUNNING'] : []), 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
    });
    return counting;
  }
}

/** An express machine tells nobody of its ends, so that nothing could be counted nor judged; with ends lost, each execution would look slow. */
function refuseExpress(stateMachine: StateMachine): void {
  stateMachine.node.addValidation({
    validate: () => ((stateMachine.node.defaultChild as CfnStateMachine).stateMachineType === 'EXPRESS' ? [fault(BUILDING, 'SLUICE-CDK-13', { workflow: stateMachine.node.path }).message] : []),
  });
}

function pinState(scope: Construct, pin: PinHandler, policy: Policy | undefined): CustomState {
  return new CustomState(scope, 'Pin', {
    stateJson: {
      Type: 'Task', Resource: publishedVersion(pin.function).functionArn,
      Parameters: { 'execution.$': '$$.Execution.Id', 'started.$': '$$.Execution.StartTime', ...(policy === undefined ? {} : { onRolledBack: policy }) }, ResultPath: '$.pin', Retry: PIN_RETRY,
    },
  });
}

/** Step Functions, on behalf of a machine of this account and no other's. */
function stepFunctions(stack: Stack): ServicePrincipal {
  return new ServicePrincipal('states.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': stack.account },
      ArnLike: { 'aws:SourceArn': `arn:${stack.partition}:states:${stack.region}:${stack.account}:stateMachine:*` },
    },
  });
}

function acknowledgeChoices(stateMachine: StateMachine, { logs, tracingEnabled }: WorkflowProps): void {
  if (logs === undefined) acknowledge(stateMachine, 'AwsSolutions-SF1', 'Step Functions keeps the history of each execution for 90 days, and each end is counted and logged by epoch.');
  if (tracingEnabled !== true) acknowledge(stateMachine, 'AwsSolutions-SF2', 'Tracing is the choice of who writes the workflow; pins and counts do not need it.');
}
