/**
 * What blocks of the documentation take for granted with `declare const`, made for real, so that they can be synthesised. They stand in the
 * order in which they are made.
 */
const SURROUNDINGS: Readonly<Record<string, string>> = {
  stack: "new cdk.Stack(new cdk.App({ outdir: process.env['CDK_OUTDIR']!, treeMetadata: false, analyticsReporting: false }), 'Orders')",
  production: "new sluice.Configuration(stack, 'around', { directory: 'config' }).addEnvironment('production')",
  workflow: "new sluice.Workflow(stack, 'Around', { environment: new sluice.Configuration(stack, 'worked', { directory: 'config' }).addEnvironment('production'), definition: new sfn.Pass(stack, 'Done') })",
  starter: "new lambda.Function(stack, 'Starter', { code: lambda.Code.fromAsset('charge'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X })",
  charge: "new lambda.Function(stack, 'Charge', { code: lambda.Code.fromAsset('charge'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X })",
  ship: "new lambda.Function(stack, 'Ship', { code: lambda.Code.fromAsset('charge'), handler: 'index.handler', runtime: lambda.Runtime.NODEJS_24_X })",
  errors: "new cloudwatch.Alarm(stack, 'Errors', { metric: new cloudwatch.Metric({ namespace: 'Shop', metricName: 'Errors' }), threshold: 1, evaluationPeriods: 1 })",
};

const IMPORTS = `import * as cdk from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sfn from 'aws-cdk-lib/aws-stepfunctions';
import * as sluice from 'sluice/constructs';
`;

/** A block of constructs as a whole app, with what it declares made before it. @throws Error for a declaration that nobody makes. */
export function surrounded(code: string): string {
  const declared = [...code.matchAll(/^declare const (\w+): (\w+);$/gm)];
  const unknown = declared.filter(([, name = '']) => SURROUNDINGS[name] === undefined).map(([line]) => line);
  if (unknown.length > 0) throw new Error(`nobody makes what is declared: ${unknown.join(' ')}`);
  const names = declared.map(([, name = '']) => name);
  const made = Object.entries(SURROUNDINGS).filter(([name]) => names.includes(name)).map(([name, maker]) => `const ${name} = ${maker};`);
  const [imports, body] = [code.match(/^import .*$/gm) ?? [], code.replaceAll(/^(?:import .*|declare const .*)\n/gm, '')];
  return [IMPORTS, ...imports, ...made, body, '(stack.node.root as cdk.App).synth();', ''].join('\n');
}
