import { Lazy, RemovalPolicy, Stack, type CfnElement, type Duration } from 'aws-cdk-lib';
import { CfnConfigurationProfile, DeletionProtectionCheck, Environment, Monitor as AppConfigMonitor } from 'aws-cdk-lib/aws-appconfig';
import type { CompositeAlarm, IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import { Bucket, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct, IDependable } from 'constructs';
import { fault } from '../core/fault.ts';
import { BUILDING } from '../core/faults/building.ts';
import type { JudgeRules } from '../core/judge/rules.ts';
import { appConfigArn } from './arn.ts';
import { schemaText } from './assets.ts';
import { beginningOf } from './beginning.ts';
import type { Configuration } from './configuration.ts';
import { refuseCycles } from './cycle.ts';
import { Gate } from './gate.ts';
import type { Guard } from './guard.ts';
import { Judge, promptnessVariables, rulesOf, type JudgeOptions } from './judge.ts';
import { judgementOf } from './judgement.ts';
import { Monitor } from './monitor.ts';
import { literalName } from './name.ts';
import { Place } from './place.ts';
import type { RolloutPlan } from './plan.ts';
import { demandOf, type RequiredShadow } from './requiredShadow.ts';
import { RollBack } from './rollBack.ts';
import { HandlerRule } from './rule.ts';
import { Seed } from './seed.ts';
import { storeBucket } from './store.ts';
import { Validator } from './validator.ts';

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
export class ConfigurationEnvironment extends Place {
  /** An environment that exists already, for readers and workflows of other stacks. */
  static fromConfigurationEnvironmentAttributes(scope: Construct, id: string, attributes: ConfigurationEnvironmentAttributes): Place {
    return new ImportedEnvironment(scope, id, attributes);
  }

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
  readonly #seed: Seed;
  readonly #judge: JudgeOptions | false;
  readonly #gate: Gate;
  readonly #rollBack: RollBack;
  readonly #declaring: string[] = [];

  constructor(scope: Construct, id: string, props: ConfigurationEnvironmentProps) {
    super(scope, id);
    const { configuration, removalPolicy = RemovalPolicy.RETAIN, deletionProtection = true } = props;
    const { application, encryptionKey } = configuration;
    const deletionProtectionCheck = deletionProtection ? DeletionProtectionCheck.APPLY : DeletionProtectionCheck.BYPASS;
    this.applicationId = application.applicationId;
    this.applicationName = configuration.applicationName;
    this.environmentName = literalName(this, 'environmentName', props.environmentName ?? id);
    const { composition, plan, profileName } = beginningOf(configuration, this.environmentName, props.directory);
    this.profileName = literalName(this, 'profileName', profileName);
    this.deploymentStrategyId = (props.plan ?? plan).strategyId(this);
    this.#judge = props.judge ?? {};
    if (encryptionKey !== undefined) this.encryptionKey = encryptionKey;
    const encrypted = encryptionKey === undefined ? {} : { encryptionKey };
    const keepVerdicts = this.#judge === false ? undefined : this.#judge.keepVerdicts;
    this.store = storeBucket(this, 'Store', { removalPolicy, ...encrypted, ...(keepVerdicts === undefined ? {} : { keepVerdicts }) });

    const monitor = new Monitor(this, 'Monitor', { applicationName: this.applicationName, environmentName: this.environmentName, ...(props.guards ? { guards: props.guards } : {}) });
    this.alarm = monitor.alarm;
    this.guards = monitor.guards;
    this.environment = new Environment(this, 'Environment', {
      application, environmentName: this.environmentName, deletionProtectionCheck,
      monitors: [AppConfigMonitor.fromCloudWatchAlarm(monitor.alarm, monitor.role)],
    });
    this.environment.node.addDependency(monitor);
    this.environmentId = this.environment.environmentId;

    const profile = new CfnConfigurationProfile(this, 'Profile', {
      applicationId: this.applicationId, name: this.profileName, locationUri: 'hosted', type: 'AWS.Freeform', deletionProtectionCheck,
      // The validator asks the gate, which is made for the profile: only the function is there before it.
      // By this tag the command line finds the store.
      tags: [{ key: 'sluice:store', value: this.store.bucketName }],
      validators: [{ type: 'JSON_SCHEMA', content: schemaText('epoch.schema.json') }, { type: 'LAMBDA', content: Lazy.string({ produce: () => validator.handler.function.functionArn }) }],
      ...(encryptionKey === undefined ? {} : { kmsKeyIdentifier: encryptionKey.keyArn }),
    });
    this.profileId = profile.ref;

    const { applicationId, environmentId, profileId, applicationName, environmentName, store } = this;
    const shadow = props.requireShadow === undefined ? {} : { shadow: demandOf(props.requireShadow) };
    const gate = this.#gate = new Gate(this, 'Gate', { applicationId, environmentId, profileId, store, ...encrypted, ...shadow });
    const validator = new Validator(this, 'Validator', { applicationId, gate: gate.handler.function });
    profile.node.addDependency(validator);
    const { reserveConcurrency = true } = props;
    const judge = this.#judge === false ? [] : [new Judge(this, 'Judge', { applicationId, environmentId, profileId, applicationName, environmentName, store, ...encrypted, options: this.#judge, reserveConcurrency })];
    const rollBack = this.#rollBack = new RollBack(this, 'RollBack', {
      applicationId, environmentId, applicationName, environmentName, profileName, alarm: monitor.alarm, reserveConcurrency,
      kept: { store, ...encrypted, options: this.#judge },
      heardOf: appConfigArn(this, `${applicationId}/configurationprofile/${profileId}`),
    });
    const settle = this._settle(Stack.of(this));
    const rollouts = new HandlerRule(this, 'Rollouts', {
      description: `Deployments of ${applicationName}/${environmentName} begin, are complete or are rolled back`,
      handler: settle,
      // Whoever associates AWS's extension once more is told twice; here a deployment counts once.
      eventPattern: { source: ['aws.appconfig'], resources: [rollBack.telling.attrArn], detail: { Environment: { Id: [environmentId] } } },
    });
    this.#seed = new Seed(this, 'Seed', {
      applicationId, environmentId, applicationName, environmentName, profileId, profileName, store, ...encrypted, composition,
      alarms: [monitor.alarm, ...monitor.guards], deletionProtection, emptyStore: removalPolicy === RemovalPolicy.DESTROY,
      judgement: judgementOf(this.#judge), workflows: this.#declaring, ...shadow,
    });
    refuseCycles(this, [this.environment.node.defaultChild as CfnElement, this.#seed.element]);
    this.#seed.after(gate, ...judge, rollBack, settle, rollouts, validator, this.environment, profile, this.store);
  }

  /** @internal */
  override _promptness(): Record<string, string> {
    return promptnessVariables(this.#judge === false ? {} : this.#judge);
  }

  /** @internal */
  override _judgeRules(): JudgeRules {
    return this.#judge === false ? {} : rulesOf(this.#judge);
  }

  /** @internal By its name as text: it watches executions that a shift starts, and must not come to wait for itself. */
  override _alarmName(): string {
    return `${this.applicationName}-${this.environmentName}`;
  }

  /** @internal */
  override _takesBack(): IRole | undefined {
    return this.#judge === false ? undefined : this.#rollBack.handler.role;
  }

  /** @internal */
  override _keepFor(_workflow: Construct, stateMachineName: string, aliasName: string): void {
    this.#declaring.push(this.#gate.keepFor(`${this.applicationName}/${this.environmentName}`, stateMachineName, aliasName));
  }

  /** @internal Lets the first release wait for something, such as the rule that counts executions. */
  override _beforeFirstRelease(guard: IDependable): void {
    this.#seed.after(guard);
  }
}

class ImportedEnvironment extends Place {
  readonly applicationId: string;
  readonly applicationName: string;
  readonly environmentId: string;
  readonly environmentName: string;
  readonly profileId: string;
  readonly profileName: string;
  readonly store: IBucket;
  readonly encryptionKey?: IKey;
  readonly #promptness: Record<string, string>;

  constructor(scope: Construct, id: string, attributes: ConfigurationEnvironmentAttributes) {
    super(scope, id);
    this.applicationId = attributes.applicationId;
    this.applicationName = literalName(this, 'applicationName', attributes.applicationName);
    this.environmentId = attributes.environmentId;
    this.environmentName = literalName(this, 'environmentName', attributes.environmentName);
    this.profileId = attributes.profileId;
    this.profileName = literalName(this, 'profileName', attributes.profileName ?? `${attributes.applicationName}-${attributes.environmentName}`);
    this.store = Bucket.fromBucketName(this, 'Store', attributes.storeBucketName);
    if (attributes.encryptionKey !== undefined) this.encryptionKey = attributes.encryptionKey;
    this.#promptness = promptnessVariables(attributes);
  }

  /** @internal */
  override _promptness(): Record<string, string> {
    return this.#promptness;
  }

  /** @internal */
  override _judgeRules(): JudgeRules {
    return {};
  }

  /** @internal An imported environment's alarm is not known here; the judge and before-and-after watch a shift. */
  override _alarmName(): undefined {
    return undefined;
  }

  /** @internal */
  override _keepFor(workflow: Construct): never {
    throw fault(BUILDING, 'SLUICE-CDK-21', { workflow: workflow.node.path, environment: `${this.applicationName}/${this.environmentName}` });
  }
}
