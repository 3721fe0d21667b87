import { TokenSeal } from '../../appconfigdata/token.ts';
import { PREDEFINED } from '../../appconfig/predefined.ts';
import type { AppConfigState } from '../../appconfig/state.ts';
import type { House } from '../../ports.ts';
import { textOf, type ActionTable, type Asked } from './table.ts';

const APPLICATION = 'application/{ApplicationId}';
const ENVIRONMENT = [APPLICATION, `${APPLICATION}/environment/{EnvironmentId}`];
const PROFILE = [APPLICATION, `${APPLICATION}/configurationprofile/{ConfigurationProfileId}`];
const VERSION = [...PROFILE, `${APPLICATION}/configurationprofile/{ConfigurationProfileId}/hostedconfigurationversion/{VersionNumber}`];
const DEPLOYMENT = [...ENVIRONMENT, `${APPLICATION}/environment/{EnvironmentId}/deployment/{DeploymentNumber}`];
const STRATEGY = 'deploymentstrategy/{DeploymentStrategyId}';
const EXTENSION = 'extension/{Extension}';
const ASSOCIATION = 'extensionassociation/{ExtensionAssociationId}';
const CONFIGURATION = `${APPLICATION}/environment/{EnvironmentId}/configuration/{ConfigurationProfileId}`;

/** AppConfig. Identifiers may be names in a call; policies know ids only. */
export function appConfigActions(house: House, state: AppConfigState): ActionTable {
  return {
    prefix: 'appconfig',
    base: `arn:aws:appconfig:${house.region}:${house.account}:`,
    values: ({ input }) => ({ ...idsOf(house, state, input), Extension: extensionOf(state, input) }),
    passes: { service: 'appconfig.amazonaws.com', operations: ['CreateEnvironment', 'UpdateEnvironment', 'CreateConfigurationProfile', 'UpdateConfigurationProfile', 'CreateExtension', 'UpdateExtension'] },
    rules: {
      CreateApplication: '*', ListApplications: '*', GetApplication: APPLICATION, UpdateApplication: APPLICATION, DeleteApplication: APPLICATION,
      CreateEnvironment: APPLICATION, ListEnvironments: APPLICATION, GetEnvironment: ENVIRONMENT, UpdateEnvironment: ENVIRONMENT, DeleteEnvironment: ENVIRONMENT,
      CreateConfigurationProfile: APPLICATION, ListConfigurationProfiles: APPLICATION, GetConfigurationProfile: PROFILE, UpdateConfigurationProfile: PROFILE,
      DeleteConfigurationProfile: PROFILE, ValidateConfiguration: PROFILE,
      CreateHostedConfigurationVersion: PROFILE, ListHostedConfigurationVersions: PROFILE, GetHostedConfigurationVersion: VERSION, DeleteHostedConfigurationVersion: VERSION,
      CreateDeploymentStrategy: '*', ListDeploymentStrategies: '*', GetDeploymentStrategy: STRATEGY, UpdateDeploymentStrategy: STRATEGY, DeleteDeploymentStrategy: STRATEGY,
      StartDeployment: [APPLICATION, `${APPLICATION}/environment/{EnvironmentId}`, `${APPLICATION}/configurationprofile/{ConfigurationProfileId}`, STRATEGY],
      GetDeployment: DEPLOYMENT, StopDeployment: DEPLOYMENT, ListDeployments: ENVIRONMENT,
      CreateExtension: '*', ListExtensions: '*', GetExtension: EXTENSION, UpdateExtension: EXTENSION, DeleteExtension: EXTENSION,
      CreateExtensionAssociation: '*', ListExtensionAssociations: '*', GetExtensionAssociation: ASSOCIATION, UpdateExtensionAssociation: ASSOCIATION, DeleteExtensionAssociation: ASSOCIATION,
      GetAccountSettings: '*', UpdateAccountSettings: '*',
      TagResource: '{ResourceArn}', UntagResource: '{ResourceArn}', ListTagsForResource: '{ResourceArn}',
      GetConfiguration: [...ENVIRONMENT, `${APPLICATION}/configurationprofile/{ConfigurationProfileId}`],
    },
  };
}

/** AppConfig's data plane: a session and what it reads are one resource, which a token carries. */
export function appConfigDataActions(house: House): ActionTable {
  const seal = new TokenSeal(house.draws.seed);
  return {
    prefix: 'appconfig',
    base: `arn:aws:appconfig:${house.region}:${house.account}:`,
    values: ({ operation, input }) => {
      if (operation === 'StartConfigurationSession') return sessionTarget(house, input);
      const token = seal.open(textOf(input, 'ConfigurationToken') ?? '');
      return token ? { ApplicationId: token.applicationId, EnvironmentId: token.environmentId, ConfigurationProfileId: token.profileId } : {};
    },
    rules: { StartConfigurationSession: CONFIGURATION, GetLatestConfiguration: CONFIGURATION },
  };
}

function sessionTarget(house: House, input: Asked['input']): Record<string, string> {
  const [application, environment, profile] = ['ApplicationIdentifier', 'EnvironmentIdentifier', 'ConfigurationProfileIdentifier'].map((name) => textOf(input, name) ?? '') as [string, string, string];
  const found = house.ports.configuration.resolve(application, environment, profile);
  return { ApplicationId: found.applicationId ?? application, EnvironmentId: found.environmentId ?? environment, ConfigurationProfileId: found.profileId ?? profile };
}

function idsOf(house: House, state: AppConfigState, input: Asked['input']): Record<string, string | undefined> {
  const application = textOf(input, 'ApplicationId') ?? textOf(input, 'Application');
  const environment = textOf(input, 'EnvironmentId') ?? textOf(input, 'Environment');
  const profile = textOf(input, 'ConfigurationProfileId') ?? textOf(input, 'Configuration');
  const strategy = textOf(input, 'DeploymentStrategyId');
  const found = application === undefined ? {} : house.ports.configuration.resolve(application, environment ?? '', profile ?? '');
  return {
    ApplicationId: found.applicationId ?? application,
    EnvironmentId: found.environmentId ?? environment,
    ConfigurationProfileId: found.profileId ?? profile,
    DeploymentStrategyId: strategyOf(state, strategy),
  };
}

function strategyOf(state: AppConfigState, identifier: string | undefined): string | undefined {
  if (identifier === undefined || PREDEFINED.has(identifier) || state.strategies.has(identifier)) return identifier;
  return [...state.strategies.values()].find(({ name }) => name === identifier)?.id ?? identifier;
}

/** `{id}/{version}`, the newest version unless one is asked for; an ARN as it is. */
function extensionOf(state: AppConfigState, input: Asked['input']): string | undefined {
  const identifier = textOf(input, 'ExtensionIdentifier');
  if (identifier === undefined || identifier.startsWith('arn:')) return identifier;
  const extension = state.extensions.get(identifier) ?? [...state.extensions.values()].find(({ name }) => name === identifier);
  const version = input['VersionNumber'] ?? extension?.latestVersion ?? '*';
  return `${extension?.id ?? identifier}/${String(version)}`;
}
