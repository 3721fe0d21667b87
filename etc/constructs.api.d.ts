// lib/constructs/agentLayer.d.ts
import { Architecture, type ILayerVersion } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
/** The AppConfig agent as a Lambda layer: the newest when the stack is deployed, or one version. */
export declare class AgentLayer {
    #private;
    /** The newest version, from AWS's public parameter: each deployment of the stack looks again. */
    static latest(): AgentLayer;
    /**
     * One version, for those who pin what they deploy.
     * @throws Fault `SLUICE-CDK-6` when the ARN is not the agent's, or of another architecture than the
     * function's; `SLUICE-CDK-7` when it is known to ignore Entity-Id, by which exposure counts executions.
     */
    static fromLayerVersionArn(layerVersionArn: string): AgentLayer;
    private constructor();
    /** The layer for one function. */
    bind(scope: Construct, architecture: Architecture): ILayerVersion;
}

// lib/constructs/alias.d.ts
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { CfnStateMachineVersion, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import type { Permit } from './permit.ts';
/** An alias executions are started on: created here, or imported. */
export interface IWorkflowAlias extends IConstruct {
    readonly aliasArn: string;
    readonly aliasName: string;
    readonly stateMachineArn: string;
    readonly stateMachineName: string;
    /** Lets somebody start executions on this alias, and on nothing else of the machine. */
    grantStartExecution(grantee: IGrantable): Grant;
}
declare abstract class AliasBase extends Construct implements IWorkflowAlias {
    abstract readonly aliasArn: string;
    abstract readonly aliasName: string;
    abstract readonly stateMachineArn: string;
    abstract readonly stateMachineName: string;
    grantStartExecution(grantee: IGrantable): Grant;
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
/**
 * The alias executions are started on, and the versions behind it. Each revision of the machine becomes a version that stays, because
 * executions are bound to theirs for life, until nothing needs it; the alias names the newest, without CloudFormation's DeploymentPreference, which would fail
 * whenever somebody else has shifted it.
 */
export declare class WorkflowAlias extends AliasBase {
    /** An alias that another stack created. */
    static fromWorkflowAliasArn(scope: Construct, id: string, aliasArn: string): IWorkflowAlias;
    readonly aliasArn: string;
    readonly aliasName: string;
    readonly stateMachineArn: string;
    readonly stateMachineName: string;
    /** The version this template publishes. */
    readonly versionArn: string;
    /** @internal */
    readonly _version: CfnStateMachineVersion;
    constructor(scope: Construct, id: string, { stateMachine, aliasName, retainedVersions, _route, _prunedByShifts }: WorkflowAliasProps);
}
/** Starting executions on an alias: Step Functions checks the machine's own ARN, and tells the alias as its qualifier. */
export declare function startPermit({ stateMachineArn, aliasName }: IWorkflowAlias): Permit;
/** The ARNs of a machine's executions, by a wildcard for their names. */
export declare function executionsOf(scope: Construct, stateMachineName: string): string;
export {};

// lib/constructs/configuration.d.ts
import { type IApplication } from 'aws-cdk-lib/aws-appconfig';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { ConfigurationEnvironment, type EnvironmentOptions } from './environment.ts';
/** A configuration: the documents of one application. */
export interface ConfigurationProps {
    /**
     * The directory of `sluice.yaml`, or one below it. Each environment begins with the documents, overlays, plan and profile it has
     * there, just as `sluice release` makes them. @default - `directory`
     */
    readonly project?: string;
    /**
     * The directory of `<document>.yaml` or `.json` and `<document>.schema.json`, the same for each environment that has none of its own.
     * @default - `project`
     */
    readonly directory?: string;
    /** AppConfig's name of the application. @default - the construct's id */
    readonly applicationName?: string;
    /** An application that exists already; `applicationName` is then its name. @default - one is made */
    readonly application?: IApplication;
    /** Encrypts versions and stores. @default - keys that AWS owns */
    readonly encryptionKey?: IKey;
}
/** The configuration of one application: documents of a project or a directory, rolled out to environments. */
export declare class Configuration extends Construct {
    readonly application: IApplication;
    readonly applicationName: string;
    /** The directory of `sluice.yaml`, or one below it. */
    readonly project?: string;
    /** The directory of the documents. */
    readonly directory?: string;
    readonly encryptionKey?: IKey;
    constructor(scope: Construct, id: string, props: ConfigurationProps);
    /** An environment of this configuration. @throws Fault `SLUICE-CDK-11` when there is one of that name. */
    addEnvironment(environmentName: string, options?: EnvironmentOptions): ConfigurationEnvironment;
    /** The ARN of the application. */
    get applicationArn(): string;
}

// lib/constructs/dashboard.d.ts
import { Dashboard } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ConfigurationEnvironment } from './environment.ts';
import type { Workflow } from './workflow.ts';
/** What a dashboard shows. */
export interface RolloutDashboardProps {
    readonly environment: ConfigurationEnvironment;
    /** @default - none */
    readonly workflows?: readonly Workflow[];
    /** @default - CloudFormation makes one */
    readonly dashboardName?: string;
}
/** Executions and failures by epoch, what became of rollouts and of executions whose epoch was rolled back, where the judge was blind, and the alarms that decide: one look at a rollout. */
export declare class RolloutDashboard extends Construct {
    readonly dashboard: Dashboard;
    constructor(scope: Construct, id: string, { environment, workflows, dashboardName }: RolloutDashboardProps);
}

// lib/constructs/environment.d.ts
import { RemovalPolicy, type Duration } from 'aws-cdk-lib';
import { Environment } from 'aws-cdk-lib/aws-appconfig';
import type { CompositeAlarm, IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IDependable } from 'constructs';
import type { JudgeRules } from '../core/judge/rules.ts';
import type { Configuration } from './configuration.ts';
import type { Guard } from './guard.ts';
import { type JudgeOptions } from './judge.ts';
import { Place } from './place.ts';
import type { RolloutPlan } from './plan.ts';
import { type RequiredShadow } from './requiredShadow.ts';
/** How an environment is guarded and rolled out. */
export interface EnvironmentOptions {
    /** How the exposure of a change grows. @default - the project's, else RolloutPlan.CANARY_10_PERCENT_20_MINUTES */
    readonly plan?: RolloutPlan;
    /** What takes a change back. @default [Guard.failedExecutions()] */
    readonly guards?: readonly Guard[];
    /**
     * By which rules executions on a new epoch are compared with those on the old one while exposure grows; `false` leaves it to the
     * guards. @default - rules that take back a harmless release in one of a hundred rollouts at most
     */
    readonly judge?: JudgeOptions | false;
    /** What `sluice shadow` must have shown of an epoch before it is rolled out; the first release needs nothing. @default - nothing */
    readonly requireShadow?: RequiredShadow;
    /** Documents of this environment's own, where there is no project. @default - the configuration's directory */
    readonly directory?: string;
    /** AppConfig refuses to delete what was read within the hour. @default true */
    readonly deletionProtection?: boolean;
    /** What becomes of the epoch store when the environment is deleted. @default RemovalPolicy.RETAIN */
    readonly removalPolicy?: RemovalPolicy;
    /** One execution each is kept free for the judge and the roll-back handler; an account limited to 10 cannot spare it. @default true */
    readonly reserveConcurrency?: boolean;
}
/** An environment of a configuration. */
export interface ConfigurationEnvironmentProps extends EnvironmentOptions {
    readonly configuration: Configuration;
    /** AppConfig's name of the environment. @default - the construct's id */
    readonly environmentName?: string;
}
/** What names an environment that another stack or app created. */
export interface ConfigurationEnvironmentAttributes {
    readonly applicationId: string;
    readonly applicationName: string;
    readonly environmentId: string;
    readonly environmentName: string;
    readonly profileId: string;
    /** @default `<applicationName>-<environmentName>` */
    readonly profileName?: string;
    readonly storeBucketName: string;
    /** @default - keys that AWS owns */
    readonly encryptionKey?: IKey;
    /** As in the environment's judge. @default - as its judge by default */
    readonly slowerThan?: Duration;
    /** As in the environment's judge. @default Duration.minutes(5) */
    readonly settleWithin?: Duration;
}
/**
 * An environment with everything in place before its first release: profile with validators, gate, monitor, roll-back, epoch store; and
 * then that first release, seeded once.
 */
export declare class ConfigurationEnvironment extends Place {
    #private;
    /** An environment that exists already, for readers and workflows of other stacks. */
    static fromConfigurationEnvironmentAttributes(scope: Construct, id: string, attributes: ConfigurationEnvironmentAttributes): Place;
    readonly applicationId: string;
    readonly applicationName: string;
    readonly environmentId: string;
    readonly environmentName: string;
    readonly profileId: string;
    readonly profileName: string;
    readonly store: IBucket;
    readonly encryptionKey?: IKey;
    /** AppConfig's environment. */
    readonly environment: Environment;
    /** The composite alarm that AppConfig watches. */
    readonly alarm: CompositeAlarm;
    /** The alarms it is made of. */
    readonly guards: readonly IAlarm[];
    /** The id of the strategy that plays the plan. */
    readonly deploymentStrategyId: string;
    constructor(scope: Construct, id: string, props: ConfigurationEnvironmentProps);
    /** @internal */
    _promptness(): Record<string, string>;
    /** @internal */
    _judgeRules(): JudgeRules;
    /** @internal By its name as text: it watches executions that a shift starts, and must not come to wait for itself. */
    _alarmName(): string;
    /** @internal */
    _takesBack(): IRole | undefined;
    /** @internal */
    _keepFor(_workflow: Construct, stateMachineName: string, aliasName: string): void;
    /** @internal Lets the first release wait for something, such as the rule that counts executions. */
    _beforeFirstRelease(guard: IDependable): void;
}

// lib/constructs/environmentGuards.d.ts
import type { IApplication } from 'aws-cdk-lib/aws-appconfig';
import type { CompositeAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Guard } from './guard.ts';
/** An environment that exists already, by AppConfig's ids and names, and what guards it. */
export interface EnvironmentGuardsProps {
    /** `Application.fromApplicationId(…)` of aws-cdk-lib. */
    readonly application: IApplication;
    readonly applicationName: string;
    readonly environmentId: string;
    readonly environmentName: string;
    /** The profile whose deployments are reverted. */
    readonly profileName: string;
    /** What takes a change back. */
    readonly guards: readonly Guard[];
    /** One execution is kept free for the roll-back handler; an account limited to 10 cannot spare it. @default true */
    readonly reserveConcurrency?: boolean;
}
/**
 * The guards alone, for an application that exists already and keeps its own content: a monitor while a deployment runs, and the
 * roll-back after it was complete. Monitors that are there already stay.
 */
export declare class EnvironmentGuards extends Construct {
    #private;
    /** The composite alarm that AppConfig watches. */
    readonly alarm: CompositeAlarm;
    constructor(scope: Construct, id: string, props: EnvironmentGuardsProps);
}

// lib/constructs/guard.d.ts
import { Metric, type IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { type MetricName } from '../core/metric.ts';
/** The dimensions of an environment's metrics. */
export interface Guarded {
    readonly applicationName: string;
    readonly environmentName: string;
}
/** How many failed executions are too many. */
export interface FailedExecutionsProps {
    /** Percent of settled executions that may fail. @default 5 */
    readonly percent?: number;
    /** How many minutes are looked at. @default 3 */
    readonly evaluationPeriods?: number;
    /** How many of them must be bad. @default 2 */
    readonly datapointsToAlarm?: number;
}
/** What takes a change back when it rings: an alarm of your own, or one made for the environment. */
export declare class Guard {
    /** More than some percent of executions fail. Where nothing runs, nothing rings. */
    static failedExecutions(props?: FailedExecutionsProps): Guard;
    /**
     * An alarm of your own; its actions stay its own.
     * @throws Fault `SLUICE-CDK-8` when it treats missing data as breaching.
     */
    static alarm(alarm: IAlarm): Guard;
    /** The alarm of an environment, made in its scope. */
    readonly bind: (scope: Construct, id: string, guarded: Guarded) => IAlarm;
    private constructor();
}
/** The sum of one of Sluice's metrics in an environment, by the minute. */
export declare function executionMetric({ applicationName, environmentName }: Guarded, metricName: MetricName): Metric;

// lib/constructs/handler.d.ts
import { type Duration } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type Permit } from './permit.ts';
/** How one of Sluice's own handlers is deployed. */
export interface HandlerProps {
    /** Its name in lambda/. */
    readonly handler: 'gate' | 'judge' | 'monitor' | 'pin' | 'prune' | 'reconcile' | 'roll-back' | 'seed' | 'settle' | 'shift' | 'shift-route' | 'validate';
    readonly description: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly timeout: Duration;
    /** Lambda gives CPU by memory, and a cold start needs CPU. */
    readonly memorySize: number;
    /** Executions kept free for it when the account is at its limit. @default - none */
    readonly reservedConcurrentExecutions?: number;
    readonly permits: readonly Permit[];
}
/** One of Sluice's own handlers: its built bundle, a role that may do what the handler does, and a log group that ends. */
export declare class Handler extends Construct {
    readonly function: LambdaFunction;
    readonly role: Role;
    constructor(scope: Construct, id: string, props: HandlerProps);
}

// lib/constructs/index.d.ts
export { AgentLayer } from './agentLayer.ts';
export { WorkflowAlias, type IWorkflowAlias, type WorkflowAliasProps } from './alias.ts';
export { Configuration, type ConfigurationProps } from './configuration.ts';
export { RolloutDashboard, type RolloutDashboardProps } from './dashboard.ts';
export { ConfigurationEnvironment, type ConfigurationEnvironmentAttributes, type ConfigurationEnvironmentProps, type EnvironmentOptions } from './environment.ts';
export { EnvironmentGuards, type EnvironmentGuardsProps } from './environmentGuards.ts';
export { Guard, type FailedExecutionsProps, type Guarded } from './guard.ts';
export type { JudgeOptions } from './judge.ts';
export { OnRolledBack } from './onRolledBack.ts';
export { PermissionSets, type PermissionSetsProps } from './permissionSets.ts';
export { PinnedExecution, type PinnedExecutionProps } from './pinnedExecution.ts';
export { PinnedTask, type PinnedTaskProps } from './pinnedTask.ts';
export { Place, type IConfigurationEnvironment } from './place.ts';
export { RolloutPlan, type ExponentialRolloutProps, type LinearRolloutProps } from './plan.ts';
export type { ReaderProps, Source } from './reading.ts';
export { Reconciler, type ReconcilerProps } from './reconciler.ts';
export type { RequiredShadow } from './requiredShadow.ts';
export { RunsWith } from './runsWith.ts';
export { SafePoint, type SafePointProps } from './safePoint.ts';
export { ShiftPlan, type BlueGreenShiftProps, type CanaryShiftProps, type LinearShiftProps, type ShiftOptions, type StepsShiftProps } from './shiftPlan.ts';
export { WorkflowTarget, type WorkflowTargetProps } from './target.ts';
export { Workflow, type WorkflowProps } from './workflow.ts';

// lib/constructs/judge.d.ts
import { Duration } from 'aws-cdk-lib';
import { CfnExtensionAssociation } from 'aws-cdk-lib/aws-appconfig';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { type JudgeRules } from '../core/judge/rules.ts';
import type { Guarded } from './guard.ts';
import { Handler } from './handler.ts';
import { type Permit } from './permit.ts';
/** How the executions on a new epoch are compared with those on the old one. All may be left out. */
export interface JudgeOptions extends Omit<JudgeRules, 'promote'> {
    /** An execution that takes longer is slow: the SLO's threshold. @default - only what takes longer than `settleWithin` */
    readonly slowerThan?: Duration;
    /** How long after its start an execution's end is waited for; what comes later is not compared. @default Duration.minutes(5) */
    readonly settleWithin?: Duration;
    /** Told of each rollback the judge decides. @default - only an event of the default bus, source `sluice`, `Sluice Rollback` */
    readonly topic?: ITopic;
    /** How long the store keeps verdicts and what they were made of; whole days. Who asks later why a release was taken back asks in vain. @default Duration.days(365) */
    readonly keepVerdicts?: Duration;
}
/** What is judged, and by which rules. */
export interface JudgeProps extends Guarded {
    readonly applicationId: string;
    readonly environmentId: string;
    readonly profileId: string;
    readonly store: IBucket;
    readonly encryptionKey?: IKey;
    readonly options: JudgeOptions;
    /** Whether one execution is kept free for it. */
    readonly reserveConcurrency: boolean;
}
/** The variables by which `settle` and the judge agree on what is slow and what is late. */
export declare function promptnessVariables({ slowerThan, settleWithin }: Pick<JudgeOptions, 'slowerThan' | 'settleWithin'>): Record<string, string>;
/** The rules alone. */
export declare function rulesOf(options: JudgeOptions): JudgeRules;
/** The rules and the time limit, as variables of who judges by them. */
export declare function judgeVariables(options: JudgeOptions): Record<string, string>;
/** What lets a handler tell the default bus, as Sluice alone. */
export declare function tellPermit(scope: Construct): Permit;
/**
 * The judge: the extension AppConfig asks at each tick of a deployment of the profile. It compares the new epoch's executions with
 * the old one's, keeps each verdict in the store, and answers CONTINUE or ROLL_BACK.
 */
export declare class Judge extends Construct {
    readonly handler: Handler;
    readonly association: CfnExtensionAssociation;
    constructor(scope: Construct, id: string, props: JudgeProps);
}

// lib/constructs/onRolledBack.d.ts
/** What becomes of a workflow's executions whose epoch is rolled back while they run. */
export declare class OnRolledBack {
    /** They run to their end on the epoch they began on. */
    static finish(): OnRolledBack;
    /**
     * They fail at the next task that reads its configuration, with an error named `Sluice.EpochRolledBack`, which a `Catch` can take. A task that undoes
     * what was done reads its epoch all the same by a pin without `onRolledBack`.
     */
    static fail(): OnRolledBack;
    /** They go on until the next `SafePoint` of the definition, and from there by the epoch that is live then. */
    static moveAtSafePoints(): OnRolledBack;
    /** @internal As the pin says it; nothing to finish. */
    readonly _policy: 'fail' | 'move' | undefined;
    private constructor();
}

// lib/constructs/permissionSets.d.ts
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ConfigurationEnvironment } from './environment.ts';
/** Whose people these are. */
export interface PermissionSetsProps {
    readonly environment: ConfigurationEnvironment;
}
/**
 * Four managed policies for people and pipelines, each on this environment alone. Releasing needs the environment's own strategy, so who
 * releases cannot deploy at once; who releases cannot approve; and nobody of them can change a guard.
 */
export declare class PermissionSets extends Construct {
    #private;
    /** Sees what is live, what was deployed, and how it goes. */
    readonly reader: ManagedPolicy;
    /** Reads, stores versions, starts deployments by the environment's plan, and keeps what shadows found. */
    readonly releaser: ManagedPolicy;
    /** Reads, and writes approvals into the store. */
    readonly approver: ManagedPolicy;
    /** Reads, stops and reverts deployments, overrides the monitor, pauses, promotes and aborts shifts, and keeps what shadows of their versions found. */
    readonly operator: ManagedPolicy;
    constructor(scope: Construct, id: string, { environment }: PermissionSetsProps);
}

// lib/constructs/permit.d.ts
import { Policy, PolicyStatement, type IRole } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
/** What one role may do, and, where a resource holds a wildcard, why that is as narrow as it gets. */
export interface Permit {
    readonly actions: readonly string[];
    readonly on: readonly string[];
    readonly when?: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly wildcard?: string;
}
/** The IAM statement of a permit. */
export declare function statementOf(permit: Permit): PolicyStatement;
/**
 * Permits as a policy of its own, attached to a role from outside: a function waits for its role and the role's default policy, so
 * what it may read would otherwise come to depend on what it guards.
 */
export declare function permit(scope: Construct, id: string, role: IRole, permits: readonly Permit[]): Policy;
/** Says to cdk-nag why each wildcard is there. Logical ids are certain only at synth, so that is when it is said. */
export declare function reason(construct: Construct, permits: readonly Permit[] | (() => readonly Permit[])): void;

// lib/constructs/pin.d.ts
import type { Policy } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { Place } from './place.ts';
/** The handler that draws the pin of each execution, with the agent beside it. */
export declare class PinHandler extends Handler {
    #private;
    /** What it reads with. */
    readonly reading: Policy;
    constructor(scope: Construct, id: string, place: Place);
    /** Lets it see in the store which epochs were rolled back: for workflows that are not to finish on those. */
    seeRolledBack(): Policy;
}

// lib/constructs/pinnedExecution.d.ts
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TaskStateBase, type TaskMetricsConfig, type TaskStateBaseProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import { type IWorkflowAlias } from './alias.ts';
import { type Permit } from './permit.ts';
/** A state that runs a child workflow with the execution's pin. */
export interface PinnedExecutionProps extends Omit<TaskStateBaseProps, 'resultPath'> {
    /** The child's alias; the child is a workflow with `carriesPin`. */
    readonly alias: IWorkflowAlias;
    /** What the child gets beside `pin`. @default - nothing */
    readonly input?: Readonly<Record<string, unknown>>;
    /** Where the result goes; the input, and so the pin, stays around it. @default - `$.` and the id with a small first letter */
    readonly resultPath?: string;
}
/** Runs a child workflow to its end, on its alias, with the pin of this execution: parent and child read one epoch. */
export declare class PinnedExecution extends TaskStateBase {
    #private;
    protected readonly taskMetrics: TaskMetricsConfig;
    protected readonly taskPolicies: PolicyStatement[];
    constructor(scope: Construct, id: string, props: PinnedExecutionProps);
    protected _renderTask(): object;
}
/** What the states of an app that run children may do, so far: a state does not know its workflow. */
export declare function childPermits(scope: IConstruct): Permit[];

// lib/constructs/pinnedTask.d.ts
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction, Version } from 'aws-cdk-lib/aws-lambda';
import { TaskStateBase, type TaskMetricsConfig, type TaskStateBaseProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import { type Permit } from './permit.ts';
/** A state that invokes a function with the execution's pin. */
export interface PinnedTaskProps extends Omit<TaskStateBaseProps, 'resultPath'> {
    /** The function; its published version goes into the definition. */
    readonly lambdaFunction: LambdaFunction;
    /** What the function gets beside `pin`. @default - the whole input of the state, which holds the pin */
    readonly payload?: Readonly<Record<string, unknown>>;
    /** Whether the function has no side effects: `sluice shadow` calls it with what a candidate hands it, and answers other tasks from what was recorded. @default false */
    readonly pure?: boolean;
    /** Where the result goes; the input, and so the pin, stays around it. @default - `$.` and the id with a small first letter */
    readonly resultPath?: string;
}
/**
 * A task whose function reads exactly the epoch its execution is pinned to. The definition names a published version that is kept, so that
 * an old version of the workflow goes on running the old code.
 */
export declare class PinnedTask extends TaskStateBase {
    #private;
    protected readonly taskMetrics: TaskMetricsConfig;
    protected readonly taskPolicies: PolicyStatement[];
    /** The function, to be given its reading. */
    readonly lambdaFunction: LambdaFunction;
    constructor(scope: Construct, id: string, props: PinnedTaskProps);
    /** The version the definition names. */
    get versionArn(): string;
    protected _renderTask(): object;
}
/** The pinned tasks of an app so far: a state does not know its workflow. */
export declare const registered: (scope: IConstruct) => Set<PinnedTask>;
/** A version of the function as it is now, kept when the next one comes. @throws Fault `SLUICE-CDK-5` for what cannot be published here. */
export declare function publishedVersion(lambdaFunction: LambdaFunction): Version;
/** Invoking any version of a function: executions on old versions of the workflow still invoke old versions of its functions. */
export declare function invokePermit(lambdaFunction: LambdaFunction): Permit;

// lib/constructs/place.d.ts
import { Stack } from 'aws-cdk-lib';
import type { IGrantable, IRole, Policy } from 'aws-cdk-lib/aws-iam';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct, type IConstruct, type IDependable } from 'constructs';
import type { JudgeRules } from '../core/judge/rules.ts';
import { PinHandler } from './pin.ts';
import { Readers } from './readers.ts';
import { type ReaderProps, type Source } from './reading.ts';
import { SettleHandler } from './settle.ts';
import { Shifting } from './shifting.ts';
/** An environment whose configuration Sluice rolls out: created here, or imported. */
export interface IConfigurationEnvironment extends IConstruct {
    readonly applicationId: string;
    readonly applicationName: string;
    readonly environmentId: string;
    readonly environmentName: string;
    readonly profileId: string;
    readonly profileName: string;
    /** The epoch store. */
    readonly store: IBucket;
    /** The customer key of store and versions, if there is one. */
    readonly encryptionKey?: IKey;
    /** Gives a function everything it reads with: agent, variables, prefetch and the narrowest grant. */
    addReader(reader: LambdaFunction, props?: ReaderProps): Policy;
    /** Only the grant, for readers that are no Lambda functions. @default - agent and store */
    grantRead(grantee: IGrantable, ...sources: Source[]): Policy;
    /** Executions that were pinned. @default - sum, by the minute */
    metricExecutionsStarted(): Metric;
    /** Executions that came to their end. @default - sum, by the minute */
    metricExecutionsSettled(): Metric;
    /** Executions that failed or timed out. @default - sum, by the minute */
    metricExecutionsFailed(): Metric;
}
/** What every environment has, created or imported. */
export declare abstract class Place extends Construct implements IConfigurationEnvironment {
    #private;
    abstract readonly applicationId: string;
    abstract readonly applicationName: string;
    abstract readonly environmentId: string;
    abstract readonly environmentName: string;
    abstract readonly profileId: string;
    abstract readonly profileName: string;
    abstract readonly store: IBucket;
    abstract readonly encryptionKey?: IKey;
    addReader(reader: LambdaFunction, props?: ReaderProps): Policy;
    grantRead(grantee: IGrantable, ...sources: Source[]): Policy;
    metricExecutionsStarted(): Metric;
    metricExecutionsSettled(): Metric;
    metricExecutionsFailed(): Metric;
    /** @internal Lets the first release wait for something; an imported environment had its own long ago. */
    _beforeFirstRelease(_guard: IDependable): void;
    /** @internal What is slow, and what is late, as variables of the handler that counts ends. */
    abstract _promptness(): Record<string, string>;
    /** @internal By which rules two versions of a workflow are compared. */
    abstract _judgeRules(): JudgeRules;
    /** @internal The alarm that takes a shift back; nothing where this place knows none. */
    abstract _alarmName(): string | undefined;
    /** @internal The roles that read by pins. */
    _readers(): Readers;
    /** @internal The role that takes back what is complete, and with it a shift that is to blame; nothing where this place has none, or compares nothing. */
    _takesBack(): IRole | undefined;
    /** @internal Lets the gate keep what a workflow declares to run with. @throws Fault `SLUICE-CDK-21` where the gate is out of reach, `SLUICE-CDK-22` where it has too many to ask. */
    abstract _keepFor(workflow: Construct, stateMachineName: string, aliasName: string): void;
    /** @internal What shifts the workflows of a stack to their new versions. */
    _shifting(stack: Stack): Shifting;
    /** @internal The handler that draws pins, made when the first workflow of a stack asks for it. */
    _pin(stack: Stack): PinHandler;
    /** @internal The handler that counts executions at their end. */
    _settle(stack: Stack): SettleHandler;
}

// lib/constructs/plan.d.ts
import { type Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Plan, type Strategy } from '../core/plan.ts';
/** Equal steps. */
export interface LinearRolloutProps {
    /** Percent added by each step, above 0 and at most 100. */
    readonly stepPercent: number;
    /** From nothing to everybody, whole minutes up to 24 hours. */
    readonly duration: Duration;
    /** How long AppConfig watches at 100 %. @default Duration.minutes(10) */
    readonly bakeTime?: Duration;
}
/** Steps that double: the canary's longest look. */
export interface ExponentialRolloutProps {
    /** Percent of the first step, above 0 and at most 100. */
    readonly startPercent: number;
    /** From nothing to everybody, whole minutes up to 24 hours. */
    readonly duration: Duration;
    /** How long AppConfig watches at 100 %. @default Duration.minutes(10) */
    readonly bakeTime?: Duration;
}
/** How the exposure of a new configuration grows: one of AppConfig's predefined plans, or one of your own. */
export declare class RolloutPlan {
    #private;
    /** Everybody at once, then 10 minutes of watching. */
    static readonly ALL_AT_ONCE: RolloutPlan;
    /** 10 %, doubling over 20 minutes, then 10 minutes of watching. */
    static readonly CANARY_10_PERCENT_20_MINUTES: RolloutPlan;
    /** 20 % every 6 minutes, then 30 minutes of watching. */
    static readonly LINEAR_20_PERCENT_EVERY_6_MINUTES: RolloutPlan;
    /** 50 % every 30 seconds, then a minute of watching: for trying things out. */
    static readonly LINEAR_50_PERCENT_EVERY_30_SECONDS: RolloutPlan;
    /** A plan in equal steps. @throws Fault `SLUICE-PLAN-1` or `SLUICE-PLAN-2` for what AppConfig cannot express. */
    static linear(props: LinearRolloutProps): RolloutPlan;
    /** A plan whose exposure doubles. @throws Fault `SLUICE-PLAN-1` or `SLUICE-PLAN-2` for what AppConfig cannot express. */
    static exponential(props: ExponentialRolloutProps): RolloutPlan;
    /** A plan of the core, steps included. @throws Fault `SLUICE-PLAN-1` to `SLUICE-PLAN-4` for what AppConfig cannot express. */
    static of(plan: Plan): RolloutPlan;
    /** A strategy that exists already. */
    static fromDeploymentStrategyId(deploymentStrategyId: string): RolloutPlan;
    /** The AppConfig strategy; nothing for an imported one. */
    readonly strategy: Strategy | undefined;
    private constructor();
    /** The id of the strategy in a scope's stack: predefined where one fits, else one resource, shared by all who use the same plan. */
    strategyId(scope: Construct): string;
}

// lib/constructs/readers.d.ts
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { Place } from './place.ts';
/** The roles that read the epochs of a place by pins, and whether they see which of those were rolled back. */
export declare class Readers {
    #private;
    constructor(place: Place);
    /** Adds a role; it sees what the others see. */
    add(role: IRole): void;
    /** Lets all of them see it, those to come too: a workflow has executions that are to fail. */
    seeRolledBack(): void;
}

// lib/constructs/reading.d.ts
import type { IGrantable, IRole, Policy } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { AgentLayer } from './agentLayer.ts';
import { type Permit } from './permit.ts';
import type { IConfigurationEnvironment, Place } from './place.ts';
/** Where a reader reads: `agent` for `current()` and pins to be drawn, `store` for `at(pin)`. */
export type Source = 'agent' | 'store';
/** How a function reads. */
export interface ReaderProps {
    /** Where it reads: the fewer, the narrower its grant. @default ['agent', 'store'] */
    readonly sources?: readonly Source[];
    /** The agent it reads with. @default AgentLayer.latest() */
    readonly agentLayer?: AgentLayer;
    /** The agent fetches the configuration while the function starts. @default true */
    readonly prefetch?: boolean;
}
/**
 * Everything a function needs to read with `sluice/runtime`, in one call.
 * @throws Fault `SLUICE-CDK-5` when it is not a function of this app.
 */
export declare function addReader(place: Place, reader: LambdaFunction, props: ReaderProps): Policy;
/** A function of this app, which can be given variables. @throws Fault `SLUICE-CDK-5` for versions, aliases and imported ones. */
export declare function asFunction(reader: IFunction): LambdaFunction;
/**
 * The narrowest grant: this profile in this environment, the epochs of its store, and its key. The first release waits for it, so that a
 * destroy which is refused leaves it in place too.
 */
export declare function grantRead(place: Place, { grantPrincipal }: IGrantable, sources: readonly Source[]): Policy;
/** Lets a role that reads by pins see which epochs were rolled back. Below its stack, as its reading is; once, however often it was let read. */
export declare function grantRolledBack(place: Place, role: IRole): Policy;
/** Seeing which epochs of a place were rolled back. */
export declare function rolledBackPermit({ store, profileName }: IConfigurationEnvironment): Permit;
/** What a reader may do. */
export declare function readPermits(place: IConfigurationEnvironment, sources: readonly Source[]): Permit[];

// lib/constructs/reconciler.d.ts
import { Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { ConfigurationEnvironment } from './environment.ts';
/** What is watched, how often, and whether it may be healed. */
export interface ReconcilerProps {
    readonly environment: ConfigurationEnvironment;
    /** A minute at least, in whole minutes. @default Duration.minutes(15) */
    readonly every?: Duration;
    /** Whether it may deploy again what the newest release lets it heal (`heal` in sluice.yaml). @default true */
    readonly heal?: boolean;
}
/**
 * Watches how an environment stands to its newest release: on a schedule and whenever AppConfig tells of a deployment. It keeps the state in the
 * epoch store, counts it, tells EventBridge when it changes (`Sluice Drift`) and heals what the release allows, by the environment's own plan.
 */
export declare class Reconciler extends Construct {
    #private;
    constructor(scope: Construct, id: string, { environment, every, heal }: ReconcilerProps);
    /** 1 for each look that found the environment neither in sync nor on its way. @default - maximum, by the minute */
    metricDrifted(): Metric;
}

// lib/constructs/requiredShadow.d.ts
import { Duration } from 'aws-cdk-lib';
import { type ShadowDemand } from '../core/shadow/demand.ts';
/** What `sluice shadow` must have shown of a candidate before it gets executions. */
export interface RequiredShadow {
    /** How many executions were compared at least. @default 100 */
    readonly executions?: number;
    /** How old what was found may be. @default Duration.days(7) */
    readonly within?: Duration;
}
/** The demand as gate and controller read it. @throws Fault `SLUICE-SHADOW-7` for what no shadow can meet. */
export declare function demandOf({ executions, within }: RequiredShadow): ShadowDemand;

// lib/constructs/runsWith.d.ts
import type { RunsWith as Declared } from '../core/runsWith.ts';
/** With which configuration a version of a workflow can run. It is a part of the version, as immutable as its definition. */
export declare class RunsWith {
    /**
     * Documents by these schemas: of each document the paths of schema files, or their digests (`sha256:<hex>`). Documents that are not named may be by any.
     * @throws Fault `SLUICE-CDK-20` for what is neither, and what a schema itself is refused with.
     */
    static schemas(byDocument: Readonly<Record<string, readonly string[]>>): RunsWith;
    /** These epochs, by their digests (`sha256:<hex>`). @throws Fault `SLUICE-CDK-20` for what is none. */
    static epochs(...digests: string[]): RunsWith;
    /** Epochs from a version of the profile on: its number as AppConfig counts. @throws Fault `SLUICE-CDK-20` for what is none. */
    static since(version: number): RunsWith;
    /** Any. It differs from saying nothing where an earlier version of the workflow declares more: that one stays guarded as long as it has executions. */
    static anything(): RunsWith;
    /** The declaration as definitions carry it. */
    readonly declared: Declared;
    private constructor();
}

// lib/constructs/safePoint.d.ts
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { TaskStateBase, type TaskMetricsConfig, type TaskStateBaseProps } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct, IConstruct } from 'constructs';
import type { PinHandler } from './pin.ts';
import type { Place } from './place.ts';
/** Where an execution may take another configuration. */
export interface SafePointProps extends Omit<TaskStateBaseProps, 'resultPath' | 'outputPath' | 'inputPath' | 'resultSelector'> {
    /** The environment of its workflow. */
    readonly environment: Place;
}
/** A `Retry` of a state that asks the pin handler. */
interface PinRetry {
    readonly ErrorEquals: readonly string[];
    readonly IntervalSeconds: number;
    readonly MaxAttempts: number;
    readonly BackoffRate: number;
    readonly MaxDelaySeconds?: number;
}
/** What is worth another try: Lambda's own failures; and, for seven minutes, a first release that is still to come, and agents that still serve what was rolled back. */
export declare const PIN_RETRY: readonly PinRetry[];
/**
 * A state at which an execution may take another configuration: if the epoch it is pinned to was rolled back, it is pinned to the one that is live
 * then, and all that follows reads that one. Otherwise nothing changes. For workflows whose `onRolledBack` is to move or to fail.
 */
export declare class SafePoint extends TaskStateBase {
    #private;
    /**
     * The same as a state of the Amazon States Language without `Next` and `End`, for a definition that is written in it: the state of a `CustomState`, or
     * a part of a text. It holds tokens, so a text is made by `stack.toJsonString`.
     */
    static state(scope: Construct, environment: Place): Record<string, unknown>;
    protected readonly taskMetrics: TaskMetricsConfig;
    /** None: the workflow may ask this handler already, which draws its pins. */
    protected readonly taskPolicies: PolicyStatement[];
    constructor(scope: Construct, id: string, props: SafePointProps);
    protected _renderTask(): object;
}
/** The handlers that safe points of an app ask, so far: a state does not know its workflow. */
export declare const safeHandlers: (scope: IConstruct) => Set<PinHandler>;
export {};

// lib/constructs/settle.d.ts
import type { Construct } from 'constructs';
import { Handler } from './handler.ts';
import type { Guarded } from './guard.ts';
/** The handler that counts executions at their end. */
export declare class SettleHandler extends Handler {
    #private;
    constructor(scope: Construct, id: string, { applicationName, environmentName }: Guarded, promptness: Readonly<Record<string, string>>);
    /**
     * Counts a workflow's executions by version too, each of which is a handful of custom metrics more: for workflows that shift. By the state
     * machine's name; the handler must be told of `RUNNING` too.
     */
    countVersionsOf(stateMachineName: string): void;
}

// lib/constructs/shiftPlan.d.ts
import { Duration } from 'aws-cdk-lib';
import { type ShiftSteps } from '../core/shift/plan.ts';
import { type RequiredShadow } from './requiredShadow.ts';
/** What all plans of shifts have. */
export interface ShiftOptions {
    /** How long the new version is watched once all executions start on it. @default Duration.minutes(10) */
    readonly bakeTime?: Duration;
    /**
     * What happens after the last step when the judge has neither seen harm nor proven the new version safe: go on, hold until
     * `sluice shift promote` or `abort`, or go back. @default 'go-on'
     */
    readonly onInconclusive?: ShiftSteps['onInconclusive'];
    /** Whether a proof of safety ends the steps early. @default false */
    readonly promoteEarly?: boolean;
    /** What `sluice shadow` must have shown of the new version before it gets executions. @default - nothing */
    readonly requireShadow?: RequiredShadow;
}
/** One step, then everybody. */
export interface CanaryShiftProps extends ShiftOptions {
    /** Percent of the executions, 1 to 99. @default 10 */
    readonly percent?: number;
    /** @default Duration.minutes(20) */
    readonly hold?: Duration;
}
/** Equal steps. */
export interface LinearShiftProps extends ShiftOptions {
    /** Percent that each step adds, 1 to 99. */
    readonly stepPercent: number;
    /** How long each step is held. */
    readonly every: Duration;
}
/** Nobody, then everybody. */
export interface BlueGreenShiftProps extends ShiftOptions {
    /** How long the new version can be tried by its own ARN before everybody gets it. */
    readonly hold: Duration;
}
/** Any steps. */
export interface StepsShiftProps extends ShiftOptions {
    readonly steps: readonly {
        readonly percent: number;
        readonly hold: Duration;
    }[];
}
/** How a workflow's new version gets its executions. */
export declare class ShiftPlan {
    /** Some, then everybody. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
    static canary(props?: CanaryShiftProps): ShiftPlan;
    /** More in equal steps. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
    static linear(props: LinearShiftProps): ShiftPlan;
    /** Nobody while the new version is tried, then everybody. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
    static blueGreen(props: BlueGreenShiftProps): ShiftPlan;
    /** Everybody at once, watched. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
    static allAtOnce(props?: ShiftOptions): ShiftPlan;
    /** Steps of any weight and length. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
    static steps(props: StepsShiftProps): ShiftPlan;
    /** The plan as the controller plays it. */
    readonly plan: ShiftSteps;
    private constructor();
}

// lib/constructs/shifting.d.ts
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { WorkflowAlias } from './alias.ts';
import { Handler } from './handler.ts';
import type { Place } from './place.ts';
/**
 * What shifts the workflows of one environment in one stack: a state machine that looks, asks its function and updates the alias; that
 * function; and the one that tells a stack where an alias is. Its own versions take over at once, and a shift that is under way ends on the version
 * it began on.
 */
export declare class Shifting extends Construct {
    /** What the controller is started on. */
    readonly alias: WorkflowAlias;
    /** The ARN of the controller's state machine, by its name. */
    readonly stateMachineArn: string;
    /** The role the controller looks and moves with. */
    readonly role: Role;
    /** Decides each look, and deletes versions that nothing needs. */
    readonly decide: Handler;
    /** Tells a stack where an alias routes to. */
    readonly route: Handler;
    constructor(scope: Construct, id: string, place: Place, promptness: Readonly<Record<string, string>>);
}

// lib/constructs/target.d.ts
import type { IRule, IRuleTarget, RuleTargetConfig, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import type { IWorkflowAlias } from './alias.ts';
/** How an event starts an execution. */
export interface WorkflowTargetProps {
    /** @default - the event */
    readonly input?: RuleTargetInput;
}
/** Starts an execution on a workflow's alias for each event of a rule: `rule.addTarget(new WorkflowTarget(workflow.alias))`. */
export declare class WorkflowTarget implements IRuleTarget {
    #private;
    constructor(alias: IWorkflowAlias, props?: WorkflowTargetProps);
    bind(rule: IRule): RuleTargetConfig;
}

// lib/constructs/workflow.d.ts
import { type Duration } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { type Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { StateMachine, type IChainable, type LogOptions } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { WorkflowAlias } from './alias.ts';
import type { OnRolledBack } from './onRolledBack.ts';
import type { Place } from './place.ts';
import type { RunsWith } from './runsWith.ts';
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
export declare class Workflow extends Construct {
    #private;
    readonly stateMachine: StateMachine;
    readonly alias: WorkflowAlias;
    readonly environment: Place;
    constructor(scope: Construct, id: string, props: WorkflowProps);
    get aliasArn(): string;
    /** Lets somebody start executions on the alias. */
    grantStartExecution(grantee: IGrantable): Grant;
    /** Executions of all versions that failed, as Step Functions counts them. @default - sum, by five minutes */
    metricFailed(): Metric;
}

// lib/core/digest.d.ts
/** The SHA-256 of some bytes, as `sha256:` and 64 lower-case hexadecimal digits. */
export type Digest = `sha256:${string}`;
/** The digest of exactly these bytes. */
export declare function digestOf(bytes: Uint8Array): Digest;
/** Whether a value is a digest as this project writes it. */
export declare function isDigest(value: unknown): value is Digest;
/** The 64 hexadecimal digits of a digest, as the store's keys use them. */
export declare function hexOf(digest: Digest): string;

// lib/core/judge/rules.d.ts
/** How one metric takes part. */
export interface MetricRule {
    /** Its part of the evidence; weights are divided by their sum. @default 1 */
    readonly weight?: number;
    /** `counts`: the rollback test. `sign`: the sign test, for clumped errors and a control cohort of equal size. @default 'counts' */
    readonly test?: 'counts' | 'sign';
    /** The odds ratio tolerated for this metric, 1 or more. @default the rules' own */
    readonly tolerate?: number;
    /** How much more than chance the counts vary, measured earlier, 1 or more; a history given to the judge replaces it. @default 1 */
    readonly phi?: number;
}
/** The judge's rules for one environment. All may be left out. */
export interface JudgeRules {
    /** The chance, above 0 and at most 0.5, that a harmless release is ever rolled back. @default 0.01 */
    readonly alpha?: number;
    /** The odds ratio of a bad end, canary to control, that is put up with, 1 or more. @default 1 */
    readonly tolerate?: number;
    /** The metrics that are judged, by CloudWatch's name. @default ExecutionsFailed half, ExecutionsTimedOut and ExecutionsSlow a quarter each */
    readonly metrics?: Readonly<Record<string, MetricRule>>;
    /** Canary executions that must have started before a rollback. @default 1, since the bound holds at any number */
    readonly leastExposure?: number;
    /** What happens after `blindTicks` ticks in a row without anything to see. @default 'continue' */
    readonly onNoData?: 'continue' | 'roll-back';
    /** @default 5 */
    readonly blindTicks?: number;
    /** The chance, above 0 and at most 0.5, that a right sample ratio is ever called wrong. @default 0.001 */
    readonly sampleRatioAlpha?: number;
    /** What a wrong sample ratio does: `tell` says so and judges on, `continue` says so and never rolls back on the evidence. @default 'tell' */
    readonly onSampleRatio?: 'tell' | 'continue';
    /** When the canary counts as proven safe; for who can promote. @default null: never */
    readonly promote?: PromoteRule | null;
    /** The comparison of before and after, when there is no control any more. @default alpha 0.001, tolerate 1.5 */
    readonly after?: AfterRule;
}
/** The proof of safety: promoted when the chance that the canary is as bad as `margin` is at most `beta`. */
export interface PromoteRule {
    /** Above 0 and at most 0.5. @default 0.05 */
    readonly beta?: number;
    /** An odds ratio above 1. @default 2 */
    readonly margin?: number;
}
/** The rules of the comparison over time. */
export interface AfterRule {
    /** Above 0 and at most 0.5. @default 0.001 */
    readonly alpha?: number;
    /** The odds ratio, after to before, that is put up with, 1 or more. @default 1.5 */
    readonly tolerate?: number;
}
/** Rules with every default filled in and weights that sum to 1. */
export interface CompleteRules extends Required<Omit<JudgeRules, 'metrics' | 'promote' | 'after'>> {
    readonly metrics: Readonly<Record<string, Required<MetricRule>>>;
    readonly promote: Required<PromoteRule> | null;
    readonly after: Required<AfterRule>;
}
/** The metrics that are judged when the rules name none. */
export declare const JUDGED: Readonly<Record<string, MetricRule>>;
/**
 * Rules from anywhere (an environment's record, a construct's props), checked and complete.
 * @throws Fault `SLUICE-JUDGE-6` for a value out of range, `SLUICE-JUDGE-7` for a rule there is not.
 */
export declare function completeRules(rules?: unknown): CompleteRules;

// lib/core/metric.d.ts
import type { Digest } from './digest.ts';
/** The CloudWatch namespace of Sluice's own metrics. */
export declare const NAMESPACE = "Sluice";
/** What is counted of executions; docs/handlers.md says when. */
export type ExecutionMetric = 'ExecutionsStarted' | 'ExecutionsSettled' | 'ExecutionsFailed' | 'ExecutionsTimedOut' | 'ExecutionsSlow' | 'ExecutionsLate' | 'ExecutionsMoved' | 'ExecutionsRecalled';
/** What is counted of deployments, as AppConfig tells of them. */
export type RolloutMetric = 'RolloutsBegun' | 'RolloutsCompleted' | 'RolloutsRolledBack';
/** What is counted. */
export type MetricName = ExecutionMetric | RolloutMetric | 'RollbacksDecided' | 'RollbacksJudged' | 'JudgeBlind' | 'Drifted';
/** Which version of which workflow something ran on; counted for workflows that shift only, since each version is a metric more. */
export interface WorkflowVersion {
    /** The state machine's name. */
    readonly workflow: string;
    /** The version's number, as text. */
    readonly workflowVersion: string;
}
/** One line of CloudWatch's embedded metric format, with the members a log reader wants beside it. */
export interface Counted {
    readonly application: string;
    readonly environment: string;
    /** Without an epoch the counts go to the environment only. */
    readonly epoch?: Digest;
    /** The counts go to this version of a workflow. */
    readonly of?: WorkflowVersion;
    /** The counts go to epoch and version only, since the environment has had them at another instant. @default false */
    readonly cohortOnly?: boolean;
    /** Epoch milliseconds. */
    readonly at: number;
    readonly counts: Partial<Record<MetricName, number>>;
    /** Further members of the log line; they are no dimensions. */
    readonly also?: Readonly<Record<string, unknown>>;
}
/**
 * The log line that CloudWatch turns into metrics: by application and environment, by epoch, and by version of a workflow.
 * Alarms need the first, comparing cohorts the others.
 */
export declare function metricLine(counted: Counted): string;

// lib/core/plan.d.ts
/** How the exposure of a new epoch grows, and how long it is watched at 100 %. Durations are whole minutes; `bakeMinutes` has the default 10. */
export type Plan = 
/** Everybody at once. */
{
    readonly kind: 'all-at-once';
    readonly bakeMinutes?: number;
}
/** Equal steps of `stepPercent` over `minutes`. */
 | {
    readonly kind: 'linear';
    readonly stepPercent: number;
    readonly minutes: number;
    readonly bakeMinutes?: number;
}
/** Begins at `percent` and doubles over `minutes`: the canary's longest look. */
 | {
    readonly kind: 'canary';
    readonly percent: number;
    readonly minutes: number;
    readonly bakeMinutes?: number;
}
/** Each percentage held for its minutes; accepted only when AppConfig can express it. */
 | {
    readonly kind: 'steps';
    readonly steps: readonly Step[];
    readonly bakeMinutes?: number;
};
/** One stage of a plan: an exposure, and for how many minutes it is held. */
export interface Step {
    readonly percent: number;
    readonly minutes: number;
}
/** A deployment strategy in AppConfig's own words. */
export interface Strategy {
    readonly growthType: 'LINEAR' | 'EXPONENTIAL';
    /** Percent, above 0 and at most 100; AppConfig takes no less than 1. */
    readonly growthFactor: number;
    readonly durationMinutes: number;
    readonly bakeMinutes: number;
}
/** Bake time of a plan that says none, in minutes: that of AppConfig's own predefined strategies. */
export declare const BAKE_MINUTES = 10;
/** Plans with the numbers of AppConfig's predefined strategies of the same shape. */
export declare const PLANS: Readonly<Record<'allAtOnce' | 'canary' | 'linear', Plan>>;
/**
 * The AppConfig strategy that plays a plan.
 * @throws Fault `SLUICE-PLAN-1`, `-2` for numbers out of range, `SLUICE-PLAN-3` for steps AppConfig cannot express.
 */
export declare function strategyOf(plan: Plan): Strategy;
/** The percentages a strategy goes through, ending in 100. */
export declare function stages(strategy: Pick<Strategy, 'growthType' | 'growthFactor'>): number[];
/**
 * When the steps of a deployment come: `observed` as in the one log AWS published (0 % until duration / (stages + 1)
 * has passed), `guide` as the user guide's table (0 % until duration / stages), `api-reference` (the first step at once).
 * AWS's statements disagree, so nothing may depend on the choice; forecasts take the log's.
 */
export type Timing = 'observed' | 'guide' | 'api-reference';
/** The exposure over time: from each minute on, which percentage; beginning with 0 minutes. */
export declare function exposure(strategy: Strategy, timing?: Timing): {
    readonly atMinutes: number;
    readonly percent: number;
}[];
/** The exposure in percent after some minutes. */
export declare function exposureAt(strategy: Strategy, afterMinutes: number, timing?: Timing): number;

// lib/core/runsWith.d.ts
import { type Digest } from './digest.ts';
/** With which configuration a version of a workflow can run. All that is there must hold; an empty one runs with anything. */
export interface RunsWith {
    /** By document: the digests of the schemas that it may be valid against. */
    readonly schemas?: Readonly<Record<string, readonly Digest[]>>;
    /** The digests of the epochs themselves. */
    readonly epochs?: readonly Digest[];
    /** The number of the first version of the profile. */
    readonly since?: number;
}
/** An epoch as it is compared with a declaration. */
export interface Fitting {
    /** AppConfig's version number, as text; `null` for one that is not created yet, and so newer than all. */
    readonly version: string | null;
    readonly digest: Digest;
    readonly documents: Readonly<Record<string, {
        readonly schema: Digest;
    }>>;
}
/** The Comment of a definition that declares it: so the declaration is of the version, and as immutable, whoever publishes it. */
export declare function commentOf(declared: RunsWith): string;
/** What a definition declares; nothing when it declares nothing. A declaration that cannot be read fits no epoch. */
export declare function declaredIn(definition: string): RunsWith | undefined;
/** Why an epoch is not among those that are declared, in words; nothing when it is. */
export declare function misfit({ schemas, epochs, since }: RunsWith, { version, digest, documents }: Fitting): string | undefined;

// lib/core/shadow/demand.d.ts
/** What must be shown of a candidate before it gets executions. */
export interface ShadowDemand {
    /** How many executions were compared at least. */
    readonly executions: number;
    /** How old what was found may be, milliseconds. */
    readonly withinMs: number;
}
/** The demand, if it is one. @throws Fault `SLUICE-SHADOW-7` for what no shadow can meet. */
export declare function checkedDemand(demand: ShadowDemand): ShadowDemand;

// lib/core/shift/plan.d.ts
import { type ShadowDemand } from '../shadow/demand.ts';
/** A share of the executions that start on a new version, and for how long. */
export interface ShiftStep {
    /** Percent, whole, 0 to 99; at 0 the new version is only ready. */
    readonly weight: number;
    /** At least 1. */
    readonly minutes: number;
}
/** How a workflow's new version gets its executions. */
export interface ShiftSteps {
    /** Growing, without 100 %, which comes after the last; none shifts at once. */
    readonly steps: readonly ShiftStep[];
    /** How long 100 % is watched before the old version is let go, minutes, 0 to 1440. */
    readonly bakeMinutes: number;
    /**
     * What happens after the last step when the judge has neither seen harm nor proven the new version safe: go on to 100 %, hold until a
     * person promotes or aborts, or go back. Of steps at 0 % nothing could be concluded, so there it is not asked.
     */
    readonly onInconclusive: 'go-on' | 'hold' | 'roll-back';
    /** Whether a proof of safety ends the steps early. */
    readonly promoteEarly: boolean;
    /** What must be shown of the new version before it gets executions. @default - nothing */
    readonly shadow?: ShadowDemand;
}
/** Minutes that 100 % is watched when nobody says. */
export declare const SHIFT_BAKE_MINUTES = 10;
type Rest = Omit<ShiftSteps, 'steps'>;
/** One step, then everybody. */
export declare function canaryShift(percent: number, minutes: number, rest?: Partial<Rest>): ShiftSteps;
/** Equal steps of `stepPercent`, each for `minutes`. */
export declare function linearShift(stepPercent: number, minutes: number, rest?: Partial<Rest>): ShiftSteps;
/** Nobody for `minutes`, in which the new version can be tried by its own ARN, then everybody. */
export declare function blueGreenShift(minutes: number, rest?: Partial<Rest>): ShiftSteps;
/** Everybody at once, watched. */
export declare function shiftAtOnce(rest?: Partial<Rest>): ShiftSteps;
/** The plan, if it is one. @throws Fault `SLUICE-SHIFT-1` for what no alias can play. */
export declare function checkedShift(plan: ShiftSteps): ShiftSteps;
export {};
