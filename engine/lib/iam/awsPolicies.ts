import { policyOf } from './policy/document.ts';
import type { ManagedPolicy } from './role.ts';

interface AwsPolicy {
  readonly path?: string;
  readonly version: number;
  readonly statement: readonly Readonly<Record<string, unknown>>[];
}

const LOGS = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:PutLogEvents'];

/**
 * AWS's managed policies that functions, `cdk bootstrap` and state machines are usually given, as AWS published them in August 2026.
 * ReadOnlyAccess, which has 2,900 actions, is cut to the services the engine has.
 */
const POLICIES: Readonly<Record<string, AwsPolicy>> = {
  AdministratorAccess: { version: 1, statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] },
  AWSCloudFormationReadOnlyAccess: {
    version: 4,
    statement: [{
      Effect: 'Allow',
      Action: ['BatchDescribe*', 'Describe*', 'EstimateTemplateCost', 'Get*', 'List*', 'ValidateTemplate', 'Detect*'].map((action) => `cloudformation:${action}`),
      Resource: '*',
    }],
  },
  AWSLambdaBasicExecutionRole: { path: '/service-role/', version: 1, statement: [{ Effect: 'Allow', Action: LOGS, Resource: '*' }] },
  AWSLambdaRole: { path: '/service-role/', version: 1, statement: [{ Effect: 'Allow', Action: ['lambda:InvokeFunction'], Resource: ['*'] }] },
  AWSLambdaVPCAccessExecutionRole: {
    path: '/service-role/',
    version: 3,
    statement: [{
      Sid: 'AWSLambdaVPCAccessExecutionPermissions',
      Effect: 'Allow',
      Action: [...LOGS, 'ec2:CreateNetworkInterface', 'ec2:DescribeNetworkInterfaces', 'ec2:DescribeSubnets', 'ec2:DeleteNetworkInterface', 'ec2:AssignPrivateIpAddresses', 'ec2:UnassignPrivateIpAddresses'],
      Resource: '*',
    }],
  },
  AWSXRayDaemonWriteAccess: {
    version: 2,
    statement: [{
      Sid: 'AWSXRayDaemonWriteAccess',
      Effect: 'Allow',
      Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords', 'xray:GetSamplingRules', 'xray:GetSamplingTargets', 'xray:GetSamplingStatisticSummaries'],
      Resource: ['*'],
    }],
  },
  CloudWatchLambdaInsightsExecutionRolePolicy: {
    version: 1,
    statement: [
      { Effect: 'Allow', Action: ['logs:CreateLogGroup'], Resource: '*' },
      { Effect: 'Allow', Action: ['logs:CreateLogStream', 'logs:PutLogEvents'], Resource: 'arn:aws:logs:*:*:log-group:/aws/lambda-insights:*' },
    ],
  },
  ReadOnlyAccess: { version: 188, statement: [{ Effect: 'Allow', Action: readOnly(), Resource: '*' }] },
};

function readOnly(): readonly string[] {
  const appconfig = ['Application', 'Configuration', 'ConfigurationProfile', 'Deployment', 'DeploymentStrategy', 'Environment', 'Extension', 'HostedConfigurationVersion'].map((what) => `appconfig:Get${what}`);
  const lists = ['Applications', 'ConfigurationProfiles', 'DeploymentStrategies', 'Deployments', 'Environments', 'Extensions', 'HostedConfigurationVersions', 'TagsForResource'].map((what) => `appconfig:List${what}`);
  return [
    ...appconfig, ...lists,
    'cloudformation:Describe*', 'cloudformation:Detect*', 'cloudformation:Estimate*', 'cloudformation:Get*', 'cloudformation:List*', 'cloudformation:ValidateTemplate',
    'cloudwatch:Describe*', 'cloudwatch:Get*', 'cloudwatch:List*',
    'events:Describe*', 'events:List*', 'events:Test*',
    'iam:Generate*', 'iam:Get*', 'iam:List*', 'iam:Simulate*',
    'kms:Describe*', 'kms:Get*', 'kms:List*',
    'lambda:Get*', 'lambda:List*',
    'logs:Describe*', 'logs:FilterLogEvents', 'logs:Get*', 'logs:ListTagsForResource',
    's3:DescribeJob', 's3:Get*', 's3:List*',
    'sns:Check*', 'sns:Get*', 'sns:List*',
    'ssm:Describe*', 'ssm:Get*', 'ssm:List*',
    'states:Describe*', 'states:GetExecutionHistory', 'states:List*', 'states:ValidateStateMachineDefinition',
    'sts:GetAccessKeyInfo', 'sts:GetCallerIdentity', 'sts:GetSessionToken',
  ];
}

/** Fresh copies of AWS's managed policies, by ARN. */
export function awsPolicies(created: number): Map<string, ManagedPolicy> {
  return new Map(Object.entries(POLICIES).map(([name, { path = '/', version, statement }]) => {
    const arn = `arn:aws:iam::aws:policy${path}${name}`;
    const value = { Version: '2012-10-17', Statement: statement };
    const id = `v${version}`;
    const versions = new Map([[id, { id, created, text: JSON.stringify(value), document: policyOf(value, 'identity') }]]);
    return [arn, { name, id: `ANPA${Buffer.from(name).toString('hex').toUpperCase().slice(0, 17).padEnd(17, '0')}`, arn, path, created, updated: created, versions, defaultVersion: id, latest: version, tags: new Map() }];
  }));
}
