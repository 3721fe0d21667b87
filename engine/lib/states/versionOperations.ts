import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { machineAddress } from './arn.ts';
import { checkDescription } from './constraint.ts';
import { versionOf, type Machines } from './machines.ts';
import { pageOf, type PageRequest } from './page.ts';
import { publish } from './publication.ts';
import { refusal } from './refusal.ts';

interface MachineInput {
  readonly stateMachineArn: string;
}

interface PublishInput extends MachineInput {
  readonly revisionId?: string;
  readonly description?: string;
}

/** What AWS calls the revision of a machine that was never updated. */
const INITIAL = 'INITIAL';

/** Versions: published, deleted, listed. */
export function versionOperations(house: House, machines: Machines): Service['operations'] {
  return {
    PublishStateMachineVersion({ stateMachineArn, revisionId, description }: PublishInput) {
      const machine = machines.findActive(stateMachineArn);
      checkDescription(description, 'description');
      const current = machine.revision.id ?? INITIAL;
      if (revisionId !== undefined && revisionId !== current) {
        throw refusal('ConflictException', `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${current}.`);
      }
      const version = publish(house, machine, description);
      return { creationDate: version.creationDate, stateMachineVersionArn: version.arn };
    },
    DeleteStateMachineVersion({ stateMachineVersionArn }: { readonly stateMachineVersionArn: string }) {
      const { machineArn, qualifier } = machineAddress(stateMachineVersionArn);
      const machine = machines.peek(machineArn);
      const version = machine && versionOf(machine, qualifier);
      if (!machine || !version) return;
      const aliases = [...machine.aliases.values()].filter(({ content }) => content.routes.some((route) => route.version === version)).map(({ name }) => name);
      if (aliases.length > 0) {
        throw refusal('ConflictException', `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${aliases.join(', ')}]`);
      }
      machine.versions.delete(version.number);
      house.history.record('states:version', version.arn, { status: 'DELETED' });
    },
    ListStateMachineVersions(input: MachineInput & PageRequest) {
      const machine = machines.find(input.stateMachineArn);
      const newestFirst = [...machine.versions.values()].toReversed();
      const { items, nextToken } = pageOf(`versions of ${machine.arn}`, newestFirst, input, ({ number }) => -number);
      const stateMachineVersions = items.map(({ arn, creationDate }) => ({ stateMachineVersionArn: arn, creationDate }));
      return { stateMachineVersions, ...(nextToken !== undefined && { nextToken }) };
    },
  };
}
