import { mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, TestEventPatternCommand } from '@aws-sdk/client-eventbridge';
import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Application } from 'aws-cdk-lib/aws-appconfig';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { AwsSolutionsChecks } from 'cdk-nag';
import { inProcess, startEngine } from 'sluice-engine';
import { describe, expect, it, vi } from 'vitest';
import { Configuration, EnvironmentGuards, Guard, PermissionSets, PinnedExecution, Reconciler, RolloutDashboard, RolloutPlan, ShiftPlan, Workflow } from '../../lib/constructs/index.ts';
import { bench, directory, plain, taskFunction, workflow, working } from './bench.ts';

/** Asks EventBridge which events a pattern matches; names and ids of the stack are `it`. */
async function matched(pattern: unknown, events: readonly object[]): Promise<(boolean | undefined)[]> {
  const engine = await startEngine({ clock: 'virtual', port: false });
  const client = new EventBridgeClient({ region: engine.region, endpoint: 'http://localhost', credentials: { accessKeyId: 'AKIDTEST', secretAccessKey: 'test' }, requestHandler: inProcess(engine.dispatch) });
  const EventPattern = JSON.stringify(pattern).replaceAll(/\{"(?:Ref|Fn::\w+)":[^{}]*\}/g, '"it"');
  const head = { id: '1', source: 'aws.appconfig', account: '111122223333', region: 'us-east-1', time: '2026-01-01T00:00:00Z', resources: [] };
  const answers = await Promise.all(events.map((event) => client.send(new TestEventPatternCommand({ EventPattern, Event: JSON.stringify({ ...head, ...event }) }))));
  await engine.close();
  return answers.map(({ Result }) => Result);
}

describe('an environment', () => {
  it('hears what AppConfig tells of its own deployments, and who stops or reverts one as CloudTrail tells it', async () => {
    const rules = plain().template.findResources('AWS::Events::Rule');
    const pattern = Object.values(rules).map(({ Properties }) => (Properties as { EventPattern?: object }).EventPattern).find((one) => JSON.stringify(one).includes('CloudTrail'));
    const name = /"ConfigurationProfile":\{"Name":\["([^"]+)"/.exec(JSON.stringify(pattern))?.[1];
    const told = (type: string, profile: string | undefined): object => ({ 'detail-type': type, 'detail': { Application: { Id: 'it' }, Environment: { Id: 'it' }, ConfigurationProfile: { Name: profile } } });
    const call = (detail: object): object => ({ 'detail-type': 'AWS API Call via CloudTrail', 'detail': { eventSource: 'appconfig.amazonaws.com', eventName: 'StopDeployment', ...detail } });

    expect(await matched(pattern, [told('On Deployment Rollback', name), told('On Deployment Complete', name), call({ requestParameters: { any: 'thing' } })])).toEqual([true, true, true]);
    expect(await matched(pattern, [told('On Deployment Step', name), told('On Deployment Start', 'another'), call({ eventName: 'StartDeployment' }), call({ errorCode: 'AccessDenied' })])).toEqual([false, false, false, false]);
  });

  it('seeds its first release when all guards are in place', () => {
    const synthesised = working();

    const [seed] = synthesised.ids('Custom::SluiceSeed');
    const before = synthesised.waitsFor(seed!);

    for (const type of ['AWS::AppConfig::ExtensionAssociation', 'AWS::AppConfig::Environment', 'AWS::AppConfig::ConfigurationProfile', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Alarm', 'AWS::Events::Rule', 'AWS::Lambda::Permission']) {
      // Whoever deletes old versions guards nothing.
      expect(synthesised.ids(type).filter((id) => !before.has(id) && !id.startsWith('SluicePruning')), type).toEqual([]);
    }
  });

  it.each([[false, ['cdk.out']], [true, ['cdk.out', 'sluice-seed-*']]] as const)('leaves nothing in the folder for temporary files; where assets are not staged (%s), what the assembly points to', (unstaged, left) => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-left-'));
    const documents = directory();
    vi.stubEnv('TMPDIR', folder);
    const app = new App({ outdir: join(folder, 'cdk.out'), context: { 'aws:cdk:disable-asset-staging': unstaged } });
    new Configuration(new Stack(app, 'Left'), 'orders', { directory: documents }).addEnvironment('production');

    app.synth();

    expect(readdirSync(folder).map((name) => name.replace(/-\w{6}$/, '-*')).toSorted()).toEqual(left);
  });

  it('holds no hosted version and no deployment', () => {
    const { template } = plain();

    expect(Object.keys(template.findResources('AWS::AppConfig::HostedConfigurationVersion'))).toEqual([]);
    expect(Object.keys(template.findResources('AWS::AppConfig::Deployment'))).toEqual([]);
  });

  it('leaves cdk-nag nothing to say', () => {
    const made = bench({ removalPolicy: RemovalPolicy.DESTROY, plan: RolloutPlan.linear({ stepPercent: 25, duration: Duration.minutes(8) }) });
    const { stack, production: environment } = made;
    const lambdaFunction = taskFunction(stack);
    environment.addReader(lambdaFunction);
    const child = workflow(made, lambdaFunction);
    const parent = new Workflow(stack, 'Parent', { environment, shift: ShiftPlan.canary(), definition: new PinnedExecution(stack, 'Deliver', { alias: child.alias, input: { 'order.$': '$.order' } }) });
    new Configuration(stack, 'Encrypted', { directory: directory(), encryptionKey: new Key(stack, 'Key', { enableKeyRotation: true }) }).addEnvironment('production', { judge: { topic: Topic.fromTopicArn(stack, 'Told', `arn:aws:sns:${stack.region}:${stack.account}:told`) } });
    new EnvironmentGuards(stack, 'Guards', { application: Application.fromApplicationId(stack, 'Shop', 'abc1234'), applicationName: 'shop', environmentId: 'def5678', environmentName: 'production', profileName: 'settings', guards: [Guard.failedExecutions()] });
    new RolloutDashboard(stack, 'Dashboard', { environment, workflows: [child, parent] });
    new PermissionSets(stack, 'People', { environment });
    new Reconciler(stack, 'Reconciler', { environment });
    made.app.synth();

    const { violations } = new AwsSolutionsChecks().validateScope(made.app);

    const ours = violations.map(({ ruleName, violatingResources }) => ({ ruleName, at: violatingResources.map(({ constructPath }) => constructPath).filter((path) => !path?.startsWith('Orders/ChargeFunction')) }));
    expect(ours.filter(({ at }) => at.length > 0)).toEqual([]);
  });
});
