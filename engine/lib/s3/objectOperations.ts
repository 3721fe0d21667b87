import type { Service } from '../wire/index.ts';
import type { ChecksumsGiven } from './checksum.ts';
import { checksumMembers, verified } from './checksum.ts';
import type { Conditions } from './condition.ts';
import { checkRead, checkWrite } from './condition.ts';
import type { ObjectHeaders, Objects, StoredObject } from './objects.ts';
import { rangeOf } from './range.ts';
import { noKey, refusal, unbuilt } from './refusal.ts';
import { tagsOfHeader } from './tagging.ts';

/** Which object a request is about. */
export interface OnObject {
  readonly Bucket: string;
  readonly Key: string;
  readonly VersionId?: string;
}

interface PutInput extends OnObject, Conditions, ChecksumsGiven, ObjectHeaders {
  readonly Body?: Uint8Array;
  readonly Tagging?: string;
}

interface GetInput extends OnObject, Conditions {
  readonly Range?: string;
  readonly ChecksumMode?: string;
  readonly PartNumber?: number;
}

const HEADERS = ['CacheControl', 'ContentDisposition', 'ContentEncoding', 'ContentLanguage', 'ContentType', 'Expires', 'Metadata', 'StorageClass', 'ServerSideEncryption', 'SSEKMSKeyId'] as const;
/** What a caller may ask for that changes how an object is kept, and that the engine has not. */
const UNBUILT = ['VersionId', 'SSECustomerAlgorithm', 'ObjectLockMode', 'ObjectLockRetainUntilDate', 'ObjectLockLegalHoldStatus', 'WebsiteRedirectLocation', 'WriteOffsetBytes', 'MFA', 'PartNumber', 'GrantFullControl', 'GrantRead', 'GrantReadACP', 'GrantWriteACP'];
const KEY_BYTES_AT_MOST = 1024;
const EMPTY = new Uint8Array(0);

/** The operations on single objects. */
export function objectOperations(objects: Objects): Service['operations'] {
  return {
    PutObject: (input: PutInput) => put(objects, input),
    GetObject: (input: GetInput) => get(objects, input, true),
    HeadObject: (input: GetInput) => get(objects, input, false),
    DeleteObject(input: OnObject & Conditions) {
      refuseUnbuilt(input);
      const bucket = objects.bucket(input.Bucket);
      const object = bucket.objects.get(input.Key);
      checkWrite(object, input, () => noKey(input.Key));
      objects.remove(bucket, input.Key);
    },
    DeleteObjects(input: { readonly Bucket: string; readonly Delete: { readonly Objects: readonly { readonly Key: string; readonly VersionId?: string }[]; readonly Quiet?: boolean } }) {
      const bucket = objects.bucket(input.Bucket);
      const { Objects: doomed, Quiet = false } = input.Delete;
      if (doomed.length === 0 || doomed.length > 1000) throw refusal(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
      doomed.forEach(refuseUnbuilt);
      for (const { Key } of doomed) objects.remove(bucket, Key);
      return Quiet ? {} : { Deleted: doomed.map(({ Key }) => ({ Key })) };
    },
  };
}

/** Refuses by name what an object operation asks for and the engine has not, and what S3 refuses of every new object. */
export function refuseUnbuilt(input: object): void {
  const members = input as Record<string, unknown>;
  // What no bucket kept a version of is the version called null.
  const asked = UNBUILT.find((name) => members[name] !== undefined && !(name === 'VersionId' && members[name] === 'null'));
  if (asked !== undefined) throw unbuilt(`${asked} of an object`);
  // Buckets of today belong to their owner alone, whose objects have no lists of their own.
  if (members['ACL'] !== undefined && members['ACL'] !== 'bucket-owner-full-control') throw refusal(400, 'AccessControlListNotSupported', 'The bucket does not allow ACLs');
  const encryption = members['ServerSideEncryption'];
  if (encryption !== undefined && encryption !== 'AES256' && encryption !== 'aws:kms') throw refusal(400, 'InvalidArgument', 'The encryption method specified is not supported', { ArgumentName: 'x-amz-server-side-encryption', ArgumentValue: encryption });
}

/** An object's own data out of a request's members. */
export function headersOf(input: ObjectHeaders): ObjectHeaders {
  return Object.fromEntries(HEADERS.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]));
}

/** Refuses a key S3 would not take. */
export function checkKey(key: string): void {
  const size = Buffer.byteLength(key);
  if (size > KEY_BYTES_AT_MOST) throw refusal(400, 'KeyTooLongError', 'Your key is too long', { Size: size, MaxSizeAllowed: KEY_BYTES_AT_MOST });
}

function put(objects: Objects, input: PutInput): Record<string, unknown> {
  refuseUnbuilt(input);
  checkKey(input.Key);
  const bucket = objects.bucket(input.Bucket);
  const bytes = input.Body ?? EMPTY;
  const checksum = verified(bytes, input);
  checkWrite(bucket.objects.get(input.Key), input, () => noKey(input.Key));
  const object = objects.put(bucket, input.Key, { bytes, headers: headersOf(input), checksum, tags: tagsOfHeader(input.Tagging) });
  return { ETag: object.etag, ...checksumMembers(object.checksum), ...encryption(object) };
}

/** How an object is encrypted, as every answer about it says. */
export function encryption({ headers }: StoredObject): Record<string, string> {
  return { ServerSideEncryption: headers.ServerSideEncryption ?? 'AES256', ...(headers.SSEKMSKeyId !== undefined && { SSEKMSKeyId: headers.SSEKMSKeyId }) };
}

function get(objects: Objects, input: GetInput, body: boolean): Record<string, unknown> {
  refuseUnbuilt(input);
  const bucket = objects.bucket(input.Bucket);
  const object = bucket.objects.get(input.Key);
  // The answer to a HEAD has no body, so S3 has no code there but the status.
  if (!object) throw body ? noKey(input.Key) : refusal(404, 'NotFound', 'Not Found');
  checkRead(object, input);
  const range = rangeOf(input.Range, object.size);
  const { start, end } = range ?? { start: 0, end: object.size };
  return {
    ContentType: 'binary/octet-stream',
    ...object.headers,
    ...overrides(input),
    ...encryption(object),
    ...(input.ChecksumMode === 'ENABLED' && !range && checksumMembers(object.checksum)),
    ...(object.tags.size > 0 && { TagCount: object.tags.size }),
    ...(range && { ContentRange: `bytes ${start}-${end - 1}/${object.size}` }),
    AcceptRanges: 'bytes',
    ContentLength: end - start,
    ETag: object.etag,
    LastModified: object.modified,
    ...(body && { Body: objects.content(object).subarray(start, end) }),
  };
}

/** `response-content-type` and its like, as presigned links carry them. */
function overrides(input: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(input).filter(([name]) => name.startsWith('Response')).map(([name, value]) => [name.slice('Response'.length), value]));
}
