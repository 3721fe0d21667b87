import {
  DeleteApplicationCommand, DeleteConfigurationProfileCommand, DeleteEnvironmentCommand, DeleteExtensionAssociationCommand, DeleteHostedConfigurationVersionCommand,
  ListTagsForResourceCommand, StopDeploymentCommand, paginateListApplications, paginateListConfigurationProfiles, paginateListDeployments, paginateListEnvironments,
  paginateListExtensionAssociations, paginateListHostedConfigurationVersions,
} from '@aws-sdk/client-appconfig';
import { TAG, type Kind, type Leftover } from './leftover.ts';
import { unlessAbsent } from './refusal.ts';
import type { Target } from './target.ts';

const ENDED = new Set(['COMPLETE', 'ROLLED_BACK', 'REVERTED']);

/** Scratch applications, with all that is in them. */
export const applications: Kind = {
  name: 'applications',
  async find(target, prefix) {
    const { clients: { appconfig: client }, region, account } = target;
    const found: Leftover[] = [];
    for await (const { Items = [] } of paginateListApplications({ client }, {})) {
      for (const { Id = '', Name = '' } of Items) {
        const ResourceArn = `arn:aws:appconfig:${region}:${account}:application/${Id}`;
        if (!Name.startsWith(prefix) || (await unlessAbsent(client.send(new ListTagsForResourceCommand({ ResourceArn }))))?.Tags?.[TAG] === undefined) continue;
        found.push({ name: `application ${Name}`, remove: () => empty(target, Id).then(() => unlessAbsent(client.send(new DeleteApplicationCommand({ ApplicationId: Id })))) });
      }
    }
    return found;
  },
};

/** Deployments are stopped first, since they hold their environment; then goes what hangs on it, then what lies in it. */
async function empty(target: Target, ApplicationId: string): Promise<void> {
  const { clients: { appconfig: client } } = target;
  for await (const { Items = [] } of paginateListExtensionAssociations({ client }, {})) {
    for (const { Id, ResourceArn = '' } of Items) {
      if (ResourceArn.includes(`:application/${ApplicationId}`)) await unlessAbsent(client.send(new DeleteExtensionAssociationCommand({ ExtensionAssociationId: Id })));
    }
  }
  for await (const { Items = [] } of paginateListEnvironments({ client }, { ApplicationId })) {
    for (const { Id: EnvironmentId } of Items) {
      await stopAll(target, { ApplicationId, EnvironmentId });
      await unlessAbsent(client.send(new DeleteEnvironmentCommand({ ApplicationId, EnvironmentId, DeletionProtectionCheck: 'BYPASS' })));
    }
  }
  for await (const { Items = [] } of paginateListConfigurationProfiles({ client }, { ApplicationId })) {
    for (const { Id: ConfigurationProfileId } of Items) {
      for await (const { Items: versions = [] } of paginateListHostedConfigurationVersions({ client }, { ApplicationId, ConfigurationProfileId })) {
        for (const { VersionNumber } of versions) await unlessAbsent(client.send(new DeleteHostedConfigurationVersionCommand({ ApplicationId, ConfigurationProfileId, VersionNumber })));
      }
      await unlessAbsent(client.send(new DeleteConfigurationProfileCommand({ ApplicationId, ConfigurationProfileId, DeletionProtectionCheck: 'BYPASS' })));
    }
  }
}

async function stopAll({ clients: { appconfig: client } }: Target, of: { readonly ApplicationId: string; readonly EnvironmentId: string | undefined }): Promise<void> {
  for await (const { Items = [] } of paginateListDeployments({ client }, of)) {
    for (const { DeploymentNumber, State = '' } of Items) {
      if (!ENDED.has(State)) await unlessAbsent(client.send(new StopDeploymentCommand({ ...of, DeploymentNumber })));
    }
  }
}
