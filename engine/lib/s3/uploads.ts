import { createHash } from 'node:crypto';
import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import type { ChecksumsGiven } from './checksum.ts';
import { checksumMembers, verified } from './checksum.ts';
import type { Conditions } from './condition.ts';
import { checkWrite } from './condition.ts';
import type { OnObject } from './objectOperations.ts';
import { checkKey, encryption, headersOf, refuseUnbuilt } from './objectOperations.ts';
import type { ObjectHeaders, Objects } from './objects.ts';
import { noKey, noUpload, refusal } from './refusal.ts';
import { tagsOfHeader } from './tagging.ts';

/** An upload in parts that is under way. */
interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: ObjectHeaders;
  readonly tags: ReadonlyMap<string, string>;
  readonly parts: Map<number, Part>;
}

interface Part {
  readonly number: number;
  readonly digest: string;
  readonly size: number;
  /** The MD5 in hexadecimal. */
  readonly md5: string;
  readonly modified: number;
}

interface OnUpload extends OnObject {
  readonly UploadId: string;
}

interface CompleteInput extends OnUpload, Conditions {
  readonly MultipartUpload?: { readonly Parts?: readonly { readonly PartNumber: number; readonly ETag: string }[] };
}

/** All parts but the last have at least this many bytes. */
const SMALLEST_PART = 5 * 1024 * 1024;
const PARTS_AT_MOST = 10_000;

/** Uploads in parts, as clients send large objects. */
export function uploadOperations(house: House, objects: Objects): Service['operations'] {
  const uploads = new Map<string, Upload>();
  const find = ({ Bucket, Key, UploadId }: OnUpload): Upload => {
    objects.bucket(Bucket);
    const upload = uploads.get(UploadId);
    if (!upload || upload.bucket !== Bucket || upload.key !== Key) throw noUpload(UploadId);
    return upload;
  };
  const end = ({ id, parts }: Upload): void => {
    for (const part of parts.values()) objects.blobs.release(part.digest);
    uploads.delete(id);
  };
  return {
    CreateMultipartUpload(input: OnObject & ObjectHeaders & { readonly Tagging?: string }) {
      refuseUnbuilt(input);
      checkKey(input.Key);
      objects.bucket(input.Bucket);
      const id = house.draws.id('s3:upload', 32);
      uploads.set(id, { id, bucket: input.Bucket, key: input.Key, headers: headersOf(input), tags: tagsOfHeader(input.Tagging), parts: new Map() });
      return { Bucket: input.Bucket, Key: input.Key, UploadId: id, ServerSideEncryption: 'AES256' };
    },
    UploadPart(input: OnUpload & ChecksumsGiven & { readonly PartNumber: number; readonly Body?: Uint8Array }) {
      const { parts } = find(input);
      const { PartNumber: number, Body: bytes = new Uint8Array(0) } = input;
      if (number < 1 || number > PARTS_AT_MOST) throw refusal(400, 'InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', { ArgumentName: 'partNumber', ArgumentValue: number });
      const checksum = verified(bytes, input);
      const md5 = createHash('md5').update(bytes).digest('hex');
      const before = parts.get(number);
      parts.set(number, { number, digest: objects.blobs.add(bytes), size: bytes.length, md5, modified: house.kernel.now() });
      if (before) objects.blobs.release(before.digest);
      return { ETag: `"${md5}"`, ServerSideEncryption: 'AES256', ...(checksum && { [checksum.member]: checksum.value }) };
    },
    CompleteMultipartUpload(input: CompleteInput) {
      const upload = find(input);
      const bucket = objects.bucket(input.Bucket);
      checkWrite(bucket.objects.get(input.Key), input, () => noKey(input.Key));
      const { parts, headers, tags } = upload;
      const chosen = choose(parts, input.MultipartUpload?.Parts ?? []);
      const md5 = createHash('md5').update(Buffer.concat(chosen.map((part) => Buffer.from(part.md5, 'hex')))).digest('hex');
      const object = objects.put(bucket, input.Key, { bytes: Buffer.concat(chosen.map((part) => objects.blobs.get(part.digest))), headers, tags, etag: `"${md5}-${chosen.length}"` });
      end(upload);
      return { Location: `/${input.Bucket}/${input.Key}`, Bucket: input.Bucket, Key: input.Key, ETag: object.etag, ...encryption(object), ...checksumMembers(object.checksum) };
    },
    AbortMultipartUpload: (input: OnUpload) => { end(find(input)); },
    ListParts(input: OnUpload) {
      const { id, bucket, key, parts } = find(input);
      const sorted = [...parts.values()].sort((one, other) => one.number - other.number);
      return { Bucket: bucket, Key: key, UploadId: id, IsTruncated: false, StorageClass: 'STANDARD', Parts: sorted.map((part) => ({ PartNumber: part.number, ETag: `"${part.md5}"`, Size: part.size, LastModified: part.modified })) };
    },
  };
}

/** The parts a caller names, in its order, or S3's refusal. */
function choose(parts: ReadonlyMap<number, Part>, named: readonly { readonly PartNumber: number; readonly ETag: string }[]): Part[] {
  if (named.length === 0) throw refusal(400, 'MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
  if (named.some(({ PartNumber }, at) => at > 0 && PartNumber <= (named[at - 1]?.PartNumber ?? 0))) throw refusal(400, 'InvalidPartOrder', 'The list of parts was not in ascending order. Parts must be ordered by part number.');
  const chosen = named.map(({ PartNumber, ETag }) => {
    const part = parts.get(PartNumber);
    if (!part || part.md5 !== ETag.replaceAll('"', '')) throw refusal(400, 'InvalidPart', "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.", { PartNumber });
    return part;
  });
  const small = chosen.slice(0, -1).find((part) => part.size < SMALLEST_PART);
  if (small) throw refusal(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', { ProposedSize: small.size, MinSizeAllowed: SMALLEST_PART, PartNumber: small.number });
  return chosen;
}
