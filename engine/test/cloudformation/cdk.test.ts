import { AppConfigClient, ListApplicationsCommand, ListEnvironmentsCommand } from '@aws-sdk/client-appconfig';
import { CloudFormationClient, DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startRig, type Rig } from '../rig.ts';
import { cdkFor, type Cdk } from './cdk.ts';

/** A command takes two seconds: .ci/run asks for all of them, `npm test` for those without which nothing is deployed. */
const ALL = process.env['SLUICE_CDK'] === 'all' ? ['all'] : [];

/** Each step goes on where the one before ended, as a person's day with the command does. */
describe('the unmodified cdk command', { timeout: 120_000 }, () => {
  let rig: Rig;
  let cdk: Cdk;
  let name = '';

  beforeAll(async () => {
    // cdk hides events older than its own clock, so that of the engine starts a day ahead.
    rig = await startRig({ start: Date.now() + 86_400_000 });
    cdk = cdkFor(rig.engine);
  });
  afterAll(async () => {
    cdk[Symbol.dispose]();
    await rig.close();
  });

  const invoked = async (): Promise<unknown> => {
    const { Payload } = await rig.client(LambdaClient).send(new InvokeCommand({ FunctionName: name }));
    return JSON.parse(Buffer.from(Payload!).toString());
  };
  const stack = async () => (await rig.client(CloudFormationClient).send(new DescribeStacksCommand({ StackName: 'Orders' }))).Stacks![0]!;
  const parameter = async () => (await rig.client(SSMClient).send(new GetParameterCommand({ Name: '/orders/limit' }))).Parameter?.Value;

  it('bootstraps the engine', async () => {
    const { code, text } = await cdk.run('first', 'bootstrap', `aws://${rig.engine.account}/${rig.engine.region}`);

    expect(text).toContain('bootstrapped');
    expect(code).toBe(0);
  });

  it('deploys an app, whose resources then work', async () => {
    const { code, text } = await cdk.run('first', 'deploy', '--require-approval', 'never');
    expect(code, text).toBe(0);

    name = (await stack()).Outputs?.find(({ OutputKey }) => OutputKey === 'HandlerName')?.OutputValue ?? '';
    expect(text).toContain(`Orders.HandlerName = ${name}`);
    expect(await invoked()).toEqual({ code: 'first', limit: '10' });
    expect(await parameter()).toBe('10');
    const { Items: [application] = [] } = await rig.client(AppConfigClient).send(new ListApplicationsCommand({}));
    const { Items: [environment] = [] } = await rig.client(AppConfigClient).send(new ListEnvironmentsCommand({ ApplicationId: application!.Id }));
    expect(environment).toMatchObject({ Name: 'live', Monitors: [{ AlarmArn: expect.stringContaining(':alarm:Orders-Errors') }] });
  });

  it.each(ALL)('does nothing when nothing changed', async () => {
    const before = (await stack()).LastUpdatedTime;

    const { code, text } = await cdk.run('first', 'deploy', '--require-approval', 'never');
    const forced = await cdk.run('first', 'deploy', '--require-approval', 'never', '--force');

    expect(code, text).toBe(0);
    expect(text).toContain('(no changes)');
    expect(forced.code, forced.text).toBe(0);
    expect((await stack()).LastUpdatedTime).toEqual(before);
  });

  it.each(ALL)('shows the difference of a change, and only that', async () => {
    const none = await cdk.run('first', 'diff');
    const some = await cdk.run('second', 'diff');

    expect(none.text).toContain('There were no differences');
    expect(some.text).toMatch(/\[~\] AWS::Lambda::Function Handler/);
    expect(some.text).toMatch(/\[~\] AWS::SSM::Parameter Limit/);
    expect(some.text).not.toMatch(/AWS::S3::Bucket/);
    expect(await parameter()).toBe('10');
  });

  it('takes a failing deployment back, tells why, and deploys a good one after it', async () => {
    const broken = await cdk.run('broken', 'deploy', '--require-approval', 'never');
    expect(broken.code).not.toBe(0);
    expect(broken.text).toContain('satisfy enum value set: [SecureString, StringList, String]');
    expect((await stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await invoked()).toEqual({ code: 'first', limit: '10' });

    const good = await cdk.run('second', 'deploy', '--require-approval', 'never');

    expect(good.code, good.text).toBe(0);
    expect((await stack()).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await invoked()).toEqual({ code: 'first', limit: '20' });
    expect(await parameter()).toBe('20');
  });

  it.each(ALL)('swaps code without a change set on --hotswap', async () => {
    const events = async (): Promise<number> => (await rig.client(CloudFormationClient).send(new DescribeStackEventsCommand({ StackName: 'Orders' }))).StackEvents!.length;
    const before = await events();

    const { code, text } = await cdk.run('hotswapped', 'deploy', '--hotswap');

    expect(code, text).toBe(0);
    expect(text).toContain('hotswapped!');
    expect(await invoked()).toEqual({ code: 'hotswapped', limit: '20' });
    expect(await events()).toBe(before);
  });

  it('destroys the stack and what was in it', async () => {
    const { code, text } = await cdk.run('second', 'destroy', '--force');

    expect(code, text).toBe(0);
    await expect(stack()).rejects.toThrow('Stack with id Orders does not exist');
    expect((await rig.client(AppConfigClient).send(new ListApplicationsCommand({}))).Items).toEqual([]);
    await expect(invoked()).rejects.toThrow('Function not found');
  });
});
