/** What people do with an environment: look, release, approve, and operate (take back, override). */
export type Duty = 'look' | 'release' | 'approve' | 'operate';

/** What a duty takes: actions, and the ARNs of what they are done to. */
export interface Need {
  readonly actions: readonly string[];
  readonly on: readonly string[];
}

/** What the ARNs of an environment are made of. */
export interface PlaceArns {
  readonly partition: string;
  readonly region: string;
  readonly account: string;
  readonly applicationId: string;
  readonly environmentId: string;
  readonly profileId: string;
  /** The bucket of the epoch store; without it what is in the store is left out. */
  readonly bucket?: string;
  /** Names of the alarms that AppConfig watches. */
  readonly alarms: readonly string[];
}

/** The commands of each duty, as help names them. */
export const DUTIES: Readonly<Record<Duty, string>> = { look: 'status, history, show, diff, blame, explain, plan, drift', release: 'release', approve: 'approve', operate: 'roll-back' };

/** What the commands of a duty ask of AWS. */
export function needsOf(duty: Duty, place: PlaceArns): Need[] {
  const { partition, region, account, applicationId, environmentId, profileId, bucket, alarms } = place;
  const application = `arn:${partition}:appconfig:${region}:${account}:application/${applicationId}`;
  const [environment, profile] = [`${application}/environment/${environmentId}`, `${application}/configurationprofile/${profileId}`];
  const objects = (...folders: string[]): string[] => (bucket === undefined ? [] : folders.map((folder) => `arn:${partition}:s3:::${bucket}/${folder}/*`));
  const needs: Readonly<Record<Duty, readonly Need[]>> = {
    look: [
      { actions: ['appconfig:ListApplications', 'cloudwatch:DescribeAlarms', 'cloudwatch:DescribeAlarmHistory', 'cloudwatch:GetMetricData'], on: ['*'] },
      { actions: ['appconfig:ListEnvironments', 'appconfig:ListConfigurationProfiles'], on: [application] },
      { actions: ['appconfig:GetEnvironment', 'appconfig:ListDeployments'], on: [environment] },
      { actions: ['appconfig:GetConfigurationProfile', 'appconfig:ListHostedConfigurationVersions', 'appconfig:ListTagsForResource'], on: [profile] },
      { actions: ['appconfig:GetDeployment'], on: [`${environment}/deployment/*`] },
      { actions: ['appconfig:GetHostedConfigurationVersion'], on: [`${profile}/hostedconfigurationversion/*`] },
      { actions: ['s3:GetObject'], on: objects('epochs', 'schemas', 'deployments', 'releases', 'approvals', 'verdicts') },
      { actions: ['s3:ListBucket'], on: bucket === undefined ? [] : [`arn:${partition}:s3:::${bucket}`] },
    ],
    release: [
      { actions: ['appconfig:CreateHostedConfigurationVersion'], on: [profile] },
      { actions: ['appconfig:StartDeployment'], on: [environment, profile] },
      { actions: ['s3:PutObject'], on: objects('schemas', 'releases') },
    ],
    approve: [{ actions: ['s3:PutObject'], on: objects('approvals') }],
    operate: [
      { actions: ['appconfig:StopDeployment'], on: [`${environment}/deployment/*`] },
      { actions: ['cloudwatch:DisableAlarmActions', 'cloudwatch:EnableAlarmActions'], on: alarms.map((alarm) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarm}`) },
    ],
  };
  return needs[duty].filter(({ on }) => on.length > 0);
}
