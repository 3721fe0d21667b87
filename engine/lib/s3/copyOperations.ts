import type { Service } from '../wire/index.ts';
import { checksumMembers } from './checksum.ts';
import type { Conditions } from './condition.ts';
import { checkRead, checkWrite } from './condition.ts';
import type { OnObject } from './objectOperations.ts';
import { checkKey, encryption, headersOf, refuseUnbuilt } from './objectOperations.ts';
import type { ObjectHeaders, Objects, StoredObject } from './objects.ts';
import { noKey, refusal, unbuilt, unmet } from './refusal.ts';
import { tagsOfHeader } from './tagging.ts';

interface CopyInput extends OnObject, ObjectHeaders, Conditions {
  readonly CopySource: string;
  readonly MetadataDirective?: string;
  readonly TaggingDirective?: string;
  readonly Tagging?: string;
  readonly CopySourceIfMatch?: string;
  readonly CopySourceIfNoneMatch?: string;
  readonly CopySourceIfModifiedSince?: number;
  readonly CopySourceIfUnmodifiedSince?: number;
}

/** CopyObject: an object's content under another key, with its own data or with new. */
export function copyOperations(objects: Objects): Service['operations'] {
  return {
    CopyObject(input: CopyInput) {
      refuseUnbuilt(input);
      checkKey(input.Key);
      const from = sourceOf(input.CopySource);
      const source = objects.object(from.Bucket, from.Key);
      checkSource(source, input);
      const bucket = objects.bucket(input.Bucket);
      checkWrite(bucket.objects.get(input.Key), input, () => noKey(input.Key));
      const replace = input.MetadataDirective === 'REPLACE';
      const same = from.Bucket === input.Bucket && from.Key === input.Key;
      if (same && !replace && input.StorageClass === undefined && input.ServerSideEncryption === undefined) throw refusal(400, 'InvalidRequest', "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
      const copy = objects.put(bucket, input.Key, {
        bytes: objects.content(source),
        headers: replace ? headersOf(input) : source.headers,
        checksum: source.checksum,
        tags: input.TaggingDirective === 'REPLACE' ? tagsOfHeader(input.Tagging) : new Map(source.tags),
      });
      return { CopyObjectResult: { ETag: copy.etag, LastModified: copy.modified, ...checksumMembers(copy.checksum) }, ...encryption(copy) };
    },
  };
}

/** Reads `/bucket/key` as `x-amz-copy-source` carries it: percent-encoded, with or without the first slash. */
function sourceOf(text: string): OnObject {
  const [path = '', query] = text.split('?versionId=');
  if (query !== undefined) throw unbuilt('versions as a source of CopyObject');
  let decoded: string;
  try {
    decoded = decodeURIComponent(path);
  } catch {
    throw refusal(400, 'InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', { ArgumentName: 'x-amz-copy-source', ArgumentValue: text });
  }
  const found = /^\/?([^/]+)\/(.+)$/s.exec(decoded);
  if (!found) throw refusal(400, 'InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey', { ArgumentName: 'x-amz-copy-source', ArgumentValue: text });
  return { Bucket: found[1] ?? '', Key: found[2] ?? '' };
}

/** A copy answers 412 also where a read would answer 304. */
function checkSource(source: StoredObject, input: CopyInput): void {
  const { CopySourceIfMatch, CopySourceIfNoneMatch, CopySourceIfModifiedSince, CopySourceIfUnmodifiedSince } = input;
  try {
    checkRead(source, {
      ...(CopySourceIfMatch !== undefined && { IfMatch: CopySourceIfMatch }),
      ...(CopySourceIfNoneMatch !== undefined && { IfNoneMatch: CopySourceIfNoneMatch }),
      ...(CopySourceIfModifiedSince !== undefined && { IfModifiedSince: CopySourceIfModifiedSince }),
      ...(CopySourceIfUnmodifiedSince !== undefined && { IfUnmodifiedSince: CopySourceIfUnmodifiedSince }),
    });
  } catch (error) {
    throw error instanceof Error && error.name === 'NotModified' ? unmet('x-amz-copy-source-If-None-Match') : error;
  }
}
