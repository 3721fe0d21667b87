import { AppConfigClient, StopDeploymentCommand } from '@aws-sdk/client-appconfig';
import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Deployed } from '../constructs/deployed.ts';
import { CONFIG, RELEASE, release } from './environment.ts';
import type { Step } from './play.ts';

/** A change that a person takes back after it was complete, which AppConfig tells nobody, while executions run on it. */
export const RECALLED: readonly Step[] = [
  ['what is to fail by a rollback fails at its next task, and what is to move reads the epoch that is live then', {
    recalled: ['FAILED', 'Sluice.EpochRolledBack'], moving: ['SUCCEEDED', true, true], failed: ['FAILED', 'Error'], counts: [1, 2, 1],
  }, async (deployed) => {
    await deployed.sleep(8);
    const states = deployed.client(SFNClient);
    await release(deployed, 0, { documents: [CONFIG, RELEASE] });
    await release(deployed, 0, { documents: [CONFIG] });
    const since = deployed.engine.clock.now();
    const started = await Promise.all([['RecalledArn', 'eu'], ['MovingArn', 'eu'], ['MovingArn', 'nowhere']].map(async ([name = '', region]) => (await states.send(new StartExecutionCommand({
      stateMachineArn: deployed.stack.outputs[name], input: JSON.stringify({ order: { id: 'recalled', items: 1, region, rest: 600 } }),
    }))).executionArn));
    await deployed.sleep(1);
    const { ConfigurationProfileId: _, ...within } = await deployed.ids();
    const [last] = await deployed.deployments();
    await deployed.client(AppConfigClient).send(new StopDeploymentCommand({ ...within, DeploymentNumber: last?.DeploymentNumber, AllowRevert: true }));
    await deployed.sleep(11);
    const [recalls, moving, failed] = await Promise.all(started.map((executionArn) => states.send(new DescribeExecutionCommand({ executionArn }))));
    const { pin, ship } = JSON.parse(moving?.output ?? '{}') as { pin?: { digest: string; version: string; moved?: { version: string; digest: string }[] }; ship?: { read: string } };
    return {
      recalled: [recalls?.status, recalls?.error],
      moving: [moving?.status, pin?.moved?.[0]?.version === last?.ConfigurationVersion, ship?.read === pin?.digest && pin?.digest !== pin?.moved?.[0]?.digest],
      failed: [failed?.status, failed?.error],
      counts: await Promise.all(['ExecutionsRecalled', 'ExecutionsMoved', 'ExecutionsFailed'].map((name) => counted(deployed, name, since))),
    };
  }],
];

/** What was counted in the environment since an instant, epoch milliseconds. */
async function counted(deployed: Deployed, MetricName: string, since: number): Promise<number> {
  const { Datapoints = [] } = await deployed.client(CloudWatchClient).send(new GetMetricStatisticsCommand({
    Namespace: 'Sluice', MetricName, Dimensions: [{ Name: 'Application', Value: 'orders' }, { Name: 'Environment', Value: 'production' }],
    StartTime: new Date(since), EndTime: new Date(deployed.engine.clock.now()), Period: 60, Statistics: ['Sum'],
  }));
  return Datapoints.reduce((sum, { Sum = 0 }) => sum + Sum, 0);
}
