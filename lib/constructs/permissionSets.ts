import { Stack } from 'aws-cdk-lib';
import { Effect, ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { rolledBackKey } from '../core/layout.ts';
import { appConfigArn } from './arn.ts';
import type { ConfigurationEnvironment } from './environment.ts';
import { reason, statementOf, type Permit } from './permit.ts';
import { readPermits } from './reading.ts';

/** Whose people these are. */
export interface PermissionSetsProps {
  readonly environment: ConfigurationEnvironment;
}

/** What changes the guards themselves; nobody who releases or operates may. */
const GUARDS = [
  'appconfig:UpdateEnvironment', 'appconfig:DeleteEnvironment', 'appconfig:UpdateConfigurationProfile', 'appconfig:DeleteConfigurationProfile',
  'appconfig:UpdateExtension', 'appconfig:DeleteExtension', 'appconfig:UpdateExtensionAssociation', 'appconfig:DeleteExtensionAssociation',
  'cloudwatch:PutMetricAlarm', 'cloudwatch:PutCompositeAlarm', 'cloudwatch:DeleteAlarms', 'cloudwatch:SetAlarmState',
] as const;

/**
 * Four managed policies for people and pipelines, each on this environment alone. Releasing needs the environment's own strategy, so who
 * releases cannot deploy at once; who releases cannot approve; and nobody of them can change a guard.
 */
export class PermissionSets extends Construct {
  /** Sees what is live, what was deployed, and how it goes. */
  readonly reader: ManagedPolicy;
  /** Reads, stores versions, starts deployments by the environment's plan, and keeps what shadows found. */
  readonly releaser: ManagedPolicy;
  /** Reads, and writes approvals into the store. */
  readonly approver: ManagedPolicy;
  /** Reads, stops and reverts deployments, overrides the monitor, pauses, promotes and aborts shifts, and keeps what shadows of their versions found. */
  readonly operator: ManagedPolicy;

  constructor(scope: Construct, id: string, { environment }: PermissionSetsProps) {
    super(scope, id);
    const seeing = seePermits(this, environment);
    this.reader = this.#policy('Reader', environment, seeing);
    this.releaser = this.#policy('Releaser', environment, [...seeing, ...releasePermits(this, environment)], denyGuards());
    this.approver = this.#policy('Approver', environment, [...seeing, ...approvePermits(environment)], denyGuards());
    this.operator = this.#policy('Operator', environment, [...seeing, ...operatePermits(this, environment)], denyGuards());
  }

  #policy(id: string, { applicationName, environmentName }: ConfigurationEnvironment, permits: readonly Permit[], ...denials: PolicyStatement[]): ManagedPolicy {
    const policy = new ManagedPolicy(this, id, {
      description: `${id} of the configuration ${applicationName}/${environmentName}`, statements: [...permits.map(statementOf), ...denials],
    });
    reason(policy, permits);
    return policy;
  }
}

function seePermits(scope: Construct, place: ConfigurationEnvironment): Permit[] {
  const { application, environment, profile } = arns(scope, place);
  return [
    { actions: ['appconfig:ListApplications', 'appconfig:ListDeploymentStrategies', 'cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory', 'cloudwatch:GetMetricData'], on: ['*'], wildcard: 'These actions know no resource, or answer about composite alarms only to who may ask about all.' },
    { actions: ['appconfig:GetApplication', 'appconfig:ListEnvironments', 'appconfig:ListConfigurationProfiles'], on: [application] },
    { actions: ['appconfig:GetEnvironment', 'appconfig:ListDeployments'], on: [application, environment] },
    { actions: ['appconfig:GetConfigurationProfile', 'appconfig:ListHostedConfigurationVersions'], on: [application, profile] },
    { actions: ['appconfig:ListTagsForResource'], on: [profile] },
    { actions: ['appconfig:GetDeployment'], on: [application, environment, `${environment}/deployment/*`], wildcard: NUMBERED },
    { actions: ['appconfig:GetHostedConfigurationVersion'], on: [application, profile, `${profile}/hostedconfigurationversion/*`], wildcard: NUMBERED },
    ...readPermits(place, ['agent', 'store']),
    { actions: ['s3:GetObject'], on: [place.store.arnForObjects('schemas/*'), place.store.arnForObjects('deployments/*'), place.store.arnForObjects('approvals/*'), place.store.arnForObjects('releases/*'), place.store.arnForObjects('verdicts/*'), place.store.arnForObjects('shifting/*'), place.store.arnForObjects('shifts/*'), place.store.arnForObjects('overrides/*'), place.store.arnForObjects('shadows/*'), place.store.arnForObjects('environments/*')], wildcard: NAMED },
    { actions: ['s3:ListBucket'], on: [place.store.bucketArn] },
  ];
}

function releasePermits(scope: Construct, place: ConfigurationEnvironment): Permit[] {
  const { application, environment, profile } = arns(scope, place);
  const { store, encryptionKey, deploymentStrategyId } = place;
  const strategy = Stack.of(scope).formatArn({ service: 'appconfig', resource: 'deploymentstrategy', resourceName: deploymentStrategyId });
  return [
    { actions: ['appconfig:CreateHostedConfigurationVersion', 'appconfig:ValidateConfiguration'], on: [application, profile] },
    { actions: ['appconfig:StartDeployment'], on: [application, environment, profile, strategy] },
    { actions: ['s3:PutObject'], on: [store.arnForObjects('schemas/*'), store.arnForObjects('releases/*'), store.arnForObjects('shadows/*')], wildcard: NAMED },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}

function approvePermits({ store, encryptionKey }: ConfigurationEnvironment): Permit[] {
  return [
    // Each under a name that IAM fills in: so an approval tells who gave it.
    { actions: ['s3:PutObject'], on: [store.arnForObjects('approvals/*/${aws:userid}.json')], wildcard: NAMED },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}

function operatePermits(scope: Construct, place: ConfigurationEnvironment): Permit[] {
  const { application, environment } = arns(scope, place);
  const { store, encryptionKey } = place;
  return [
    { actions: ['appconfig:StopDeployment'], on: [application, environment, `${environment}/deployment/*`], wildcard: NUMBERED },
    { actions: ['cloudwatch:DisableAlarmActions', 'cloudwatch:EnableAlarmActions'], on: [place.alarm.alarmArn] },
    { actions: ['s3:PutObject'], on: [store.arnForObjects('shifting/*'), store.arnForObjects('overrides/*'), store.arnForObjects('shadows/*')], wildcard: NAMED },
    { actions: ['s3:GetObject', 's3:PutObject'], on: [store.arnForObjects(rolledBackKey(place.profileName))] },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}

function denyGuards(): PolicyStatement {
  return new PolicyStatement({ effect: Effect.DENY, actions: [...GUARDS], resources: ['*'] });
}

const NUMBERED = 'Versions and deployments are numbered by AppConfig.';
const NAMED = 'Objects are named by digest or number, which no stack knows.';

function arns(scope: Construct, { applicationId, environmentId, profileId }: ConfigurationEnvironment): Readonly<Record<'application' | 'environment' | 'profile', string>> {
  return {
    application: appConfigArn(scope, applicationId),
    environment: appConfigArn(scope, `${applicationId}/environment/${environmentId}`),
    profile: appConfigArn(scope, `${applicationId}/configurationprofile/${profileId}`),
  };
}
