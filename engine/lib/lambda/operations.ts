import type { House } from '../ports.ts';
import type { Call, Service } from '../wire/call.ts';
import { WireFault } from '../wire/fault.ts';
import { aliasOperations } from './aliases.ts';
import type { CodeFolder } from './code.ts';
import { configurationOf, type ConfigurationInput } from './configuration.ts';
import type { FunctionCode, FunctionConfiguration, Functions, FunctionVersion, LambdaFunction } from './functions.ts';
import { findFunction, resolved, type Invoker } from './invocation.ts';
import { invalidParameter, pageOf, requireRevision, type Kit } from './kit.ts';
import { requireLimits } from './limits.ts';
import { PRINCIPAL } from './logging.ts';
import { permissionOperations } from './permissions.ts';
import type { Pool } from './pool.ts';
import { referenceOf } from './functions.ts';

const MOST_TAGS = 50;

interface CodeInput {
  ZipFile?: Uint8Array;
  S3Bucket?: string;
  S3Key?: string;
  ImageUri?: string;
}

/** Lambda's API over its functions. */
export function lambda(house: House, functions: Functions, parts: { code: CodeFolder; pool: Pool; invoker: Invoker }): Service {
  const kit: Kit = { house, functions, find: (name) => findFunction(house, functions, name), retire: (name, version) => { parts.pool.retire(name, version); } };
  return {
    name: 'lambda',
    operations: limited({
      ...functionOperations(kit, parts.code),
      ...versionOperations(kit),
      ...aliasOperations(kit),
      ...permissionOperations(kit),
      Invoke: async (input: { FunctionName: string; Qualifier?: string; InvocationType?: string; LogType?: string; Payload?: Uint8Array }) => {
        const fn = kit.find(input.FunctionName);
        const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
        const functionArn = qualifier ? `${fn.arn}:${qualifier}` : fn.arn;
        const payload = input.Payload ? Buffer.from(input.Payload).toString('utf8') : '';
        requireJson(payload);
        resolved(house, fn, qualifier);
        if (input.InvocationType === 'DryRun') return { StatusCode: 204 };
        if (input.InvocationType === 'Event') {
          parts.invoker.invokeAsync({ functionArn, payload });
          return { StatusCode: 202 };
        }
        const result = await parts.invoker.invoke({ functionArn, payload });
        return {
          StatusCode: 200,
          ExecutedVersion: result.executedVersion,
          Payload: Buffer.from(result.payload),
          ...(result.functionError ? { FunctionError: result.functionError } : {}),
          ...(input.LogType === 'Tail' ? { LogResult: Buffer.from(result.logTail).toString('base64') } : {}),
        };
      },
      GetAccountSettings: () => ({
        AccountLimit: { CodeSizeUnzipped: 262_144_000, CodeSizeZipped: 52_428_800, ConcurrentExecutions: house.settings.lambda.sandboxes, TotalCodeSize: 80_530_636_800, UnreservedConcurrentExecutions: house.settings.lambda.sandboxes },
        AccountUsage: { FunctionCount: functions.size, TotalCodeSize: [...functions.values()].reduce((sum, fn) => sum + fn.latest.code.size, 0) },
      }),
    }),
  };
}

/** The same operations, each after a look at the model's constraints. */
function limited(operations: Service['operations']): Service['operations'] {
  return Object.fromEntries(Object.entries(operations).map(([name, run]) => [name, (input: never, call: Call) => {
    requireLimits(name, input);
    return run(input, call);
  }]));
}

function requireJson(payload: string): void {
  if (payload === '') return;
  try {
    JSON.parse(payload);
  } catch (error) {
    throw new WireFault({ code: 'InvalidRequestContentException', status: 400, message: `Could not parse request body into json: ${(error as Error).message}`, members: { Type: 'User' } });
  }
}

function functionOperations(kit: Kit, folder: CodeFolder): Service['operations'] {
  const { house, functions } = kit;
  const extract = (code: CodeInput): FunctionCode => folder.extract(zipOf(house, code));
  return {
    CreateFunction: (input: ConfigurationInput & { Code: CodeInput; Publish?: boolean; Tags?: Record<string, string>; PackageType?: string }) => {
      const { name } = referenceOf(input.FunctionName);
      if (functions.has(name)) throw new WireFault({ code: 'ResourceConflictException', status: 409, message: `Function already exist: ${name}`, members: { Type: 'User' } });
      if (input.PackageType === 'Image' || input.Code.ImageUri) throw new WireFault({ code: 'NotImplemented', status: 501, message: 'sluice-engine runs functions from zip archives, not from container images; package the handler as a zip' });
      const configuration = configurationOf({ ...input, FunctionName: name }, undefined);
      if (Object.keys(input.Tags ?? {}).length > MOST_TAGS) throw invalidParameter(`Tags must have at most ${MOST_TAGS} entries`);
      refuseRole(house, configuration.role);
      const latest = revision(kit, name, configuration, extract(input.Code));
      const arn = `arn:aws:lambda:${house.region}:${house.account}:function:${name}`;
      const fn: LambdaFunction = { name, arn, latest, versions: new Map(), nextVersion: 1, aliases: new Map(), permissions: [], tags: new Map(Object.entries(input.Tags ?? {})) };
      functions.set(name, fn);
      house.history.record('lambda:function', name, { code: latest.code.sha256 });
      return describe(fn, input.Publish ? publish(kit, fn) : latest);
    },
    GetFunction: (input: { FunctionName: string; Qualifier?: string }) => {
      const fn = kit.find(input.FunctionName);
      const version = resolved(house, fn, referenceOf(input.FunctionName, input.Qualifier).qualifier);
      return {
        Configuration: describe(fn, version),
        Code: { RepositoryType: 'S3', Location: `https://awslambda-${house.region}-tasks.s3.${house.region}.amazonaws.com/snapshots/${house.account}/${fn.name}` },
        ...(fn.tags.size > 0 ? { Tags: Object.fromEntries(fn.tags) } : {}),
        ...(fn.reservedConcurrency === undefined ? {} : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
      };
    },
    GetFunctionConfiguration: (input: { FunctionName: string; Qualifier?: string }) => {
      const fn = kit.find(input.FunctionName);
      return describe(fn, resolved(house, fn, referenceOf(input.FunctionName, input.Qualifier).qualifier));
    },
    UpdateFunctionCode: (input: CodeInput & { FunctionName: string; Architectures?: string[]; Publish?: boolean; DryRun?: boolean; RevisionId?: string }) => {
      const fn = kit.find(input.FunctionName);
      requireRevision(input.RevisionId, fn.latest.revisionId);
      const configuration = { ...fn.latest.configuration, architectures: input.Architectures ?? fn.latest.configuration.architectures };
      const next = revision(kit, fn.name, configuration, extract(input));
      if (!input.DryRun) replace(kit, fn, next);
      return describe(fn, input.Publish && !input.DryRun ? publish(kit, fn) : next);
    },
    UpdateFunctionConfiguration: (input: ConfigurationInput) => {
      const fn = kit.find(input.FunctionName);
      requireRevision(input.RevisionId, fn.latest.revisionId);
      if (input.Role) refuseRole(house, input.Role);
      replace(kit, fn, revision(kit, fn.name, configurationOf(input, fn.latest.configuration), fn.latest.code));
      return describe(fn, fn.latest);
    },
    DeleteFunction: (input: { FunctionName: string; Qualifier?: string }) => {
      const fn = kit.find(input.FunctionName);
      const { qualifier } = referenceOf(input.FunctionName, input.Qualifier);
      if (qualifier === undefined) functions.delete(fn.name);
      else deleteVersion(fn, qualifier);
      kit.retire(fn.name, qualifier);
    },
    ListFunctions: (input: { Marker?: string; MaxItems?: number }) => {
      const all = [...functions.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
      const { items, marker } = pageOf(all, input.Marker, input.MaxItems);
      return { Functions: items.map((fn) => describe(fn, fn.latest)), ...(marker ? { NextMarker: marker } : {}) };
    },
  };
}

function versionOperations(kit: Kit): Service['operations'] {
  return {
    PublishVersion: (input: { FunctionName: string; CodeSha256?: string; RevisionId?: string; Description?: string }) => {
      const fn = kit.find(input.FunctionName);
      if (input.CodeSha256 && input.CodeSha256 !== fn.latest.code.sha256) throw invalidParameter(`CodeSHA256 (${input.CodeSha256}) is different from current CodeSHA256 in $LATEST (${fn.latest.code.sha256}). Please try again with the CodeSHA256 in $LATEST.`);
      requireRevision(input.RevisionId, fn.latest.revisionId);
      return describe(fn, publish(kit, fn, input.Description));
    },
    ListVersionsByFunction: (input: { FunctionName: string; Marker?: string; MaxItems?: number }) => {
      const fn = kit.find(input.FunctionName);
      const { items, marker } = pageOf([fn.latest, ...fn.versions.values()], input.Marker, input.MaxItems);
      return { Versions: items.map((version) => describe(fn, version, true)), ...(marker ? { NextMarker: marker } : {}) };
    },
  };
}

function zipOf(house: House, code: CodeInput): Uint8Array {
  if (code.ZipFile) return code.ZipFile;
  if (!code.S3Bucket || !code.S3Key) throw invalidParameter('Please provide a source for function code.');
  const zip = house.ports.objects.get(code.S3Bucket, code.S3Key);
  if (!zip) throw invalidParameter('Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.');
  return zip;
}

/** A role that IAM knows must trust Lambda. */
function refuseRole({ ports }: House, role: string): void {
  const distrusted = ports.access.guarded(role) && ports.access.denial({ kind: 'service', service: PRINCIPAL }, 'sts:AssumeRole', role) !== undefined;
  if (distrusted) throw invalidParameter('The role defined for the function cannot be assumed by Lambda.');
}

function revision(kit: Kit, name: string, configuration: FunctionConfiguration, code: FunctionCode): FunctionVersion {
  const { house } = kit;
  return { name, version: '$LATEST', configuration, code, lastModified: house.kernel.now(), revisionId: house.draws.uuid(`lambda:revision:${name}`) };
}

function replace(kit: Kit, fn: LambdaFunction, next: FunctionVersion): void {
  fn.latest = next;
  kit.retire(fn.name, '$LATEST');
  kit.house.history.record('lambda:function', fn.name, { code: next.code.sha256 });
}

/** Publishing is idempotent while neither code nor configuration changed since the last version. */
function publish(kit: Kit, fn: LambdaFunction, description?: string): FunctionVersion {
  const last = fn.versions.get(String(fn.nextVersion - 1));
  const same = last && last.code.sha256 === fn.latest.code.sha256
    && JSON.stringify({ ...last.configuration, description: '' }) === JSON.stringify({ ...fn.latest.configuration, description: '' });
  if (same) return last;
  const number = String(fn.nextVersion++);
  const configuration = { ...fn.latest.configuration, ...(description === undefined ? {} : { description }) };
  const version: FunctionVersion = { ...fn.latest, configuration, version: number, revisionId: kit.house.draws.uuid(`lambda:revision:${fn.name}`) };
  fn.versions.set(number, version);
  kit.house.history.record('lambda:version', fn.name, { version: number });
  return version;
}

function deleteVersion(fn: LambdaFunction, qualifier: string): void {
  if (qualifier === '$LATEST') throw invalidParameter('$LATEST version cannot be deleted without deleting the function.');
  const users = [...fn.aliases.values()].filter((alias) => alias.version === qualifier || alias.additional?.version === qualifier);
  if (users.length > 0) {
    throw new WireFault({ code: 'ResourceConflictException', status: 409, message: `Function version ${qualifier} is referenced by alias(es): ${users.map((alias) => alias.name).join(', ')}`, members: { Type: 'User' } });
  }
  fn.versions.delete(qualifier);
}

/** A version as the API shows it. */
function describe(fn: LambdaFunction, version: FunctionVersion, qualified = version.version !== '$LATEST'): Record<string, unknown> {
  const { configuration, code } = version;
  return {
    FunctionName: fn.name,
    FunctionArn: qualified ? `${fn.arn}:${version.version}` : fn.arn,
    Runtime: configuration.runtime,
    Role: configuration.role,
    Handler: configuration.handler,
    CodeSize: code.size,
    Description: configuration.description,
    Timeout: configuration.timeout,
    MemorySize: configuration.memorySize,
    LastModified: new Date(version.lastModified).toISOString().replace('Z', '+0000'),
    CodeSha256: code.sha256,
    Version: version.version,
    ...(Object.keys(configuration.environment).length > 0 ? { Environment: { Variables: configuration.environment } } : {}),
    ...(configuration.layers.length > 0 ? { Layers: configuration.layers.map((Arn) => ({ Arn, CodeSize: 0 })) } : {}),
    TracingConfig: { Mode: configuration.tracingMode },
    RevisionId: version.revisionId,
    State: 'Active',
    LastUpdateStatus: 'Successful',
    PackageType: 'Zip',
    Architectures: configuration.architectures,
    EphemeralStorage: { Size: configuration.ephemeralStorage },
    SnapStart: { ApplyOn: 'None', OptimizationStatus: 'Off' },
    LoggingConfig: { LogFormat: 'Text', LogGroup: configuration.logGroup },
  };
}

