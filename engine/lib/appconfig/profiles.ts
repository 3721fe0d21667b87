import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { arnOf, profilePath } from './arn.ts';
import { refuseAssociated } from './associations.ts';
import { described } from './description.ts';
import { locationOf, refuseForeign } from './location.ts';
import { findApplication, findProfile, refuseWhileDeploying } from './lookup.ts';
import { pageOf, type Page, type PageInput } from './page.ts';
import { protect, type ProtectionCheck } from './protection.ts';
import { badRequest, notFound, quotaExceeded, violated, violation } from './refusal.ts';
import type { AppConfigState, Application, Profile, ProfileType, Validator } from './state.ts';
import { dropTags, putTags } from './tags.ts';

/** Profiles in an application at most. */
const QUOTA = 100;

const TYPES: readonly ProfileType[] = ['AWS.Freeform', 'AWS.AppConfig.FeatureFlags'];

interface ValidatorShape {
  readonly Type: Validator['type'];
  readonly Content: string;
}

interface ProfileInput {
  readonly ApplicationId: string;
  readonly ConfigurationProfileId: string;
  readonly Name?: string;
  readonly Description?: string;
  readonly LocationUri: string;
  readonly RetrievalRoleArn?: string;
  readonly Validators?: readonly ValidatorShape[];
  readonly Type?: string;
  readonly KmsKeyIdentifier?: string;
  readonly Tags?: Readonly<Record<string, string>>;
  readonly DeletionProtectionCheck?: ProtectionCheck;
}

interface ProfileSummary {
  readonly ApplicationId: string;
  readonly Id: string;
  readonly Name: string;
  readonly LocationUri: string;
  readonly Type: string;
  readonly ValidatorTypes?: readonly string[];
}

interface ProfileOutput extends Omit<ProfileSummary, 'ValidatorTypes'> {
  readonly Description?: string;
  readonly RetrievalRoleArn?: string;
  readonly Validators?: readonly ValidatorShape[];
  readonly KmsKeyIdentifier?: string;
  readonly KmsKeyArn?: string;
}

/** CreateConfigurationProfile and its siblings. */
export function profiles(house: House, state: AppConfigState): Service['operations'] {
  return {
    CreateConfigurationProfile(input: ProfileInput & { Name: string }): ProfileOutput {
      const application = findApplication(house, state, input.ApplicationId);
      const profile = newProfile(house, application, input);
      application.profiles.set(profile.id, profile);
      putTags(state, arnOf(house, profilePath(profile)), input.Tags);
      record(house, profile, 'created');
      return shown(house, profile, input.Description);
    },

    GetConfigurationProfile(input: ProfileInput): ProfileOutput {
      return shown(house, findProfile(house, findApplication(house, state, input.ApplicationId), input.ConfigurationProfileId));
    },

    ListConfigurationProfiles(input: ProfileInput & PageInput): Page<ProfileSummary> {
      const application = findApplication(house, state, input.ApplicationId);
      const all = [...application.profiles.values()].filter(({ type }) => input.Type === undefined || type === input.Type);
      return pageOf(`profiles of ${application.id} ${input.Type ?? ''}`, all.map(summary), input);
    },

    UpdateConfigurationProfile(input: ProfileInput): ProfileOutput {
      const application = findApplication(house, state, input.ApplicationId);
      const profile = findProfile(house, application, input.ConfigurationProfileId);
      if (input.Name !== undefined) refuseTaken(house, application, input.Name, profile);
      refuseSource(house, profile.locationUri, profile.type, { RetrievalRoleArn: profile.retrievalRoleArn, ...input });
      const validators = input.Validators && validatorsOf(input.Validators);
      if (input.Name !== undefined) profile.name = input.Name;
      if (input.Description !== undefined) profile.description = input.Description;
      if (input.RetrievalRoleArn !== undefined) profile.retrievalRoleArn = input.RetrievalRoleArn;
      if (validators) profile.validators = validators;
      if (input.KmsKeyIdentifier === '') delete profile.kmsKeyIdentifier;
      else if (input.KmsKeyIdentifier !== undefined) profile.kmsKeyIdentifier = input.KmsKeyIdentifier;
      record(house, profile, 'updated');
      return shown(house, profile, input.Description);
    },

    DeleteConfigurationProfile(input: ProfileInput): void {
      const application = findApplication(house, state, input.ApplicationId);
      const profile = findProfile(house, application, input.ConfigurationProfileId);
      const path = profilePath(profile);
      refuseAssociated(house, state, 'configuration profile', path);
      if (profile.versions.size > 0) throw badRequest(`Cannot delete configuration profile ${profile.id} because there are still hosted configuration versions existing under it.`);
      refuseWhileDeploying(application.environments.values(), `configuration profile ${profile.id}`, profile.id);
      protect(house, state, input.DeletionProtectionCheck, `Configuration Profile ${profile.name}`, profile);
      application.profiles.delete(profile.id);
      dropTags(state, arnOf(house, path));
      record(house, profile, 'deleted');
    },
  };
}

function newProfile(house: House, application: Application, input: ProfileInput & { Name: string }): Profile {
  refuseTaken(house, application, input.Name);
  const type = TYPES.find((known) => known === (input.Type ?? 'AWS.Freeform'));
  if (type === undefined) throw notFound(`Invalid type, must be one of: ${TYPES.join(', ')}`, { ResourceName: 'ConfigurationProfileType' });
  const validators = validatorsOf(input.Validators ?? []);
  refuseSource(house, input.LocationUri, type, input);
  refuseForeign(locationOf(input.LocationUri));
  if (application.profiles.size >= QUOTA) throw quotaExceeded('configuration profiles in an application', QUOTA);
  return {
    id: house.draws.id('appconfig:profile'),
    applicationId: application.id,
    name: input.Name,
    ...(input.Description !== undefined && { description: input.Description }),
    locationUri: input.LocationUri,
    ...(input.RetrievalRoleArn !== undefined && { retrievalRoleArn: input.RetrievalRoleArn }),
    type,
    validators,
    ...(input.KmsKeyIdentifier !== undefined && { kmsKeyIdentifier: input.KmsKeyIdentifier }),
    versions: new Map(),
    latestVersion: 0,
    createdAt: house.kernel.now(),
    ...(type === 'AWS.AppConfig.FeatureFlags' && { flagsAssociationId: house.draws.id('appconfig:association') }),
  };
}

function refuseTaken(house: House, application: Application, name: string, except?: Profile): void {
  const other = [...application.profiles.values()].find((profile) => profile.name === name && profile !== except);
  if (other) throw badRequest(`ConfigurationProfile with name ${name} already exists with id ${other.id} in application ${application.id} account ${house.account}`);
}

/**
 * Checks a source with what reads it. The engine has no IAM, so a role cannot be assumed only when it is of another
 * account: the one reason that can be seen in its ARN.
 */
function refuseSource(house: House, uri: string, type: ProfileType, given: { readonly RetrievalRoleArn?: string | undefined; readonly KmsKeyIdentifier?: string }): void {
  const hosted = uri === 'hosted';
  const role = given.RetrievalRoleArn;
  if (type === 'AWS.AppConfig.FeatureFlags' && !hosted) throw badRequest("ConfigurationProfiles of type 'AWS.AppConfig.FeatureFlags' can only have a locationUri of 'hosted'");
  if (hosted && role !== undefined) throw violation(violated(role, 'retrievalRoleArn', 'Member must be null if the request has the following uri: hosted'));
  if (hosted) return;
  locationOf(uri);
  if (given.KmsKeyIdentifier) throw badRequest('KmsKeyIdentifier applies only to AppConfig hosted configuration data. For non-hosted configuration sources, configure encryption in the corresponding service.');
  if (uri.startsWith('codepipeline://')) return;
  if (role === undefined) throw violation(violated('null', 'retrievalRoleArn', `Member must not be null if the request has the following uri: ${uri}`));
  if (!role.includes(`::${house.account}:role/`)) throw badRequest(`Error trying to assume role ${role}`);
}

/** The text of a JSON_SCHEMA validator is not looked at before it is used, as recorded. */
function validatorsOf(given: readonly ValidatorShape[]): readonly Validator[] {
  return given.map(({ Type, Content }) => {
    if (Type === 'LAMBDA' && !/^arn:[^:]*:[^:]*:[^:]*:\d{12}:/.test(Content)) throw badRequest(`ARN ${Content} is invalid due to not containing an account ID.`);
    return { type: Type, content: Content };
  });
}

function record(house: House, profile: Profile, did: string): void {
  house.history.record('appconfig:profile', profilePath(profile), { did, name: profile.name, location: profile.locationUri, validators: profile.validators.map(({ type }) => type) });
}

/** The ARN of a key given by ARN, id or alias; of hosted content only. */
export function kmsKeyArn(house: House, identifier: string): string {
  if (identifier.startsWith('arn:')) return identifier;
  return `arn:aws:kms:${house.region}:${house.account}:${identifier.startsWith('alias/') ? identifier : `key/${identifier}`}`;
}

function summary(profile: Profile): ProfileSummary {
  return {
    ApplicationId: profile.applicationId,
    Id: profile.id,
    Name: profile.name,
    LocationUri: profile.locationUri,
    Type: profile.type,
    ...(profile.validators.length > 0 && { ValidatorTypes: profile.validators.map(({ type }) => type) }),
  };
}

function shown(house: House, profile: Profile, given?: string): ProfileOutput {
  const { ValidatorTypes: _types, ...shared } = summary(profile);
  return {
    ...shared,
    ...described(profile.description, given),
    ...(profile.retrievalRoleArn !== undefined && { RetrievalRoleArn: profile.retrievalRoleArn }),
    ...(profile.validators.length > 0 && { Validators: profile.validators.map(({ type, content }) => ({ Type: type, Content: content })) }),
    ...(profile.kmsKeyIdentifier !== undefined && { KmsKeyIdentifier: profile.kmsKeyIdentifier, KmsKeyArn: kmsKeyArn(house, profile.kmsKeyIdentifier) }),
  };
}
