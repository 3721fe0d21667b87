// A CDK app of plain aws-cdk-lib: as many resources of each type as the template argv[2] has, by the CDK's own constructs; policies with as many
// statements, actions and resources, functions with as many variables and with the code folders of argv[3].
import { readFileSync } from 'node:fs';
import { App, CfnResource, Stack } from 'aws-cdk-lib';
import { Application, CfnConfigurationProfile, CfnExtension, CfnExtensionAssociation, Environment } from 'aws-cdk-lib/aws-appconfig';
import { Alarm, AlarmRule, CompositeAlarm, Dashboard, GraphWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission, Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Bucket, CfnBucketPolicy } from 'aws-cdk-lib/aws-s3';
import { CfnStateMachineAlias, CfnStateMachineVersion, DefinitionBody, Pass, StateMachine } from 'aws-cdk-lib/aws-stepfunctions';

const wanted = {};
for (const resource of Object.values(JSON.parse(readFileSync(process.argv[2], 'utf8')).Resources)) (wanted[resource.Type] ??= []).push(resource.Properties);
const folders = JSON.parse(process.argv[3]);
const stack = new Stack(new App(), 'Plain');
const lambda = new ServicePrincipal('lambda.amazonaws.com');
const metric = new Metric({ namespace: 'Plain', metricName: 'Failures' });

/** How one resource of a type is made, from those made before it; the order is that of dependence. */
const MAKERS = {
  'AWS::S3::Bucket': (id) => new Bucket(stack, id),
  'AWS::IAM::Role': (id) => new Role(stack, id, { assumedBy: lambda }),
  'AWS::IAM::Policy': (id, at, { PolicyDocument }) => new Policy(stack, id, {
    roles: [any('AWS::IAM::Role', at)],
    statements: PolicyDocument.Statement.map(({ Action, Resource }, statement) => new PolicyStatement({
      actions: [Action].flat(), resources: [Resource].flat().map((_, resource) => any('AWS::S3::Bucket', at).arnForObjects(`${id}/${statement}/${resource}/*`)),
    })),
  }),
  'AWS::S3::BucketPolicy': (id, at) => new CfnBucketPolicy(stack, id, { bucket: any('AWS::S3::Bucket', at).bucketName, policyDocument: { Version: '2012-10-17', Statement: [] } }),
  'AWS::Lambda::Function': (id, at, { Environment: { Variables = {} } = {} }) => new Function(stack, id, {
    code: Code.fromAsset(folders[at]), handler: 'index.handler', runtime: Runtime.NODEJS_24_X, role: any('AWS::IAM::Role', at),
    environment: Object.fromEntries(Object.keys(Variables).map((name) => [name, any('AWS::S3::Bucket', at).bucketName])),
  }),
  // As the CDK's documentation tells users to make one; a Version by itself would never publish what was changed.
  'AWS::Lambda::Version': (_, at) => any('AWS::Lambda::Function', at).currentVersion,
  'AWS::Lambda::Permission': (id, at) => new CfnPermission(stack, id, { action: 'lambda:InvokeFunction', functionName: any('AWS::Lambda::Function', at).functionArn, principal: 'events.amazonaws.com' }),
  'AWS::Logs::LogGroup': (id, at) => new LogGroup(stack, id, { logGroupName: `/aws/lambda/${any('AWS::Lambda::Function', at).functionName}` }),
  'AWS::CloudWatch::Alarm': (id) => new Alarm(stack, id, { metric, threshold: 1, evaluationPeriods: 1 }),
  'AWS::CloudWatch::CompositeAlarm': (id, at) => new CompositeAlarm(stack, id, { alarmRule: AlarmRule.anyOf(any('AWS::CloudWatch::Alarm', at)) }),
  'AWS::CloudWatch::Dashboard': (id) => new Dashboard(stack, id, { widgets: [[new GraphWidget({ left: [metric] })]] }),
  'AWS::Events::Rule': (id) => new Rule(stack, id, { eventPattern: { source: ['plain'] } }),
  'AWS::AppConfig::Application': (id) => new Application(stack, id),
  'AWS::AppConfig::Environment': (id, at) => new Environment(stack, id, { application: any('AWS::AppConfig::Application', at) }),
  'AWS::AppConfig::ConfigurationProfile': (id, at) => new CfnConfigurationProfile(stack, id, { applicationId: any('AWS::AppConfig::Application', at).applicationId, name: id, locationUri: 'hosted' }),
  'AWS::AppConfig::Extension': (id, at) => new CfnExtension(stack, id, { name: id, actions: { PRE_START_DEPLOYMENT: [{ Name: id, Uri: any('AWS::Lambda::Function', at).functionArn }] } }),
  'AWS::AppConfig::ExtensionAssociation': (id, at) => new CfnExtensionAssociation(stack, id, { extensionIdentifier: any('AWS::AppConfig::Extension', at).attrArn }),
  'AWS::StepFunctions::StateMachine': (id, at) => new StateMachine(stack, id, { role: any('AWS::IAM::Role', at), definitionBody: DefinitionBody.fromChainable(new Pass(stack, `${id}Work`)) }),
  'AWS::StepFunctions::StateMachineVersion': (id, at) => new CfnStateMachineVersion(stack, id, { stateMachineArn: any('AWS::StepFunctions::StateMachine', at).stateMachineArn }),
  'AWS::StepFunctions::StateMachineAlias': (id, at) => new CfnStateMachineAlias(stack, id, { name: 'live', routingConfiguration: [{ stateMachineVersionArn: any('AWS::StepFunctions::StateMachineVersion', at).ref, weight: 100 }] }),
};

const made = new Map(Object.keys(MAKERS).map((type) => [type, []]));
const any = (type, at) => made.get(type)[at % made.get(type).length];
for (const [type, make] of Object.entries(MAKERS)) {
  (wanted[type] ?? []).forEach((properties, at) => made.get(type).push(make(`${type.split('::').slice(1).join('')}${at}`, at, properties ?? {})));
}
for (const [type, all] of Object.entries(wanted)) {
  if (type in MAKERS) continue;
  if (!type.startsWith('Custom::')) throw new Error(`bench/plain.mjs does not make ${type} yet`);
  all.forEach(({ ServiceToken: _, ...properties }, at) => new CfnResource(stack, `${type.slice(8)}${at}`, { type, properties: { ...properties, ServiceToken: any('AWS::Lambda::Function', at).functionArn } }));
}
