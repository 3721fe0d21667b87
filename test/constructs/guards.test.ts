import { writeFileSync } from 'node:fs';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Application } from 'aws-cdk-lib/aws-appconfig';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { describe, expect, it } from 'vitest';
import { Configuration, ConfigurationEnvironment, EnvironmentGuards, Guard, RolloutPlan } from '../../lib/constructs/index.ts';
import { bench, directory, plain, quietApp, Synthesised, taskFunction, working } from './bench.ts';

describe('an environment is guarded', () => {
  it('by a composite alarm as its monitor, which pages nobody and is quiet when nothing runs', () => {
    const { template } = plain();

    const [alarm] = Object.values(template.findResources('AWS::CloudWatch::Alarm')) as { Properties: Record<string, unknown> }[];
    const [composite] = Object.values(template.findResources('AWS::CloudWatch::CompositeAlarm')) as { Properties: Record<string, unknown> }[];
    expect(alarm?.Properties).toMatchObject({ TreatMissingData: 'notBreaching', Threshold: 5, EvaluationPeriods: 3, DatapointsToAlarm: 2 });
    expect(alarm?.Properties).not.toHaveProperty('AlarmActions');
    expect(composite?.Properties).not.toHaveProperty('AlarmActions');
    expect(Object.keys(template.findResources('AWS::AppConfig::Environment', { Properties: { Monitors: [{ AlarmArn: Match.anyValue(), AlarmRoleArn: Match.anyValue() }] } }))).toHaveLength(1);
  });

  it('by the gate, before a version is stored and before a deployment starts', () => {
    const { template } = plain();

    const [extension] = Object.values(template.findResources('AWS::AppConfig::Extension')) as { Properties: { Actions: Record<string, unknown[]> } }[];
    expect(Object.keys(extension?.Properties.Actions ?? {}).sort()).toEqual(['PRE_CREATE_HOSTED_CONFIGURATION_VERSION', 'PRE_START_DEPLOYMENT']);
  });

  it('by validators: the envelope as AppConfig\'s draft-04, the documents by a function that exists before the profile does', () => {
    const synthesised = plain();
    const { template } = synthesised;
    const [profile] = Object.entries(template.findResources('AWS::AppConfig::ConfigurationProfile')) as [string, { Properties: { Validators: { Type: string; Content: string }[] } }][];

    expect(profile?.[1].Properties.Validators.map(({ Type }) => Type)).toEqual(['JSON_SCHEMA', 'LAMBDA']);
    expect(JSON.parse(profile?.[1].Properties.Validators[0]?.Content ?? '')).toMatchObject({ $schema: 'http://json-schema.org/draft-04/schema#' });
    const permissions = Object.keys(template.findResources('AWS::Lambda::Permission', { Properties: { Principal: 'appconfig.amazonaws.com' } }));
    expect(permissions.filter((id) => !synthesised.waitsFor(profile![0]).has(id))).toEqual([]);
  });

  it('by handlers that only this account, and only what they hang on, may invoke', () => {
    const permissions = Object.values(working().template.findResources('AWS::Lambda::Permission')) as { Properties: Record<string, unknown> }[];

    expect(permissions.length).toBe(7);
    expect(permissions.filter(({ Properties: { SourceArn, SourceAccount } }) => SourceArn === undefined || SourceAccount === undefined)).toEqual([]);
  });

  it('by a judge and a roll-back that have an execution each to themselves, unless the account cannot spare one', () => {
    const reserved = (options?: object): unknown[] => Object.values((options === undefined ? plain() : new Synthesised(bench(options).stack)).template.findResources('AWS::Lambda::Function'))
      .map(({ Properties }) => (Properties as Record<string, unknown>)['ReservedConcurrentExecutions']).filter((one) => one !== undefined);

    expect(reserved()).toEqual([1, 1]);
    expect(reserved({ judge: false })).toEqual([1]);
    expect(reserved({ reserveConcurrency: false })).toEqual([]);
  });

  it('by a judge that is in place before the first release, with its rules, unless it is switched off', () => {
    const judged = new Synthesised(bench({ judge: { alpha: 0.05, slowerThan: Duration.seconds(3), settleWithin: Duration.minutes(2), keepVerdicts: Duration.days(30) } }).stack);
    const unjudged = new Synthesised(bench({ judge: false }).stack);
    const expiry = (synthesised: Synthesised): unknown => Object.values(synthesised.template.findResources('AWS::S3::Bucket')).map(({ Properties }) => (Properties as { LifecycleConfiguration: { Rules: { Prefix: string; ExpirationInDays: number }[] } }).LifecycleConfiguration.Rules.map(({ Prefix, ExpirationInDays }) => [Prefix, ExpirationInDays]));
    const variables = (synthesised: Synthesised, handler: string): unknown => Object.values(synthesised.template.findResources('AWS::Lambda::Function', { Properties: { Description: Match.stringLikeRegexp(handler) } }))
      .map(({ Properties }) => (Properties as { Environment: { Variables: Record<string, unknown> } }).Environment.Variables)[0];
    const [seed] = judged.ids('Custom::SluiceSeed');

    expect(variables(judged, 'Judges')).toMatchObject({ SLUICE_JUDGE: '{"alpha":0.05}', SLUICE_SETTLE_WITHIN_MS: '120000' });
    expect(variables(judged, 'Counts')).toMatchObject({ SLUICE_SLOW_MS: '3000', SLUICE_SETTLE_WITHIN_MS: '120000' });
    expect(variables(unjudged, 'Judges')).toBeUndefined();
    expect([expiry(judged), expiry(unjudged)]).toEqual([[[['verdicts/', 30]]], [[['verdicts/', 365]]]]);
    expect([...judged.waitsFor(seed!)].filter((id) => id.includes('JudgeAssociation'))).toHaveLength(1);
  });

  it('by no judge whose rules make no sense', () => {
    expect(() => bench({ judge: { alpha: 0 } })).toThrow('SLUICE-JUDGE-6: rules.alpha must be a chance above 0 and at most 0.5, got 0');
    expect(() => bench({ judge: { keepVerdicts: Duration.days(6) } })).toThrow('SLUICE-JUDGE-15: keepVerdicts must be whole days, 7 or more, got 6 days');
    expect(() => bench({ judge: { keepVerdicts: Duration.hours(180) } })).toThrow('SLUICE-JUDGE-15: keepVerdicts must be whole days, 7 or more, got 7 days 12 hours');
  });

  it('by a judge that tells a topic what it takes back', () => {
    const { stack, production } = bench();
    const topic = new Topic(stack, 'Pager', { enforceSSL: true });
    const told = new Stack(stack.node.root, 'Told');
    new Configuration(told, 'shop', { directory: directory() }).addEnvironment('production', { judge: { topic } });
    const rules = Object.values(new Synthesised(told).template.findResources('AWS::Events::Rule')).map(({ Properties }) => Properties as { EventPattern: object; Targets: { InputTransformer?: { InputTemplate: string } }[] });
    const rule = rules.find(({ EventPattern }) => JSON.stringify(EventPattern).includes('Sluice Rollback'));

    expect(production.node.tryFindChild('Judge')).toBeDefined();
    expect(rule?.EventPattern).toMatchObject({ source: ['sluice'], detail: { application: ['shop'], environment: ['production'] } });
    expect(rule?.Targets[0]?.InputTransformer?.InputTemplate).toContain('of shop/production is rolled back');
  });

  it('against being deleted while it is read, unless that is asked for', () => {
    const checks = (options?: object): unknown[] => ['Environment', 'ConfigurationProfile'].flatMap((type) =>
      Object.values((options === undefined ? plain() : new Synthesised(bench(options).stack)).template.findResources(`AWS::AppConfig::${type}`)).map(({ Properties }) => (Properties as Record<string, unknown>)['DeletionProtectionCheck']));

    expect(checks()).toEqual(['APPLY', 'APPLY']);
    expect(checks({ deletionProtection: false })).toEqual(['BYPASS', 'BYPASS']);
  });
});

describe('a change of configuration', () => {
  it('changes no template, nor does a change of a schema', () => {
    const folder = directory();
    const template = (): unknown => {
      const stack = new Stack(quietApp(), 'Orders');
      new Configuration(stack, 'orders', { directory: folder }).addEnvironment('production');
      return Template.fromStack(stack).toJSON();
    };
    const before = template();

    writeFileSync(`${folder}/limits.yaml`, 'items: 50\n');
    writeFileSync(`${folder}/limits.schema.json`, '{"type":"object","properties":{"items":{"type":"integer","maximum":60}}}');

    expect(template()).toEqual(before);
  });
});

describe('a plan', () => {
  it('that AppConfig has, or that is named by its id, makes none; one of one\'s own is one strategy, however many environments use it', () => {
    const own = RolloutPlan.linear({ stepPercent: 25, duration: Duration.minutes(40), bakeTime: Duration.minutes(5) });
    const known: readonly (readonly [string, RolloutPlan])[] = [
      ['AppConfig.AllAtOnce', RolloutPlan.ALL_AT_ONCE],
      ['AppConfig.Canary10Percent20Minutes', RolloutPlan.CANARY_10_PERCENT_20_MINUTES],
      ['AppConfig.Linear20PercentEvery6Minutes', RolloutPlan.LINEAR_20_PERCENT_EVERY_6_MINUTES],
      ['AppConfig.Linear50PercentEvery30Seconds', RolloutPlan.LINEAR_50_PERCENT_EVERY_30_SECONDS],
      ['AppConfig.Canary10Percent20Minutes', RolloutPlan.exponential({ startPercent: 10, duration: Duration.minutes(20) })],
      ['abc1234', RolloutPlan.fromDeploymentStrategyId('abc1234')],
    ];
    const stack = new Stack(quietApp(), 'Orders');
    const configuration = new Configuration(stack, 'orders', { directory: directory() });

    const ids = [...known.map(([, plan]) => plan), own, own].map((plan, at) => configuration.addEnvironment(`environment${at}`, { plan }).deploymentStrategyId);
    const made = Object.values(new Synthesised(stack).template.findResources('AWS::AppConfig::DeploymentStrategy')).map(({ Properties }) => Properties as object);

    expect(ids.slice(0, known.length)).toEqual(known.map(([id]) => id));
    expect(ids.at(-1)).toBe(ids.at(-2));
    expect(made).toEqual([{ Name: 'sluice-linear-25-percent-40-min-bake-5', GrowthType: 'LINEAR', GrowthFactor: 25, DeploymentDurationInMinutes: 40, FinalBakeTimeInMinutes: 5, ReplicateTo: 'NONE' }]);
  });
});

describe('a customer key', () => {
  it('encrypts versions and store, and whoever reads or writes may use it and no more', () => {
    const stack = new Stack(quietApp(), 'Orders');
    const encryptionKey = new Key(stack, 'Key');
    const production = new Configuration(stack, 'orders', { directory: directory(), encryptionKey }).addEnvironment('production');
    const reader = taskFunction(stack);
    production.addReader(reader);

    const { template } = new Synthesised(stack);

    expect(Object.keys(template.findResources('AWS::AppConfig::ConfigurationProfile', { Properties: { KmsKeyIdentifier: Match.anyValue() } }))).toHaveLength(1);
    const used = JSON.stringify(template.findResources('AWS::IAM::Policy')).match(/"kms:\w+"/g);
    expect(new Set(used)).toEqual(new Set(['"kms:Decrypt"', '"kms:GenerateDataKey"']));
  });
});

describe('the store', () => {
  it('is private, versioned, encrypted, and stays when the stack goes', () => {
    const { template } = plain();

    const [bucket] = Object.values(template.findResources('AWS::S3::Bucket')) as { DeletionPolicy: string; Properties: Record<string, unknown> }[];
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain',
      Properties: { VersioningConfiguration: { Status: 'Enabled' }, PublicAccessBlockConfiguration: { BlockPublicAcls: true, BlockPublicPolicy: true, IgnorePublicAcls: true, RestrictPublicBuckets: true } },
    });
  });

  it('is emptied by the sweep only where it goes with the stack', () => {
    const mayEmpty = ({ template }: Synthesised): boolean => JSON.stringify(template.toJSON()).includes('s3:DeleteObjectVersion');

    expect([mayEmpty(plain()), mayEmpty(new Synthesised(bench({ removalPolicy: RemovalPolicy.DESTROY }).stack))]).toEqual([false, true]);
  });
});

describe('brownfield', () => {
  it('guards make nothing of AppConfig but what tells of its deployments, and attach a monitor', () => {
    const stack = new Stack(quietApp(), 'Guards');
    new EnvironmentGuards(stack, 'Production', {
      application: Application.fromApplicationId(stack, 'Shop', 'abc1234'), applicationName: 'shop', environmentId: 'def5678', environmentName: 'production', profileName: 'settings', guards: [Guard.failedExecutions()],
    });

    const types = new Set(Object.values(new Synthesised(stack).resources).map(({ Type }) => Type));

    expect([...types].filter((type) => type.startsWith('AWS::AppConfig'))).toEqual(['AWS::AppConfig::ExtensionAssociation']);
    expect(types).toContain('Custom::SluiceMonitor');
  });

  it('guards of one environment, made twice, have alarms of their own and are attached one after the other', () => {
    const stack = new Stack(quietApp(), 'Guards');
    const application = Application.fromApplicationId(stack, 'Shop', 'abc1234');
    for (const [team, environmentId] of [['Errors', 'def5678'], ['Latency', 'def5678'], ['Elsewhere', 'xyz9012']] as const) {
      new EnvironmentGuards(stack, team, { application, applicationName: 'shop', environmentId, environmentName: 'production', profileName: 'settings', guards: [Guard.failedExecutions()] });
    }

    const synthesised = new Synthesised(stack);

    const names = synthesised.ids('AWS::CloudWatch::CompositeAlarm').map((id) => String(synthesised.resources[id]?.Properties['AlarmName']));
    const monitors = synthesised.ids('Custom::SluiceMonitor');
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(name).toMatch(/^shop-production-[0-9a-f]{8}$/);
    expect(monitors.map((id) => monitors.filter((other) => synthesised.waitsFor(id).has(other)).length)).toEqual([0, 1, 0]);
  });

  it('a configuration may live in an application that is there', () => {
    const stack = new Stack(quietApp(), 'Orders');
    const application = Application.fromApplicationId(stack, 'Shop', 'abc1234');
    new Configuration(stack, 'Settings', { directory: directory(), application, applicationName: 'shop' }).addEnvironment('production');

    const { template } = new Synthesised(stack);

    expect(Object.keys(template.findResources('AWS::AppConfig::Application'))).toEqual([]);
    expect(Object.keys(template.findResources('AWS::AppConfig::Environment', { Properties: { ApplicationId: 'abc1234' } }))).toHaveLength(1);
  });

  it('an imported environment gives functions of another stack all they read with', () => {
    const stack = new Stack(quietApp(), 'Readers');
    const production = ConfigurationEnvironment.fromConfigurationEnvironmentAttributes(stack, 'Production', {
      applicationId: 'abc1234', applicationName: 'orders', environmentId: 'def5678', environmentName: 'production', profileId: 'ghi9012', storeBucketName: 'orders-epochs',
    });
    const reader = taskFunction(stack);
    production.addReader(reader);

    const { template } = new Synthesised(stack);

    expect(Object.keys(template.findResources('AWS::Lambda::Function', { Properties: { Environment: { Variables: { SLUICE_APPLICATION: 'orders', SLUICE_ENVIRONMENT: 'production', SLUICE_PROFILE: 'orders-production', SLUICE_STORE: 'orders-epochs' } } } }))).toHaveLength(1);
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy'))).toContain('application/abc1234/environment/def5678/configuration/ghi9012');
  });
});
