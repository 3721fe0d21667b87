import { Duration, type RemovalPolicy } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership, type IBucket } from 'aws-cdk-lib/aws-s3';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { fault } from '../core/fault.ts';
import { JUDGING } from '../core/faults/judging.ts';
import { acknowledge } from './acknowledgement.ts';

/** The bucket of an epoch store: private, encrypted, versioned, over TLS only. docs/store.md says what is in it. */
export function storeBucket(scope: Construct, id: string, props: { readonly encryptionKey?: IKey; readonly removalPolicy: RemovalPolicy; readonly keepVerdicts?: Duration }): IBucket {
  const expiration = keptFor(props.keepVerdicts);
  const bucket = new Bucket(scope, id, {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    // S3 counts from when an object is written; what expired is kept for a month as an earlier version.
    lifecycleRules: [{ prefix: 'verdicts/', expiration, noncurrentVersionExpiration: Duration.days(30) }],
    removalPolicy: props.removalPolicy,
    ...(props.encryptionKey === undefined
      ? { encryption: BucketEncryption.S3_MANAGED }
      : { encryption: BucketEncryption.KMS, encryptionKey: props.encryptionKey, bucketKeyEnabled: true }),
  });
  acknowledge(bucket, 'AwsSolutions-S1', 'Epochs and schemas are written once under their digest and every deployment has its record; access logs belong to a trail of the account.');
  // aws-cdk-lib's own class does not fit its own interface under exactOptionalPropertyTypes.
  return bucket as IBucket;
}

/** Two days of rollout and three in which it can be taken back look at what was kept; a week is the least. */
const LEAST_DAYS = 7;

function keptFor(given: Duration = Duration.days(365)): Duration {
  const days = given.toDays({ integral: false });
  if (!Number.isInteger(days) || days < LEAST_DAYS) throw fault(JUDGING, 'SLUICE-JUDGE-15', { least: LEAST_DAYS, got: given.toHumanString() });
  return given;
}
