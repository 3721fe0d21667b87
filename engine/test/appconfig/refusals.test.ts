import {
  CreateApplicationCommand, CreateConfigurationProfileCommand, CreateDeploymentStrategyCommand, CreateEnvironmentCommand, CreateExtensionAssociationCommand, CreateExtensionCommand,
  CreateHostedConfigurationVersionCommand, DeleteApplicationCommand, DeleteConfigurationProfileCommand, DeleteDeploymentStrategyCommand, DeleteEnvironmentCommand,
  DeleteHostedConfigurationVersionCommand, GetApplicationCommand, GetConfigurationProfileCommand, GetDeploymentStrategyCommand, GetEnvironmentCommand, GetHostedConfigurationVersionCommand,
  ListApplicationsCommand, ListConfigurationProfilesCommand, ListEnvironmentsCommand, TagResourceCommand, UpdateApplicationCommand, UpdateConfigurationProfileCommand,
  UpdateDeploymentStrategyCommand, UpdateEnvironmentCommand, ValidateConfigurationCommand,
} from '@aws-sdk/client-appconfig';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ROLE, refusal, startStage, type Stage } from './stage.ts';

/** One recorded refusal: operation and condition, the call, and what AWS answered. */
interface Row {
  readonly title: string;
  readonly call: (s: Stage) => Promise<unknown>;
  readonly code?: string;
  readonly message: (s: Stage) => string;
  readonly members?: Record<string, unknown>;
}

const STATUS: Record<string, number> = { BadRequestException: 400, ResourceNotFoundException: 404, ConflictException: 409, PayloadTooLargeException: 413 };
const NF = 'ResourceNotFoundException';
const NOBODY = 'zzzzzzz';
const PARAMETER = 'ssm-parameter://limits';
const KMS = 'KmsKeyIdentifier applies only to AppConfig hosted configuration data. For non-hosted configuration sources, configure encryption in the corresponding service.';

let s: Stage;
let other = '';
let env2 = '';
let bare = '';
let sourced = '';
let labelled = '';

beforeAll(async () => {
  s = await startStage();
  other = (await s.client.send(new CreateApplicationCommand({ Name: 'other' }))).Id ?? '';
  await s.client.send(new CreateConfigurationProfileCommand({ ApplicationId: other, Name: 'only', LocationUri: 'hosted' }));
  env2 = (await s.client.send(new CreateEnvironmentCommand({ ApplicationId: s.app, Name: 'env2' }))).Id ?? '';
  bare = (await s.client.send(new CreateApplicationCommand({ Name: 'bare' }))).Id ?? '';
  sourced = await s.profile({ Name: 'sourced', LocationUri: PARAMETER, RetrievalRoleArn: ROLE });
  labelled = await s.profile({ Name: 'labelled' });
  await s.store('{"x":1}', { profile: labelled, label: 'v1.0' });
});

afterAll(() => s.rig.close());

const missingApplication = (stage: Stage): string => `Application with Id ${NOBODY} could not be found for account ${stage.account}.`;
const profileWith = (input: Record<string, unknown>) => (stage: Stage): Promise<unknown> => stage.profile({ Name: 'bad', ...input });
const newVersion = (stage: Stage, input: Record<string, unknown>): Promise<unknown> => stage.client.send(new CreateHostedConfigurationVersionCommand({
  ApplicationId: stage.app, ConfigurationProfileId: labelled, Content: Buffer.from('{"x":2}'), ContentType: 'application/json', ...input,
}));

const APPLICATIONS: Row[] = [
  { title: 'CreateApplication, name taken', call: (t) => t.client.send(new CreateApplicationCommand({ Name: 'probe' })), message: (t) => `Application with name probe already exists with id ${t.app} in account ${t.account}` },
  { title: 'UpdateApplication, name taken', call: (t) => t.client.send(new UpdateApplicationCommand({ ApplicationId: other, Name: 'probe' })), message: (t) => `Application with name probe already exists with id ${t.app} in account ${t.account}` },
  { title: 'GetApplication, missing', code: NF, call: (t) => t.client.send(new GetApplicationCommand({ ApplicationId: NOBODY })), message: missingApplication },
  { title: 'DeleteApplication, missing', code: NF, call: (t) => t.client.send(new DeleteApplicationCommand({ ApplicationId: NOBODY })), message: missingApplication },
  { title: 'ListEnvironments of a missing application', code: NF, call: (t) => t.client.send(new ListEnvironmentsCommand({ ApplicationId: NOBODY })), message: missingApplication },
  { title: 'CreateConfigurationProfile under a missing application', code: NF, call: (t) => t.client.send(new CreateConfigurationProfileCommand({ ApplicationId: NOBODY, Name: 'x', LocationUri: 'hosted' })), message: missingApplication },
  { title: 'ListApplications, bad token', call: (t) => t.client.send(new ListApplicationsCommand({ NextToken: 'bogus' })), message: () => 'Invalid nextToken parameter bogus.' },
  { title: 'ListConfigurationProfiles, bad token', call: (t) => t.client.send(new ListConfigurationProfilesCommand({ ApplicationId: t.app, NextToken: 'bogus' })), message: () => 'Invalid nextToken parameter bogus.' },
  { title: 'DeleteApplication with environments', call: (t) => t.client.send(new DeleteApplicationCommand({ ApplicationId: t.app })), message: (t) => `Cannot delete application ${t.app}, because there are still environments existing under it.` },
  { title: 'DeleteApplication with profiles only', call: (t) => t.client.send(new DeleteApplicationCommand({ ApplicationId: other })), message: () => `Cannot delete application ${other}, because there are still configuration profiles existing under it.` },
];

const ENVIRONMENTS: Row[] = [
  { title: 'CreateEnvironment, name taken', call: (t) => t.client.send(new CreateEnvironmentCommand({ ApplicationId: t.app, Name: 'env' })), message: (t) => `Environment with name env already exists with id ${t.env} in application ${t.app} and account ${t.account}` },
  { title: 'UpdateEnvironment, name taken', call: (t) => t.client.send(new UpdateEnvironmentCommand({ ApplicationId: t.app, EnvironmentId: env2, Name: 'env' })), message: (t) => `Environment with name env already exists with id ${t.env} in application ${t.app} and account ${t.account}` },
  { title: 'CreateEnvironment, monitor without a role', call: (t) => t.client.send(new CreateEnvironmentCommand({ ApplicationId: t.app, Name: 'bad', Monitors: [{ AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a' }] })), message: () => "1 validation error detected: Value null at 'alarmRoleArn' failed to satisfy constraint: Member must not be null." },
  { title: 'UpdateEnvironment, monitor without a role', call: (t) => t.client.send(new UpdateEnvironmentCommand({ ApplicationId: t.app, EnvironmentId: env2, Monitors: [{ AlarmArn: 'arn:aws:cloudwatch:us-east-1:000000000000:alarm:a' }] })), message: () => "1 validation error detected: Value null at 'alarmRoleArn' failed to satisfy constraint: Member must not be null." },
  { title: 'GetEnvironment, missing', code: NF, call: (t) => t.client.send(new GetEnvironmentCommand({ ApplicationId: t.app, EnvironmentId: NOBODY })), message: (t) => `Environment with Application Id ${t.app} and Environment Id ${NOBODY} could not be found for account ${t.account}.` },
  { title: 'DeleteEnvironment, missing', code: NF, call: (t) => t.client.send(new DeleteEnvironmentCommand({ ApplicationId: t.app, EnvironmentId: NOBODY })), message: (t) => `Environment with Application Id ${t.app} and Environment Id ${NOBODY} could not be found for account ${t.account}.` },
];

const PROFILES: Row[] = [
  { title: 'CreateConfigurationProfile, name taken', call: (t) => t.profile({ Name: 'free' }), message: (t) => `ConfigurationProfile with name free already exists with id ${t.free} in application ${t.app} account ${t.account}` },
  { title: 'UpdateConfigurationProfile, name taken', call: (t) => t.client.send(new UpdateConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: sourced, Name: 'free' })), message: (t) => `ConfigurationProfile with name free already exists with id ${t.free} in application ${t.app} account ${t.account}` },
  { title: 'LAMBDA validator that is no ARN', call: profileWith({ Validators: [{ Type: 'LAMBDA', Content: 'not-an-arn' }] }), message: () => 'ARN not-an-arn is invalid due to not containing an account ID.' },
  { title: 'UpdateConfigurationProfile, LAMBDA validator that is no ARN', call: (t) => t.client.send(new UpdateConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: t.free, Validators: [{ Type: 'LAMBDA', Content: 'not-an-arn' }] })), message: () => 'ARN not-an-arn is invalid due to not containing an account ID.' },
  { title: 'unknown Type', code: NF, call: profileWith({ Type: 'Custom.Type' }), message: () => 'Invalid type, must be one of: AWS.Freeform, AWS.AppConfig.FeatureFlags', members: { ResourceName: 'ConfigurationProfileType' } },
  { title: 'flags that are not hosted', call: profileWith({ Type: 'AWS.AppConfig.FeatureFlags', LocationUri: PARAMETER, RetrievalRoleArn: ROLE }), message: () => "ConfigurationProfiles of type 'AWS.AppConfig.FeatureFlags' can only have a locationUri of 'hosted'" },
  { title: 'source without a role', call: profileWith({ LocationUri: PARAMETER }), message: () => `1 validation error detected: Value null at 'retrievalRoleArn' failed to satisfy constraint: Member must not be null if the request has the following uri: ${PARAMETER}` },
  { title: 'hosted with a role', call: profileWith({ RetrievalRoleArn: ROLE }), message: () => `1 validation error detected: Value ${ROLE} at 'retrievalRoleArn' failed to satisfy constraint: Member must be null if the request has the following uri: hosted` },
  { title: 'UpdateConfigurationProfile, hosted with a role', call: (t) => t.client.send(new UpdateConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: t.free, RetrievalRoleArn: ROLE })), message: () => `1 validation error detected: Value ${ROLE} at 'retrievalRoleArn' failed to satisfy constraint: Member must be null if the request has the following uri: hosted` },
  { title: 'another scheme', call: profileWith({ LocationUri: 'ftp://x', RetrievalRoleArn: ROLE }), message: () => 'The Uri: ftp://x is of an unsupported type' },
  { title: 's3 without a key', call: profileWith({ LocationUri: 's3://b', RetrievalRoleArn: ROLE }), message: () => 'Invalid locationUri s3://b' },
  ...[PARAMETER, 's3://b/k.json', 'secretsmanager://x', 'ssm-document://x', 'arn:aws:ssm:us-east-1:000000000000:parameter/x'].map((uri): Row => ({
    title: `role that cannot be assumed (here: of another account), ${uri}`, call: profileWith({ LocationUri: uri, RetrievalRoleArn: 'arn:aws:iam::111111111111:role/x' }), message: () => 'Error trying to assume role arn:aws:iam::111111111111:role/x',
  })),
  { title: 'KmsKeyIdentifier of a source', call: profileWith({ LocationUri: PARAMETER, RetrievalRoleArn: ROLE, KmsKeyIdentifier: 'alias/aws/ssm' }), message: () => KMS },
  { title: 'UpdateConfigurationProfile, KmsKeyIdentifier of a source', call: (t) => t.client.send(new UpdateConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: sourced, KmsKeyIdentifier: 'alias/aws/ssm' })), message: () => KMS },
  { title: 'GetConfigurationProfile, missing', code: NF, call: (t) => t.client.send(new GetConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: NOBODY })), message: (t) => `Configuration Profile with Application Id ${t.app} and Configuration Profile Id ${NOBODY} could not be found for account ${t.account}.` },
  { title: 'DeleteConfigurationProfile, missing', code: NF, call: (t) => t.client.send(new DeleteConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: NOBODY })), message: (t) => `Configuration Profile with Application Id ${t.app} and Configuration Profile Id ${NOBODY} could not be found for account ${t.account}.` },
  ...(['APPLY', 'BYPASS', 'ACCOUNT_DEFAULT'] as const).map((check): Row => ({
    title: `DeleteConfigurationProfile with versions, ${check}`, call: (t) => t.client.send(new DeleteConfigurationProfileCommand({ ApplicationId: t.app, ConfigurationProfileId: labelled, DeletionProtectionCheck: check })), message: () => `Cannot delete configuration profile ${labelled} because there are still hosted configuration versions existing under it.`,
  })),
];

const VERSIONS: Row[] = [
  { title: 'label of digits only', call: (t) => newVersion(t, { VersionLabel: '123' }), message: () => "1 validation error detected: Value '123' at 'versionLabel' failed to satisfy constraint: Member must satisfy regular expression pattern: .*[^0-9].*" },
  { title: 'label taken', call: (t) => newVersion(t, { VersionLabel: 'v1.0' }), message: () => "The version label 'v1.0' has already been assigned to hosted configuration version 1. Please provide a different version label to create your hosted configuration version." },
  { title: 'stale LatestVersionNumber', code: 'ConflictException', call: (t) => newVersion(t, { LatestVersionNumber: 5 }), message: () => 'Expected latest version 5 does not match actual latest version 1' },
  { title: 'empty body', call: (t) => newVersion(t, { Content: new Uint8Array(0), ContentType: 'text/plain' }), message: () => "1 validation error detected: Value at 'content' failed to satisfy constraint: Member must not be null" },
  { title: '2,097,153 bytes', code: 'PayloadTooLargeException', call: (t) => newVersion(t, { Content: Buffer.alloc(2_097_153, 'x') }), message: () => 'Content size limit exceeded.', members: { Measure: 'KILOBYTES', Limit: 2048, Size: 2049 } },
  ...[GetHostedConfigurationVersionCommand, DeleteHostedConfigurationVersionCommand].map((Command): Row => ({
    title: `${Command.name}, missing`, code: NF, call: (t) => t.client.send(new Command({ ApplicationId: t.app, ConfigurationProfileId: labelled, VersionNumber: 99 })), message: (t) => `Hosted Configuration Version with Application Id ${t.app}, Configuration Profile Id ${labelled}, and Version 99 could not be found for account ${t.account}`,
  })),
  { title: 'ValidateConfiguration, number missing', code: NF, call: (t) => t.client.send(new ValidateConfigurationCommand({ ApplicationId: t.app, ConfigurationProfileId: labelled, ConfigurationVersion: '9' })), message: () => 'Could not find configuration labelled with version number 9' },
  { title: 'ValidateConfiguration, label missing', code: NF, call: (t) => t.client.send(new ValidateConfigurationCommand({ ApplicationId: t.app, ConfigurationProfileId: labelled, ConfigurationVersion: 'nope' })), message: () => 'Could not find configuration labelled with version label nope' },
];

const STRATEGIES: Row[] = [
  ...[NOBODY, 'AppConfig.NotARealStrategy'].map((id): Row => ({ title: `GetDeploymentStrategy, missing ${id}`, code: NF, call: (t) => t.client.send(new GetDeploymentStrategyCommand({ DeploymentStrategyId: id })), message: () => `DeploymentStrategy with Id ${id} could not be found.` })),
  { title: 'UpdateDeploymentStrategy, missing', code: NF, call: (t) => t.client.send(new UpdateDeploymentStrategyCommand({ DeploymentStrategyId: NOBODY, Description: 'x' })), message: () => `DeploymentStrategy with Id ${NOBODY} could not be found.` },
  { title: 'DeleteDeploymentStrategy, missing', code: NF, call: (t) => t.client.send(new DeleteDeploymentStrategyCommand({ DeploymentStrategyId: NOBODY })), message: () => `DeploymentStrategy with Id ${NOBODY} could not be found.` },
  { title: 'UpdateDeploymentStrategy, predefined', call: (t) => t.client.send(new UpdateDeploymentStrategyCommand({ DeploymentStrategyId: 'AppConfig.AllAtOnce', Description: 'x' })), message: () => 'Cannot update predefined Deployment Strategy AppConfig.AllAtOnce' },
  { title: 'DeleteDeploymentStrategy, predefined', call: (t) => t.client.send(new DeleteDeploymentStrategyCommand({ DeploymentStrategyId: 'AppConfig.AllAtOnce' })), message: () => 'Cannot delete predefined Deployment Strategy AppConfig.AllAtOnce.' },
];

describe.each([['applications', APPLICATIONS], ['environments', ENVIRONMENTS], ['profiles', PROFILES], ['versions', VERSIONS], ['strategies', STRATEGIES]])('%s are refused as AWS was recorded to refuse them', (_name, rows) => {
  it.each(rows)('$title', async ({ call, code = 'BadRequestException', message, members = {} }) => {
    const seen = await refusal(call(s));

    expect(seen).toMatchObject({ code, status: STATUS[code], message: message(s), error: members });
  });
});

describe("input is held against the constraints of AWS's model", () => {
  const value = (text: string, at: string, constraint: string): string => `Value '${text}' at '${at}' failed to satisfy constraint: ${constraint}`;
  const one = (text: string, at: string, constraint: string) => (): string => `1 validation error detected: ${value(text, at, constraint)}`;
  const rows: Row[] = [
    { title: 'a name of 65 characters', call: (t) => t.client.send(new CreateApplicationCommand({ Name: 'n'.repeat(65) })), message: one('n'.repeat(65), 'name', 'Member must have length less than or equal to 64') },
    { title: 'an empty name', call: (t) => t.client.send(new CreateApplicationCommand({ Name: '' })), message: one('', 'name', 'Member must have length greater than or equal to 1') },
    { title: 'a profile name of 129 characters', call: (t) => t.profile({ Name: 'n'.repeat(129) }), message: one('n'.repeat(129), 'name', 'Member must have length less than or equal to 128') },
    { title: 'no name', call: (t) => t.client.send(new CreateApplicationCommand({ Name: undefined })), message: () => "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null" },
    { title: 'MaxResults 51', call: (t) => t.client.send(new ListApplicationsCommand({ MaxResults: 51 })), message: one('51', 'maxResults', 'Member must have value less than or equal to 50') },
    { title: 'a growth factor of 0', call: (t) => t.client.send(new CreateDeploymentStrategyCommand({ Name: 's', DeploymentDurationInMinutes: 1, GrowthFactor: 0 })), message: one('0', 'growthFactor', 'Member must have value greater than or equal to 1') },
    { title: 'a duration of 1441 minutes and an unknown growth', call: (t) => t.client.send(new CreateDeploymentStrategyCommand({ Name: 's', DeploymentDurationInMinutes: 1441, GrowthFactor: 5, GrowthType: 'CUBIC' as never })), message: () => `2 validation errors detected: ${value('1441', 'deploymentDurationInMinutes', 'Member must have value less than or equal to 1440')}; ${value('CUBIC', 'growthType', 'Member must satisfy enum value set: [LINEAR, EXPONENTIAL]')}` },
    { title: 'an unknown validator type', call: profileWith({ Validators: [{ Type: 'XSD', Content: '' }] }), message: one('XSD', 'validators.1.member.type', 'Member must satisfy enum value set: [JSON_SCHEMA, LAMBDA]') },
    { title: 'a role that is no role', call: profileWith({ LocationUri: PARAMETER, RetrievalRoleArn: 'arn:aws:iam::000000000000:user/somebody' }), message: one('arn:aws:iam::000000000000:user/somebody', 'retrievalRoleArn', 'Member must satisfy regular expression pattern: ^((arn):(aws|aws-cn|aws-iso|aws-iso-[a-z]{1}|aws-us-gov|aws-eusc):(iam)::\\d{12}:role[/].*)$') },
    { title: 'a tag of 257 characters', call: (t) => t.client.send(new TagResourceCommand({ ResourceArn: `arn:aws:appconfig:us-east-1:000000000000:application/${t.app}`, Tags: { k: 'v'.repeat(257) } })), message: one('v'.repeat(257), 'tags.k.member', 'Member must have length less than or equal to 256') },
  ];

  it.each(rows)('$title', async ({ call, message }) => {
    const seen = await refusal(call(s));

    expect(seen).toMatchObject({ code: 'BadRequestException', status: 400, message: message(s) });
  });

  it('refuses a third validator', async () => {
    const seen = await refusal(s.profile({ Name: 'three', Validators: Array.from({ length: 3 }, () => ({ Type: 'JSON_SCHEMA' as const, Content: '{}' })) }));

    expect(seen.message).toContain("at 'validators' failed to satisfy constraint: Member must have length less than or equal to 2");
  });
});

describe('what extensions are associated with cannot be deleted', () => {
  it.each([
    ['application', () => `application/${bare}`, (): Promise<unknown> => s.client.send(new DeleteApplicationCommand({ ApplicationId: bare }))],
    ['environment', () => `application/${s.app}/environment/${env2}`, (): Promise<unknown> => s.client.send(new DeleteEnvironmentCommand({ ApplicationId: s.app, EnvironmentId: env2 }))],
    ['configuration profile', () => `application/${s.app}/configurationprofile/${sourced}`, (): Promise<unknown> => s.client.send(new DeleteConfigurationProfileCommand({ ApplicationId: s.app, ConfigurationProfileId: sourced }))],
  ] as const)('%s', async (kind, path, remove) => {
    const arn = `arn:aws:appconfig:us-east-1:${s.account}:${path()}`;
    const { Id: extension } = await s.client.send(new CreateExtensionCommand({ Name: `guard ${kind}`, Actions: { ON_DEPLOYMENT_START: [{ Name: 'a', Uri: 'arn:aws:lambda:us-east-1:000000000000:function:f' }] } }));
    await s.client.send(new CreateExtensionAssociationCommand({ ExtensionIdentifier: extension, ResourceIdentifier: arn }));

    const seen = await refusal(remove());

    expect(seen).toMatchObject({ code: 'BadRequestException', status: 400, message: `Cannot delete ${kind} ${arn} because there are extensions associated with it. Please remove the extension associations to this ${kind} first.` });
  });
});
