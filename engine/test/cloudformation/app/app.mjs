// A small app in plain JavaScript, as somebody would write it, in each of its states: their assemblies lie beside the one that `cdk` asks for.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { App, CfnOutput, CfnResource, Stack } from 'aws-cdk-lib';
import { Application, Environment, Monitor } from 'aws-cdk-lib/aws-appconfig';
import { Alarm, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { StringParameter } from 'aws-cdk-lib/aws-ssm';

for (const variant of ['first', 'second', 'broken', 'hotswapped']) orders(variant, join(dirname(process.env.CDK_OUTDIR), variant));

function orders(variant, outdir) {
  const limit = variant === 'first' ? '10' : '20';
  const app = new App({ outdir });
  const stack = new Stack(app, 'Orders', { description: 'A small app', tags: { team: 'orders' } });

  const bucket = new Bucket(stack, 'Store', { enforceSSL: true });
  const handler = new Function(stack, 'Handler', {
    runtime: Runtime.NODEJS_22_X,
    handler: 'index.handler',
    code: Code.fromAsset(fileURLToPath(new URL(variant === 'hotswapped' ? 'hotswapped' : 'functions', import.meta.url))),
    environment: { BUCKET: bucket.bucketName, LIMIT: limit },
  });
  bucket.grantRead(handler);

  const application = new Application(stack, 'Application', { applicationName: 'orders' });
  const alarm = new Alarm(stack, 'Errors', { metric: handler.metricErrors(), threshold: 1, evaluationPeriods: 1, treatMissingData: TreatMissingData.NOT_BREACHING });
  new Environment(stack, 'Environment', { application, environmentName: 'live', monitors: [Monitor.fromCloudWatchAlarm(alarm)] });
  new StringParameter(stack, 'Limit', { parameterName: '/orders/limit', stringValue: limit });
  new CfnOutput(stack, 'HandlerName', { value: handler.functionName });

  if (variant === 'broken') new CfnResource(stack, 'Broken', { type: 'AWS::SSM::Parameter', properties: { Type: 'Wrong', Value: 'x' } }).addResourceDependency(handler.node.defaultChild);

  app.synth();
}
