import { Stack } from 'aws-cdk-lib';
import type { IGrantable, IRole, Policy } from 'aws-cdk-lib/aws-iam';
import { Function as LambdaFunction, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { fault } from '../core/fault.ts';
import { rolledBackKey } from '../core/layout.ts';
import { BUILDING } from '../core/faults/building.ts';
import { AgentLayer } from './agentLayer.ts';
import { permit, type Permit } from './permit.ts';
import type { IConfigurationEnvironment, Place } from './place.ts';

/** Where a reader reads: `agent` for `current()` and pins to be drawn, `store` for `at(pin)`. */
export type Source = 'agent' | 'store';

/** How a function reads. */
export interface ReaderProps {
  /** Where it reads: the fewer, the narrower its grant. @default ['agent', 'store'] */
  readonly sources?: readonly Source[];
  /** The agent it reads with. @default AgentLayer.latest() */
  readonly agentLayer?: AgentLayer;
  /** The agent fetches the configuration while the function starts. @default true */
  readonly prefetch?: boolean;
}

/**
 * Everything a function needs to read with `sluice/runtime`, in one call.
 * @throws Fault `SLUICE-CDK-5` when it is not a function of this app.
 */
export function addReader(place: Place, reader: LambdaFunction, props: ReaderProps): Policy {
  const { role } = asFunction(reader);
  if (role === undefined) throw fault(BUILDING, 'SLUICE-CDK-5', { function: reader.node.path });
  const { sources = ['agent', 'store'], agentLayer = AgentLayer.latest(), prefetch = true } = props;
  const { applicationName, environmentName, profileName } = place;
  reader.addEnvironment('SLUICE_APPLICATION', applicationName);
  reader.addEnvironment('SLUICE_ENVIRONMENT', environmentName);
  reader.addEnvironment('SLUICE_PROFILE', profileName);
  if (sources.includes('store')) reader.addEnvironment('SLUICE_STORE', place.store.bucketName);
  const { SLUICE_SLOW_MS: slowMs } = place._promptness();
  if (slowMs !== undefined) reader.addEnvironment('SLUICE_SLOW_MS', slowMs);
  if (sources.includes('agent')) {
    reader.addLayers(agentLayer.bind(reader, reader.architecture));
    if (prefetch) reader.addEnvironment('AWS_APPCONFIG_EXTENSION_PREFETCH_LIST', `/applications/${applicationName}/environments/${environmentName}/configurations/${profileName}`);
  }
  return grantRead(place, reader, sources);
}

/** A function of this app, which can be given variables. @throws Fault `SLUICE-CDK-5` for versions, aliases and imported ones. */
export function asFunction(reader: IFunction): LambdaFunction {
  if (!(reader instanceof LambdaFunction)) throw fault(BUILDING, 'SLUICE-CDK-5', { function: reader.node.path });
  return reader;
}

/**
 * The narrowest grant: this profile in this environment, the epochs of its store, and its key. The first release waits for it, so that a
 * destroy which is refused leaves it in place too.
 */
export function grantRead(place: Place, { grantPrincipal }: IGrantable, sources: readonly Source[]): Policy {
  if (!isRole(grantPrincipal)) throw fault(BUILDING, 'SLUICE-CDK-12', { environment: place.node.path });
  const stack = Stack.of(grantPrincipal);
  const own = stack === Stack.of(place);
  // Not below the reader or its role: what waits for them would wait for the environment, or the environment for itself.
  const policy = permit(own ? place : stack, `Read${own ? '' : place.node.addr}${grantPrincipal.node.addr}`, grantPrincipal, readPermits(place, sources));
  if (own) place._beforeFirstRelease(policy);
  if (sources.includes('store')) place._readers().add(grantPrincipal);
  return policy;
}

/** Lets a role that reads by pins see which epochs were rolled back. Below its stack, as its reading is; once, however often it was let read. */
export function grantRolledBack(place: Place, role: IRole): Policy {
  const stack = Stack.of(role);
  const own = stack === Stack.of(place);
  const [scope, id] = [own ? place : stack, `SeeRolledBack${own ? '' : place.node.addr}${role.node.addr}`];
  return (scope.node.tryFindChild(id) as Policy | undefined) ?? permit(scope, id, role, [rolledBackPermit(place)]);
}

/** Seeing which epochs of a place were rolled back. */
export function rolledBackPermit({ store, profileName }: IConfigurationEnvironment): Permit {
  return { actions: ['s3:GetObject'], on: [store.arnForObjects(rolledBackKey(profileName))] };
}

/** What a reader may do. */
export function readPermits(place: IConfigurationEnvironment, sources: readonly Source[]): Permit[] {
  const { applicationId, environmentId, profileId, store, encryptionKey } = place;
  const configuration = Stack.of(place).formatArn({
    service: 'appconfig', resource: 'application', resourceName: `${applicationId}/environment/${environmentId}/configuration/${profileId}`,
  });
  return [
    ...(sources.includes('agent') ? [{ actions: ['appconfig:StartConfigurationSession', 'appconfig:GetLatestConfiguration'], on: [configuration] }] : []),
    ...(sources.includes('store') ? [{ actions: ['s3:GetObject'], on: [store.arnForObjects('epochs/*')], wildcard: 'Epochs are named by their digest, which no stack knows.' }] : []),
    ...(encryptionKey === undefined ? [] : [{ actions: ['kms:Decrypt'], on: [encryptionKey.keyArn] }]),
  ];
}

function isRole(principal: object): principal is IRole {
  return 'roleArn' in principal;
}
