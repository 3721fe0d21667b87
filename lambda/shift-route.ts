/**
 * The custom resource that tells a stack where the alias of a shifting workflow routes to when it begins to shift: where it is, or, of
 * an alias that is yet to be made, the newest version. Later it answers the same, so that the stack moves the alias no more.
 */
import { serveStack } from '../lib/adapters/customResource.ts';
import { Versions } from '../lib/adapters/router/versions.ts';
import { fault, shown } from '../lib/core/fault.ts';
import { GUARDING } from '../lib/core/faults/guarding.ts';

const versions = await Versions.open();

/** Answers one request of CloudFormation. */
export function handler(event: unknown): Promise<void> {
  return serveStack('shift-route', event, async ({ kind, properties, oldProperties, physicalResourceId }) => {
    if (kind === 'delete') return undefined;
    const { StateMachineArn: machine, AliasName: alias } = properties;
    if (typeof machine !== 'string' || typeof alias !== 'string') throw fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'shift-route', problem: `StateMachineArn and AliasName must be text, got ${shown(properties)}` });
    const same = kind === 'update' && oldProperties['StateMachineArn'] === machine && oldProperties['AliasName'] === alias;
    if (same) return { physicalResourceId, data: { VersionArn: physicalResourceId } };
    const [first] = [...(await versions.routes(`${machine}:${alias}`) ?? [])].sort((one, other) => other.weight - one.weight);
    const VersionArn = first?.version ?? await versions.newestVersion(machine);
    if (VersionArn === undefined) throw fault(GUARDING, 'SLUICE-HOOK-1', { handler: 'shift-route', problem: `${machine} has no version` });
    return { physicalResourceId: VersionArn, data: { VersionArn } };
  });
}
