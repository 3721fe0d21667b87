import { AwsSolutionsChecks } from 'cdk-nag';
import { describe, expect, it } from 'vitest';
import { bench, Synthesised, taskFunction, workflow } from './bench.ts';

describe('an environment', () => {
  it('seeds its first release when all guards are in place', () => {
    const made = bench();
    workflow(made);
    const synthesised = new Synthesised(made.stack);

    const [seed] = synthesised.ids('Custom::SluiceSeed');
    const before = synthesised.waitsFor(seed!);

    for (const type of ['AWS::AppConfig::ExtensionAssociation', 'AWS::AppConfig::Environment', 'AWS::AppConfig::ConfigurationProfile', 'AWS::CloudWatch::CompositeAlarm', 'AWS::CloudWatch::Alarm', 'AWS::Events::Rule', 'AWS::Lambda::Permission']) {
      expect(synthesised.ids(type).filter((id) => !before.has(id)), type).toEqual([]);
    }
  });

  it('holds no hosted version and no deployment', () => {
    const { stack } = bench();

    const { template } = new Synthesised(stack);

    expect(Object.keys(template.findResources('AWS::AppConfig::HostedConfigurationVersion'))).toEqual([]);
    expect(Object.keys(template.findResources('AWS::AppConfig::Deployment'))).toEqual([]);
  });

  it('leaves cdk-nag nothing to say', () => {
    const made = bench();
    const lambdaFunction = taskFunction(made.stack);
    workflow(made, lambdaFunction);
    made.app.synth();

    const { violations } = new AwsSolutionsChecks().validateScope(made.app);

    const ours = violations.map(({ ruleName, violatingResources }) => ({ ruleName, at: violatingResources.map(({ constructPath }) => constructPath).filter((path) => !path?.startsWith('Orders/ChargeFunction')) }));
    expect(ours.filter(({ at }) => at.length > 0)).toEqual([]);
  });
});
