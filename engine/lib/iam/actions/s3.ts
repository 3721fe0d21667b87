import type { House } from '../../ports.ts';
import type { Context } from '../policy/condition.ts';
import { textOf, type ActionTable, type Asked } from './table.ts';

const BUCKET = '{Bucket}';
const OBJECT = '{Bucket}/{Key}';

/** Members of inputs that S3's own condition keys show. */
const KEYS: Readonly<Record<string, string>> = {
  Prefix: 's3:prefix', Delimiter: 's3:delimiter', MaxKeys: 's3:max-keys', VersionId: 's3:versionid',
  ServerSideEncryption: 's3:x-amz-server-side-encryption', SSEKMSKeyId: 's3:x-amz-server-side-encryption-aws-kms-key-id', StorageClass: 's3:x-amz-storage-class',
  IfNoneMatch: 's3:if-none-match', IfMatch: 's3:if-match',
};

/** S3; its actions have older names than its operations. */
export function s3Actions(house: House): ActionTable {
  return {
    prefix: 's3',
    base: 'arn:aws:s3:::',
    values: ({ input }) => ({ Keys: keysOf(input), Source: sourceOf(textOf(input, 'CopySource')), Tagged: input['Tagging'] === undefined ? undefined : `${textOf(input, 'Bucket')}/${textOf(input, 'Key')}` }),
    context: (asked) => contextOf(house, asked),
    rules: {
      GetObject: OBJECT, HeadObject: `GetObject ${OBJECT}`, PutObject: [OBJECT, 'PutObjectTagging {Tagged?}'], DeleteObject: OBJECT, DeleteObjects: 'DeleteObject {Bucket}/{Keys}',
      CopyObject: [`PutObject ${OBJECT}`, 'GetObject {Source}'],
      CreateMultipartUpload: `PutObject ${OBJECT}`, UploadPart: `PutObject ${OBJECT}`, UploadPartCopy: [`PutObject ${OBJECT}`, 'GetObject {Source}'], CompleteMultipartUpload: `PutObject ${OBJECT}`,
      AbortMultipartUpload: OBJECT, ListParts: `ListMultipartUploadParts ${OBJECT}`, ListMultipartUploads: `ListBucketMultipartUploads ${BUCKET}`,
      GetObjectTagging: OBJECT, PutObjectTagging: OBJECT, DeleteObjectTagging: OBJECT,
      ListObjects: `ListBucket ${BUCKET}`, ListObjectsV2: `ListBucket ${BUCKET}`, ListObjectVersions: `ListBucketVersions ${BUCKET}`, HeadBucket: `ListBucket ${BUCKET}`,
      ListBuckets: 'ListAllMyBuckets *', CreateBucket: BUCKET, DeleteBucket: BUCKET, GetBucketLocation: BUCKET,
      GetBucketVersioning: BUCKET, PutBucketVersioning: BUCKET, GetBucketPolicy: BUCKET, PutBucketPolicy: BUCKET, DeleteBucketPolicy: BUCKET,
      GetBucketEncryption: `GetEncryptionConfiguration ${BUCKET}`, PutBucketEncryption: `PutEncryptionConfiguration ${BUCKET}`, DeleteBucketEncryption: `PutEncryptionConfiguration ${BUCKET}`,
      GetBucketLifecycleConfiguration: `GetLifecycleConfiguration ${BUCKET}`, PutBucketLifecycleConfiguration: `PutLifecycleConfiguration ${BUCKET}`, DeleteBucketLifecycle: `PutLifecycleConfiguration ${BUCKET}`,
      GetPublicAccessBlock: `GetBucketPublicAccessBlock ${BUCKET}`, PutPublicAccessBlock: `PutBucketPublicAccessBlock ${BUCKET}`, DeletePublicAccessBlock: `PutBucketPublicAccessBlock ${BUCKET}`,
      GetBucketTagging: BUCKET, PutBucketTagging: BUCKET, DeleteBucketTagging: `PutBucketTagging ${BUCKET}`,
      GetBucketOwnershipControls: BUCKET, PutBucketOwnershipControls: BUCKET, DeleteBucketOwnershipControls: `PutBucketOwnershipControls ${BUCKET}`,
    },
  };
}

function contextOf(house: House, { input }: Asked): Context {
  const shown = Object.entries(KEYS).flatMap(([member, key]) => (typeof input[member] === 'string' || typeof input[member] === 'number' ? [[key, String(input[member])]] : []));
  return { 's3:resourceaccount': house.account, 's3:authtype': 'REST-HEADER', 's3:signatureversion': 'AWS4-HMAC-SHA256', ...Object.fromEntries(shown) as Context };
}

function keysOf(input: Asked['input']): readonly string[] {
  const { Objects: objects } = (input['Delete'] ?? {}) as { readonly Objects?: readonly { readonly Key: string }[] };
  return objects?.map(({ Key }) => Key) ?? [];
}

/** `bucket/key` of a source, which may begin with a slash and name a version. */
function sourceOf(source: string | undefined): string | undefined {
  return source === undefined ? undefined : decodeURIComponent(source.replace(/^\//, '').replace(/\?versionId=.*$/, '').replaceAll('+', ' '));
}
