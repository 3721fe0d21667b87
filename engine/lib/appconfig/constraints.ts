import { all, camel, each, entries, length, members, oneOf, pattern, range, size, type Check } from './constraint.ts';
import { violation } from './refusal.ts';

const NAME = length(1, 64);
const LONG_NAME = length(1, 128);
const EXTENSION_NAME = pattern('^[^\\/#:\\n]{1,64}$');
const ROLE_ARN = all(length(20, 2048), pattern('^((arn):(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov|aws-eusc):(iam)::\\d{12}:role[/].*)$'));
const ARN = all(length(20, 2048), pattern('arn:(aws[a-zA-Z-]*)?:[a-z]+:((eusc-)?[a-z]{2}((-gov)|(-iso([a-z]?)))?-[a-z]+-\\d{1})?:(\\d{12})?:[a-zA-Z0-9-_/:.]+'));
const MINUTES = range(0, 1440);
const TEXT = length(1, 2048);
const ACTION_POINTS = oneOf('PRE_CREATE_HOSTED_CONFIGURATION_VERSION', 'PRE_START_DEPLOYMENT', 'AT_DEPLOYMENT_TICK', 'ON_DEPLOYMENT_START', 'ON_DEPLOYMENT_STEP', 'ON_DEPLOYMENT_BAKING', 'ON_DEPLOYMENT_COMPLETE', 'ON_DEPLOYMENT_ROLLED_BACK');
const PROTECTION = oneOf('ACCOUNT_DEFAULT', 'APPLY', 'BYPASS');

/** Constraints of members that mean the same wherever they appear, as AWS's published model gives them. */
const ANYWHERE: Readonly<Record<string, Check>> = {
  Description: length(0, 1024),
  Tags: all(size(0, 50), entries(length(1, 128), length(0, 256))),
  TagKeys: all(size(0, 50), each(length(1, 128))),
  ResourceArn: ARN,
  MaxResults: range(1, 50),
  NextToken: TEXT,
  Monitors: all(size(0, 5), each(members({ AlarmArn: TEXT, AlarmRoleArn: ROLE_ARN }))),
  LocationUri: TEXT,
  RetrievalRoleArn: ROLE_ARN,
  Validators: all(size(0, 2), each(members({ Type: oneOf('JSON_SCHEMA', 'LAMBDA'), Content: length(0, 32_768) }))),
  Type: pattern('^[a-zA-Z\\.]+'),
  KmsKeyIdentifier: TEXT,
  ContentType: length(1, 255),
  DeletionProtectionCheck: PROTECTION,
  ConfigurationVersion: length(1, 1024),
  DynamicExtensionParameters: all(size(1, 10), entries(pattern('^([^#\\n]{1,96})#([^\\/#\\n]{1,64})$'), TEXT)),
  DeploymentDurationInMinutes: MINUTES,
  FinalBakeTimeInMinutes: MINUTES,
  GrowthFactor: range(1, 100),
  GrowthType: oneOf('LINEAR', 'EXPONENTIAL'),
  ReplicateTo: oneOf('NONE', 'SSM_DOCUMENT'),
  ExtensionIdentifier: TEXT,
  ResourceIdentifier: TEXT,
  Actions: all(size(1, 5), entries(ACTION_POINTS, all(size(1, 1), each(members({ Name: NAME, Description: length(0, 1024), Uri: TEXT, RoleArn: ARN }))))),
  DeletionProtection: members({ ProtectionPeriodInMinutes: range(15, 1440) }),
};

const PARAMETERS = all(size(1, 10), entries(EXTENSION_NAME, members({ Description: length(0, 1024) })));
const PARAMETER_VALUES = all(size(0, 10), entries(EXTENSION_NAME, TEXT));

/** Constraints of members that differ from operation to operation. */
const WITHIN: Readonly<Record<string, Readonly<Record<string, Check>>>> = {
  CreateApplication: { Name: NAME },
  UpdateApplication: { Name: NAME },
  CreateEnvironment: { Name: NAME },
  UpdateEnvironment: { Name: NAME },
  CreateConfigurationProfile: { Name: LONG_NAME },
  UpdateConfigurationProfile: { Name: LONG_NAME, KmsKeyIdentifier: length(0, 2048) },
  CreateDeploymentStrategy: { Name: NAME },
  CreateHostedConfigurationVersion: { VersionLabel: all(length(1, 64), pattern('.*[^0-9].*')) },
  ListHostedConfigurationVersions: { VersionLabel: NAME },
  CreateExtension: { Name: EXTENSION_NAME, Parameters: PARAMETERS },
  UpdateExtension: { Parameters: PARAMETERS },
  ListExtensions: { Name: NAME },
  CreateExtensionAssociation: { Parameters: PARAMETER_VALUES },
  UpdateExtensionAssociation: { Parameters: PARAMETER_VALUES },
  ListExtensionAssociations: { ResourceIdentifier: ARN },
  GetConfiguration: { Application: NAME, Environment: NAME, Configuration: NAME, ClientId: NAME, ClientConfigurationVersion: length(1, 1024) },
};

/** Refuses input that breaks a constraint of AWS's model, naming every one it breaks. */
export function constrain(operation: string, input: Readonly<Record<string, unknown>>): void {
  const own = WITHIN[operation] ?? {};
  const violations: string[] = [];
  for (const [member, value] of Object.entries(input)) {
    const check = own[member] ?? ANYWHERE[member];
    if (check) violations.push(...check(value, camel(member)));
  }
  if (violations.length > 0) throw violation(...violations);
}
