import { deflateRawSync } from 'node:zlib';
import {
  AddPermissionCommand, CreateAliasCommand, CreateFunctionCommand, DeleteFunctionCommand, GetAliasCommand, GetFunctionCommand, GetFunctionEventInvokeConfigCommand, GetPolicyCommand, InvokeCommand, ListAliasesCommand, ListFunctionsCommand,
  PublishVersionCommand, PutFunctionConcurrencyCommand, PutFunctionEventInvokeConfigCommand, RemovePermissionCommand, UpdateAliasCommand, UpdateFunctionCodeCommand, UpdateFunctionConfigurationCommand,
  type CreateFunctionCommandInput, type LambdaClient,
} from '@aws-sdk/client-lambda';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refused } from '../refused.ts';
import { zipOf } from '../rig.ts';
import { exactly, handler, ROLE, startLambda, type LambdaStage } from './stage.ts';

const FN = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const code = zipOf(handler('return 1;'));

let stage: LambdaStage;

beforeAll(async () => {
  stage = await startLambda();
  const { client } = stage;
  await stage.create(handler('return 1;'));
  await client.send(new PublishVersionCommand({ FunctionName: 'f' }));
  for (let version = 2; version <= 3; version += 1) {
    await client.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: zipOf(handler(`return ${version};`)) }));
    await client.send(new PublishVersionCommand({ FunctionName: 'f' }));
  }
  await client.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1', RoutingConfig: { AdditionalVersionWeights: { 2: 0.5 } } }));
  await client.send(new AddPermissionCommand({ FunctionName: 'f', StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' }));
});
afterAll(() => stage.rig.close());

interface Row {
  readonly title: string;
  readonly call: (client: LambdaClient) => Promise<unknown>;
  readonly code?: string;
  readonly message: string | RegExp;
}

const STATUS: Readonly<Record<string, number>> = {
  InvalidParameterValueException: 400, ValidationException: 400, InvalidRequestContentException: 400, ResourceNotFoundException: 404, ResourceConflictException: 409, PreconditionFailedException: 412, RequestTooLargeException: 413, NotImplemented: 501,
};
const NF = 'ResourceNotFoundException';
const VALID = 'ValidationException';
const CONFLICT = 'ResourceConflictException';
const ENVIRONMENT = 'Lambda was unable to configure your environment variables because the environment variables you have provided';

const create = (more: Partial<CreateFunctionCommandInput>) => (client: LambdaClient): Promise<unknown> => client.send(new CreateFunctionCommand({ FunctionName: 'other', Runtime: 'nodejs22.x', Handler: 'index.handler', Role: ROLE, Code: { ZipFile: code }, ...more }));
const zipped = (ZipFile: Uint8Array) => create({ Code: { ZipFile } });
const update = (RoutingConfig: { AdditionalVersionWeights?: Record<string, number> } | undefined, FunctionVersion?: string) => (client: LambdaClient): Promise<unknown> =>
  client.send(new UpdateAliasCommand({ FunctionName: 'f', Name: 'live', ...(RoutingConfig ? { RoutingConfig } : {}), ...(FunctionVersion ? { FunctionVersion } : {}) }));
const weigh = (weight: number) => update({ AdditionalVersionWeights: { 2: weight } });
const violated = (value: string, at: string, constraint: string): string => `1 validation error detected: Value '${value}' at '${at}' failed to satisfy constraint: ${constraint}`;

/** A stored file whose Unix mode says symbolic link. */
function linked(): Uint8Array {
  return zipSync({ 'index.mjs': [Buffer.from('/etc/passwd'), { os: 3, attrs: (0o120_777 << 16) >>> 0 }] });
}

/** An archive of one file of zeros, which Node.js packs ten times as fast as fflate: stored as it is packed, then said to be packed. */
function zeros(size: number): Uint8Array {
  const packed = deflateRawSync(Buffer.alloc(size), { level: 1 });
  const zip = Buffer.from(zipSync({ 'index.mjs': packed }, { level: 0 }));
  for (const method of [8, zip.lastIndexOf('PK\u0001\u0002', undefined, 'latin1') + 10]) {
    zip.writeUInt16LE(8, method);
    zip.writeUInt32LE(size, method + 14);
  }
  return zip;
}

/** An archive whose directory says less than what it inflates to. */
function lying(): Uint8Array {
  const zip = Buffer.from(zipSync({ 'index.mjs': new Uint8Array(1_000_000) }));
  zip.writeUInt32LE(10, zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02])) + 24);
  return zip;
}

const FUNCTIONS: Row[] = [
  { title: 'GetFunction, missing', code: NF, call: (c) => c.send(new GetFunctionCommand({ FunctionName: 'nobody' })), message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody' },
  { title: 'GetFunction, missing version', code: NF, call: (c) => c.send(new GetFunctionCommand({ FunctionName: 'f', Qualifier: '99' })), message: `Function not found: ${FN}:99` },
  { title: 'GetFunction by an ARN of another region', code: NF, call: (c) => c.send(new GetFunctionCommand({ FunctionName: 'arn:aws:lambda:eu-west-1:000000000000:function:f' })), message: "Functions from 'eu-west-1' are not reachable in this region ('us-east-1')" },
  { title: 'GetFunction with two qualifiers', call: (c) => c.send(new GetFunctionCommand({ FunctionName: 'f:1', Qualifier: '2' })), message: 'The derived qualifier from the function name does not match the specified qualifier.' },
  { title: 'CreateFunction, name taken', code: CONFLICT, call: create({ FunctionName: 'f' }), message: 'Function already exist: f' },
  { title: 'CreateFunction, name with a space', code: VALID, call: create({ FunctionName: 'a b' }), message: /^1 validation error detected: Value 'a b' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: / },
  { title: 'CreateFunction, timeout 0', code: VALID, call: create({ Timeout: 0 }), message: violated('0', 'timeout', 'Member must have value greater than or equal to 1') },
  { title: 'CreateFunction, timeout 901', code: VALID, call: create({ Timeout: 901 }), message: violated('901', 'timeout', 'Member must have value less than or equal to 900') },
  { title: 'CreateFunction, memory 127', code: VALID, call: create({ MemorySize: 127 }), message: violated('127', 'memorySize', 'Member must have value greater than or equal to 128') },
  { title: 'CreateFunction, memory 10241', code: VALID, call: create({ MemorySize: 10_241 }), message: violated('10241', 'memorySize', 'Member must have value less than or equal to 10240') },
  { title: 'CreateFunction, two limits broken', code: VALID, call: create({ MemorySize: 1, Timeout: 1000 }), message: /^2 validation errors detected: .*'memorySize'.*; .*'timeout'|^2 validation errors detected: .*'timeout'.*; .*'memorySize'/ },
  { title: 'CreateFunction, handler with a space', code: VALID, call: create({ Handler: 'index. handler' }), message: violated('index. handler', 'handler', 'Member must satisfy regular expression pattern: [^\\s]+') },
  { title: 'CreateFunction, a role that is no ARN', code: VALID, call: create({ Role: 'r' }), message: /^1 validation error detected: Value 'r' at 'role' failed/ },
  { title: 'CreateFunction, /tmp of 511 MB', code: VALID, call: create({ EphemeralStorage: { Size: 511 } }), message: violated('511', 'ephemeralStorage.size', 'Member must have value greater than or equal to 512') },
  { title: 'CreateFunction, a variable that begins with a digit', code: VALID, call: create({ Environment: { Variables: { '1x': 'y' } } }), message: /at 'environment.variables'/ },
  { title: 'CreateFunction, a reserved variable', call: create({ Environment: { Variables: { AWS_REGION: 'x', MODE: 'y' } } }), message: `${ENVIRONMENT} contains reserved keys that are currently not supported for modification. Reserved keys used in this request: AWS_REGION` },
  { title: 'CreateFunction, 4 KB of variables', call: create({ Environment: { Variables: { BIG: 'x'.repeat(4087) } } }), message: `${ENVIRONMENT} exceeded the 4KB limit. String measured: {"BIG":"${'x'.repeat(4087)}"}` },
  { title: 'CreateFunction, no handler', call: (c) => c.send(new CreateFunctionCommand({ FunctionName: 'other', Role: ROLE, Code: { ZipFile: code } })), message: 'Runtime and Handler are mandatory parameters for functions created with deployment packages.' },
  { title: 'CreateFunction, Python', code: 'NotImplemented', call: create({ Runtime: 'python3.13' }), message: /the runtime python3.13; it runs Node.js functions/ },
  { title: 'CreateFunction, JSON logs', code: 'NotImplemented', call: create({ LoggingConfig: { LogFormat: 'JSON' } }), message: /LoggingConfig.LogFormat JSON/ },
  { title: 'CreateFunction, dead letters', code: 'NotImplemented', call: create({ DeadLetterConfig: { TargetArn: 'arn:aws:sqs:us-east-1:000000000000:q' } }), message: /DeadLetterConfig/ },
  { title: 'CreateFunction, an image', code: 'NotImplemented', call: create({ PackageType: 'Image', Code: { ImageUri: 'x' } }), message: /zip/ },
  { title: 'UpdateFunctionConfiguration, timeout 901', code: VALID, call: (c) => c.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', Timeout: 901 })), message: violated('901', 'timeout', 'Member must have value less than or equal to 900') },
  { title: 'UpdateFunctionConfiguration of another revision', code: 'PreconditionFailedException', call: (c) => c.send(new UpdateFunctionConfigurationCommand({ FunctionName: 'f', RevisionId: 'old' })), message: /^The Revision Id provided does not match/ },
  { title: 'UpdateFunctionCode of another revision', code: 'PreconditionFailedException', call: (c) => c.send(new UpdateFunctionCodeCommand({ FunctionName: 'f', ZipFile: code, RevisionId: 'old' })), message: /^The Revision Id provided does not match/ },
  { title: 'PublishVersion of other code', call: (c) => c.send(new PublishVersionCommand({ FunctionName: 'f', CodeSha256: 'x' })), message: /^CodeSHA256 \(x\) is different from current CodeSHA256 in \$LATEST/ },
  { title: 'DeleteFunction of $LATEST', call: (c) => c.send(new DeleteFunctionCommand({ FunctionName: 'f', Qualifier: '$LATEST' })), message: '$LATEST version cannot be deleted without deleting the function.' },
  { title: 'DeleteFunction of a version in use', code: CONFLICT, call: (c) => c.send(new DeleteFunctionCommand({ FunctionName: 'f', Qualifier: '2' })), message: /alias/ },
  { title: 'ListFunctions, bad marker', call: (c) => c.send(new ListFunctionsCommand({ Marker: 'bogus' })), message: /^Invalid Marker: bogus/ },
  { title: 'ListAliases, no items at all', code: VALID, call: (c) => c.send(new ListAliasesCommand({ FunctionName: 'f', MaxItems: 0 })), message: violated('0', 'maxItems', 'Member must have value greater than or equal to 1') },
];

const CODE: Row[] = [
  { title: 'not a zip', call: zipped(Buffer.from('not a zip')), message: 'Could not unzip uploaded file. Please check your file, then try to upload again.' },
  { title: 'a zip cut short', call: zipped(code.slice(0, code.length - 30)), message: 'Could not unzip uploaded file. Please check your file, then try to upload again.' },
  { title: 'nothing', call: zipped(zipSync({})), message: 'Uploaded file must be a non-empty zip' },
  { title: 'a path out of the archive', call: zipped(zipOf({ '../out.mjs': 'x' })), message: /the entry "..\/out.mjs" points outside the archive/ },
  { title: 'a path out of the archive by a detour', call: zipped(zipOf({ 'a/../../out.mjs': 'x' })), message: /points outside the archive/ },
  { title: 'an absolute path', call: zipped(zipOf({ '/etc/out.mjs': 'x' })), message: /the entry "\/etc\/out.mjs" points outside the archive/ },
  { title: 'a backslash path', call: zipped(zipOf({ '..\\out.mjs': 'x' })), message: /points outside the archive/ },
  { title: 'a symbolic link', call: zipped(linked()), message: /the entry "index.mjs" is a symbolic link/ },
  { title: 'a bomb', call: (client) => zipped(zeros(262_144_001))(client), message: 'Unzipped size must be smaller than 262144000 bytes' },
  { title: 'a bomb that lies about its size', call: zipped(lying()), message: /^Could not unzip uploaded file/ },
  { title: 'a file where a folder is', call: zipped(zipOf({ a: 'x', 'a/b': 'y' })), message: /^Could not unzip uploaded file/ },
  { title: 'a name that is too long', call: zipped(zipOf({ ['x'.repeat(300)]: 'x' })), message: /^Could not unzip uploaded file/ },
  { title: 'no source', call: create({ Code: {} }), message: 'Please provide a source for function code.' },
  { title: 'an S3 key that is missing', call: create({ Code: { S3Bucket: 'nobody', S3Key: 'x.zip' } }), message: /^Error occurred while GetObject. S3 Error Code: NoSuch/ },
];

const ALIASES: Row[] = [
  { title: 'GetAlias, missing', code: NF, call: (c) => c.send(new GetAliasCommand({ FunctionName: 'f', Name: 'x' })), message: `Cannot find alias arn: ${FN}:x` },
  { title: 'CreateAlias, taken', code: CONFLICT, call: (c) => c.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'live', FunctionVersion: '1' })), message: `Alias already exists: ${FN}:live` },
  { title: 'CreateAlias, missing version', code: NF, call: (c) => c.send(new CreateAliasCommand({ FunctionName: 'f', Name: 'x', FunctionVersion: '99' })), message: `Function not found: ${FN}:99` },
  { title: 'CreateAlias, a number for a name', code: VALID, call: (c) => c.send(new CreateAliasCommand({ FunctionName: 'f', Name: '12', FunctionVersion: '1' })), message: violated('12', 'name', 'Member must satisfy regular expression pattern: (?!^[0-9]+$)([a-zA-Z0-9-_]+)') },
  { title: 'UpdateAlias, primary among the weights', call: update({ AdditionalVersionWeights: { 2: 0.1 } }, '2'), message: 'Invalid function version 2. Function version 2 is already included in routing configuration.' },
  { title: 'UpdateAlias, primary among the weights that stay', call: update(undefined, '2'), message: 'Invalid function version 2. Function version 2 is already included in routing configuration.' },
  { title: 'UpdateAlias, two weights', call: update({ AdditionalVersionWeights: { 2: 0.1, 3: 0.1 } }), message: 'Number of items in AdditionalVersionWeights cannot be greater than 1' },
  { title: 'UpdateAlias, weight -0.01', code: VALID, call: weigh(-0.01), message: /AdditionalVersionWeights|additionalVersionWeights/ },
  { title: 'UpdateAlias, weight 1.01', code: VALID, call: weigh(1.01), message: /additionalVersionWeights/ },
  { title: 'UpdateAlias, $LATEST with weights', call: update({ AdditionalVersionWeights: { 2: 0.1 } }, '$LATEST'), message: '$LATEST is not supported for an alias pointing to more than 1 version' },
  { title: 'UpdateAlias of another revision', code: 'PreconditionFailedException', call: (c) => c.send(new UpdateAliasCommand({ FunctionName: 'f', Name: 'live', RevisionId: 'old' })), message: /^The Revision Id provided does not match/ },
];

const INVOCATIONS: Row[] = [
  { title: 'Invoke, missing function', code: NF, call: (c) => c.send(new InvokeCommand({ FunctionName: 'nobody' })), message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nobody' },
  { title: 'Invoke, missing alias', code: NF, call: (c) => c.send(new InvokeCommand({ FunctionName: 'f', Qualifier: 'x' })), message: `Function not found: ${FN}:x` },
  { title: 'Invoke as an event, missing alias', code: NF, call: (c) => c.send(new InvokeCommand({ FunctionName: 'f:x', InvocationType: 'Event' })), message: `Function not found: ${FN}:x` },
  { title: 'Invoke as a trial, missing alias', code: NF, call: (c) => c.send(new InvokeCommand({ FunctionName: 'f:x', InvocationType: 'DryRun' })), message: `Function not found: ${FN}:x` },
  { title: 'Invoke, a payload that is no JSON', code: 'InvalidRequestContentException', call: (c) => c.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from('{') })), message: /^Could not parse request body into json: / },
  { title: 'Invoke with 6 MB', code: 'RequestTooLargeException', call: (c) => c.send(new InvokeCommand({ FunctionName: 'f', Payload: Buffer.from(`"${'x'.repeat(6 * 1024 * 1024 - 1)}"`) })), message: 'Request must be smaller than 6291456 bytes for the InvokeFunction operation' },
  { title: 'Invoke as an event with 1 MB', code: 'RequestTooLargeException', call: (c) => c.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Event', Payload: Buffer.from(`"${'x'.repeat(1024 * 1024 - 1)}"`) })), message: 'Request must be smaller than 1048576 bytes for the InvokeFunction operation' },
  { title: 'Invoke, an unknown type', code: VALID, call: (c) => c.send(new InvokeCommand({ FunctionName: 'f', InvocationType: 'Later' as 'Event' })), message: violated('Later', 'invocationType', 'Member must satisfy enum value set: [Event, RequestResponse, DryRun]') },
];

const POLICIES: Row[] = [
  { title: 'AddPermission, taken', code: CONFLICT, call: (c) => c.send(new AddPermissionCommand({ FunctionName: 'f', StatementId: 's', Action: 'lambda:InvokeFunction', Principal: 'events.amazonaws.com' })), message: /^The statement id \(s\) provided already exists/ },
  { title: 'AddPermission, an action of another service', code: VALID, call: (c) => c.send(new AddPermissionCommand({ FunctionName: 'f', StatementId: 't', Action: 's3:GetObject', Principal: 'events.amazonaws.com' })), message: /at 'action'/ },
  { title: 'RemovePermission, missing', code: NF, call: (c) => c.send(new RemovePermissionCommand({ FunctionName: 'f', StatementId: 'x' })), message: 'Statement x is not found in resource policy.' },
  { title: 'GetPolicy where there is none', code: NF, call: (c) => c.send(new GetPolicyCommand({ FunctionName: 'f', Qualifier: '1' })), message: 'The resource you requested does not exist.' },
  { title: 'PutFunctionConcurrency, negative', code: VALID, call: (c) => c.send(new PutFunctionConcurrencyCommand({ FunctionName: 'f', ReservedConcurrentExecutions: -1 })), message: violated('-1', 'reservedConcurrentExecutions', 'Member must have value greater than or equal to 0') },
  { title: 'PutFunctionEventInvokeConfig, three retries', code: VALID, call: (c) => c.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', MaximumRetryAttempts: 3 })), message: violated('3', 'maximumRetryAttempts', 'Member must have value less than or equal to 2') },
  { title: 'PutFunctionEventInvokeConfig, an age of 59 s', code: VALID, call: (c) => c.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', MaximumEventAgeInSeconds: 59 })), message: violated('59', 'maximumEventAgeInSeconds', 'Member must have value greater than or equal to 60') },
  { title: 'PutFunctionEventInvokeConfig with a destination', code: 'NotImplemented', call: (c) => c.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: 'f', DestinationConfig: { OnFailure: { Destination: FN } } })), message: /DestinationConfig/ },
  { title: 'GetFunctionEventInvokeConfig where there is none', code: NF, call: (c) => c.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: 'f' })), message: `The function ${FN}:$LATEST doesn't have an EventInvokeConfig` },
];

for (const [group, rows] of Object.entries({ functions: FUNCTIONS, 'a zip': CODE, aliases: ALIASES, invocations: INVOCATIONS, policies: POLICIES })) {
  describe(`Lambda refuses, of ${group}`, () => {
    it.each(rows)('$title', async ({ call, code: name = 'InvalidParameterValueException', message }) => {
      const refusal = await refused(call(stage.client));

      expect(refusal).toEqual({ code: name, status: STATUS[name], message: expect.stringMatching(exactly(message)) as string });
    });
  });
}

describe('a refused zip', () => {
  it('is refused the second time too, and leaves no file behind', async () => {
    const bad = zipped(zipOf({ 'good.mjs': 'export {}', '../out.mjs': 'x' }));

    expect(await refused(bad(stage.client))).toEqual(await refused(bad(stage.client)));
  });
});
