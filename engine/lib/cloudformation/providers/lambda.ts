import { zip } from '../../lambda/archive.ts';
import { Refused, unlessGone } from '../api.ts';
import { ResourceFailure, type ExistingCall, type Made, type Properties, type Provider, type ProviderCall } from '../provider.ts';
import { same } from '../template/conditions.ts';
import { fieldsOf } from '../template/intrinsic.ts';
import { CFN_RESPONSE } from './cfnResponse.ts';
import { arnOf, only, textOr } from './stored.ts';
import { retag } from './tags.ts';

const LAMBDA = 'lambda';
const CONFIGURATION = ['Runtime', 'Handler', 'Role', 'Description', 'Timeout', 'MemorySize', 'Environment', 'Layers', 'TracingConfig', 'EphemeralStorage'];
/** What a property that is no longer written goes back to. */
const DEFAULTS = { Description: '', Timeout: 3, MemorySize: 128, Environment: { Variables: {} }, Layers: [], TracingConfig: { Mode: 'PassThrough' }, EphemeralStorage: { Size: 512 } };

const lambdaFunction: Provider = {
  type: 'AWS::Lambda::Function',
  properties: {
    FunctionName: 'replace', PackageType: 'replace', Code: 'update', Architectures: 'update', ReservedConcurrentExecutions: 'update', Tags: 'update',
    ...Object.fromEntries(CONFIGURATION.map((name) => [name, 'update' as const])),
    LoggingConfig: 'kept', KmsKeyArn: 'kept', RuntimeManagementConfig: 'kept', RecursiveLoop: 'kept', SnapStart: 'kept',
  },
  required: ['Code', 'Role'],
  async create(call) {
    const { api, properties } = call;
    const name = textOr(properties['FunctionName'], call.name());
    const tags = properties['Tags'] === undefined ? {} : { Tags: properties['Tags'] };
    await api(LAMBDA, 'CreateFunction', { FunctionName: name, Code: codeOf(properties), ...tags, ...only(properties, 'PackageType', 'Architectures', ...CONFIGURATION) });
    if (properties['ReservedConcurrentExecutions'] !== undefined) await api(LAMBDA, 'PutFunctionConcurrency', { FunctionName: name, ...only(properties, 'ReservedConcurrentExecutions') });
    return functionMade(call, name);
  },
  async update(call) {
    const { api, id, properties, before } = call;
    const code = { Architectures: properties['Architectures'] ?? ['x86_64'] };
    if (!same([before['Code'], before['Architectures']], [properties['Code'], properties['Architectures']])) await api(LAMBDA, 'UpdateFunctionCode', { FunctionName: id, ...codeOf(properties), ...code });
    if (!same(only(before, ...CONFIGURATION), only(properties, ...CONFIGURATION))) await api(LAMBDA, 'UpdateFunctionConfiguration', { FunctionName: id, ...DEFAULTS, ...only(properties, ...CONFIGURATION) });
    await reserve(call);
    await retag(call, { service: LAMBDA, target: { Resource: arnOf(call, LAMBDA, `function:${id}`) }, form: 'map' });
    return functionMade(call, id);
  },
  delete: ({ api, id }) => unlessGone(api(LAMBDA, 'DeleteFunction', { FunctionName: id })),
};

async function reserve({ api, id, properties, before }: ExistingCall): Promise<void> {
  const reserved = properties['ReservedConcurrentExecutions'];
  if (same(before['ReservedConcurrentExecutions'], reserved)) return;
  if (reserved === undefined) await api(LAMBDA, 'DeleteFunctionConcurrency', { FunctionName: id });
  else await api(LAMBDA, 'PutFunctionConcurrency', { FunctionName: id, ReservedConcurrentExecutions: reserved });
}

function functionMade(call: ProviderCall, name: string): Made {
  return { id: name, attributes: { Arn: arnOf(call, LAMBDA, `function:${name}`) } };
}

/** Code in a bucket, or inline text, which CloudFormation puts into index.js beside its module cfn-response. */
function codeOf({ Code }: Properties): Record<string, unknown> {
  const code = fieldsOf(Code) ?? {};
  const { ZipFile: inline, ...rest } = code;
  return typeof inline === 'string' ? { ZipFile: zip({ 'index.js': Buffer.from(inline), 'node_modules/cfn-response/index.js': Buffer.from(CFN_RESPONSE) }, 'stored') } : rest;
}

const version: Provider = {
  type: 'AWS::Lambda::Version',
  properties: { FunctionName: 'replace', CodeSha256: 'replace', Description: 'replace', RuntimePolicy: 'kept' },
  required: ['FunctionName'],
  async create({ api, properties }) {
    const { FunctionName } = properties;
    const { Versions: known } = await api(LAMBDA, 'ListVersionsByFunction', { FunctionName, MaxItems: 10_000 });
    const { Version: number, FunctionArn: arn } = await api(LAMBDA, 'PublishVersion', only(properties, 'FunctionName', 'CodeSha256', 'Description'));
    if ((known as { Version: string }[]).some(({ Version }) => Version === number)) {
      throw new ResourceFailure(`Resource handler returned message: "A version for this Lambda function exists ( ${String(number)} ). Modify the function to create a new version." (HandlerErrorCode: AlreadyExists)`);
    }
    return { id: String(arn), attributes: { Version: number, FunctionArn: arn } };
  },
  delete: ({ api, id }) => unlessGone(api(LAMBDA, 'DeleteFunction', { FunctionName: id })),
};

const alias: Provider = {
  type: 'AWS::Lambda::Alias',
  properties: { FunctionName: 'replace', Name: 'replace', FunctionVersion: 'update', Description: 'update', RoutingConfig: 'update' },
  required: ['FunctionName', 'Name', 'FunctionVersion'],
  async create({ api, properties }) {
    return aliasMade(await api(LAMBDA, 'CreateAlias', { ...properties, ...routing(properties) }));
  },
  async update({ api, properties }) {
    return aliasMade(await api(LAMBDA, 'UpdateAlias', { Description: '', ...properties, RoutingConfig: {}, ...routing(properties) }));
  },
  delete: ({ api, properties }) => unlessGone(api(LAMBDA, 'DeleteAlias', only(properties, 'FunctionName', 'Name'))),
};

function aliasMade({ AliasArn }: Record<string, unknown>): Made {
  return { id: String(AliasArn), attributes: { AliasArn } };
}

/** The template's list of weights as the API's map. */
function routing({ RoutingConfig }: Properties): Record<string, unknown> {
  const weights = fieldsOf(RoutingConfig)?.['AdditionalVersionWeights'];
  if (!Array.isArray(weights)) return {};
  return { RoutingConfig: { AdditionalVersionWeights: Object.fromEntries((weights as unknown[]).map((item) => [String(fieldsOf(item)?.['FunctionVersion']), fieldsOf(item)?.['FunctionWeight']])) } };
}

const permission: Provider = {
  type: 'AWS::Lambda::Permission',
  properties: { FunctionName: 'replace', Action: 'replace', Principal: 'replace', SourceArn: 'replace', SourceAccount: 'replace' },
  required: ['FunctionName', 'Action', 'Principal'],
  async create(call) {
    const StatementId = call.name(100);
    await call.api(LAMBDA, 'AddPermission', { ...call.properties, StatementId });
    return { id: StatementId, attributes: { Id: StatementId } };
  },
  delete: ({ api, id, properties }) => unlessGone(api(LAMBDA, 'RemovePermission', { ...only(properties, 'FunctionName'), StatementId: id })),
};

const INVOKE = ['FunctionName', 'Qualifier', 'MaximumRetryAttempts', 'MaximumEventAgeInSeconds', 'DestinationConfig'];

const eventInvokeConfig: Provider = {
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: { FunctionName: 'replace', Qualifier: 'replace', MaximumRetryAttempts: 'update', MaximumEventAgeInSeconds: 'update', DestinationConfig: 'update' },
  required: ['FunctionName', 'Qualifier'],
  async create(call) {
    try {
      await call.api(LAMBDA, 'GetFunctionEventInvokeConfig', only(call.properties, 'FunctionName', 'Qualifier'));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      await call.api(LAMBDA, 'PutFunctionEventInvokeConfig', only(call.properties, ...INVOKE));
      return { id: call.name() };
    }
    throw new ResourceFailure('Resource handler returned message: "An EventInvokeConfig for this function exists" (HandlerErrorCode: AlreadyExists)');
  },
  async update({ api, id, properties }) {
    await api(LAMBDA, 'PutFunctionEventInvokeConfig', only(properties, ...INVOKE));
    return { id };
  },
  delete: ({ api, properties }) => unlessGone(api(LAMBDA, 'DeleteFunctionEventInvokeConfig', only(properties, 'FunctionName', 'Qualifier'))),
};

/** Lambda's types, but for layers. */
export const lambdaProviders: readonly Provider[] = [lambdaFunction, version, alias, permission, eventInvokeConfig];
