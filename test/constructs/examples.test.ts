import { AppConfigClient, CreateApplicationCommand, CreateConfigurationProfileCommand, CreateEnvironmentCommand, CreateHostedConfigurationVersionCommand, GetEnvironmentCommand, StartDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { CloudFormationClient, DeleteStackCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { App } from 'aws-cdk-lib';
import { deployAssembly } from 'sluice-engine';
import { describe, expect, it } from 'vitest';
import { guard } from '../../examples/brownfield/app.ts';
import { app as tenants } from '../../examples/tenants/app.ts';
import { Deployed } from './deployed.ts';

const outputOf = (app: App): string => app.synth().directory;

// The smallest is destroyed in ./destroy.test.ts.
describe('the examples', { timeout: 60_000 }, () => {
  it('give each tenant its own quota', async () => {
    const admitted = await Deployed.play(outputOf(tenants), async (deployed) => {
      const answers: Record<string, unknown> = {};
      for (const tenant of ['staging', 'acme', 'globex']) {
        const [ran] = await deployed.run(deployed.resource(`Orders${tenant}Alias`), 0.1, () => ({ ordersPerMinute: 100 }));
        answers[tenant] = ran?.output['admitted'];
      }
      return answers;
    });

    expect(admitted).toEqual({ staging: false, acme: true, globex: false });
  });

  it('take a change of an old application back, and leave its environment as it was', async () => {
    const told = await Deployed.on(async (deployed) => {
      const appconfig = deployed.client(AppConfigClient);
      const { Id: ApplicationId } = await appconfig.send(new CreateApplicationCommand({ Name: 'shop' }));
      const { Id: EnvironmentId } = await appconfig.send(new CreateEnvironmentCommand({ ApplicationId, Name: 'production' }));
      const { Id: ConfigurationProfileId } = await appconfig.send(new CreateConfigurationProfileCommand({ ApplicationId, Name: 'settings', LocationUri: 'hosted' }));
      const release = async (text: string): Promise<void> => {
        const { VersionNumber } = await appconfig.send(new CreateHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, Content: Buffer.from(text), ContentType: 'application/json' }));
        await appconfig.send(new StartDeploymentCommand({ ApplicationId, EnvironmentId, ConfigurationProfileId, ConfigurationVersion: String(VersionNumber), DeploymentStrategyId: 'AppConfig.AllAtOnce' }));
      };
      await release('{"discount":0}');
      await deployed.sleep(15);
      await deployed.park(() => deployAssembly(deployed.engine, outputOf(guard(ApplicationId!, EnvironmentId!))));
      const guarded = await appconfig.send(new GetEnvironmentCommand({ ApplicationId, EnvironmentId }));

      await release('{"discount":100}');
      await deployed.sleep(20);
      const complete = (await deployed.deployments('shop'))[0]?.State;
      const cloudwatch = deployed.client(CloudWatchClient);
      for (let minute = 0; minute < 5; minute += 1) {
        await cloudwatch.send(new PutMetricDataCommand({ Namespace: 'Shop', MetricData: [{ MetricName: 'CheckoutErrors', Value: 50, Unit: 'Count' }] }));
        await deployed.sleep(1);
      }
      const reverted = (await deployed.deployments('shop'))[0]?.State;

      const stacks = deployed.client(CloudFormationClient);
      const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: 'Guards' }));
      await stacks.send(new DeleteStackCommand({ StackName: Stacks?.[0]?.StackId }));
      await deployed.sleep(5);
      const after = await appconfig.send(new GetEnvironmentCommand({ ApplicationId, EnvironmentId }));
      return { monitors: guarded.Monitors?.length, complete, reverted, left: after.Monitors?.length ?? 0 };
    });

    expect(told).toEqual({ monitors: 1, complete: 'COMPLETE', reverted: 'REVERTED', left: 0 });
  });
});
