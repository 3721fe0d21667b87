import { Duration } from 'aws-cdk-lib';
import { CfnExtensionAssociation } from 'aws-cdk-lib/aws-appconfig';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { appConfigArn } from './arn.ts';
import { Handler } from './handler.ts';
import type { Guarded } from './guard.ts';
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
}

/** AWS's own extension: it tells the default bus when a deployment starts, is complete or is rolled back. */
const TELLING = 'AWS.AppConfig.DeploymentNotificationsToEventBridge';

/**
 * Takes a bad change back after it was complete: hears the monitor's alarm and reverts the newest deployment, if that is to blame; and
 * looks at the alarm once when a deployment is complete, since one that rang just before came too late for AppConfig and too early for it.
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
      environment: { SLUICE_APPLICATION: props.applicationName, SLUICE_ENVIRONMENT: props.environmentName, SLUICE_PROFILE: props.profileName, SLUICE_ALARM: props.alarm.alarmName },
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
      description: `A deployment of ${props.applicationName}/${props.environmentName} is complete`,
      handler: this.handler,
      eventPattern: {
        source: ['aws.appconfig'], 'detail-type': ['On Deployment Complete'],
        detail: { Application: { Id: [props.applicationId] }, Environment: { Id: [props.environmentId] }, ConfigurationProfile: { Name: [props.profileName] } },
      },
    });
    this.telling = new CfnExtensionAssociation(this, 'Telling', { extensionIdentifier: TELLING, resourceIdentifier: props.heardOf });
    this.telling.node.addDependency(complete);
  }
}

function permitsOf(scope: Construct, { applicationId, environmentId }: RollBackProps): Permit[] {
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
  ];
}
