import type { RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { acknowledge } from './acknowledgement.ts';

/** The bucket of an epoch store: private, encrypted, versioned, over TLS only. docs/store.md says what is in it. */
export function storeBucket(scope: Construct, id: string, props: { readonly encryptionKey?: IKey; readonly removalPolicy: RemovalPolicy }): IBucket {
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    removalPolicy: props.removalPolicy,
    ...(props.encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: props.encryptionKey, bucketKeyEnabled: true }),
  });
  acknowledge(bucket, 'AwsSolutions-S1', 'Epochs and schemas are written once under their digest and every deployment has its record; access logs belong to a trail of the account.');
  // aws-cdk-lib's own class does not fit its own interface under exactOptionalPropertyTypes.
  return bucket as IBucket;
}
