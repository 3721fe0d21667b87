import { WireFault } from '../wire/fault.ts';

/** The part of a function's configuration that a published version freezes. */
export interface FunctionConfiguration {
  readonly runtime: string;
  readonly handler: string;
  readonly role: string;
  readonly description: string;
  /** Seconds. */
  readonly timeout: number;
  /** MB. */
  readonly memorySize: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly layers: readonly string[];
  readonly architectures: readonly string[];
  readonly tracingMode: string;
  readonly ephemeralStorage: number;
  readonly logGroup: string;
}

/** The code of a revision: a folder with the extracted files, named by the zip's digest. */
export interface FunctionCode {
  /** SHA-256 of the zip, base64, as CodeSha256 gives it. */
  readonly sha256: string;
  /** Bytes of the zip. */
  readonly size: number;
  readonly folder: string;
}

/** One version of a function; `$LATEST` is replaced by a new object at each change, numbered versions never change. */
export interface FunctionVersion {
  readonly name: string;
  /** `$LATEST` or a number. */
  readonly version: string;
  readonly configuration: FunctionConfiguration;
  readonly code: FunctionCode;
  /** Epoch milliseconds. */
  readonly lastModified: number;
  readonly revisionId: string;
}

/** A name for one version, or for two with weights. */
export interface FunctionAlias {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Share of invocations, 0-1, that go to another version. */
  readonly additional?: { readonly version: string; readonly weight: number };
  readonly revisionId: string;
}

/** What happens to asynchronous invocations that fail. */
export interface AsyncConfiguration {
  /** 0-2. */
  readonly retries: number;
  /** Seconds, 60-21600. */
  readonly maximumAge: number;
  readonly lastModified: number;
}

/** Who may invoke: one statement of the resource policy. */
export interface PermissionStatement {
  readonly sid: string;
  /** A qualifier, or empty for the function itself. */
  readonly qualifier: string;
  readonly statement: Readonly<Record<string, unknown>>;
}

/** A function with all it has. */
export interface LambdaFunction {
  readonly name: string;
  readonly arn: string;
  latest: FunctionVersion;
  readonly versions: Map<string, FunctionVersion>;
  nextVersion: number;
  readonly aliases: Map<string, FunctionAlias>;
  readonly permissions: PermissionStatement[];
  readonly tags: Map<string, string>;
  reservedConcurrency?: number;
  asynchronous?: AsyncConfiguration;
}

/** All functions of the account and region, by name. */
export type Functions = Map<string, LambdaFunction>;

/** A function name or ARN taken apart; `qualifier` is a version, an alias or absent. */
export interface FunctionReference {
  readonly name: string;
  readonly qualifier?: string;
  /** Of an ARN. */
  readonly region?: string;
}

/** Takes apart `name`, `name:qualifier`, `account:function:name[:qualifier]` or a full ARN; refuses two qualifiers that differ. */
export function referenceOf(text: string, qualifier?: string): FunctionReference {
  const parts = text.split(':');
  const at = parts.lastIndexOf('function');
  const [name = '', own] = at >= 0 ? parts.slice(at + 1) : parts;
  if (own && qualifier && own !== qualifier) {
    throw new WireFault({ code: 'InvalidParameterValueException', status: 400, message: 'The derived qualifier from the function name does not match the specified qualifier.', members: { Type: 'User' } });
  }
  const chosen = qualifier ?? own;
  const region = parts[0] === 'arn' ? parts[3] : undefined;
  return { name, ...(chosen === undefined || chosen === '' ? {} : { qualifier: chosen }), ...(region ? { region } : {}) };
}
