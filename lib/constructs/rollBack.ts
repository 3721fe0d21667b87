import { Duration } from 'aws-cdk-lib';
import { CfnExtensionAssociation } from 'aws-cdk-lib/aws-appconfig';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { appConfigArn } from './arn.ts';
import { Handler } from './handler.ts';
import type { Guarded } from './guard.ts';
import { judgeVariables, tellPermit, type JudgeOptions } from './judge.ts';
import type { Permit } from './permit.ts';
import { HandlerRule } from './rule.ts';

/** What is taken back, and when. */
export interface RollBackProps extends Guarded {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileName: string;
  readonly alarm: IAlarm;
  /** The ARN of the profile or environment whose deployments are heard of. */
  readonly heardOf: string;
  /** Whether one execution is kept free for it. */
  readonly reserveConcurrency: boolean;
  /** What it keeps and reads; guards alone have no store. */
  readonly kept?: KeptProps;
}

/** The epoch store, and by which rules a complete deployment is compared with what was before. */
interface KeptProps {
  readonly store: IBucket;
  readonly encryptionKey?: IKey;
  /** As the judge's; `false` compares nothing. */
  readonly options: JudgeOptions | false;
}

/** AWS's own extension: it tells the default bus when a deployment starts, is complete or is rolled back. */
const TELLING = 'AWS.AppConfig.DeploymentNotificationsToEventBridge';

/**
 * Takes a bad change back after it was complete: hears the monitor's alarm and reverts the newest deployment, if that is to blame;
 * looks at the alarm once when a deployment is complete, since one that rang just before came too late for AppConfig and too early for it; and
 * every five minutes compares a complete deployment with what was before it, for as long as AppConfig can revert, and ends overrides whose time is over.
 * Whenever a deployment begins or ends, and by that schedule, it keeps in the store which epochs are taken back.
 */
export class RollBack extends Construct {
  readonly handler: Handler;
  /** By which AppConfig tells of the deployments. */
  readonly telling: CfnExtensionAssociation;

  constructor(scope: Construct, id: string, props: RollBackProps) {
    super(scope, id);
    this.handler = new Handler(this, 'Handler', {
      handler: 'roll-back',
      description: `Takes changes of ${props.applicationName}/${props.environmentName} back after they were complete`,
      environment: { SLUICE_APPLICATION: props.applicationName, SLUICE_ENVIRONMENT: props.environmentName, SLUICE_PROFILE: props.profileName, SLUICE_ALARM: props.alarm.alarmName, ...keptVariables(props.kept) },
      timeout: Duration.seconds(30), memorySize: 512,
      // A bad change may well be what fills the account with retries; and two at once decide nothing that one does not.
      ...(props.reserveConcurrency ? { reservedConcurrentExecutions: 1 } : {}),
      permits: permitsOf(this, props),
    });
    new HandlerRule(this, 'Alarm', {
      description: `The alarm of ${props.applicationName}/${props.environmentName} rings`,
      handler: this.handler,
      eventPattern: {
        source: ['aws.cloudwatch'], 'detail-type': ['CloudWatch Alarm State Change'],
        detail: { alarmName: [props.alarm.alarmName], state: { value: ['ALARM'] } },
      },
    });
    const complete = new HandlerRule(this, 'Complete', {
      description: `A deployment of ${props.applicationName}/${props.environmentName} ${props.kept === undefined ? 'is complete' : 'begins, is complete or is taken back'}`,
      handler: this.handler, eventPattern: toldPattern(props),
    });
    if (props.kept !== undefined) new HandlerRule(this, 'Look', { description: `What is complete in ${props.applicationName}/${props.environmentName} is compared with what was before`, handler: this.handler, scheduleExpression: 'rate(5 minutes)' });
    this.telling = new CfnExtensionAssociation(this, 'Telling', { extensionIdentifier: TELLING, resourceIdentifier: props.heardOf });
    this.telling.node.addDependency(complete);
  }
}

/**
 * What AppConfig tells of the profile's deployments. It is not known to tell of a revert after completion, so where there is a store the call is heard too, as EventBridge
 * tells it where the account has a trail. What CloudTrail calls the parameters is not documented, so calls for other environments are heard with it.
 */
function toldPattern({ applicationId, environmentId, profileName, kept }: RollBackProps): object {
  const detail = { Application: { Id: [applicationId] }, Environment: { Id: [environmentId] }, ConfigurationProfile: { Name: [profileName] } };
  const source = ['aws.appconfig'];
  if (kept === undefined) return { source, 'detail-type': ['On Deployment Complete'], detail };
  return {
    source, $or: [
      { 'detail-type': ['On Deployment Start', 'On Deployment Rollback', 'On Deployment Complete'], detail },
      { 'detail-type': ['AWS API Call via CloudTrail'], detail: { eventSource: ['appconfig.amazonaws.com'], eventName: ['StopDeployment'], errorCode: [{ exists: false }] } },
    ],
  };
}

function keptVariables(kept: KeptProps | undefined): Record<string, string> {
  if (kept === undefined) return {};
  const { store, options } = kept;
  return { SLUICE_STORE: store.bucketName, ...(options === false ? {} : judgeVariables(options)) };
}

function keptPermits(scope: Construct, { alarm, kept }: RollBackProps): Permit[] {
  if (kept === undefined) return [];
  const { store, encryptionKey, options } = kept;
  const named = 'Objects are named by numbers and times, which no stack knows.';
  return [
    { actions: ['cloudwatch:EnableAlarmActions'], on: [alarm.alarmArn] },
    { actions: ['s3:ListBucket'], on: [store.bucketArn] },
    { actions: ['s3:GetObject', 's3:PutObject'], on: [store.arnForObjects('overrides/*')], wildcard: named },
    { actions: ['s3:GetObject', 's3:PutObject'], on: [store.arnForObjects('rolled-back/*')], wildcard: named },
    { actions: ['s3:GetObject'], on: [store.arnForObjects('shifting/*'), store.arnForObjects('shifts/*')], wildcard: named },
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
    ...(options === false ? [] : [
      { actions: ['s3:GetObject'], on: [store.arnForObjects('deployments/*')], wildcard: named },
      { actions: ['s3:PutObject'], on: [store.arnForObjects('verdicts/*')], wildcard: named },
      { actions: ['cloudwatch:GetMetricData'], on: ['*'], wildcard: 'GetMetricData knows no resource.' },
      tellPermit(scope),
    ]),
  ];
}

function permitsOf(scope: Construct, props: RollBackProps): Permit[] {
  const { applicationId, environmentId } = props;
  const application = appConfigArn(scope, applicationId);
  const environment = appConfigArn(scope, `${applicationId}/environment/${environmentId}`);
  return [
    { actions: ['appconfig:ListApplications'], on: ['*'], wildcard: 'ListApplications knows no resource.' },
    { actions: ['appconfig:ListEnvironments', 'appconfig:ListConfigurationProfiles'], on: [application] },
    { actions: ['appconfig:ListDeployments'], on: [application, environment] },
    {
      actions: ['appconfig:StopDeployment'], on: [application, environment, `${environment}/deployment/*`],
      wildcard: 'Deployments are numbered by AppConfig.',
    },
    {
      actions: ['cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory'], on: ['*'],
      wildcard: 'CloudWatch answers about composite alarms only to who may describe all alarms.',
    },
    ...keptPermits(scope, props),
  ];
}
