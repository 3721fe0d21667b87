import { Duration, Stack } from 'aws-cdk-lib';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { appConfigArn } from './arn.ts';
import type { ConfigurationEnvironment } from './environment.ts';
import { executionMetric } from './guard.ts';
import { Handler } from './handler.ts';
import type { Permit } from './permit.ts';
import { HandlerRule } from './rule.ts';

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
export class Reconciler extends Construct {
  readonly #environment: ConfigurationEnvironment;

  constructor(scope: Construct, id: string, { environment, every = Duration.minutes(15), heal = true }: ReconcilerProps) {
    super(scope, id);
    this.#environment = environment;
    const { applicationId, applicationName, environmentId, environmentName, profileId, profileName, store, deploymentStrategyId } = environment;
    const handler = new Handler(this, 'Handler', {
      handler: 'reconcile',
      description: `Watches how ${applicationName}/${environmentName} stands to its newest release`,
      environment: {
        SLUICE_STORE: store.bucketName, SLUICE_APPLICATION: applicationName, SLUICE_ENVIRONMENT: environmentName, SLUICE_PROFILE: profileName,
        SLUICE_APPLICATION_ID: applicationId, SLUICE_ENVIRONMENT_ID: environmentId, SLUICE_PROFILE_ID: profileId,
        ...(heal ? { SLUICE_STRATEGY: deploymentStrategyId } : {}),
      },
      timeout: Duration.seconds(60), memorySize: 512,
      permits: [...seePermits(this, environment), ...(heal ? healPermits(this, environment) : [])],
    });
    const minutes = every.toMinutes();
    new HandlerRule(this, 'Schedule', { description: `Looks at ${applicationName}/${environmentName}`, handler, scheduleExpression: `rate(${minutes} minute${minutes === 1 ? '' : 's'})` });
    new HandlerRule(this, 'Deployments', {
      description: `A deployment of ${applicationName}/${environmentName} begins or ends`,
      handler,
      eventPattern: {
        source: ['aws.appconfig'], 'detail-type': ['On Deployment Start', 'On Deployment Complete', 'On Deployment Rollback'],
        detail: { Application: { Id: [applicationId] }, Environment: { Id: [environmentId] } },
      },
    });
  }

  /** 1 for each look that found the environment neither in sync nor on its way. @default - maximum, by the minute */
  metricDrifted(): Metric {
    return executionMetric(this.#environment, 'Drifted').with({ statistic: 'Maximum' });
  }
}

const NUMBERED = 'Versions and deployments are numbered by AppConfig.';
const NAMED = 'Objects are named by label, number or time, which no stack knows.';

function seePermits(scope: Construct, { applicationId, environmentId, profileId, store, encryptionKey }: ConfigurationEnvironment): Permit[] {
  const [application, environment, profile] = ['', `/environment/${environmentId}`, `/configurationprofile/${profileId}`].map((path) => appConfigArn(scope, `${applicationId}${path}`)) as [string, string, string];
  return [
    { actions: ['appconfig:ListDeployments', 'appconfig:GetEnvironment'], on: [application, environment] },
    { actions: ['appconfig:GetDeployment'], on: [application, environment, `${environment}/deployment/*`], wildcard: NUMBERED },
    { actions: ['appconfig:ListHostedConfigurationVersions'], on: [application, profile] },
    { actions: ['appconfig:GetHostedConfigurationVersion'], on: [application, profile, `${profile}/hostedconfigurationversion/*`], wildcard: NUMBERED },
    { actions: ['cloudwatch:DescribeAlarmHistory'], on: ['*'], wildcard: 'CloudWatch answers about composite alarms only to who may describe all alarms.' },
    { actions: ['s3:GetObject'], on: ['releases/*', 'deployments/*', 'verdicts/*', 'drift/*'].map((keys) => store.arnForObjects(keys)), wildcard: NAMED },
    { actions: ['s3:PutObject'], on: [store.arnForObjects('drift/*')], wildcard: NAMED },
    { actions: ['s3:ListBucket'], on: [store.bucketArn] },
    {
      actions: ['events:PutEvents'], on: [Stack.of(scope).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' })],
      when: { 'ForAllValues:StringEquals': { 'events:source': 'sluice' } },
    },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}

function healPermits(scope: Construct, { applicationId, environmentId, profileId, deploymentStrategyId }: ConfigurationEnvironment): Permit[] {
  const [application, environment, profile] = ['', `/environment/${environmentId}`, `/configurationprofile/${profileId}`].map((path) => appConfigArn(scope, `${applicationId}${path}`)) as [string, string, string];
  const strategy = Stack.of(scope).formatArn({ service: 'appconfig', resource: 'deploymentstrategy', resourceName: deploymentStrategyId });
  return [{ actions: ['appconfig:StartDeployment'], on: [application, environment, profile, strategy] }];
}
