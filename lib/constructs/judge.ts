import { Duration, Names, Stack } from 'aws-cdk-lib';
import { CfnExtension, CfnExtensionAssociation } from 'aws-cdk-lib/aws-appconfig';
import { EventField, Rule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { completeRules, type JudgeRules } from '../core/judge/rules.ts';
import { SETTLE_WITHIN_MS } from '../core/settlement.ts';
import { appConfigArn } from './arn.ts';
import type { Guarded } from './guard.ts';
import { Handler } from './handler.ts';
import { permit, type Permit } from './permit.ts';

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
export function promptnessVariables({ slowerThan, settleWithin }: Pick<JudgeOptions, 'slowerThan' | 'settleWithin'>): Record<string, string> {
  return {
    ...(slowerThan === undefined ? {} : { SLUICE_SLOW_MS: String(slowerThan.toMilliseconds()) }),
    SLUICE_SETTLE_WITHIN_MS: String(settleWithin?.toMilliseconds() ?? SETTLE_WITHIN_MS),
  };
}

/** The rules alone. */
export function rulesOf(options: JudgeOptions): JudgeRules {
  const { slowerThan: _, settleWithin: __, topic: ___, keepVerdicts: ____, ...rules } = options;
  return rules;
}

/** The rules and the time limit, as variables of who judges by them. */
export function judgeVariables(options: JudgeOptions): Record<string, string> {
  const { settleWithin } = options;
  return { SLUICE_JUDGE: JSON.stringify(rulesOf(options)), ...promptnessVariables({ ...(settleWithin === undefined ? {} : { settleWithin }) }) };
}

/** What lets a handler tell the default bus, as Sluice alone. */
export function tellPermit(scope: Construct): Permit {
  return {
    actions: ['events:PutEvents'], on: [Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
    when: { 'ForAllValues:StringEquals': { 'events:source': 'sluice' } },
  };
}

/**
 * The judge: the extension AppConfig asks at each tick of a deployment of the profile. It compares the new epoch's executions with
 * the old one's, keeps each verdict in the store, and answers CONTINUE or ROLL_BACK.
 */
export class Judge extends Construct {
  readonly handler: Handler;
  readonly association: CfnExtensionAssociation;

  constructor(scope: Construct, id: string, props: JudgeProps) {
    super(scope, id);
    const { applicationName, environmentName, store, options } = props;
    // Wrong rules are refused here: at a tick they would blind the judge.
    completeRules(rulesOf(options));
    this.handler = new Handler(this, 'Handler', {
      handler: 'judge',
      description: `Judges rollouts in ${applicationName}/${environmentName}`,
      environment: {
        SLUICE_STORE: store.bucketName, SLUICE_APPLICATION: applicationName, SLUICE_ENVIRONMENT: environmentName,
        ...judgeVariables(options),
      },
      // AppConfig is said to wait three seconds, and takes a deployment back when it waits in vain; the handler itself answers within 1.8.
      timeout: Duration.seconds(3), memorySize: 1769,
      // A throttled tick is a failed one.
      ...(props.reserveConcurrency ? { reservedConcurrentExecutions: 1 } : {}),
      permits: permitsOf(this, props),
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('appconfig.amazonaws.com'), description: 'AppConfig asks the judge' });
    const invoke = permit(this, 'Invoke', role, [{ actions: ['lambda:InvokeFunction'], on: [this.handler.function.functionArn] }]);
    const extension = new CfnExtension(this, 'Extension', {
      name: Names.uniqueResourceName(this, { maxLength: 64, separator: '-', allowedSpecialCharacters: '-_' }),
      description: 'Sluice compares the new configuration with the old one',
      actions: { AT_DEPLOYMENT_TICK: [{ Name: 'judge', Uri: this.handler.function.functionArn, RoleArn: role.roleArn }] },
    });
    this.association = new CfnExtensionAssociation(this, 'Association', {
      extensionIdentifier: extension.attrArn,
      resourceIdentifier: appConfigArn(this, `${props.applicationId}/configurationprofile/${props.profileId}`),
    });
    this.association.node.addDependency(invoke, this.handler);
    if (options.topic !== undefined) tell(this, props, options.topic);
  }
}

function tell(scope: Construct, { applicationName, environmentName }: Guarded, topic: ITopic): void {
  const [reason, more] = [EventField.fromPath('$.detail.reason'), EventField.fromPath('$.detail.more')];
  new Rule(scope, 'Rollback', {
    description: `The judge of ${applicationName}/${environmentName} takes a rollout back`,
    eventPattern: { source: ['sluice'], detailType: ['Sluice Rollback'], detail: { application: [applicationName], environment: [environmentName] } },
    targets: [new SnsTopic(topic, {
      message: RuleTargetInput.fromMultilineText(`Deployment ${EventField.fromPath('$.detail.deployment')} of ${applicationName}/${environmentName} is rolled back: ${reason}\nMore: ${more}`),
    })],
  });
}

function permitsOf(scope: Construct, { store, encryptionKey }: JudgeProps): Permit[] {
  const named = 'Objects are named by the deployment\'s number and the time, which no stack knows.';
  return [
    { actions: ['s3:GetObject'], on: [store.arnForObjects('deployments/*'), store.arnForObjects('overrides/*')], wildcard: named },
    { actions: ['s3:PutObject'], on: [store.arnForObjects('verdicts/*')], wildcard: named },
    // The names of earlier verdicts tell for how many ticks nothing could be seen.
    { actions: ['s3:ListBucket'], on: [store.bucketArn] },
    { actions: ['cloudwatch:GetMetricData'], on: ['*'], wildcard: 'GetMetricData knows no resource.' },
    tellPermit(scope),
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}
