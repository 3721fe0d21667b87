import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { arnOf, pathOf } from './arn.ts';
import { extensionArn, findExtension, type FoundExtension } from './extensions.ts';
import { pageOf, type Page, type PageInput } from './page.ts';
import { badRequest, notFound } from './refusal.ts';
import { refuseMissing } from './resource.ts';
import type { AppConfigState, Association } from './state.ts';
import { dropTags, putTags } from './tags.ts';

interface AssociationInput {
  readonly ExtensionAssociationId: string;
  readonly ExtensionIdentifier: string;
  readonly ExtensionVersionNumber?: number;
  readonly ResourceIdentifier: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly Tags?: Readonly<Record<string, string>>;
}

interface AssociationSummary {
  readonly Id: string;
  readonly ExtensionArn: string;
  readonly ResourceArn: string;
}

interface AssociationOutput extends AssociationSummary {
  readonly Arn: string;
  readonly Parameters?: Readonly<Record<string, string>>;
  readonly ExtensionVersionNumber: number;
}

/** CreateExtensionAssociation and its siblings. Duplicates are allowed, as recorded, and each one is invoked. */
export function associations(house: House, state: AppConfigState): Service['operations'] {
  const find = (id: string): Association => {
    const association = state.associations.get(id);
    if (association) return association;
    throw notFound(`Extension Association with Id ${id} could not be found for account ${house.account}.`);
  };
  return {
    CreateExtensionAssociation(input: AssociationInput): AssociationOutput {
      const found = findExtension(house, state, input.ExtensionIdentifier, input.ExtensionVersionNumber);
      refuseResource(house, state, input.ResourceIdentifier);
      refuseParameters(found, input.Parameters ?? {});
      const association: Association = {
        id: house.draws.id('appconfig:association'),
        extensionId: found.extension.id,
        extensionVersion: found.version.number,
        resourceArn: input.ResourceIdentifier,
        parameters: input.Parameters ?? {},
      };
      state.associations.set(association.id, association);
      putTags(state, associationArn(house, association), input.Tags);
      record(house, association, 'created');
      return shown(house, association);
    },

    GetExtensionAssociation(input: AssociationInput): AssociationOutput {
      return shown(house, find(input.ExtensionAssociationId));
    },

    ListExtensionAssociations(input: Partial<AssociationInput> & PageInput): Page<AssociationSummary> {
      const { ResourceIdentifier: resource, ExtensionIdentifier: identifier, ExtensionVersionNumber: number } = input;
      const extension = identifier === undefined ? undefined : findExtension(house, state, identifier, number).extension;
      const all = [...state.associations.values()].filter((association) => (resource === undefined || association.resourceArn === resource)
        && (extension === undefined || association.extensionId === extension.id)
        && (number === undefined || association.extensionVersion === number));
      return pageOf(`associations ${resource ?? ''} ${identifier ?? ''} ${number ?? ''}`, all.map((association) => summary(house, association)), input);
    },

    UpdateExtensionAssociation(input: AssociationInput): AssociationOutput {
      const association = find(input.ExtensionAssociationId);
      if (input.Parameters) {
        const found = findExtension(house, state, association.extensionId, association.extensionVersion);
        refuseParameters(found, input.Parameters);
        association.parameters = input.Parameters;
      }
      record(house, association, 'updated');
      return shown(house, association);
    },

    DeleteExtensionAssociation(input: AssociationInput): void {
      const association = find(input.ExtensionAssociationId);
      state.associations.delete(association.id);
      dropTags(state, associationArn(house, association));
      record(house, association, 'deleted');
    },
  };
}

/** The ARN of an association. */
export function associationArn(house: House, association: Pick<Association, 'id'>): string {
  return arnOf(house, `extensionassociation/${association.id}`);
}

/** Refuses to delete a resource that extensions are associated with. */
export function refuseAssociated(house: House, state: AppConfigState, kind: string, path: string): void {
  const arn = arnOf(house, path);
  for (const { resourceArn } of state.associations.values()) {
    if (resourceArn === arn) throw badRequest(`Cannot delete ${kind} ${arn} because there are extensions associated with it. Please remove the extension associations to this ${kind} first.`);
  }
}

function refuseResource(house: House, state: AppConfigState, arn: string): void {
  if (!/^application\/[^/]+(\/(environment|configurationprofile)\/[^/]+)?$/.test(pathOf(arn) ?? '')) {
    throw badRequest(`Invalid ResourceIdentifier ${arn}; an extension is associated with the ARN of an application, an environment or a configuration profile.`);
  }
  refuseMissing(house, state, arn);
}

function refuseParameters({ extension, version }: FoundExtension, given: Readonly<Record<string, string>>): void {
  const required = Object.entries(version.parameters).filter(([, parameter]) => parameter.required).map(([name]) => name);
  if (required.length > 0 && Object.keys(given).length === 0) throw badRequest(`Extension ${extension.name} version ${version.number} has required parameters, but no parameters have been supplied`);
  const missing = required.find((name) => !Object.hasOwn(given, name));
  if (missing !== undefined) throw badRequest(`Parameter ${missing}  is required for extension ${extension.id} version ${version.number}, but a value has not been supplied.`);
  const unknown = Object.keys(given).find((name) => !Object.hasOwn(version.parameters, name));
  if (unknown !== undefined) throw badRequest(`Parameter ${unknown} is not defined for extension ${extension.id} version ${version.number}.`);
}

function record(house: House, association: Association, did: string): void {
  const { extensionId, extensionVersion, resourceArn } = association;
  house.history.record('appconfig:association', `extensionassociation/${association.id}`, { did, extension: `${extensionId}/${extensionVersion}`, resource: resourceArn });
}

function summary(house: House, association: Association): AssociationSummary {
  return {
    Id: association.id,
    ExtensionArn: extensionArn(house, { id: association.extensionId }, { number: association.extensionVersion }),
    ResourceArn: association.resourceArn,
  };
}

function shown(house: House, association: Association): AssociationOutput {
  return {
    ...summary(house, association),
    Arn: associationArn(house, association),
    ...(Object.keys(association.parameters).length > 0 && { Parameters: association.parameters }),
    ExtensionVersionNumber: association.extensionVersion,
  };
}
