import { AppConfigClient, ListHostedConfigurationVersionsCommand } from '@aws-sdk/client-appconfig';
import { CloudFormationClient, DeleteStackCommand, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListBucketsCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { deployAssembly } from 'sluice-engine';
import { describe, expect, it } from 'vitest';
import { app as smallest } from '../../examples/smallest/app.ts';
import { Configuration, PinnedTask, Workflow, type EnvironmentOptions } from '../../lib/constructs/index.ts';
import { quietApp } from './bench.ts';
import { Deployed } from './deployed.ts';

/** A stack whose workflow greets by the smallest example's documents. */
function greeting(options: EnvironmentOptions): string {
  const app = quietApp();
  const stack = new Stack(app, 'Greeting');
  const production = new Configuration(stack, 'orders', { directory: 'examples/smallest/config' }).addEnvironment('production', options);
  const lambdaFunction = new LambdaFunction(stack, 'Greet', { code: Code.fromAsset('dist/examples/smallest/functions/greet'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  production.addReader(lambdaFunction, { sources: ['store'] });
  new Workflow(stack, 'Workflow', { environment: production, definition: new PinnedTask(stack, 'Say', { lambdaFunction }) });
  return app.synth().directory;
}

/** Has the stack destroyed that is in hand. */
async function destroy(deployed: Deployed): Promise<{ status: string | undefined; reasons: string[] }> {
  const stacks = deployed.client(CloudFormationClient);
  await stacks.send(new DeleteStackCommand({ StackName: deployed.stack.name }));
  await deployed.sleep(5);
  const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: deployed.stack.id }));
  const { StackEvents = [] } = await stacks.send(new DescribeStackEventsCommand({ StackName: deployed.stack.id }));
  return { status: Stacks?.[0]?.StackStatus, reasons: StackEvents.filter(({ ResourceStatus }) => ResourceStatus === 'DELETE_FAILED').map(({ ResourceStatusReason = '' }) => ResourceStatusReason) };
}

const buckets = async (deployed: Deployed): Promise<string[]> => ((await deployed.client(S3Client).send(new ListBucketsCommand({}))).Buckets ?? []).map(({ Name = '' }) => Name);

describe('destroying a stack', { timeout: 60_000 }, () => {
  it('of the smallest example, which greets with the words of its epoch, is refused while its configuration is read, leaves all that is read in place, and succeeds when nobody has read it for an hour', async () => {
    const told = await Deployed.play(smallest.synth().directory, async (deployed) => {
      await deployed.sleep(35);
      const alias = deployed.resource('GreetingAlias');
      const greeted = await deployed.run(alias, 1, () => ({ name: 'Ada' }));
      const refused = await destroy(deployed);
      const { EnvironmentId: _, ...profile } = await deployed.ids('greetings');
      const { Items } = await deployed.client(AppConfigClient).send(new ListHostedConfigurationVersionsCommand(profile));
      const ran = await deployed.run(alias, 1, () => ({ name: 'Ada' }));
      await deployed.sleep(70);
      return { greeted, refused, versions: Items?.length, ran: new Set(ran.map(({ status }) => status)), destroyed: (await destroy(deployed)).status, buckets: await buckets(deployed) };
    });

    expect(new Set(told.greeted.map(({ status, output }) => `${status} ${String(output['say'])}`))).toEqual(new Set(['SUCCEEDED Good morning, Ada']));
    expect(told.refused.status).toBe('DELETE_FAILED');
    expect(told.refused.reasons.join()).toContain('SLUICE-PLANE-3: AppConfig refused DeleteEnvironment');
    expect([told.versions, told.ran]).toEqual([1, new Set(['SUCCEEDED'])]);
    expect(told.destroyed).toBe('DELETE_COMPLETE');
    expect(told.buckets.filter((name) => name.includes('store'))).toHaveLength(1);
  });

  it('succeeds at once when it was deployed without deletion protection before, and takes the store along where it is to go, and the documents of the first release', async () => {
    const told = await Deployed.play(greeting({}), async (deployed) => {
      const assets = async (): Promise<string[]> => ((await deployed.client(S3Client).send(new ListObjectsV2Command({ Bucket: (await buckets(deployed))[0] }))).Contents ?? []).map(({ Key = '' }) => Key);
      await deployed.sleep(35);
      await deployed.run(deployed.resource('WorkflowAlias'), 1, () => ({ name: 'Ada' }));
      await deployed.park(() => deployAssembly(deployed.engine, greeting({ deletionProtection: false, removalPolicy: RemovalPolicy.DESTROY })));
      const before = await assets();
      const { status, reasons } = await destroy(deployed);
      const after = await assets();
      return { status, reasons, left: await buckets(deployed), removed: before.filter((key) => !after.includes(key)).length };
    });

    expect(told).toEqual({ status: 'DELETE_COMPLETE', reasons: [], left: [expect.stringContaining('cdk-hnb659fds-assets')], removed: 1 });
  });
});
