import {
  AppConfigClient, CreateHostedConfigurationVersionCommand, GetApplicationCommand, GetConfigurationProfileCommand, GetDeploymentCommand, GetEnvironmentCommand, GetHostedConfigurationVersionCommand,
  ListApplicationsCommand, ListConfigurationProfilesCommand, ListDeploymentsCommand, ListDeploymentStrategiesCommand, ListEnvironmentsCommand, ListHostedConfigurationVersionsCommand, ListTagsForResourceCommand,
  StartDeploymentCommand, StopDeploymentCommand, ValidateConfigurationCommand,
} from '@aws-sdk/client-appconfig';
import { AppConfigDataClient, GetLatestConfigurationCommand, StartConfigurationSessionCommand } from '@aws-sdk/client-appconfigdata';
import { CloudWatchClient, DescribeAlarmHistoryCommand, DescribeAlarmsCommand, DisableAlarmActionsCommand, EnableAlarmActionsCommand, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import type { Deployed } from '../constructs/deployed.ts';
import type { Step } from './play.ts';

/** The plan of the environment's own, by which alone a release may start. */
const PLAN = 'AppConfig.Linear50PercentEvery30Seconds';

/** The documented job of each permission set, done by somebody who has that set and nothing else. */
export const PEOPLE: readonly Step[] = [
  ['a reader sees everything', true, (deployed) => as(deployed, 'reader', see)],
  ['an approver sees, and approves', true, (deployed) => as(deployed, 'approver', async (person) => {
    await see(person);
    const { UserId } = await person.client(STSClient).send(new GetCallerIdentityCommand({}));
    await put(person, `approvals/app/env/label/${UserId}.json`);
  })],
  ['a releaser sees, and releases', 'DEPLOYING', async (deployed) => {
    await deployed.sleep(11);
    await as(deployed, 'releaser', async (person) => {
      await see(person);
      for (const key of ['schemas/one.json', 'releases/one.json', 'shadows/one.json']) await put(person, key);
      await releaseAs(person);
    });
    return (await deployed.deployments())[0]?.State;
  }],
  ['an operator sees, stops and overrides', ['ROLLED_BACK', 'REVERTED'], async (deployed) => {
    const states: unknown[] = [];
    await as(deployed, 'operator', async (person) => {
      await see(person);
      const alarm = { AlarmNames: [deployed.stack.outputs['AlarmName']!] };
      await person.client(CloudWatchClient).send(new DisableAlarmActionsCommand(alarm));
      await person.client(CloudWatchClient).send(new EnableAlarmActionsCommand(alarm));
      await put(person, 'overrides/1.json');
      await put(person, 'shadows/two.json');
      await put(person, 'rolled-back/orders-production.json');
      await person.client(S3Client).send(new GetObjectCommand({ Bucket: deployed.stack.outputs['StoreName']!, Key: 'rolled-back/orders-production.json' }));
      states.push(await stop(person, false));
      await put(person, 'shifting/one.json');
    });
    // No shift, and what cannot be read keeps everything from beginning.
    await deployed.client(S3Client).send(new DeleteObjectCommand({ Bucket: deployed.stack.outputs['StoreName']!, Key: 'shifting/one.json' }));
    await as(deployed, 'releaser', releaseAs);
    await deployed.sleep(4);
    await as(deployed, 'operator', async (person) => { states.push(await stop(person, true)); });
    return states;
  }],
];

/** Does something in somebody's name. */
async function as(deployed: Deployed, role: string, act: (person: Deployed) => Promise<unknown>): Promise<true> {
  const { Credentials } = await deployed.client(STSClient).send(new AssumeRoleCommand({ RoleArn: deployed.stack.outputs[`${role}Arn`]!, RoleSessionName: role }));
  const person = deployed.as({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
  await act(person);
  return true;
}

/** What is live, what was deployed, and how it goes; by ids, as the console asks. */
async function see(person: Deployed): Promise<void> {
  const [appconfig, data, s3, cloudwatch] = [person.client(AppConfigClient), person.client(AppConfigDataClient), person.client(S3Client), person.client(CloudWatchClient)];
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await person.ids();
  await appconfig.send(new ListApplicationsCommand({}));
  await appconfig.send(new ListDeploymentStrategiesCommand({}));
  await appconfig.send(new GetApplicationCommand({ ApplicationId }));
  await appconfig.send(new ListEnvironmentsCommand({ ApplicationId }));
  await appconfig.send(new ListConfigurationProfilesCommand({ ApplicationId }));
  await appconfig.send(new GetEnvironmentCommand({ ApplicationId, EnvironmentId }));
  await appconfig.send(new GetConfigurationProfileCommand({ ApplicationId, ConfigurationProfileId }));
  const { account, region } = person.engine;
  await appconfig.send(new ListTagsForResourceCommand({ ResourceArn: `arn:aws:appconfig:${region}:${account}:application/${ApplicationId}/configurationprofile/${ConfigurationProfileId}` }));
  const { Items: [deployment] = [] } = await appconfig.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }));
  await appconfig.send(new GetDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: deployment?.DeploymentNumber }));
  const { Items: [version] = [] } = await appconfig.send(new ListHostedConfigurationVersionsCommand({ ApplicationId, ConfigurationProfileId }));
  await appconfig.send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: version?.VersionNumber }));
  const { InitialConfigurationToken } = await data.send(new StartConfigurationSessionCommand({ ApplicationIdentifier: ApplicationId, EnvironmentIdentifier: EnvironmentId, ConfigurationProfileIdentifier: ConfigurationProfileId }));
  await data.send(new GetLatestConfigurationCommand({ ConfigurationToken: InitialConfigurationToken }));
  await cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  await cloudwatch.send(new DescribeAlarmHistoryCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
  await cloudwatch.send(new GetMetricDataCommand({ StartTime: new Date(0), EndTime: new Date(60_000), MetricDataQueries: [] }));
  const Bucket = person.stack.outputs['StoreName']!;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const folder of ['epochs', 'schemas', 'deployments', 'approvals', 'releases', 'verdicts', 'shifting', 'shifts', 'overrides', 'shadows', 'environments']) {
    const Key = Contents.find(({ Key: key = '' }) => key.startsWith(`${folder}/`))?.Key;
    // Nothing was approved or released by git before somebody did: what is not there can only be told to who may read it.
    await s3.send(new GetObjectCommand({ Bucket, Key: Key ?? `${folder}/none` })).catch((error: unknown) => { if ((error as Error).name !== 'NoSuchKey') throw error; });
  }
}

async function put(person: Deployed, Key: string): Promise<void> {
  await person.client(S3Client).send(new PutObjectCommand({ Bucket: person.stack.outputs['StoreName']!, Key, Body: '{}' }));
}

/** Stores the live content once more and starts it by the environment's plan. */
async function releaseAs(person: Deployed): Promise<void> {
  const appconfig = person.client(AppConfigClient);
  const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await person.ids();
  const { Items: [latest] = [] } = await appconfig.send(new ListHostedConfigurationVersionsCommand({ ApplicationId, ConfigurationProfileId }));
  const { Content = new Uint8Array() } = await appconfig.send(new GetHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber: latest?.VersionNumber }));
  const made = await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content, ContentType: 'application/json' }));
  await appconfig.send(new ValidateConfigurationCommand({ ApplicationId, ConfigurationProfileId, ConfigurationVersion: String(made.VersionNumber) }));
  await appconfig.send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: String(made.VersionNumber), DeploymentStrategyId: PLAN }));
}

/** Stops or reverts the newest deployment; answers its state then. */
async function stop(person: Deployed, AllowRevert: boolean): Promise<string | undefined> {
  const { ApplicationId, EnvironmentId } = await person.ids();
  const [newest] = await person.deployments();
  const { State } = await person.client(AppConfigClient).send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: newest?.DeploymentNumber, AllowRevert }));
  return State;
}
