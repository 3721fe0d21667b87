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
  /** The ARN of the customer key that what is in the store is encrypted by; without it none is. */
  readonly key?: string;
  /** As `aws:userid`, under which approvals are kept. @default - nobody's in particular */
  readonly userId?: string;
  /** Names of the alarms that AppConfig watches. */
  readonly alarms: readonly string[];
}

/** The commands of each duty, as help names them. */
export const DUTIES: Readonly<Record<Duty, string>> = { look: 'status, history, show, diff, blame, explain, plan, drift', release: 'release', approve: 'approve', operate: 'roll-back' };

/** What commands have in common: a part of what they ask of AWS. Those of `kept` read one folder of the epoch store each. */
export type Part = 'find' | 'deployments' | 'versions' | 'alarms' | 'rings' | 'counts' | 'list' | `kept ${Kept}` | 'release' | 'approve' | 'take-back' | 'override' | 'shift' | 'shadow';

/** What parts need, of those that an environment has. */
export type PartNeeds = Readonly<Partial<Record<Part, readonly Need[]>>>;

/** The folders of the epoch store that people read. */
export const KEPT = ['epochs', 'schemas', 'deployments', 'releases', 'approvals', 'verdicts', 'environments', 'overrides', 'shifting', 'shifts', 'shadows'] as const;
type Kept = (typeof KEPT)[number];

const LOOKING: readonly Part[] = ['find', 'deployments', 'versions', 'alarms', 'rings', 'counts', 'list', ...KEPT.map((folder): Part => `kept ${folder}`)];

/** The parts of each duty. */
export const PARTS: Readonly<Record<Duty, readonly Part[]>> = { look: LOOKING, release: ['release', 'shadow'], approve: ['approve'], operate: ['take-back', 'override', 'shift', 'shadow'] };

/** What the commands of a duty ask of AWS. */
export function needsOf(duty: Duty, place: PlaceArns): Need[] {
  const parts = partsOf(place);
  return PARTS[duty].flatMap((part) => parts[part]);
}

/** What each part asks of AWS; nothing for what an environment without a store or alarms has not got. */
export function partsOf({ partition, region, account, applicationId, environmentId, profileId, bucket, key, userId, alarms }: PlaceArns): Readonly<Record<Part, readonly Need[]>> {
  const application = `arn:${partition}:appconfig:${region}:${account}:application/${applicationId}`;
  const [environment, profile] = [`${application}/environment/${environmentId}`, `${application}/configurationprofile/${profileId}`];
  const objects = (...folders: string[]): string[] => (bucket === undefined ? [] : folders.map((folder) => `arn:${partition}:s3:::${bucket}/${folder}/*`));
  const keyed = (action: string): Need[] => (key === undefined || bucket === undefined ? [] : [{ actions: [action], on: [key] }]);
  const [deciphering, enciphering] = [keyed('kms:Decrypt'), keyed('kms:GenerateDataKey')];
  const kept = Object.fromEntries(KEPT.map((folder) => [`kept ${folder}`, wanted({ actions: ['s3:GetObject'], on: objects(folder) }, ...deciphering)])) as Record<`kept ${Kept}`, Need[]>;
  return {
    ...kept,
    'find': wanted(
      { actions: ['appconfig:ListApplications'], on: ['*'] },
      { actions: ['appconfig:ListEnvironments', 'appconfig:ListConfigurationProfiles'], on: [application] },
      { actions: ['appconfig:GetConfigurationProfile', 'appconfig:ListTagsForResource'], on: [profile] },
    ),
    'deployments': wanted({ actions: ['appconfig:ListDeployments'], on: [environment] }, { actions: ['appconfig:GetDeployment'], on: [`${environment}/deployment/*`] }),
    'versions': wanted({ actions: ['appconfig:ListHostedConfigurationVersions'], on: [profile] }, { actions: ['appconfig:GetHostedConfigurationVersion'], on: [`${profile}/hostedconfigurationversion/*`] }),
    'alarms': wanted({ actions: ['appconfig:GetEnvironment'], on: [environment] }, { actions: ['cloudwatch:DescribeAlarms'], on: ['*'] }),
    'rings': wanted({ actions: ['cloudwatch:DescribeAlarmHistory'], on: ['*'] }),
    'counts': wanted({ actions: ['cloudwatch:GetMetricData'], on: ['*'] }),
    'list': wanted({ actions: ['s3:ListBucket'], on: bucket === undefined ? [] : [`arn:${partition}:s3:::${bucket}`] }),
    'release': wanted({ actions: ['appconfig:CreateHostedConfigurationVersion'], on: [profile] }, { actions: ['appconfig:StartDeployment'], on: [environment, profile] }, { actions: ['s3:PutObject'], on: objects('schemas', 'releases') }, ...enciphering),
    'approve': wanted({ actions: ['s3:PutObject'], on: userId === undefined || bucket === undefined ? objects('approvals') : [`arn:${partition}:s3:::${bucket}/approvals/${applicationId}/${environmentId}/sluice/${userId}.json`] }, ...enciphering),
    'take-back': wanted({ actions: ['appconfig:StopDeployment'], on: [`${environment}/deployment/*`] }),
    'override': wanted(
      { actions: ['cloudwatch:DisableAlarmActions', 'cloudwatch:EnableAlarmActions'], on: alarms.map((alarm) => `arn:${partition}:cloudwatch:${region}:${account}:alarm:${alarm}`) },
      { actions: ['s3:PutObject'], on: objects('overrides') },
      ...enciphering,
    ),
    'shift': wanted({ actions: ['s3:PutObject'], on: objects('shifting') }, ...enciphering),
    'shadow': wanted({ actions: ['s3:PutObject'], on: objects('shadows') }, ...enciphering),
  };
}

function wanted(...needs: readonly Need[]): Need[] {
  return needs.filter(({ on }) => on.length > 0);
}
