import { AppConfigClient, CreateHostedConfigurationVersionCommand, ListDeploymentsCommand, StartDeploymentCommand, StopDeploymentCommand, UpdateEnvironmentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, DisableAlarmActionsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import { AccountPrincipal, Role } from 'aws-cdk-lib/aws-iam';
import { expect, it } from 'vitest';
import { Configuration, PermissionSets } from '../../lib/constructs/index.ts';
import { Deployed, epochOf } from './deployed.ts';

const SETS = ['reader', 'releaser', 'approver', 'operator'] as const;
const DOCUMENTS = 'examples/smallest/config';

function synthesised(): string {
  const app = new App();
  const stack = new Stack(app, 'People');
  const environment = new Configuration(stack, 'orders', { directory: DOCUMENTS }).addEnvironment('production');
  const sets = new PermissionSets(stack, 'Sets', { environment });
  for (const name of SETS) {
    const role = new Role(stack, name, { assumedBy: new AccountPrincipal(stack.account) });
    role.addManagedPolicy(sets[name]);
    new CfnOutput(stack, `${name}Arn`, { value: role.roleArn });
  }
  return app.synth().directory;
}

it('each permission set may do its own and nothing of another\'s, and nobody may touch a guard', { timeout: 60_000 }, async () => {
  const told = await Deployed.play(synthesised(), async (deployed) => {
    await deployed.sleep(15);
    const { ApplicationId, EnvironmentId, ConfigurationProfileId } = await deployed.ids();
    const [bucket, alarm] = [deployed.resource('productionStore'), 'orders-production'];
    const deploy = (person: Deployed, strategy: string) => (): Promise<unknown> =>
      person.client(AppConfigClient).send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: '1', DeploymentStrategyId: strategy }));
    const outcome = async (act: () => Promise<unknown>): Promise<string> => act().then(() => 'yes', (error: unknown) => (/AccessDenied/.test((error as Error).name) ? 'no' : (error as Error).name));
    const answers: Record<string, Record<string, string>> = {};
    for (const name of SETS) {
      const { Credentials, AssumedRoleUser } = await deployed.client(STSClient).send(new AssumeRoleCommand({ RoleArn: deployed.stack.outputs[`${name}Arn`]!, RoleSessionName: name }));
      const person = deployed.as({ accessKeyId: Credentials!.AccessKeyId!, secretAccessKey: Credentials!.SecretAccessKey!, sessionToken: Credentials!.SessionToken! });
      const [appconfig, s3, cloudwatch] = [person.client(AppConfigClient), person.client(S3Client), person.client(CloudWatchClient)];
      const put = (Key: string) => (): Promise<unknown> => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: '{}' }));
      answers[name] = {
        see: await outcome(() => appconfig.send(new ListDeploymentsCommand({ ApplicationId, EnvironmentId }))),
        schema: await outcome(put('schemas/x.json')),
        provenance: await outcome(put('releases/x.json')),
        version: await outcome(() => appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: epochOf([DOCUMENTS]).bytes, ContentType: 'application/json' }))),
        atOnce: await outcome(deploy(person, 'AppConfig.AllAtOnce')),
        deploy: await outcome(deploy(person, 'AppConfig.Canary10Percent20Minutes')),
        approve: await outcome(put(`approvals/app/env/label/${AssumedRoleUser!.AssumedRoleId!}.json`)),
        approveAsAnother: await outcome(put('approvals/app/env/label/AROAOTHER:ada@example.org.json')),
        stop: await outcome(() => appconfig.send(new StopDeploymentCommand({ ApplicationId, EnvironmentId, DeploymentNumber: 2 }))),
        override: await outcome(() => cloudwatch.send(new DisableAlarmActionsCommand({ AlarmNames: [alarm] }))),
        unguard: await outcome(() => appconfig.send(new UpdateEnvironmentCommand({ ApplicationId, EnvironmentId, Monitors: [] }))),
        silence: await outcome(() => cloudwatch.send(new SetAlarmStateCommand({ AlarmName: alarm, StateValue: 'OK', StateReason: 'no' }))),
      };
    }
    return answers;
  });

  const none = { see: 'yes', schema: 'no', provenance: 'no', version: 'no', atOnce: 'no', deploy: 'no', approve: 'no', approveAsAnother: 'no', stop: 'no', override: 'no', unguard: 'no', silence: 'no' };
  expect(told).toEqual({
    reader: none,
    releaser: { ...none, schema: 'yes', provenance: 'yes', version: 'yes', deploy: 'yes' },
    approver: { ...none, approve: 'yes' },
    operator: { ...none, stop: 'yes', override: 'yes' },
  });
});
