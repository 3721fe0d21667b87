import type { House } from '../ports.ts';
import type { Service } from '../wire/index.ts';
import { ownerOf } from './bucketOperations.ts';
import { list, pageSize } from './listing.ts';
import type { Bucket, Objects } from './objects.ts';
import { refusal } from './refusal.ts';

interface ListInput {
  readonly Bucket: string;
  readonly Prefix?: string;
  readonly Delimiter?: string;
  readonly MaxKeys?: number;
  readonly EncodingType?: string;
}

interface ListV2Input extends ListInput {
  readonly ContinuationToken?: string;
  readonly StartAfter?: string;
  readonly FetchOwner?: boolean;
}

/** ListObjectsV2, its forerunner, and the list of versions. */
export function listOperations(house: House, objects: Objects): Service['operations'] {
  return {
    ListObjectsV2(input: ListV2Input) {
      const { Prefix = '', Delimiter = '', ContinuationToken, StartAfter, FetchOwner = false } = input;
      const bucket = objects.bucket(input.Bucket);
      const after = ContinuationToken === undefined ? StartAfter ?? '' : placeOf(ContinuationToken);
      const page = list(bucket, { prefix: Prefix, delimiter: Delimiter, after, most: pageSize(input.MaxKeys) });
      const url = encoder(input);
      return {
        ...common(input, url),
        Contents: page.keys.map((key) => entry(bucket, key, url, FetchOwner ? house : undefined)),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: url(prefix) })),
        KeyCount: page.keys.length + page.prefixes.length,
        IsTruncated: page.truncated,
        ContinuationToken,
        ...(StartAfter !== undefined && { StartAfter: url(StartAfter) }),
        ...(page.truncated && { NextContinuationToken: tokenOf(page.last ?? after) }),
      };
    },
    ListObjects(input: ListInput & { readonly Marker?: string }) {
      const { Prefix = '', Delimiter = '', Marker = '' } = input;
      const bucket = objects.bucket(input.Bucket);
      const page = list(bucket, { prefix: Prefix, delimiter: Delimiter, after: Marker, most: pageSize(input.MaxKeys) });
      const url = encoder(input);
      return {
        ...common(input, url),
        Marker: url(Marker),
        Contents: page.keys.map((key) => entry(bucket, key, url, house)),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: url(prefix) })),
        IsTruncated: page.truncated,
        // Without a delimiter the last key of the page is the next marker, and S3 does not say so.
        ...(page.truncated && Delimiter !== '' && page.last !== undefined && { NextMarker: url(page.last) }),
      };
    },
    // No bucket keeps old versions here, so each object has the one that S3 calls null.
    ListObjectVersions(input: ListInput & { readonly KeyMarker?: string }) {
      const { Prefix = '', Delimiter = '', KeyMarker = '' } = input;
      const bucket = objects.bucket(input.Bucket);
      const page = list(bucket, { prefix: Prefix, delimiter: Delimiter, after: KeyMarker, most: pageSize(input.MaxKeys) });
      const url = encoder(input);
      return {
        ...common(input, url),
        KeyMarker: url(KeyMarker),
        VersionIdMarker: '',
        Versions: page.keys.map((key) => ({ ...entry(bucket, key, url, house), VersionId: 'null', IsLatest: true })),
        CommonPrefixes: page.prefixes.map((prefix) => ({ Prefix: url(prefix) })),
        IsTruncated: page.truncated,
        ...(page.truncated && { NextKeyMarker: url(page.last ?? KeyMarker), NextVersionIdMarker: 'null' }),
      };
    },
  };
}

type Encode = (text: string) => string;

function common(input: ListInput, url: Encode): Record<string, unknown> {
  return {
    Name: input.Bucket,
    Prefix: url(input.Prefix ?? ''),
    ...(input.Delimiter !== undefined && { Delimiter: url(input.Delimiter) }),
    MaxKeys: pageSize(input.MaxKeys),
    EncodingType: input.EncodingType,
  };
}

function entry(bucket: Bucket, key: string, url: Encode, owner: House | undefined): Record<string, unknown> {
  const object = bucket.objects.get(key);
  if (!object) throw new Error(`a list holds ${key}, which is no object`);
  return {
    Key: url(key),
    LastModified: object.modified,
    ETag: object.etag,
    ...(object.checksum && { ChecksumAlgorithm: [object.checksum.member.slice('Checksum'.length)], ChecksumType: 'FULL_OBJECT' }),
    Size: object.size,
    StorageClass: object.headers.StorageClass ?? 'STANDARD',
    ...(owner && { Owner: { ID: ownerOf(owner) } }),
  };
}

/** What XML cannot carry travels percent-encoded, if the caller asks for it; a slash stays a slash. */
function encoder({ EncodingType }: ListInput): Encode {
  if (EncodingType === undefined) return (text) => text;
  if (EncodingType !== 'url') throw refusal(400, 'InvalidArgument', 'Invalid Encoding Method specified in Request', { ArgumentName: 'encoding-type', ArgumentValue: EncodingType });
  return (text) => encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+');
}

function tokenOf(place: string): string {
  return Buffer.from(place).toString('base64');
}

function placeOf(token: string): string {
  const place = Buffer.from(token, 'base64').toString();
  if (token === '' || tokenOf(place) !== token) throw refusal(400, 'InvalidArgument', 'The continuation token provided is incorrect', { ArgumentName: 'continuation-token' });
  return place;
}
