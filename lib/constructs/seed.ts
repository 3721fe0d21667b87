import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AssetHashType, CustomResource, Duration, Lazy, Stack, type CfnElement } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Construct, type IDependable } from 'constructs';
import type { Judgement } from '../core/environmentRecord.ts';
import type { ShadowDemand } from '../core/shadow/demand.ts';
import { formatSeed } from '../core/seed.ts';
import type { Composition } from '../documents/composition.ts';
import { appConfigArn } from './arn.ts';
import { Handler } from './handler.ts';
import type { Permit } from './permit.ts';

/** AppConfig's own strategy: the first configuration has no control to be compared with. */
const STRATEGY = 'AppConfig.AllAtOnce';

/** What is seeded, where. */
export interface SeedProps {
  readonly applicationId: string;
  readonly environmentId: string;
  readonly applicationName: string;
  readonly environmentName: string;
  readonly profileId: string;
  readonly profileName: string;
  readonly store: IBucket;
  readonly encryptionKey?: IKey;
  readonly composition: Composition;
  /** The alarms that must be OK before anything is deployed. */
  readonly alarms: readonly IAlarm[];
  readonly deletionProtection: boolean;
  /** Whether the store is emptied when the environment is deleted. */
  readonly emptyStore: boolean;
  /** What the environment's record says of how releases are judged. */
  readonly judgement: Judgement;
  /** The ARNs of aliases whose versions declare what they run with; it may grow until the stack is made. */
  readonly workflows: readonly string[];
  /** What must be shown of an epoch before it is rolled out. @default - nothing */
  readonly shadow?: ShadowDemand;
}

/**
 * Releases the first configuration when the environment is created, once its alarms are OK; keeps the environment's record; sweeps on delete.
 *
 * The documents travel as an asset whose name does not depend on what is in it, so a change of configuration changes no template. The
 * sweep removes that asset, so that an environment made again later begins with the documents of that day.
 */
export class Seed extends Construct {
  /** The custom resource in the template. */
  readonly element: CfnElement;
  readonly #resource: CustomResource;

  constructor(scope: Construct, id: string, props: SeedProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const folder = mkdtempSync(join(tmpdir(), 'sluice-seed-'));
    const path = resolve(folder, 'seed.json');
    writeFileSync(path, formatSeed(props.composition));
    const asset = new Asset(this, 'Documents', { path, assetHashType: AssetHashType.CUSTOM, assetHash: `${stack.stackName}/${this.node.path}` });
    // It lies in the cloud assembly now, unless the app asks for paths to what is outside of it.
    if (asset.assetPath !== path) rmSync(folder, { recursive: true });
    const handler = new Handler(this, 'Handler', {
      handler: 'seed',
      description: `Seeds ${props.profileName} when it is created, sweeps when it is deleted`,
      environment: { SLUICE_STORE: props.store.bucketName },
      timeout: Duration.minutes(15), memorySize: 512,
      permits: permitsOf(this, props, asset),
    });
    const resource = new CustomResource(this, 'Resource', {
      resourceType: 'Custom::SluiceSeed',
      serviceToken: handler.function.functionArn,
      serviceTimeout: Duration.minutes(16),
      properties: {
        ApplicationId: props.applicationId, EnvironmentId: props.environmentId, ProfileId: props.profileId, ProfileName: props.profileName,
        Bucket: asset.s3BucketName, Key: asset.s3ObjectKey, Strategy: STRATEGY, Alarms: props.alarms.map((alarm) => alarm.alarmName),
        Application: props.applicationName, Environment: props.environmentName, Judgement: JSON.stringify(props.judgement),
        Workflows: Lazy.list({ produce: () => [...props.workflows] }, { omitEmpty: true }),
        ...(props.shadow === undefined ? {} : { Shadow: JSON.stringify(props.shadow) }),
        DeletionProtection: props.deletionProtection ? 'APPLY' : 'BYPASS', EmptyStore: String(props.emptyStore),
      },
    });
    resource.node.addDependency(handler);
    this.#resource = resource;
    this.element = resource.node.defaultChild as CfnElement;
  }

  /** Lets the release wait for something. Its handler need not wait along, and the template stays small. */
  after(...guards: readonly IDependable[]): void {
    this.#resource.node.addDependency(...guards);
  }
}

function permitsOf(scope: Construct, props: SeedProps, asset: Asset): Permit[] {
  const { applicationId, environmentId, profileId, store, encryptionKey } = props;
  const stack = Stack.of(scope);
  const application = appConfigArn(scope, applicationId);
  const environment = appConfigArn(scope, `${applicationId}/environment/${environmentId}`);
  const profile = appConfigArn(scope, `${applicationId}/configurationprofile/${profileId}`);
  const numbered = 'Versions and deployments are numbered by AppConfig.';
  return [
    { actions: ['s3:GetObject', 's3:DeleteObject'], on: [stack.formatArn({ service: 's3', region: '', account: '', resource: asset.s3BucketName, resourceName: asset.s3ObjectKey })] },
    { actions: ['s3:PutObject'], on: [store.arnForObjects(`environments/${applicationId}/${environmentId}.json`)] },
    { actions: ['s3:PutObject'], on: [store.arnForObjects('schemas/*')], wildcard: 'Schemas are named by their digest, so that a changed schema changes no stack.' },
    { actions: ['cloudwatch:DescribeAlarms'], on: ['*'], wildcard: 'CloudWatch answers about composite alarms only to who may describe all alarms.' },
    { actions: ['appconfig:CreateHostedConfigurationVersion', 'appconfig:ListHostedConfigurationVersions'], on: [application, profile] },
    { actions: ['appconfig:DeleteHostedConfigurationVersion'], on: [application, profile, `${profile}/hostedconfigurationversion/*`], wildcard: numbered },
    {
      actions: ['appconfig:StartDeployment'],
      on: [application, environment, profile, stack.formatArn({ service: 'appconfig', resource: 'deploymentstrategy', resourceName: STRATEGY })],
    },
    { actions: ['appconfig:ListDeployments'], on: [application, environment] },
    { actions: ['appconfig:StopDeployment'], on: [application, environment, `${environment}/deployment/*`], wildcard: numbered },
    { actions: ['appconfig:DeleteEnvironment'], on: [application, environment] },
    ...(props.emptyStore ? [
      { actions: ['s3:ListBucketVersions'], on: [store.bucketArn] },
      { actions: ['s3:DeleteObjectVersion'], on: [store.arnForObjects('*')], wildcard: 'The store is emptied because its removal policy is DESTROY.' },
    ] : []),
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt', 'kms:GenerateDataKey'], on: [encryptionKey.keyArn] }]),
  ];
}
