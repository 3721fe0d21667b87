import { isGone, unlessGone } from '../api.ts';
import { ResourceFailure, type ExistingCall, type Made, type Properties, type Provider, type ProviderCall } from '../provider.ts';
import { scalarText } from '../template/functions.ts';
import { fieldsOf } from '../template/intrinsic.ts';
import { only, textOr } from './stored.ts';
import { retag } from './tags.ts';

const SFN = 'sfn';
const LOOK_MS = 1000;
const MOST_LOOKS = 300;
const SHARED = ['RoleArn', 'LoggingConfiguration', 'TracingConfiguration', 'EncryptionConfiguration'];

const stateMachine: Provider = {
  type: 'AWS::StepFunctions::StateMachine',
  properties: {
    StateMachineName: 'replace', StateMachineType: 'replace', DefinitionString: 'update', Definition: 'update', DefinitionS3Location: 'update', DefinitionSubstitutions: 'update',
    ...Object.fromEntries(SHARED.map((name) => [name, 'update' as const])), Tags: 'update',
  },
  required: ['RoleArn'],
  async create(call) {
    const { api, properties } = call;
    const name = textOr(properties['StateMachineName'], call.name(80));
    const { stateMachineArn: arn } = await api(SFN, 'CreateStateMachine', { name, definition: definitionOf(call), type: properties['StateMachineType'], ...only(properties, ...SHARED), tags: properties['Tags'] });
    return machineMade(call, String(arn));
  },
  async update(call) {
    await call.api(SFN, 'UpdateStateMachine', { stateMachineArn: call.id, definition: definitionOf(call), ...only(call.properties, ...SHARED) });
    await retag(call, { service: SFN, target: { resourceArn: call.id } });
    return machineMade(call, call.id);
  },
  async delete({ api, id, house }) {
    await unlessGone(api(SFN, 'DeleteStateMachine', { stateMachineArn: id }));
    // As CloudFormation does, so that the name is free again when the stack is; executions that never come to a transition are not waited for.
    for (let look = 0; look < MOST_LOOKS && !await isGone(api(SFN, 'DescribeStateMachine', { stateMachineArn: id })); look += 1) await house.kernel.sleep(LOOK_MS);
  },
};

async function machineMade({ api }: ProviderCall, arn: string): Promise<Made> {
  const { name, revisionId } = await api(SFN, 'DescribeStateMachine', { stateMachineArn: arn });
  return { id: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId ?? 'INITIAL' } };
}

/** The definition's text with its `${substitutions}`. */
function definitionOf({ properties, house }: ProviderCall): string {
  const { DefinitionString: text, Definition: object, DefinitionS3Location: location, DefinitionSubstitutions: given } = properties;
  const source = [text, object, location].filter((one) => one !== undefined);
  if (source.length !== 1) throw new ResourceFailure('Resource handler returned message: "Exactly one of [DefinitionString, Definition, DefinitionS3Location] must be specified" (HandlerErrorCode: InvalidRequest)');
  const definition = text === undefined ? object === undefined ? fromStore(house.ports.objects, location) : JSON.stringify(object) : String(text);
  return Object.entries(fieldsOf(given) ?? {}).reduce((made, [name, value]) => made.replaceAll(`\${${name}}`, () => scalarText(value) ?? JSON.stringify(value)), definition);
}

function fromStore(objects: ProviderCall['house']['ports']['objects'], location: unknown): string {
  const { Bucket: bucket, Key: key } = fieldsOf(location) ?? {};
  const bytes = objects.get(String(bucket), String(key));
  if (!bytes) throw new ResourceFailure(`Resource handler returned message: "The specified key does not exist: s3://${String(bucket)}/${String(key)}" (HandlerErrorCode: InvalidRequest)`);
  return Buffer.from(bytes).toString('utf8');
}

const version: Provider = {
  type: 'AWS::StepFunctions::StateMachineVersion',
  properties: { StateMachineArn: 'replace', StateMachineRevisionId: 'replace', Description: 'replace' },
  required: ['StateMachineArn'],
  async create({ api, properties }) {
    const { StateMachineArn, StateMachineRevisionId: revision, Description } = properties;
    const { stateMachineVersionArn: arn } = await api(SFN, 'PublishStateMachineVersion', { StateMachineArn, Description, ...(revision !== undefined && revision !== 'INITIAL' && { RevisionId: revision }) });
    return { id: String(arn), attributes: { Arn: arn } };
  },
  delete: ({ api, id }) => unlessGone(api(SFN, 'DeleteStateMachineVersion', { stateMachineVersionArn: id })),
};

const alias: Provider = {
  type: 'AWS::StepFunctions::StateMachineAlias',
  properties: { Name: 'replace', Description: 'update', RoutingConfiguration: 'update', DeploymentPreference: 'update' },
  async create(call) {
    const name = textOr(call.properties['Name'], call.name(80));
    const { stateMachineAliasArn: arn } = await call.api(SFN, 'CreateStateMachineAlias', { name, ...only(call.properties, 'Description'), routingConfiguration: routingOf(call) });
    return { id: String(arn), attributes: { Arn: arn } };
  },
  async update(call: ExistingCall) {
    const target = machineOf(routingOf(call));
    if (target !== machineOf(routingOf({ properties: call.before }))) throw new ResourceFailure('Resource handler returned message: "An alias cannot move to another state machine; give it another name" (HandlerErrorCode: InvalidRequest)');
    await call.api(SFN, 'UpdateStateMachineAlias', { stateMachineAliasArn: call.id, description: '', ...only(call.properties, 'Description'), routingConfiguration: routingOf(call) });
    return { id: call.id, attributes: { Arn: call.id } };
  },
  delete: ({ api, id }) => unlessGone(api(SFN, 'DeleteStateMachineAlias', { stateMachineAliasArn: id })),
};

/** The routes of the template, or all at once to the version that its DeploymentPreference names. */
function routingOf({ properties }: { readonly properties: Properties }): unknown[] {
  const { RoutingConfiguration: routes, DeploymentPreference: preference } = properties;
  const { Type: type, StateMachineVersionArn: version } = fieldsOf(preference) ?? {};
  if (preference === undefined) return Array.isArray(routes) ? routes : [];
  if (type !== 'ALL_AT_ONCE') throw new ResourceFailure(`sluice-engine does not implement DeploymentPreference ${String(type)}; shift the alias with UpdateStateMachineAlias, or use ALL_AT_ONCE`);
  return [{ StateMachineVersionArn: version, Weight: 100 }];
}

function machineOf(routes: readonly unknown[]): string {
  return String(fieldsOf(routes[0])?.['StateMachineVersionArn']).replace(/:\d+$/, '');
}

/** Step Functions' types. */
export const statesProviders: readonly Provider[] = [stateMachine, version, alias];
