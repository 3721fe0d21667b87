import { unlessGone } from '../api.ts';
import type { Made, Provider, ProviderCall } from '../provider.ts';
import { arnOf, only, without } from './stored.ts';
import { retag } from './tags.ts';

const APPCONFIG = 'appconfig';

const application: Provider = {
  type: 'AWS::AppConfig::Application',
  properties: { Name: 'update', Description: 'update', Tags: 'update' },
  required: ['Name'],
  async create({ api, properties }) {
    const { Id } = await api(APPCONFIG, 'CreateApplication', properties);
    return named(String(Id), 'ApplicationId');
  },
  async update(call) {
    await call.api(APPCONFIG, 'UpdateApplication', { ApplicationId: call.id, Description: '', ...without(call.properties, 'Tags') });
    await retag(call, { service: APPCONFIG, target: { ResourceArn: arnOf(call, APPCONFIG, `application/${call.id}`) }, form: 'map' });
    return named(call.id, 'ApplicationId');
  },
  delete: ({ api, id }) => unlessGone(api(APPCONFIG, 'DeleteApplication', { ApplicationId: id })),
};

const environment: Provider = {
  type: 'AWS::AppConfig::Environment',
  properties: { ApplicationId: 'replace', Name: 'update', Description: 'update', Monitors: 'update', Tags: 'update', DeletionProtectionCheck: 'update' },
  required: ['ApplicationId', 'Name'],
  async create({ api, properties }) {
    const { Id } = await api(APPCONFIG, 'CreateEnvironment', without(properties, 'DeletionProtectionCheck'));
    return within(properties['ApplicationId'], String(Id), 'EnvironmentId');
  },
  async update(call) {
    const { ApplicationId } = call.properties;
    const id = lastOf(call.id);
    await call.api(APPCONFIG, 'UpdateEnvironment', { EnvironmentId: id, Description: '', Monitors: [], ...without(call.properties, 'Tags', 'DeletionProtectionCheck') });
    await retag(call, { service: APPCONFIG, target: { ResourceArn: arnOf(call, APPCONFIG, `application/${String(ApplicationId)}/environment/${id}`) }, form: 'map' });
    return within(ApplicationId, id, 'EnvironmentId');
  },
  delete: ({ api, id, properties }) => unlessGone(api(APPCONFIG, 'DeleteEnvironment', { EnvironmentId: lastOf(id), ...only(properties, 'ApplicationId', 'DeletionProtectionCheck') })),
};

const profile: Provider = {
  type: 'AWS::AppConfig::ConfigurationProfile',
  properties: {
    ApplicationId: 'replace', LocationUri: 'replace', Type: 'replace', Name: 'update', Description: 'update', RetrievalRoleArn: 'update', Validators: 'update',
    KmsKeyIdentifier: 'update', Tags: 'update', DeletionProtectionCheck: 'update',
  },
  required: ['ApplicationId', 'LocationUri', 'Name'],
  async create({ api, properties }) {
    const { Id, KmsKeyArn } = await api(APPCONFIG, 'CreateConfigurationProfile', without(properties, 'DeletionProtectionCheck'));
    return within(properties['ApplicationId'], String(Id), 'ConfigurationProfileId', { KmsKeyArn });
  },
  async update(call) {
    const { ApplicationId } = call.properties;
    const id = lastOf(call.id);
    const input = { ConfigurationProfileId: id, Description: '', Validators: [], ...without(call.properties, 'Tags', 'DeletionProtectionCheck', 'LocationUri', 'Type') };
    const { KmsKeyArn } = await call.api(APPCONFIG, 'UpdateConfigurationProfile', input);
    await retag(call, { service: APPCONFIG, target: { ResourceArn: arnOf(call, APPCONFIG, `application/${String(ApplicationId)}/configurationprofile/${id}`) }, form: 'map' });
    return within(ApplicationId, id, 'ConfigurationProfileId', { KmsKeyArn });
  },
  delete: ({ api, id, properties }) => unlessGone(api(APPCONFIG, 'DeleteConfigurationProfile', { ConfigurationProfileId: lastOf(id), ...only(properties, 'ApplicationId', 'DeletionProtectionCheck') })),
};

const hostedVersion: Provider = {
  type: 'AWS::AppConfig::HostedConfigurationVersion',
  properties: { ApplicationId: 'replace', ConfigurationProfileId: 'replace', Content: 'replace', ContentType: 'replace', Description: 'replace', LatestVersionNumber: 'replace', VersionLabel: 'replace' },
  required: ['ApplicationId', 'ConfigurationProfileId', 'Content', 'ContentType'],
  async create({ api, properties }) {
    const { VersionNumber } = await api(APPCONFIG, 'CreateHostedConfigurationVersion', properties);
    const number = String(VersionNumber);
    return { id: `${String(properties['ApplicationId'])}|${String(properties['ConfigurationProfileId'])}|${number}`, ref: number, attributes: { VersionNumber: number } };
  },
  delete: ({ api, id, properties }) => unlessGone(api(APPCONFIG, 'DeleteHostedConfigurationVersion', { ...only(properties, 'ApplicationId', 'ConfigurationProfileId'), VersionNumber: lastOf(id) })),
};

const strategy: Provider = {
  type: 'AWS::AppConfig::DeploymentStrategy',
  properties: { Name: 'replace', ReplicateTo: 'replace', DeploymentDurationInMinutes: 'update', FinalBakeTimeInMinutes: 'update', GrowthFactor: 'update', GrowthType: 'update', Description: 'update', Tags: 'update' },
  required: ['Name', 'DeploymentDurationInMinutes', 'GrowthFactor', 'ReplicateTo'],
  async create({ api, properties }) {
    const { Id } = await api(APPCONFIG, 'CreateDeploymentStrategy', properties);
    return named(String(Id), 'Id');
  },
  async update(call) {
    await call.api(APPCONFIG, 'UpdateDeploymentStrategy', { DeploymentStrategyId: call.id, Description: '', FinalBakeTimeInMinutes: 0, ...without(call.properties, 'Tags', 'Name', 'ReplicateTo') });
    await retag(call, { service: APPCONFIG, target: { ResourceArn: arnOf(call, APPCONFIG, `deploymentstrategy/${call.id}`) }, form: 'map' });
    return named(call.id, 'Id');
  },
  delete: ({ api, id }) => unlessGone(api(APPCONFIG, 'DeleteDeploymentStrategy', { DeploymentStrategyId: id })),
};

const extension: Provider = {
  type: 'AWS::AppConfig::Extension',
  properties: { Name: 'replace', Description: 'update', Actions: 'update', Parameters: 'update', LatestVersionNumber: 'update', Tags: 'update' },
  required: ['Name', 'Actions'],
  async create({ api, properties }) {
    return extensionMade(await api(APPCONFIG, 'CreateExtension', properties));
  },
  async update(call) {
    const made = await call.api(APPCONFIG, 'UpdateExtension', { ExtensionIdentifier: call.id, Description: '', ...without(call.properties, 'Tags', 'Name', 'LatestVersionNumber') });
    await retag(call, { service: APPCONFIG, target: { ResourceArn: made['Arn'] }, form: 'map' });
    return extensionMade(made);
  },
  delete: ({ api, id }) => unlessGone(api(APPCONFIG, 'DeleteExtension', { ExtensionIdentifier: id })),
};

const association: Provider = {
  type: 'AWS::AppConfig::ExtensionAssociation',
  properties: { ExtensionIdentifier: 'replace', ExtensionVersionNumber: 'replace', ResourceIdentifier: 'replace', Parameters: 'update', Tags: 'update' },
  async create({ api, properties }) {
    return associationMade(await api(APPCONFIG, 'CreateExtensionAssociation', properties));
  },
  async update(call) {
    const made = await call.api(APPCONFIG, 'UpdateExtensionAssociation', { ExtensionAssociationId: call.id, Parameters: call.properties['Parameters'] ?? {} });
    await retag(call, { service: APPCONFIG, target: { ResourceArn: made['Arn'] }, form: 'map' });
    return associationMade(made);
  },
  delete: ({ api, id }) => unlessGone(api(APPCONFIG, 'DeleteExtensionAssociation', { ExtensionAssociationId: id })),
};

/** AppConfig's types, but for deployments. */
export const appConfigProviders: readonly Provider[] = [application, environment, profile, hostedVersion, strategy, extension, association];

function named(id: string, attribute: string): Made {
  return { id, attributes: { [attribute]: id } };
}

/** A resource of an application: its physical id names the application too, Ref gives its own id only. */
function within(applicationId: unknown, id: string, attribute: string, more: Readonly<Record<string, unknown>> = {}): Made {
  return { id: `${String(applicationId)}|${id}`, ref: id, attributes: { [attribute]: id, ...more } };
}

function extensionMade({ Id, Arn, VersionNumber }: Record<string, unknown>): Made {
  return { id: String(Id), attributes: { Id, Arn, VersionNumber } };
}

function associationMade({ Id, Arn, ExtensionArn, ResourceArn }: Record<string, unknown>): Made {
  return { id: String(Id), attributes: { Id, Arn, ExtensionArn, ResourceArn } };
}

/** The last part of a physical id such as `application|environment|7`. */
export function lastOf(id: string): string {
  return id.slice(id.lastIndexOf('|') + 1);
}

/** What a call to AppConfig about a deployment needs to name it. */
export function deploymentOf({ properties }: Pick<ProviderCall, 'properties'>, number: string): Record<string, unknown> {
  return { ...only(properties, 'ApplicationId', 'EnvironmentId'), DeploymentNumber: number };
}
