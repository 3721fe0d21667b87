import { modelEntries } from './model.ts';
import type { WireRequest } from './message.ts';

/** Whom a request is for, as far as it says so before its body is read. */
export interface Address {
  /** A model's name, or what the request was signed for where there is no such model. */
  readonly service?: string;
  readonly accessKeyId?: string;
}

const CREDENTIAL = /Credential=([^,\s]+)/;

/** The service a request is for: by the scope it was signed for, else by its target or path where these leave no doubt. */
export function addressOf(request: Pick<WireRequest, 'path' | 'query' | 'headers'>): Address {
  const credential = CREDENTIAL.exec(request.headers['authorization'] ?? '')?.[1] ?? request.query.get('X-Amz-Credential') ?? '';
  const scope = credential.split('/');
  const accessKeyId = scope[0] === '' || scope[0] === undefined ? {} : { accessKeyId: scope[0] };
  const signingName = scope.length >= 4 ? scope.at(-2) : undefined;
  const service = signingName === undefined ? unsigned(request) : signed(signingName, request);
  return service === undefined ? accessKeyId : { service, ...accessKeyId };
}

/** AppConfig and its data plane sign for one name and are told apart by the path. */
function signed(signingName: string, request: Pick<WireRequest, 'path'>): string {
  const root = rootOf(request.path);
  let found: string | undefined;
  for (const [name, entry] of modelEntries()) {
    if (entry.signingName !== signingName) continue;
    if (entry.roots?.includes(root)) return name;
    found ??= name;
  }
  return found ?? signingName;
}

function unsigned(request: Pick<WireRequest, 'path' | 'query' | 'headers'>): string | undefined {
  const [target] = (request.headers['x-amz-target'] ?? '').split('.');
  const root = rootOf(request.path);
  for (const [name, entry] of modelEntries()) {
    if (target === '' ? entry.roots?.includes(root) : entry.target === target) return name;
  }
  return undefined;
}

/** The service a form without signature or target names by its `Version`, as calls to STS by web identity do. */
export function formService(parameters: URLSearchParams): string | undefined {
  const version = parameters.get('Version');
  if (parameters.get('Action') === null || version === null) return undefined;
  for (const [name, entry] of modelEntries()) {
    if (entry.apiVersion === version && (entry.protocol === 'query' || entry.queryCompatible)) return name;
  }
  return undefined;
}

function rootOf(path: string): string {
  return path.split('/', 2)[1] ?? '';
}

const MEGABYTE = 1024 * 1024;

/** Services whose uploads may be larger than a call of an API. */
const UPLOADS: ReadonlySet<string> = new Set(['s3', 'lambda']);

/** How many bytes a request's body may have: 64 MiB for uploads to S3 and Lambda, 6 MiB otherwise. */
export function bodyLimit(request: Pick<WireRequest, 'path' | 'query' | 'headers'>): number {
  return UPLOADS.has(addressOf(request).service ?? '') ? 64 * MEGABYTE : 6 * MEGABYTE;
}
