import { App, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Configuration, Guard, PermissionSets, PinnedTask, RolloutPlan, Workflow, type EnvironmentOptions } from 'sluice/constructs';

/** A tenant is an environment of its own: its documents, its rollouts, its alarms, its people. */
const TENANTS: Readonly<Record<string, EnvironmentOptions>> = {
  staging: {
    plan: RolloutPlan.LINEAR_50_PERCENT_EVERY_30_SECONDS, removalPolicy: RemovalPolicy.DESTROY, deletionProtection: false, reserveConcurrency: false,
  },
  acme: {
    plan: RolloutPlan.exponential({ startPercent: 1, duration: Duration.hours(2), bakeTime: Duration.hours(1) }), guards: [Guard.failedExecutions({ percent: 1 })],
  },
  globex: {},
};

export const app: App = new App();
const stack = new Stack(app, 'Tenants');
const configuration = new Configuration(stack, 'quotas', { directory: 'examples/tenants/config/staging' });
for (const [tenant, options] of Object.entries(TENANTS)) {
  const environment = configuration.addEnvironment(tenant, { ...options, directory: `examples/tenants/config/${tenant}` });
  const admit = new Function(stack, `Admit-${tenant}`, { code: Code.fromAsset('dist/examples/tenants/functions/admit'), handler: 'index.handler', runtime: Runtime.NODEJS_24_X });
  environment.addReader(admit, { sources: ['store'] });
  new Workflow(stack, `Orders-${tenant}`, { environment, definition: new PinnedTask(stack, `Admit to ${tenant}`, { lambdaFunction: admit, resultPath: '$.admitted' }) });
  new PermissionSets(stack, `People-${tenant}`, { environment });
}
